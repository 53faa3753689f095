"""Where one of several versions stands in time: of what is superseded and never changed."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Standing(TextChoices):
    """SKIPPED: another one took its place before its time came."""

    IN_FORCE = "in_force", _("现行")
    COMING = "coming", _("待生效")
    PAST = "past", _("已结束")
    SKIPPED = "skipped", _("未生效即被取代")
