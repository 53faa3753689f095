"""WeChat code in, session out."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.errors import WeChatCodeRefused, WeChatUnavailable
from accounts.events import UserRegistered
from accounts.gateways import wechat
from accounts.models import AgreementVersion, ConsentRecord, Device, User, WeChatIdentity
from accounts.selectors.sessions import require_usable
from accounts.services.consents import Shown, record_consents, versions_shown
from accounts.services.sessions import Tokens, access_hashes_of, forget_access, issue_session
from wallet_project.kit import clock
from wallet_project.kit.db import retry_conflicts
from wallet_project.kit.events import publish


@dataclass(frozen=True, kw_only=True)
class Login:
    user: User
    tokens: Tokens
    is_new: bool


def log_in(
    *,
    code: str,
    device_id: str,
    device_name: str = "",
    platform: str = "",
    agreements: Collection[Shown] = (),
) -> Login:
    """
    Log a person in on a device; the first time, that is registering. `agreements` are what the login page
    showed and they accepted.

    :raises AgreementOutdated: what was shown is not the text in force; the code is still good
    :raises WeChatCodeRefused: WeChat does not accept the code
    :raises WeChatUnavailable: WeChat cannot be asked now
    :raises AccountFrozen: the user may not act now
    :raises AccountClosed: the user may not act ever again
    """
    now = clock.now()
    accepted = versions_shown(agreements, now)
    person = _proven_person(code)
    facts = {name: fact for name, fact in {"name": device_name, "platform": platform}.items() if fact}
    login, ended = _log_in(person, device_id=device_id, device_facts=facts, accepted=accepted, now=now)
    forget_access(ended)
    return login


def _proven_person(code: str) -> wechat.WeChatSession:
    try:
        return wechat.code_to_session(code)
    except wechat.LoginCodeRefused:
        raise WeChatCodeRefused from None
    except wechat.WeChatSilent as error:
        raise WeChatUnavailable from error


@retry_conflicts
def _log_in(
    person: wechat.WeChatSession,
    *,
    device_id: str,
    device_facts: dict[str, str],
    accepted: Collection[AgreementVersion],
    now: datetime,
) -> tuple[Login, list[bytes]]:
    with transaction.atomic(durable=True):
        user, is_new = _find_or_register(person)
        require_usable(user.status)
        seen = {**device_facts, "last_seen_at": now}
        device, _created = Device.objects.update_or_create(
            user=user,
            device_id=device_id,
            defaults=seen,
            create_defaults={**seen, "first_seen_at": now},
        )
        tokens, ended = issue_session(device=device, now=now)
        record_consents(
            user_id=user.pk,
            versions=accepted,
            channel=ConsentRecord.Channel.LOGIN,
            device_id=device_id,
            now=now,
        )
        if accepted:
            ended += access_hashes_of(user.pk)  # on other devices, too, they agree from now on
    return Login(user=user, tokens=tokens, is_new=is_new), ended


def _find_or_register(person: wechat.WeChatSession) -> tuple[User, bool]:
    appid = settings.WECHAT["appid"]
    known = WeChatIdentity.objects.select_related("user__personal_key").filter(
        appid=appid, openid=person.openid
    )
    if identity := known.first():
        return identity.user, False
    try:
        with transaction.atomic():
            user = User.objects.create_user()
            WeChatIdentity.objects.create(
                user=user, appid=appid, openid=person.openid, unionid=person.unionid or ""
            )
    except IntegrityError:
        # The same person's other request registered them between our look and our insert.
        return known.get().user, False
    publish(UserRegistered(user_id=user.pk))
    return user, True
