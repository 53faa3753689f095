"""Whether a feature is open to somebody."""

from wallet_project.flags.models import Feature, Flag
from wallet_project.kit.retention import SETTINGS

KINDS = (SETTINGS.of("flags.Flag", "waffle.Switch", "waffle.Sample"),)  # of what is kept


def is_on(flag: str, *, user_id: int | None) -> bool:
    """Three seconds old at most. What has no row is off."""
    return Flag.get(flag).is_on_for(user_id)


def open_to_audience(segment_id: int) -> list[str]:
    """The features that are open to this audience, in words."""
    return [str(flag) for flag in Flag.get_all() if flag.audience == segment_id]


def all_for(user_id: int | None) -> dict[str, bool]:
    """Every feature; nobody's is None."""
    known = {flag.name: flag for flag in Flag.get_all()}
    return {name: name in known and known[name].is_on_for(user_id) for name in Feature.values}
