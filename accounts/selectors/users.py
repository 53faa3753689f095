"""Find a user, what a profile shows."""

from django.conf import settings

from accounts.errors import WeChatNotLinked
from accounts.models import User, WeChatIdentity
from wallet_project.kit.errors import NotFound


def profile_of(user_id: int) -> User:
    """What /me shows, in one query."""
    shown = ("uid", "nickname", "status", "phone_sealed", "phone_bound_at", "created_at", "personal_key")
    return User.objects.select_related("personal_key").only(*shown).get(pk=user_id)


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
