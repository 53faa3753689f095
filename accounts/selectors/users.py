"""Find a user, what a profile shows."""

from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from accounts.errors import WeChatNotLinked
from accounts.models import User, UserStatus, WeChatIdentity
from accounts.models.users import indexes_of_phone
from accounts.rules.phones import NotAPhone, normalise_phone
from wallet_project.kit.errors import NotFound


def profile_of(user_id: int) -> User:
    """What /me shows, in one query."""
    shown = ("uid", "nickname", "status", "phone_sealed", "phone_bound_at", "created_at", "personal_key")
    return User.objects.select_related("personal_key").only(*shown).get(pk=user_id)


def active_customers() -> QuerySet[User]:
    """Those who may act: neither frozen nor gone, and no staff."""
    return User.objects.filter(status=UserStatus.ACTIVE, is_staff=False)


def customers_with_phone(phone: str) -> QuerySet[User]:
    """The active customer with this normalised number, if there is one."""
    return active_customers().filter(phone_index__in=indexes_of_phone(phone))


def customers_called(term: str) -> QuerySet[User]:
    """A whole uid or phone number names one customer; anything else is how a nickname begins."""
    customers = User.objects.filter(is_staff=False)
    try:
        return customers.filter(uid=UUID(term))
    except ValueError:
        pass
    try:
        return customers.filter(phone_index__in=indexes_of_phone(normalise_phone(term)))
    except NotAPhone:
        return customers.filter(nickname__startswith=term)


def user_by_openid(openid: str) -> User:
    """
    The user behind an openid of our own mini-program.

    :raises NotFound: this person has never logged in
    """
    user = User.objects.filter(
        wechat_identities__appid=settings.WECHAT["appid"], wechat_identities__openid=openid
    ).first()
    if user is None:
        raise NotFound
    return user


def openid_of(user_id: int) -> str:
    """
    Who pays, in WeChat's words.

    :raises WeChatNotLinked: the user never logged in through our mini-program, or has left
    """
    openid = (
        WeChatIdentity.objects.filter(user_id=user_id, appid=settings.WECHAT["appid"], detached_at=None)
        .values_list("openid", flat=True)
        .first()
    )
    if openid is None:
        raise WeChatNotLinked
    return openid


def known_by_wechat(openid: str) -> int | None:
    """Who has come by this openid before, whatever has become of them."""
    known = WeChatIdentity.objects.filter(appid=settings.WECHAT["appid"], openid=openid)
    return known.values_list("user_id", flat=True).first()


def known_by_phone(phone: str) -> int | None:
    """Who has this normalised number, whatever has become of them."""
    return User.objects.filter(phone_index__in=indexes_of_phone(phone)).values_list("pk", flat=True).first()
