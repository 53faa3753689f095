"""The catalogue's rows in the tables, where staff edit them."""

from wallet_project.notifications.models import Notice, NoticeText
from wallet_project.notifications.rules.catalogue import CATALOGUE, NoticeRow


def write_missing_notices() -> None:
    """What a version brings anew; what is there stays as staff have made it."""
    known = set(Notice.objects.values_list("code", flat=True))
    missing = [row for code, row in CATALOGUE.items() if code not in known]
    notices = Notice.objects.bulk_create(map(_notice, missing))
    NoticeText.objects.bulk_create(
        NoticeText(notice=notice, language=language, title=title, body=body)
        for notice, row in zip(notices, missing, strict=True)
        for language, (title, body) in (("zh-hans", row.zh), ("en", row.en))
    )


def _notice(row: NoticeRow) -> Notice:
    return Notice(
        code=row.code,
        category=row.category,
        title=row.title,
        channels=list(row.channels),
        link=row.link,
        is_urgent=row.is_urgent,
    )
