"""Whether a text may be shown to somebody else."""

from django.core.cache import caches

from wallet.errors import TextRefused
from wallet.models import ForbiddenWord
from wallet_project.kit.texts import is_readable, skeleton, tidy

_SECONDS = 30  # how long a process may not know of a new word


def clean_text(text: str, *, longest: int) -> str:
    """
    The text in one spelling, as it is stored and shown; an empty one stays empty.

    :raises TextRefused: UNREADABLE, TOO_LONG, or with a word in it that is FORBIDDEN
    """
    tidied = tidy(text)
    if not tidied:
        return ""
    if len(tidied) > longest:
        raise TextRefused(reason="TOO_LONG")
    if not is_readable(tidied):
        raise TextRefused(reason="UNREADABLE")
    seen = skeleton(tidied)
    if any(word in seen for word in _forbidden_words()):
        raise TextRefused(reason="FORBIDDEN")
    return tidied


def _forbidden_words() -> list[str]:
    return caches["process"].get_or_set("wallet.forbidden_words", _look_up, timeout=_SECONDS) or []


def _look_up() -> list[str]:
    return list(ForbiddenWord.objects.filter(is_active=True).values_list("folded", flat=True))
