"""Pictures that people send to the support desk."""

from django.conf import settings
from django.db import models

from feedback.models.tickets import TicketMessage
from wallet_project.kit.privacy import Privacy


class Attachment(models.Model):
    """
    A picture of somebody's, known by its token. It belongs to no message until it is sent with one; one that
    never is goes after a day.
    """

    token = models.CharField("编号", max_length=32, unique=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name="上传人",
        db_index=False,
    )
    message = models.ForeignKey(
        TicketMessage, models.CASCADE, null=True, related_name="attachments", verbose_name="留言"
    )
    width = models.PositiveIntegerField("宽（像素）")
    height = models.PositiveIntegerField("高（像素）")
    size = models.PositiveIntegerField("大小（字节）")
    created_at = models.DateTimeField("上传时间")

    app_role_may = ("SELECT", "INSERT", "UPDATE", "DELETE")
    privacy = Privacy(c1="token owner message width height size created_at")

    class Meta:
        verbose_name = verbose_name_plural = "图片"
        indexes = [
            models.Index(fields=["owner", "created_at"], name="attachments_of_a_person"),
            models.Index(fields=["created_at"], name="attachment_by_age"),
        ]

    def __str__(self) -> str:
        return self.token


class AttachmentPart(models.Model):
    """A piece of the picture, sealed with its owner's own key: it lies nowhere in clear."""

    attachment = models.ForeignKey(
        Attachment, models.CASCADE, related_name="parts", verbose_name="图片", db_index=False
    )
    position = models.PositiveIntegerField("序号")
    content_sealed = models.BinaryField("内容（加密）")

    app_role_may = ("SELECT", "INSERT", "DELETE")
    privacy = Privacy(c2="content_sealed", c1="attachment position")

    class Meta:
        verbose_name = verbose_name_plural = "图片内容"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["attachment", "position"], name="an_attachment_has_a_part_once"),
        ]

    def __str__(self) -> str:
        return f"{self.attachment_id} · {self.position}"
