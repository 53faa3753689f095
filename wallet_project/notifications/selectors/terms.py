"""What staff may change about a notice, in plain words, for the trail."""

from typing import Any

from wallet_project.notifications.models import Notice
from wallet_project.notifications.rules.notices import ChannelKind


def terms_of(notice_id: int) -> dict[str, Any]:
    notice = Notice.objects.prefetch_related("texts").get(pk=notice_id)
    return {
        "通知": notice.title,
        "渠道": "、".join(str(ChannelKind(channel).label) for channel in notice.channels),
        "打开页面": notice.link,
        "夜间也发送": notice.is_urgent,
        "启用": notice.is_enabled,
        **{
            f"{text.get_language_display()}{name}": value
            for text in notice.texts.all()
            for name, value in (("标题", text.title), ("正文", text.body))
        },
    }
