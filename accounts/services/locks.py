"""What concerns one person happens one after the other: whoever decides about a user holds their row."""

from accounts.models import User
from wallet_project.kit.db import require_transaction


def lock_user(user_id: int) -> User:
    """This user as they are now, locked, with their personal key."""
    require_transaction()
    users = User.objects.select_for_update(no_key=True, of=("self",)).select_related("personal_key")
    return users.get(pk=user_id)
