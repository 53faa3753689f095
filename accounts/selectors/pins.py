"""A customer's PIN: whether there is one, and how many tries are left."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from accounts.models import Device, PaymentPin, WrongPin
from accounts.rules.lockout import DAY, IN_ROW, Miss, lockout_of


@dataclass(frozen=True, kw_only=True)
class PinState:
    """What its owner is told, about the device they ask from."""

    is_set: bool
    tries_left: int
    locked_until: datetime | None
    must_be_reset: bool


def pin_of(user_id: int) -> PaymentPin | None:
    return PaymentPin.objects.filter(pk=user_id).first()


def pin_state_of(*, user_id: int, device_id: str, at: datetime) -> PinState:
    """Three queries at most."""
    pin = pin_of(user_id)
    if pin is None:
        return PinState(is_set=False, tries_left=IN_ROW, locked_until=None, must_be_reset=False)
    device = Device.objects.get(user_id=user_id, device_id=device_id)
    lockout = lockout_of(misses_of(pin, device=device, at=at), at=at)
    return PinState(
        is_set=True,
        tries_left=0 if pin.blocked_at else lockout.tries_left,
        locked_until=lockout.locked_until,
        must_be_reset=pin.blocked_at is not None,
    )


def misses_of(pin: PaymentPin, *, device: Device, at: datetime) -> list[Miss]:
    """Every wrong try of this PIN that still counts, seen from a device."""
    counts = Q(tried_at__gt=at - DAY) | Q(is_in_row=True) | Q(locks_until__gt=at)
    found = WrongPin.objects.filter(counts, user_id=pin.user_id, tried_at__gte=pin.set_at)
    is_known = device.is_known(at)
    return [
        Miss(
            at=miss.tried_at,
            is_here=miss.device_id == device.pk if miss.on_known_device else not is_known,
            is_in_row=miss.is_in_row,
            locks_until=miss.locks_until,
        )
        for miss in found
    ]
