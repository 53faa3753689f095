"""
Staff come, change their role, and go.

Whoever manages staff lets in and shuts out; what somebody may do is decided by two people. Every change of
rights or password ends the sessions that had begun before it.
"""

import base64
import secrets

from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.db import IntegrityError, transaction

from accounts.errors import EmployeeKnown
from accounts.models import StaffProfile, User
from accounts.models.users import indexes_of_phone
from wallet_project.approvals.services import propose
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction


def hire(
    *, username: str, name: str, employee_no: str, password: str | None = None, own_phone: str = ""
) -> tuple[User, str]:
    """
    A new member of staff without any right yet, and the password of their first login.

    A password that somebody else has seen must be changed at once; one they typed themselves is `password`.
    `own_phone`, normalised, names the customer account that is theirs as well.

    :raises ValidationError: `password` is weak
    :raises EmployeeKnown: this login name or employee number has an account
    """
    user = User(username=username, nickname=name, is_staff=True)
    chosen = password or _one_time_password()
    validate_password(chosen, user)
    user.set_password(chosen)
    now = clock.now()
    try:
        with transaction.atomic():
            user.save()
            StaffProfile.objects.create(
                user=user,
                employee_no=employee_no,
                customer=_owner_of(own_phone) if own_phone else None,
                must_change_password=password is None,
                password_changed_at=now,
                sessions_from=now,
            )
    except IntegrityError:
        raise EmployeeKnown from None
    _record("hired", user.pk, employee_no=employee_no)
    return user, chosen


def propose_role(*, staff_id: int, role: str, reason: str, maker_id: int) -> None:
    """
    Ask a second person to give somebody this role in place of the one they have.

    :raises AlreadyProposed: a change for them is waiting
    :raises OwnProposal: it is the maker's own role
    """
    staff = User.objects.get(pk=staff_id, is_staff=True)
    propose(
        kind="accounts.staff_role",
        subject=f"user:{staff_id}",
        facts={
            "user_id": staff_id,
            "name": str(staff),
            "before": "、".join(roles_of(staff)),
            "role": role,
        },
        reason=reason,
        maker_id=maker_id,
    )


def propose_factor_reset(*, staff_id: int, reason: str, maker_id: int) -> None:
    """
    Ask a second person to take away a colleague's lost authenticator.

    :raises AlreadyProposed: it is waiting already
    :raises OwnProposal: it is the maker's own
    """
    staff = User.objects.get(pk=staff_id, is_staff=True)
    propose(
        kind="accounts.second_factor_reset",
        subject=f"user:{staff_id}",
        facts={"user_id": staff_id, "name": str(staff)},
        reason=reason,
        maker_id=maker_id,
    )


def give_role(*, staff_id: int, role: str) -> None:
    """This role and no other; somebody who was shut out comes in again. Their sessions are over."""
    require_transaction()
    staff = User.objects.select_for_update(no_key=True).get(pk=staff_id, is_staff=True)
    before = roles_of(staff)
    staff.groups.set([Group.objects.get(name=role)])
    staff.is_active = True
    staff.save(update_fields=["is_active"])
    end_staff_sessions(staff_id)
    _record("role_given", staff_id, before=before, role=role)


def shut_out(*, staff_id: int, reason: str) -> None:
    """No login, no role, no session any more; to come back takes two people."""
    with transaction.atomic(durable=True):
        staff = User.objects.select_for_update(no_key=True).get(pk=staff_id, is_staff=True)
        before = roles_of(staff)
        staff.groups.clear()
        staff.is_active = False
        staff.save(update_fields=["is_active"])
        end_staff_sessions(staff_id)
        _record("shut_out", staff_id, before=before, reason=reason)


def reset_password(*, staff_id: int) -> str:
    """A password for one login; without the second factor it opens nothing."""
    password = _one_time_password()
    with transaction.atomic(durable=True):
        staff = User.objects.select_for_update(no_key=True).get(pk=staff_id, is_staff=True)
        staff.set_password(password)
        staff.save(update_fields=["password"])
        _note_new_password(staff_id, must_change_password=True)
        _record("password_reset", staff_id)
    return password


def change_own_password(*, staff: User, password: str) -> None:
    """They proved the old one to the form; their other sessions are over."""
    staff.set_password(password)
    with transaction.atomic(durable=True):
        staff.save(update_fields=["password"])
        _note_new_password(staff.pk, must_change_password=False)
        _record("password_changed", staff.pk)


def end_staff_sessions(staff_id: int) -> None:
    """Every login that began before now."""
    StaffProfile.objects.filter(pk=staff_id).update(sessions_from=clock.now())


def roles_of(staff: User) -> list[str]:
    return sorted(group.name for group in staff.groups.all())


def _owner_of(phone: str) -> User | None:
    return User.objects.filter(phone_index__in=indexes_of_phone(phone)).first()


def _one_time_password() -> str:
    return base64.b32encode(secrets.token_bytes(10)).decode().lower()


def _note_new_password(staff_id: int, *, must_change_password: bool) -> None:
    # The password's hash is in every session, so the others end by themselves.
    StaffProfile.objects.filter(pk=staff_id).update(
        must_change_password=must_change_password, password_changed_at=clock.now()
    )


def _record(what: str, staff_id: int, **facts: object) -> None:
    record_audit(action=f"accounts.staff.{what}", subject=f"user:{staff_id}", facts=facts)
