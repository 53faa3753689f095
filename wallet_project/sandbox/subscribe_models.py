"""What WeChat remembers of subscribe messages: templates, who allowed how many, what was sent."""

from django.db import models


class SubscribeTemplate(models.Model):
    """A template the mini-program has chosen in WeChat's console: keyword → what stands before it."""

    template_id = models.CharField(max_length=64, unique=True)
    title = models.CharField(max_length=40)
    keywords = models.JSONField()
    is_banned = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.title


class Subscription(models.Model):
    """How many messages of a template a person still lets through."""

    openid = models.CharField(max_length=128)
    template_id = models.CharField(max_length=64)
    left = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["openid", "template_id"], name="a_person_allows_a_template_once")
        ]

    def __str__(self) -> str:
        return f"{self.template_id} ×{self.left}"


class SubscribeMessage(models.Model):
    """One message in a person's 服务通知."""

    msgid = models.BigIntegerField(unique=True)
    openid = models.CharField(max_length=128)
    template = models.ForeignKey(SubscribeTemplate, on_delete=models.PROTECT, related_name="messages")
    values = models.JSONField()
    page = models.CharField(max_length=255, blank=True)
    version = models.CharField(max_length=16)
    lang = models.CharField(max_length=8)
    sent_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.msgid)

    @property
    def lines(self) -> list[tuple[str, str]]:
        return [(label, self.values[keyword]) for keyword, label in self.template.keywords.items()]
