"""Do our keys and WeChat's fit together? For the first day of a merchant and for the engineer on call."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from payments.gateways.wechat.errors import WeChatError
from payments.gateways.wechat.keys import held_keys
from payments.gateways.wechat.selftest import prove_keys


class Command(BaseCommand):
    help = "Test the merchant key, WeChat's keys and the clock against WeChat; moves no money."

    def handle(self, *_arguments: Any, **_options: Any) -> None:
        for held in held_keys():
            until = f"until {held.not_after:%Y-%m-%d}" if held.not_after else "without end"
            self.stdout.write(f"holds {held.serial}, {until}")
        if len(settings.WECHAT["apiv3_key"].encode()) != 32:
            raise CommandError("WECHAT_APIV3_KEY must be 32 bytes: no callback will open")
        try:
            serial = prove_keys()
        except WeChatError as error:
            raise CommandError(f"{type(error).__name__}: {error}") from error
        self.stdout.write(self.style.SUCCESS(f"proven, both ways, with {serial}"))
