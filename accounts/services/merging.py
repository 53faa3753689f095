"""
One person, two accounts: one made by WeChat, one by phone. Who has proven both may make one of them.

An account is only given up when nobody would miss it: no money, no order, nothing under way, and no past.
"""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from accounts.errors import WeChatAlreadyLinked, WeChatBelongsToAnother
from accounts.events import AccountsMerged, PhoneBound
from accounts.models import RevokeReason, User, UserStatus, WeChatIdentity
from accounts.models.security_facts import CoolReason
from accounts.selectors.closures import blockers_of, live_closure
from accounts.services.erasure import end_account
from accounts.services.login import proven_person
from accounts.services.phone_ownership import give_phone
from accounts.services.security_facts import cool_withdrawals
from accounts.services.sessions import revoke_sessions_of
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import lock_rows, require_transaction, retry_conflicts
from wallet_project.kit.errors import DomainError
from wallet_project.kit.events import publish
from wallet_project.kit.money import ZERO


class CannotMerge(Exception):
    """Both accounts hold something, or both have a phone, or both have a WeChat; nothing was changed."""


def link_wechat(*, user_id: int, code: str) -> User:
    """
    Let a person who came by phone also come, and pay, by WeChat. Linking it again changes nothing.

    Where that WeChat has an account of its own, the two become one. Answers the account that goes on.

    :raises WeChatCodeRefused: WeChat does not accept the code
    :raises WeChatUnavailable: WeChat cannot be asked now
    :raises WeChatAlreadyLinked: the account has another WeChat
    :raises WeChatBelongsToAnother: it has an account that cannot be given up
    """
    openid = proven_person(code).openid
    try:
        return _link(user_id=user_id, openid=openid, now=clock.now())
    except CannotMerge:
        raise WeChatBelongsToAnother from None


@retry_conflicts
def _link(*, user_id: int, openid: str, now: datetime) -> User:
    appid = settings.WECHAT["appid"]
    with transaction.atomic(durable=True):
        known = WeChatIdentity.objects.filter(appid=appid, openid=openid).first()
        if known and known.user_id != user_id:
            return merge_accounts(user_id, known.user_id, now=now)
        user = lock_rows(User, ids=[user_id])[user_id]
        if known:
            return user
        if WeChatIdentity.objects.filter(user=user, appid=appid).exists():
            raise WeChatAlreadyLinked
        WeChatIdentity.objects.create(user=user, appid=appid, openid=openid)
        cool_withdrawals(user_id=user_id, reason=CoolReason.WECHAT_LINKED, now=now)
        record_audit(action="accounts.wechat.linked", subject=f"user:{user_id}", facts={})
    return user


def merge_accounts(one_id: int, other_id: int, *, now: datetime) -> User:
    """
    Close the one of two accounts that holds nothing; its phone and WeChat become the other's, and so does
    what settings.MERGE_STEPS keep of it.

    In the caller's transaction. Where neither holds anything, the phone's account goes on. Every session of
    both ends: whoever comes back comes as the one that goes on.

    :raises CannotMerge: that would lose something
    """
    require_transaction()
    users = lock_rows(User, ids=[one_id, other_id])
    goes_on, ends = _who_goes_on(users[one_id], users[other_id])
    phone = ends.phone
    WeChatIdentity.objects.filter(user=ends, detached_at=None).update(user=goes_on)
    for path in settings.MERGE_STEPS:
        import_string(path)(closed_user_id=ends.pk, user_id=goes_on.pk)
    try:
        end_account(ends, gives_up=ZERO, now=now)
    except DomainError as error:  # money arrived while we looked
        raise CannotMerge(error.code) from error
    if phone:
        give_phone(user=goes_on, phone=phone, at=now)
        publish(PhoneBound(user_id=goes_on.pk))
    cool_withdrawals(user_id=goes_on.pk, reason=CoolReason.MERGED, now=now)
    revoke_sessions_of(user_id=goes_on.pk, reason=RevokeReason.MERGED)
    for user, what in ((goes_on, "kept"), (ends, "closed")):
        record_audit(
            action="accounts.user.merged",
            subject=f"user:{user.pk}",
            facts={"kept": goes_on.pk, "closed": ends.pk, "this": what},
        )
    publish(AccountsMerged(user_id=goes_on.pk, closed_user_id=ends.pk))
    return goes_on


def _has_past(user_id: int) -> bool:
    return any(import_string(path)(user_id) for path in settings.ACCOUNT_HISTORIES)


def _who_goes_on(one: User, other: User) -> tuple[User, User]:
    both = (one, other)
    if any(user.status != UserStatus.ACTIVE or user.is_staff for user in both):
        raise CannotMerge("not both may act")
    if all(user.phone_index for user in both):
        raise CannotMerge("two phones")
    identities = WeChatIdentity.objects.filter(user__in=both, detached_at=None)
    if len(set(identities.values_list("user_id", flat=True))) != 1:
        raise CannotMerge("not one WeChat between them")
    holding = [user for user in both if live_closure(user.pk) or blockers_of(user.pk) or _has_past(user.pk)]
    if len(holding) == len(both):
        raise CannotMerge("both hold something")
    goes_on = holding[0] if holding else (one if one.phone_index else other)
    return goes_on, other if goes_on is one else one
