"""Who takes what."""

from feedback.models import Queue


def queue_for(*, kind: str, language: str) -> Queue:
    """
    The queue that takes this kind in this language; else one for all that comes in the language, else one
    that takes the kind, else the one that takes the rest.
    """

    def fits(queue: Queue) -> tuple[bool, bool, bool]:
        takes, speaks = kind in queue.kinds, queue.language == language
        return (
            takes and speaks,
            speaks and not queue.kinds and not queue.is_default,
            takes,
        )

    return max(Queue.objects.order_by("-is_default", "-pk"), key=fits)
