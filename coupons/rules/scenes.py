"""
The `scene` of a mini-program code: where somebody comes from, in 32 visible characters at most
(mini-program doc: getUnlimitedQRCode).

    c=KOL-ALICE       a channel
    i=K7QW2MXA        somebody's invite code
    c=KOL-ALICE&i=K7QW2MXA
"""

import re
from dataclasses import dataclass
from typing import Final

MOST: Final = 32
CHANNEL_CODE: Final = re.compile(r"[0-9A-Z][0-9A-Z_-]{1,17}")  # leaves room for an invite code
_VISIBLE: Final = re.compile(r"[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]{1,32}")


@dataclass(frozen=True)
class Scene:
    """Codes as they were given; empty where there is none."""

    channel: str = ""
    invite: str = ""


def scene_of(*, channel: str = "", invite: str = "") -> str:
    """:raises ValueError: it is no scene, or too long"""
    parts = [f"{name}={value}" for name, value in (("c", channel), ("i", invite)) if value]
    scene = "&".join(parts)
    if not _VISIBLE.fullmatch(scene):
        raise ValueError(f"{scene!r} is no scene")
    return scene


def read_scene(text: str) -> Scene:
    """What a mini-program was opened with; whatever is not ours says nothing."""
    if not _VISIBLE.fullmatch(text):
        return Scene()
    given = dict(part.partition("=")[::2] for part in text.split("&"))
    return Scene(channel=given.get("c", "").upper(), invite=given.get("i", "").upper())
