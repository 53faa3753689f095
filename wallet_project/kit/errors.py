"""A failure has a name, a code and its facts."""

from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """
    The parent of everything that can go wrong in a way the caller should understand.

    `code` is stable and read by programs, `message` is shown to people, `facts` names the values that
    travel in `detail`. `remembered` tells whether an idempotency key keeps this answer. `is_pause` is what
    people have stopped and will let go on: listeners wait for that, however long it takes.
    """

    code: ClassVar[str] = "ERROR"
    status: ClassVar[int] = 400
    message: ClassVar[str | Promise] = ""
    facts: ClassVar[tuple[str, ...]] = ()
    remembered: ClassVar[bool] = True
    retry_after: ClassVar[int | None] = None
    is_pause: ClassVar[bool] = False

    def __init__(self, **facts: Any) -> None:
        unknown = set(facts) - set(self.facts)
        if unknown:
            raise TypeError(f"{type(self).__name__} has no fact named {', '.join(sorted(unknown))}")
        super().__init__(self.code)
        self.detail = facts

    def __str__(self) -> str:
        return f"{self.code} {self.detail}" if self.detail else self.code


class ClientTooOld(DomainError):
    """This version of the mini-program is served no more; `GET /api/v1/config` says which ones are."""

    code = "CLIENT_TOO_OLD"
    status = 426
    message = _("当前版本过旧，请更新小程序后再试")
    facts = ("minimum", "latest")
    remembered = False


class InvalidInput(DomainError):
    code = "INVALID_INPUT"
    status = 400
    message = _("请求内容有误")
    facts = ("fields",)
    remembered = False


class MalformedBody(DomainError):
    code = "MALFORMED_BODY"
    status = 400
    message = _("请求体不是合法的 JSON")
    facts = ("reason",)
    remembered = False


class BodyTooLarge(DomainError):
    code = "BODY_TOO_LARGE"
    status = 413
    message = _("请求体过大")
    facts = ("limit",)
    remembered = False


class UnsupportedMediaType(DomainError):
    code = "UNSUPPORTED_MEDIA_TYPE"
    status = 415
    message = _("请使用 application/json")
    remembered = False


class NotAuthenticated(DomainError):
    code = "NOT_AUTHENTICATED"
    status = 401
    message = _("请先登录")
    remembered = False


class NotAllowed(DomainError):
    code = "NOT_ALLOWED"
    status = 403
    message = _("没有权限进行此操作")
    remembered = False


class NotFound(DomainError):
    code = "NOT_FOUND"
    status = 404
    message = _("没有找到")
    remembered = False


class MethodNotAllowed(DomainError):
    code = "METHOD_NOT_ALLOWED"
    status = 405
    message = _("不支持这种请求方法")
    remembered = False


class NotAcceptable(DomainError):
    code = "NOT_ACCEPTABLE"
    status = 406
    message = _("只提供 JSON")
    remembered = False


class StateConflict(DomainError):
    """An object is not in a state that allows the move; both names travel in the detail."""

    code = "STATE_CONFLICT"
    status = 409
    message = _("当前状态不允许此操作")
    facts = ("state", "wanted")


class TooManyRequests(DomainError):
    code = "TOO_MANY_REQUESTS"
    status = 429
    message = _("操作太频繁，请稍后再试")
    facts = ("retry_after",)
    remembered = False


class IdempotencyKeyMissing(DomainError):
    code = "IDEMPOTENCY_KEY_MISSING"
    status = 400
    message = _("缺少 Idempotency-Key 请求头（8–64 位字母、数字、- 或 _）")
    remembered = False


class IdempotencyKeyReused(DomainError):
    code = "IDEMPOTENCY_KEY_REUSED"
    status = 422
    message = _("同一个 Idempotency-Key 已用于另一个请求")
    remembered = False


class RequestInProgress(DomainError):
    code = "REQUEST_IN_PROGRESS"
    status = 409
    message = _("相同的请求正在处理中，请稍后用同一个 Idempotency-Key 重试")
    remembered = False
    retry_after = 1


class InternalError(DomainError):
    code = "INTERNAL_ERROR"
    status = 500
    message = _("系统出错，我们已收到通知")
    remembered = False


class TemporarilyUnavailable(DomainError):
    """We could not decide now; the same request may be sent again."""

    code = "TEMPORARILY_UNAVAILABLE"
    status = 503
    message = _("系统繁忙，请稍后重试")
    remembered = False
    retry_after = 2
