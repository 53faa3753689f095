"""What becomes of a suggestion."""

from django.db import models
from django.utils.translation import gettext_lazy as _

MOST_A_DAY = 10  # of one person


class SuggestionState(models.TextChoices):
    """RECEIVED → REVIEWING → ACCEPTED → SHIPPED; or DECLINED, which may be thought over."""

    RECEIVED = "RECEIVED", _("已收到")
    REVIEWING = "REVIEWING", _("评估中")
    ACCEPTED = "ACCEPTED", _("已采纳")
    SHIPPED = "SHIPPED", _("已采纳，已上线")
    DECLINED = "DECLINED", _("暂不采纳")


MOVES: dict[str, set[str]] = {
    SuggestionState.RECEIVED: {
        SuggestionState.REVIEWING,
        SuggestionState.ACCEPTED,
        SuggestionState.SHIPPED,
        SuggestionState.DECLINED,
    },
    SuggestionState.REVIEWING: {
        SuggestionState.ACCEPTED,
        SuggestionState.SHIPPED,
        SuggestionState.DECLINED,
    },
    SuggestionState.ACCEPTED: {SuggestionState.SHIPPED, SuggestionState.DECLINED},
    SuggestionState.DECLINED: {SuggestionState.REVIEWING},
}
