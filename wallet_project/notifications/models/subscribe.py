"""Templates of WeChat's, and how a notice fills one."""

from django.db import models
from django.db.models import Q

from wallet_project.kit.privacy import Privacy
from wallet_project.notifications.models.notices import Notice


class SubscribeTemplate(models.Model):
    """
    One that was chosen in WeChat's console. `template_id` is what it is called there, in this mini-program;
    without one nothing is sent by it. `keywords`: {"thing1": "业务名称"}, as the console shows them.
    """

    code = models.SlugField("代码", max_length=32, unique=True)
    title = models.CharField("模板标题", max_length=40)
    template_id = models.CharField("微信模板 ID", max_length=64, blank=True)
    keywords = models.JSONField("关键词")

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(public="code title template_id keywords")

    class Meta:
        verbose_name = verbose_name_plural = "订阅消息模板"
        ordering = ("code",)
        constraints = [
            models.UniqueConstraint(
                fields=["template_id"],
                name="a_template_of_wechat_is_one_of_ours",
                condition=~Q(template_id=""),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class SubscribeText(models.Model):
    """What a notice says in a template: {"thing1": "{title}"}, see rules.subscribe."""

    notice = models.OneToOneField(
        Notice, models.CASCADE, related_name="subscribe_text", primary_key=True, verbose_name="通知"
    )
    template = models.ForeignKey(SubscribeTemplate, models.PROTECT, related_name="texts", verbose_name="模板")
    texts = models.JSONField("内容")

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(public="notice template texts")

    class Meta:
        verbose_name = verbose_name_plural = "订阅消息内容"

    def __str__(self) -> str:
        return f"{self.notice} · {self.template}"
