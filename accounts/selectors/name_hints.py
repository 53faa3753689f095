"""As much of somebody as another customer may read, to know whom they pay."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from accounts.models import KycApplication, RealName, User
from accounts.rules.kyc import KycLevel
from accounts.rules.nicknames import name_in_words

# What reading a hint takes, for select_related: with_hints("receiver") → ("receiver__personal_key", …)
_NEEDED = ("personal_key", "real_name__evidence")


@dataclass(frozen=True, kw_only=True)
class NameHint:
    """What they call themselves, and 张* once their real name is verified; never more."""

    user_id: int
    uid: UUID
    nickname: str
    name_masked: str | None

    @property
    def in_words(self) -> str:
        return name_in_words(self.nickname, self.name_masked)


def with_hints(relation: str) -> tuple[str, ...]:
    """For select_related: whatever `hint_of` reads of the users behind this relation."""
    return tuple(f"{relation}__{needed}" for needed in _NEEDED)


def hint_of(user: User) -> NameHint:
    """Of a user who was selected with what it takes (`with_hints`); otherwise at the price of two queries."""
    real_name: RealName | None = getattr(user, "real_name", None)
    name_masked = None
    if real_name and real_name.level > KycLevel.NONE:
        evidence: KycApplication = real_name.evidence
        evidence.user = user  # whose key opens it, without asking for them again
        name_masked = evidence.name_masked
    return NameHint(user_id=user.pk, uid=user.uid, nickname=user.nickname, name_masked=name_masked)


def name_hints(user_ids: Collection[int]) -> dict[int, NameHint]:
    """Of many, in one query; users that are not there are left out."""
    users = User.objects.select_related(*_NEEDED).filter(pk__in=user_ids)
    return {user.pk: hint_of(user) for user in users}
