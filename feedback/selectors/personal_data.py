"""What the support desk holds about a person, for them to take along."""

from collections.abc import Iterator

from feedback.models import Attachment
from wallet_project.kit.personal_data import Section, section


def personal_data(user_id: int) -> Iterator[Section]:
    pictures = Attachment.objects.filter(owner=user_id).order_by("pk")
    yield section(pictures, "created_at", "width", "height", "size")
