"""The demo's staff and what their authenticators show just now."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from wallet_project.kit import clock
from wallet_project.management.demo_staff import STAFF, code_of, password_of


class Command(BaseCommand):
    help = "Show the demo staff's passwords and current one-time codes. Never in production."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.ENVIRONMENT == "production":
            raise CommandError("demo logins have no place in production")
        now = clock.now()
        self.stdout.write("角色      登录名      密码                动态码")
        for username, role in STAFF.items():
            code, seconds = code_of(username, at=now)
            gap = " " * (10 - 2 * len(role))
            self.stdout.write(
                f"{role}{gap}{username:<12}{password_of(username):<20}{code}（还剩 {seconds} 秒）"
            )
