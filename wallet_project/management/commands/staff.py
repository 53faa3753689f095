"""Let somebody into the admin from a terminal: the first ones, before anybody could approve them."""

from getpass import getpass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.errors import EmployeeKnown
from accounts.models import User
from accounts.services.staff import give_role, hire
from wallet_project.staff import AUDITORS, ROLES, make_groups


class Command(BaseCommand):
    help = "Make a member of staff or change their role; asks for a password when they are new."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("role", choices=[*ROLES, AUDITORS])
        parser.add_argument("--employee-no", default="", help="of a new one; their login name otherwise")

    def handle(self, *args: Any, username: str, role: str, employee_no: str, **options: Any) -> None:
        make_groups()
        with transaction.atomic():
            staff = User.objects.filter(username=username, is_staff=True).first()
            staff_id = staff.pk if staff else _newcomer(username, employee_no or username)
            give_role(staff_id=staff_id, role=role)
        self.stdout.write(f"{username}：{role}")


def _newcomer(username: str, employee_no: str) -> int:
    try:
        staff, _password = hire(
            username=username, name=username, employee_no=employee_no, password=getpass("Password: ")
        )
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from None
    except EmployeeKnown as error:
        raise CommandError(str(error.message)) from None
    return staff.pk
