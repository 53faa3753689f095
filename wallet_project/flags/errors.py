"""What can go wrong with what is released by and by."""

from django.utils.translation import gettext_lazy as _

from wallet_project.kit.errors import DomainError


class FeatureOff(DomainError):
    """The client asks for what `GET /api/v1/config` does not offer to this person."""

    code = "FEATURE_OFF"
    status = 403
    message = _("此功能暂未对您开放")
    facts = ("feature",)
    remembered = False


class ReleaseChanged(DomainError):
    code = "RELEASE_CHANGED"
    status = 409
    message = _("开放范围已有变化，请重新申请")
