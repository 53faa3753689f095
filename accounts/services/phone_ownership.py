"""One number, one owner, whichever keys the index of the number was made with."""

from datetime import datetime

from accounts.errors import PhoneAlreadyBound
from accounts.models import User
from accounts.models.users import indexes_of_phone, lock_of_phone
from wallet_project.kit.db import lock_number


def give_phone(*, user: User, phone: str, at: datetime) -> None:
    """
    Make a normalised number this user's, in the caller's transaction and on a row it has locked.

    While the index keys change, two processes may index one number differently, and the unique constraint
    sees two numbers. So the number is held by a lock from the look to the commit.

    :raises PhoneAlreadyBound: the number belongs to another user
    """
    lock_number(lock_of_phone(phone))
    if User.objects.filter(phone_index__in=indexes_of_phone(phone)).exclude(pk=user.pk).exists():
        raise PhoneAlreadyBound
    user.set_phone(phone, at=at)
    user.save(update_fields=["phone_sealed", "phone_index", "phone_bound_at"])
