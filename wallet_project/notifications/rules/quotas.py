"""What people may answer in the popup that asks for subscribe messages (doc: wx.requestSubscribeMessage)."""

from django.db import models


class PopupAnswer(models.TextChoices):
    """In the words of WeChat. However one accepts, loudly or not, it is one message."""

    ACCEPT = "accept", "同意"
    WITH_AUDIO = "acceptWithAudio", "同意，语音提醒"
    WITH_ALERT = "acceptWithAlert", "同意，弹窗提醒"
    WITH_FORCE_PUSH = "acceptWithForcePush", "同意，强提醒"
    REJECT = "reject", "拒绝"
    BAN = "ban", "模板已被封禁"
    FILTER = "filter", "模板标题重名，被过滤"

    @property
    def lets_through(self) -> bool:
        return self not in (PopupAnswer.REJECT, PopupAnswer.BAN, PopupAnswer.FILTER)
