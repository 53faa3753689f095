"""Renew with today's keys what older ones sealed or indexed."""

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from wallet_project.kit.rotation import rotate


class Command(BaseCommand):
    help = (
        "轮换密钥 Seal and index again, with the first keys of FIELD_KEYS and INDEX_KEYS, what others wrote."
        " May be interrupted and run again; exit 1 when something does not open."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        total: Counter[str] = Counter()
        for progress in rotate():
            total.update(renewed=progress.renewed, gone=progress.gone, broken=progress.broken)
            self.stdout.write(f"{progress.column}: {progress.renewed} renewed, to row {progress.last_pk}")
        if total["gone"]:
            self.stdout.write(f"{total['gone']} indexes stay as they are: their texts were erased")
        if total["broken"]:
            raise CommandError(f"{total['broken']} values do not open: keep the older keys, and find out why")
        if total["renewed"]:
            self.stdout.write(f"{total['renewed']} values renewed; run it again until nothing is left")
        else:
            self.stdout.write("nothing is left: the older keys may go")
