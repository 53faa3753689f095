"""Let somebody into the admin: one person, one role."""

from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.models import User
from wallet_project.audit.services import record_audit
from wallet_project.staff import AUDITORS, ROLES, make_groups


class Command(BaseCommand):
    help = "Make or change a member of staff; asks for a password when they are new."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("role", choices=[*ROLES, AUDITORS])

    def handle(self, *args: Any, username: str, role: str, **options: Any) -> None:
        groups = make_groups()
        user = User.objects.filter(username=username).first() or self._newcomer(username)
        with transaction.atomic():
            user.is_staff = True
            user.save()
            user.groups.set([groups[role]])
            record_audit(action="staff.role.given", subject=f"user:{user.pk}", facts={"role": role})
        self.stdout.write(f"{username}：{role}")

    def _newcomer(self, username: str) -> User:
        user = User(username=username, nickname=username)
        password = getpass("Password: ")
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        user.set_password(password)
        return user
