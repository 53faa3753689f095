"""Give a merchant's shop system its key."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from payments.services.shops import create_shop_system


class Command(BaseCommand):
    help = "Create a shop system; prints its secret, which is shown this once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("key_id", help="what the shop sends as Shop-Key")
        parser.add_argument("name", help="shown to operators")

    def handle(self, *args: Any, **options: Any) -> None:
        _shop, secret = create_shop_system(key_id=options["key_id"], name=options["name"])
        self.stdout.write(f"Shop-Key: {options['key_id']}\nsecret:   {secret}")
