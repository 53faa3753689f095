"""Where one of several versions stands in time."""

from django.db.models import TextChoices


class Standing(TextChoices):
    """SKIPPED: another one took its place before its time came."""

    IN_FORCE = "in_force", "现行"
    COMING = "coming", "待生效"
    PAST = "past", "已结束"
    SKIPPED = "skipped", "未生效即被取代"
