"""WeChat code or phone code in, session out."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.errors import AccountClosed, AccountFrozen, WeChatCodeRefused, WeChatUnavailable
from accounts.events import NewDeviceSeen, PhoneBound, SignedIn, UserRegistered
from accounts.gateways import wechat
from accounts.models import AgreementVersion, ConsentRecord, User, WeChatIdentity
from accounts.models.login_records import LoginMethod
from accounts.models.users import indexes_of_phone, lock_of_phone
from accounts.rules.codes import CodePurpose
from accounts.rules.phones import normalise_phone
from accounts.rules.screening import LOGIN
from accounts.selectors.sessions import require_usable
from accounts.selectors.users import known_by_phone, known_by_wechat
from accounts.services.codes import spend_code
from accounts.services.consents import Shown, record_consents, versions_shown
from accounts.services.devices import remember_device
from accounts.services.login_records import record_login, record_refused_login
from accounts.services.phone_ownership import give_phone
from accounts.services.risk_ranks import keep_risk_rank_fresh
from accounts.services.screening import screen_visit
from accounts.services.sessions import Tokens, access_hashes_of, forget_access, issue_session
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock, context
from wallet_project.kit.db import lock_number, retry_conflicts
from wallet_project.kit.events import publish
from wallet_project.pauses.models import Flow
from wallet_project.pauses.services import require_going


@dataclass(frozen=True, kw_only=True)
class Login:
    user: User
    tokens: Tokens
    is_new: bool


@dataclass(frozen=True, kw_only=True)
class _Visit:
    """How somebody comes in, where, and what they accepted on the way."""

    method: LoginMethod
    device_id: str
    device_name: str
    platform: str
    accepted: Collection[AgreementVersion]
    now: datetime


def log_in(
    *,
    code: str,
    device_id: str,
    device_name: str = "",
    platform: str = "",
    agreements: Collection[Shown] = (),
) -> Login:
    """
    Log a person in on a device by their WeChat; the first time, that is registering. `agreements` are what
    the login page showed and they accepted.

    :raises AgreementOutdated: what was shown is not the text in force; the code is still good
    :raises WeChatCodeRefused: WeChat does not accept the code
    :raises WeChatUnavailable: WeChat cannot be asked now
    :raises AccountFrozen: the user may not act now
    :raises AccountClosed: the user may not act ever again
    :raises MoveDenied: nobody comes in like this; see `screen` for its kin
    """
    now = clock.now()
    visit = _Visit(
        method=LoginMethod.WECHAT,
        device_id=device_id,
        device_name=device_name,
        platform=platform,
        accepted=versions_shown(agreements, now),
        now=now,
    )
    person = proven_person(code)
    screen_visit(operation=LOGIN, user_id=known_by_wechat(person.openid), device_id=device_id)
    return _come_in(partial(_find_or_register_by_wechat, person, now), visit)


def log_in_by_phone(
    *,
    phone: str,
    code: str,
    device_id: str,
    device_name: str = "",
    platform: str = "",
    agreements: Collection[Shown] = (),
) -> Login:
    """
    The same by the code that was sent to their phone.

    :raises NotAPhone: `phone` is none
    :raises AgreementOutdated: what was shown is not the text in force; the code is still good
    :raises CodeRefused: wrong, spent or over
    :raises AccountFrozen: the user may not act now
    :raises AccountClosed: the user may not act ever again
    :raises MoveDenied: nobody comes in like this; see `screen` for its kin
    """
    now = clock.now()
    visit = _Visit(
        method=LoginMethod.PHONE,
        device_id=device_id,
        device_name=device_name,
        platform=platform,
        accepted=versions_shown(agreements, now),
        now=now,
    )
    spend_code(purpose=CodePurpose.LOGIN, phone=phone, code=code)
    phone = normalise_phone(phone)
    screen_visit(operation=LOGIN, user_id=known_by_phone(phone), device_id=device_id)
    return _come_in(partial(_find_or_register_by_phone, phone, now), visit)


def proven_person(code: str) -> wechat.WeChatSession:
    """
    Who a login code stands for; it is spent by asking.

    :raises WeChatCodeRefused: WeChat does not accept the code
    :raises WeChatUnavailable: WeChat cannot be asked now
    """
    try:
        return wechat.code_to_session(code)
    except wechat.LoginCodeRefused:
        raise WeChatCodeRefused from None
    except wechat.WeChatSilent as error:
        raise WeChatUnavailable from error


def _come_in(find: Callable[[], tuple[User, bool]], visit: _Visit) -> Login:
    login, to_forget = _log_in(find, visit)
    if not isinstance(login, Login):
        raise login
    forget_access(to_forget)
    return login


@retry_conflicts
def _log_in(
    find: Callable[[], tuple[User, bool]], visit: _Visit
) -> tuple[Login | AccountFrozen | AccountClosed, list[bytes]]:
    """
    A refusal is returned, not raised, because its record must be committed. `find` locks the user: whoever
    freezes them, closes their account or changes their number ends this session, too, or comes first.
    """
    told = {"device_id": visit.device_id, "name": visit.device_name, "platform": visit.platform}
    with transaction.atomic(durable=True):
        user, is_new = find()
        try:
            require_usable(user.status)
        except (AccountFrozen, AccountClosed) as refusal:
            record_refused_login(user=user, method=visit.method, **told, now=visit.now)
            return refusal, []
        device, is_new_device = remember_device(user=user, **told, now=visit.now)
        # On other devices, too, they agree from now on; what is issued now has not been remembered yet.
        to_forget = access_hashes_of(user.pk) if visit.accepted else []
        tokens, ended = issue_session(device=device, now=visit.now)
        record = record_login(
            device=device,
            method=visit.method,
            is_new_device=is_new_device and not is_new,
            now=visit.now,
        )
        publish(SignedIn(user_id=user.pk, method=visit.method, is_new_device=record.is_new_device))
        if record.is_new_device:
            publish(NewDeviceSeen(user_id=user.pk, device_id=device.pk))
        record_consents(
            user_id=user.pk,
            versions=visit.accepted,
            channel=ConsentRecord.Channel.LOGIN,
            device_id=visit.device_id,
            now=visit.now,
        )
    return Login(user=user, tokens=tokens, is_new=is_new), to_forget + ended


def _find_or_register_by_wechat(person: wechat.WeChatSession, now: datetime) -> tuple[User, bool]:
    user, is_new = _find_or_make_by_wechat(person)
    keep_risk_rank_fresh(user_id=user.pk, ip=context.current().ip, at=now)
    return user, is_new


def _find_or_make_by_wechat(person: wechat.WeChatSession) -> tuple[User, bool]:
    appid = settings.WECHAT["appid"]
    known = (
        WeChatIdentity.objects.select_for_update(no_key=True, of=("user",))
        .select_related("user__personal_key")
        .filter(appid=appid, openid=person.openid)
    )
    if identity := known.first():
        return identity.user, False
    require_going(Flow.REGISTER)
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


def _find_or_register_by_phone(phone: str, now: datetime) -> tuple[User, bool]:
    """
    The user before the number, as everywhere; only who finds nobody takes the number, and looks again, so
    that of two first logins at once the second finds the first's user.
    """
    owned = (
        User.objects.select_for_update(no_key=True, of=("self",))
        .select_related("personal_key")
        .filter(phone_index__in=indexes_of_phone(phone))
    )
    if user := owned.first():
        return user, False
    lock_number(lock_of_phone(phone))
    if user := owned.first():
        return user, False
    require_going(Flow.REGISTER)
    user = User.objects.create_user()
    publish(UserRegistered(user_id=user.pk))
    give_phone(user=user, phone=phone, at=now)
    record_audit(action="accounts.phone.bound", subject=f"user:{user.pk}", facts={"phone": user.phone_masked})
    publish(PhoneBound(user_id=user.pk))
    return user, True
