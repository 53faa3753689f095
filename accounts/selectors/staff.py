"""What is known about a member of staff and their second factor."""

from django.db.models import QuerySet

from accounts.models import Authenticator, RecoveryCode, StaffProfile, User


def profile_of(staff_id: int) -> StaffProfile | None:
    """None: a user made by `createsuperuser`, for emergencies."""
    return StaffProfile.objects.filter(pk=staff_id).first()


def staff_as_customers() -> QuerySet[User]:
    """The customer accounts that members of staff have named as their own."""
    return User.objects.filter(pk__in=StaffProfile.objects.exclude(customer=None).values("customer"))


def works_here(user_id: int) -> bool:
    """Whether this is the customer account of a colleague who has not left."""
    return StaffProfile.objects.filter(customer=user_id, user__is_active=True).exists()


def authenticator_of(staff_id: int) -> Authenticator | None:
    """The one whose codes count."""
    return Authenticator.objects.filter(user_id=staff_id, confirmed=True).first()


def authenticator_being_set_up(staff_id: int) -> Authenticator | None:
    return Authenticator.objects.filter(user_id=staff_id, confirmed=False).first()


def recovery_codes_left(authenticator: Authenticator) -> int:
    return RecoveryCode.objects.filter(authenticator=authenticator, used_at=None).count()
