"""The catalogue's rows in the tables, where staff edit them."""

from wallet_project.notifications.models import Notice, NoticeText, SubscribeTemplate, SubscribeText
from wallet_project.notifications.rules.catalogue import CATALOGUE
from wallet_project.notifications.rules.notices import NoticeRow
from wallet_project.notifications.rules.subscribe import TEMPLATES, usual_template, usual_texts


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
    _write_missing_templates()


def _write_missing_templates() -> None:
    """Those that notices begin with, and what each notice says in one."""
    SubscribeTemplate.objects.bulk_create(
        (
            SubscribeTemplate(
                code=row.code,
                title=row.title,
                keywords={keyword: label for keyword, (label, _usual) in row.keywords.items()},
            )
            for row in TEMPLATES.values()
        ),
        ignore_conflicts=True,
    )
    templates = {template.code: template for template in SubscribeTemplate.objects.all()}
    silent = Notice.objects.filter(subscribe_text=None, code__in=CATALOGUE)
    SubscribeText.objects.bulk_create(
        SubscribeText(notice=notice, template=templates[usual.code], texts=usual_texts(usual))
        for notice in silent
        for usual in [usual_template(CATALOGUE[notice.code].category, CATALOGUE[notice.code].variables)]
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
