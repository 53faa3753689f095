"""A file of one person that lies in the database in pieces, each sealed with their own key."""

import base64
from collections.abc import Iterable, Iterator

from accounts.models import PersonalKey

_PIECE = 192 * 1024


def can_be_sealed_for(user_id: int) -> bool:
    """Whether they still have a key; whoever has left has none."""
    return PersonalKey.objects.filter(user_id=user_id, destroyed_at=None).exists()


def seal_file(content: bytes, *, user_id: int, column: str) -> Iterator[bytes]:
    """
    Its pieces, in order; `column` says whose table keeps them and of which row.

    :raises KeyDestroyed: there is no key any more
    """
    key = PersonalKey.objects.get(user_id=user_id)
    for position, start in enumerate(range(0, len(content), _PIECE)):
        piece = base64.b64encode(content[start : start + _PIECE]).decode()
        yield key.seal(piece, column=f"{column}:{position}")


def open_file(pieces: Iterable[bytes | memoryview], *, user_id: int, column: str) -> bytes:
    """
    :raises KeyDestroyed: nobody can read it any more
    :raises CannotOpen: a piece was changed, or put in another one's place
    """
    key = PersonalKey.objects.get(user_id=user_id)
    opened = (key.open(piece, column=f"{column}:{position}") for position, piece in enumerate(pieces))
    return b"".join(base64.b64decode(piece) for piece in opened)
