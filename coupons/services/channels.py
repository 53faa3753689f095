"""Note by which channel somebody comes, and draw its code."""

from accounts.errors import SCREENING_ERRORS
from coupons.errors import CodeNotAvailable, InviteCodeUnknown, InviteNotBound
from coupons.gateways.mini_program_codes import CodeNotDrawn, draw_code
from coupons.models import Channel, Touch
from coupons.rules.scenes import read_scene
from coupons.services.referrals import bind_inviter
from wallet_project.kit import clock
from wallet_project.kit.errors import DomainError

_NOT_BOUND: tuple[type[DomainError], ...] = (InviteCodeUnknown, InviteNotBound, *SCREENING_ERRORS)


def note_touch(*, user_id: int, scene: str) -> bool:
    """
    Somebody has opened the mini-program with this scene. Its channel, if we know it, is kept once a day; its
    invite code is bound if it still can be. Answers whether they are bound to whoever invited them; a scene
    that says nothing to us, or comes too late, changes nothing and is no mistake of theirs.
    """
    found, now = read_scene(scene), clock.now()
    channel = Channel.objects.filter(code=found.channel, is_open=True).first() if found.channel else None
    if channel is not None:
        touch = Touch(user_id=user_id, channel=channel, day=clock.business_day(now), at=now)
        Touch.objects.bulk_create([touch], ignore_conflicts=True)
    if not found.invite:
        return False
    try:
        bind_inviter(user_id=user_id, code=found.invite)
    except _NOT_BOUND:
        return False
    return True


def picture_of(scene: str, *, width: int = 430) -> bytes:
    """
    A mini-program code that opens with this scene, a picture so many pixels wide. Not within a transaction.

    :raises CodeNotAvailable: WeChat has drawn none
    """
    try:
        return draw_code(scene, width=width)
    except CodeNotDrawn:
        raise CodeNotAvailable from None
