"""One's own code, and being bound to somebody's: once, soon after registering, to whoever was here before."""

from django.db import IntegrityError, transaction

from accounts.models import User, UserStatus
from accounts.rules.screening import INVITE_BIND
from accounts.services.screening import screen_visit
from coupons.errors import InviteCodeUnknown, InviteNotBound
from coupons.models import InviteCode, Referral, ReferralProgram
from coupons.rules.networks import network_around
from coupons.rules.referrals import CODE, NoBinding, ReferralEvent, why_not_bound
from coupons.selectors.referrals import program_in_force
from coupons.services.referral_rewards import reach_step
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock, context
from wallet_project.kit.db import retry_conflicts


def invite_code_of(user_id: int) -> InviteCode:
    """Made when it is first asked for; of two who ask at once the second is answered with the first's."""
    found, _is_new = InviteCode.objects.get_or_create(user_id=user_id)
    return found


def join_board(*, user_id: int, joins: bool) -> InviteCode:
    """Whether their masked name may stand in the list of the month; off until they say so."""
    code = invite_code_of(user_id)
    code.is_on_board = joins
    code.save(update_fields=["is_on_board"])
    return code


def bind_inviter(*, user_id: int, code: str) -> Referral:
    """
    Whoever has this code brought this newcomer. Bound by the same code again it is the same binding.

    :raises InviteCodeUnknown: nobody has it
    :raises InviteNotBound: see NoBinding; nothing has changed
    :raises MoveDenied, MoveDelayed, MoveHeld: too many of one device or network, see `screen`
    """
    code = code.strip().upper()
    inviter = CODE.fullmatch(code) and InviteCode.objects.select_related("user").filter(code=code).first()
    if not inviter:
        raise InviteCodeUnknown
    if earlier := Referral.objects.filter(newcomer=user_id, inviter=inviter.user_id).first():
        return earlier
    program = _require_binding(inviter.user, user_id=user_id)
    screen_visit(operation=INVITE_BIND, user_id=user_id)
    return _bind(inviter.user_id, user_id=user_id, program=program)


@retry_conflicts
def _bind(inviter_id: int, *, user_id: int, program: ReferralProgram) -> Referral:
    """Two inviters at once: the unique newcomer decides, not the look before it."""
    try:
        with transaction.atomic(durable=True):
            referral = Referral.objects.create(
                inviter_id=inviter_id,
                newcomer_id=user_id,
                program=program,
                network=network_around(context.current().ip),
                bound_at=clock.now(),
            )
            record_audit(
                action="coupons.referral.bound", subject=f"user:{user_id}", facts={"inviter": inviter_id}
            )
            if User.objects.filter(pk=user_id, phone_bound_at__isnull=False).exists():
                reach_step(user_id=user_id, event=ReferralEvent.REGISTERED)
    except IntegrityError:
        if same := Referral.objects.filter(newcomer=user_id, inviter=inviter_id).first():
            return same
        raise _refused(NoBinding.BOUND) from None
    return referral


def _require_binding(inviter: User, *, user_id: int) -> ReferralProgram:
    program = program_in_force()
    if program is None:
        raise _refused(NoBinding.NO_PROGRAM)
    if Referral.objects.filter(newcomer=user_id).exists():
        raise _refused(NoBinding.BOUND)
    reason = why_not_bound(
        inviter_id=inviter.pk,
        user_id=user_id,
        registered_at=User.objects.values_list("created_at", flat=True).get(pk=user_id),
        at=clock.now(),
        within=program.binds_within,
    )
    if reason:
        raise _refused(reason)
    if inviter.status != UserStatus.ACTIVE:
        raise _refused(NoBinding.INVITER_GONE)
    return program


def _refused(reason: NoBinding) -> InviteNotBound:
    return InviteNotBound(reason=reason.value, words=str(reason.label))
