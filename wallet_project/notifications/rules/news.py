"""What one person is told of one event."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class News:
    """`facts` are the variables of the notice, `about` names what it is about as plain text."""

    user_id: int
    notice: str
    facts: Mapping[str, object] = field(default_factory=dict)
    about: str = ""
