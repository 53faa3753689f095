"""What two people decide together."""

from typing import Any

from wallet_project.approvals.kinds import carries_out
from wallet_project.flags.models import Feature
from wallet_project.flags.services import Release, release_as_agreed
from wallet_project.flags.words import in_words


@carries_out(
    "flags.release",
    title="扩大功能开放范围",
    permission="flags.approve_release",
    shows=lambda flag, was, to, **_: {
        "功能": str(Feature(flag).label),
        "开放范围": (in_words(Release(**was)), in_words(Release(**to))),
    },
)
def release(*, flag: str, to: dict[str, Any], seen: str, reason: str, **_shown: Any) -> str:
    release_as_agreed(flag=flag, to=Release(**to), seen=seen, reason=reason)
    return f"{Feature(flag).label}：{in_words(Release(**to))}"
