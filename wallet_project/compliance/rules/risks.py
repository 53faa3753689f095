"""How high a risk is."""

from django.db.models import TextChoices

_HIGH, _MEDIUM = 15, 8


class RiskLevel(TextChoices):
    HIGH = "HIGH", "高"
    MEDIUM = "MEDIUM", "中"
    LOW = "LOW", "低"


def level_of(score: int) -> RiskLevel:
    """`score` is likelihood times impact, 1 to 25."""
    if score >= _HIGH:
        return RiskLevel.HIGH
    return RiskLevel.MEDIUM if score >= _MEDIUM else RiskLevel.LOW
