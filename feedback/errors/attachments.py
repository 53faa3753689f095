"""What can go wrong with a picture."""

from django.utils.translation import gettext_lazy as _

from wallet_project.kit.errors import DomainError


class PictureRefused(DomainError):
    """No picture of a kind that we take, broken, moving, or too big."""

    code = "PICTURE_REFUSED"
    status = 400
    message = _("请上传 6 MB 以内的 JPEG、PNG 或 WebP 图片")
    remembered = False


class PictureQuotaUsed(DomainError):
    code = "PICTURE_QUOTA_USED"
    status = 429
    message = _("今天上传的图片已达上限，请明天再试")
    facts = ("allowed",)
    remembered = False


class PictureUnknown(DomainError):
    """Of a token that was sent with a message: nobody's, somebody else's, or sent before."""

    code = "PICTURE_UNKNOWN"
    status = 409
    message = _("图片已失效，请重新上传")
    facts = ("token",)


class PictureGone(DomainError):
    code = "PICTURE_GONE"
    status = 410
    message = _("图片已删除")
