"""What customers may be asked to agree to, the fingerprint of a text, and how two versions of it differ."""

import hashlib
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import zip_longest

from django.db.models import TextChoices


class AgreementKind(TextChoices):
    TERMS = "TERMS", "用户服务协议"
    PRIVACY = "PRIVACY", "隐私政策"
    FEE_SCHEDULE = "FEE_SCHEDULE", "收费标准"
    REAL_NAME = "REAL_NAME", "实名信息处理单独同意书"
    MARKETING = "MARKETING", "营销信息接收同意书"


MANDATORY = (AgreementKind.TERMS, AgreementKind.PRIVACY, AgreementKind.FEE_SCHEDULE)
"""Without these there is no service. The others are asked for one by one, where they are needed."""


def fingerprint(*, kind: str, version: int, title: str, body: str) -> str:
    """SHA-256 in hex of what somebody agrees to: 64 characters that prove which text it was."""
    return hashlib.sha256(f"{kind}\n{version}\n{title}\n\n{body}".encode()).hexdigest()


class ChangeKind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, kw_only=True)
class Change:
    """One part that differs; `before` is empty where it was added, `after` where it was removed."""

    kind: ChangeKind
    before: str = ""
    after: str = ""


def paragraphs_of(body: str) -> list[str]:
    """A text as its paragraphs: what stands between empty lines."""
    return [part.strip() for part in body.replace("\r\n", "\n").split("\n\n") if part.strip()]


def changes_between(before: str, after: str) -> list[Change]:
    """
    What a reader of the earlier version has to read again, in the order of the text: whole paragraphs, single
    rows of a table and single items of a list.
    """
    old, new = _comparable(before), _comparable(after)
    changes: list[Change] = []
    for tag, start, end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            pairs = zip_longest(old[start:end], new[new_start:new_end], fillvalue="")
            changes += [_change(gone, come) for gone, come in pairs]
    return changes


def _comparable(body: str) -> list[str]:
    parts: list[str] = []
    for paragraph in paragraphs_of(body):
        lines = [line.strip() for line in paragraph.splitlines()]
        stand_alone = all(line.startswith(("|", "- ")) for line in lines)
        parts += lines if stand_alone else ["\n".join(lines)]
    return parts


def _change(gone: str, come: str) -> Change:
    if not gone:
        return Change(kind=ChangeKind.ADDED, after=come)
    if not come:
        return Change(kind=ChangeKind.REMOVED, before=gone)
    return Change(kind=ChangeKind.CHANGED, before=gone, after=come)
