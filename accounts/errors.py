"""Every error of this app: code, status, message."""

from django.utils.translation import gettext_lazy as _

from wallet_project.kit.errors import DomainError


class TokenExpired(DomainError):
    """The session lives on: refresh, then try again."""

    code = "TOKEN_EXPIRED"
    status = 401
    message = _("登录凭证已过期，请刷新")
    remembered = False


class TokenInvalid(DomainError):
    """The session is over, or never was: log in again."""

    code = "TOKEN_INVALID"
    status = 401
    message = _("登录已失效，请重新登录")
    remembered = False


class AccountFrozen(DomainError):
    code = "ACCOUNT_FROZEN"
    status = 403
    message = _("账户已被冻结，请联系客服")
    remembered = False


class AccountClosed(DomainError):
    code = "ACCOUNT_CLOSED"
    status = 403
    message = _("账户已注销")
    remembered = False


class WeChatCodeRefused(DomainError):
    """Used before, too old, made up, or of another mini-program: WeChat does not say which, nor do we."""

    code = "WECHAT_CODE_REFUSED"
    status = 401
    message = _("微信登录凭证无效或已使用，请重试")
    remembered = False


class WeChatUnavailable(DomainError):
    code = "WECHAT_UNAVAILABLE"
    status = 503
    message = _("微信暂时无法访问，请稍后重试")
    remembered = False
    retry_after = 2


class PhoneCodeRefused(DomainError):
    code = "PHONE_CODE_REFUSED"
    status = 400
    message = _("手机号授权无效或已使用，请重新授权")


class PhoneAlreadyBound(DomainError):
    code = "PHONE_ALREADY_BOUND"
    status = 409
    message = _("该手机号已绑定其他账户，请使用原账户登录或联系客服")


class PhoneChangeRefused(DomainError):
    """Taking over the phone is half of taking over the account, so one authorisation is not enough."""

    code = "PHONE_CHANGE_REFUSED"
    status = 409
    message = _("账户已绑定另一个手机号，如需更换请联系客服")


class WeChatNotLinked(DomainError):
    code = "WECHAT_NOT_LINKED"
    status = 409
    message = _("账户没有关联微信，无法使用微信支付")
