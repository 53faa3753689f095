"""Bring the translations up to date after a text changed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from wallet_project.management.catalogues import compile_all, our_texts, refresh


class Command(BaseCommand):
    help = "Collect our texts into locale/en, compile every catalogue, name what has no English yet."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        untranslated = refresh("en", our_texts())
        compile_all()
        for text in untranslated:
            self.stdout.write(text)
        if untranslated:
            raise CommandError(
                f"{len(untranslated)} texts have no English yet: edit locale/en, then run again"
            )
