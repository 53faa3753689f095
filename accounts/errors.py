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


class ConsentRequired(DomainError):
    """Show these texts, let the person accept them (POST me/consents), then repeat the request."""

    code = "CONSENT_REQUIRED"
    status = 451
    message = _("继续使用前，请阅读并同意相关协议")
    facts = ("documents",)
    remembered = False


class AgreementOutdated(DomainError):
    """What was shown is not, or no longer, the text in force: show these and ask again."""

    code = "AGREEMENT_OUTDATED"
    status = 409
    message = _("协议内容已更新，请阅读最新版本后再同意")
    facts = ("documents",)
    remembered = False


class AgreementChanged(DomainError):
    """What was approved is not what the draft says now."""

    code = "AGREEMENT_CHANGED"
    status = 409
    message = _("草稿在提交之后改动过或已经发布，请重新提交")


class AgreementTooSoon(DomainError):
    code = "AGREEMENT_TOO_SOON"
    status = 409
    message = _("请填写生效时间：至少晚于发布十分钟，且不早于上一版")
    facts = ("earliest",)


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
    message = _("该手机号属于另一个账户且无法合并：请用它登录那个账户，更换号码或注销后再绑定")


class PhoneChangeNeeded(DomainError):
    """Taking over the phone is half of taking over the account: binding is not enough, it must be changed."""

    code = "PHONE_CHANGE_NEEDED"
    status = 409
    message = _("账户已绑定另一个手机号，请使用“更换手机号”")


class PhoneNotBound(DomainError):
    code = "PHONE_NOT_BOUND"
    status = 409
    message = _("账户还没有绑定手机号，请先绑定")
    remembered = False


class PhoneRequestOpen(DomainError):
    code = "PHONE_REQUEST_OPEN"
    status = 409
    message = _("换绑申请正在审核中，可先撤回再重新提交")
    remembered = False


class NicknameRefused(DomainError):
    """`reason`: EMPTY, TOO_LONG, UNREADABLE or OFFICIAL."""

    code = "NICKNAME_REFUSED"
    status = 400
    message = _("昵称过长、无法辨认，或容易被误认为官方，请换一个")
    facts = ("reason",)
    remembered = False


class SmsTooOften(DomainError):
    """Counted per number, device and address; never by whose number it is."""

    code = "SMS_TOO_OFTEN"
    status = 429
    message = _("短信发送过于频繁，请稍后再试")
    facts = ("retry_after",)
    remembered = False


class SmsUnavailable(DomainError):
    code = "SMS_UNAVAILABLE"
    status = 503
    message = _("短信暂时无法发送，请稍后重试")
    remembered = False
    retry_after = 60


class CodeRefused(DomainError):
    """Wrong, spent, too old, or sent for something else: it does not say which."""

    code = "CODE_REFUSED"
    status = 400
    message = _("验证码错误或已失效，请重新获取")
    remembered = False


class WeChatAlreadyLinked(DomainError):
    code = "WECHAT_ALREADY_LINKED"
    status = 409
    message = _("账户已关联另一个微信")
    remembered = False


class WeChatBelongsToAnother(DomainError):
    """Two accounts that both hold something stay two: one of them must be emptied by its owner first."""

    code = "WECHAT_BELONGS_TO_ANOTHER"
    status = 409
    message = _("该微信已有账户且其中有余额或进行中的交易：请先用该微信登录处理完毕，再来关联")
    remembered = False


class WeChatNotLinked(DomainError):
    code = "WECHAT_NOT_LINKED"
    status = 409
    message = _("账户没有关联微信，无法使用微信支付")


class PinNotSet(DomainError):
    code = "PIN_NOT_SET"
    status = 409
    message = _("请先设置支付密码")
    remembered = False


class PinAlreadySet(DomainError):
    code = "PIN_ALREADY_SET"
    status = 409
    message = _("支付密码已设置，请使用修改或重置")


class PinTooWeak(DomainError):
    """`reason` can be shown."""

    code = "PIN_TOO_WEAK"
    status = 400
    message = _("支付密码过于简单，请换一个")
    facts = ("reason",)
    remembered = False


class PinWrong(DomainError):
    code = "PIN_WRONG"
    status = 403
    message = _("支付密码错误，请重试")
    facts = ("tries_left",)
    remembered = False


class PinLocked(DomainError):
    """Too many wrong tries in a row from here."""

    code = "PIN_LOCKED"
    status = 403
    message = _("支付密码错误次数过多，请稍后再试或重置密码")
    facts = ("locked_until",)
    remembered = False


class PinBlocked(DomainError):
    """Too many wrong tries within a day: only a new PIN helps."""

    code = "PIN_BLOCKED"
    status = 403
    message = _("支付密码已停用，请重置后使用")
    remembered = False


class StepUpRequired(DomainError):
    """
    The operation waits for proof. Prove one of `factors` under `challenge_id`, then send the same request
    again with the grant.
    """

    code = "STEP_UP_REQUIRED"
    status = 428
    message = _("请验证身份后继续")
    facts = ("challenge_id", "operation", "amount", "factors", "soter_challenge", "expires_in")
    remembered = False


class StepUpRefused(DomainError):
    """The grant is spent, too old, or of another operation or device. Without it the request asks anew."""

    code = "STEP_UP_REFUSED"
    status = 403
    message = _("验证已失效或与本次操作不符，请重新验证")
    remembered = False


class OperationRefused(DomainError):
    """No proof would do: until a moment after a change of phone or PIN, or the day's limit is reached."""

    code = "OPERATION_REFUSED"
    status = 403
    message = _("为保障账户安全，暂时不能进行此操作")
    facts = ("until", "spent_today")
    remembered = False


class FactorMissing(DomainError):
    """The policy asks for something this customer has not set up."""

    code = "FACTOR_MISSING"
    status = 409
    message = _("请先绑定手机号，再进行此操作")
    remembered = False


class ChallengeOver(DomainError):
    """Expired or used: send the original request again for a new one."""

    code = "CHALLENGE_OVER"
    status = 409
    message = _("验证已过期，请重新操作")
    remembered = False


class FactorNotAsked(DomainError):
    code = "FACTOR_NOT_ASKED"
    status = 409
    message = _("本次操作不需要这种验证")
    remembered = False


class FactorRefused(DomainError):
    """It proves nothing, or somebody else, or was used before."""

    code = "FACTOR_REFUSED"
    status = 403
    message = _("验证未通过，请重试或换一种验证方式")
    remembered = False


class PolicyTooWeak(DomainError):
    """Said to staff: money without a PIN, or anything else on a single proof."""

    code = "POLICY_TOO_WEAK"
    status = 409
    message = _("这项操作不能只用这些验证")


class PolicyTierTaken(DomainError):
    code = "POLICY_TIER_TAKEN"
    status = 409
    message = _("同一操作和风险下已有相同上限的策略")


class SmallPaymentsOutOfRange(DomainError):
    """Caps in fen."""

    code = "SMALL_PAYMENTS_OUT_OF_RANGE"
    status = 400
    message = _("超出可设置的免密额度")
    facts = ("per_payment_up_to", "per_day_up_to")
    remembered = False


class MoveDenied(DomainError):
    """`cause` is of what sort the reason is, in words; who objects names `appeal`."""

    code = "MOVE_DENIED"
    status = 403
    message = _("为保障资金安全，本次操作未能进行。如有异议，可凭申诉编号联系客服申诉")
    facts = ("cause", "appeal")
    remembered = False


class MoveDelayed(DomainError):
    """Not now: the same may be tried again from `until` on."""

    code = "MOVE_DELAYED"
    status = 403
    message = _("为保障资金安全，本次操作需稍后再试。如有异议，可凭申诉编号联系客服申诉")
    facts = ("cause", "appeal", "until")
    remembered = False


class MoveHeld(DomainError):
    """
    Somebody looks at it first. The amount is set aside meanwhile where there is one; when they let it go the
    same may be done again.
    """

    code = "MOVE_HELD"
    status = 403
    message = _(
        "为保障资金安全，本次操作正在核实，资金已为您保留。结果会通知您；如有异议，可凭申诉编号联系客服申诉"
    )
    facts = ("cause", "appeal")
    remembered = False


# What whoever is screened can be told.
SCREENING_ERRORS: tuple[type[DomainError], ...] = (MoveDenied, MoveDelayed, MoveHeld)

# What a door that needs proof can answer besides its own errors.
STEP_UP_ERRORS: tuple[type[DomainError], ...] = (
    *SCREENING_ERRORS,
    StepUpRequired,
    StepUpRefused,
    OperationRefused,
    FactorMissing,
    PinNotSet,
)


class ClosureNotBegun(DomainError):
    code = "CLOSURE_NOT_BEGUN"
    status = 409
    message = _("没有进行中的注销申请")
    remembered = False


class ClosureBlocked(DomainError):
    """Each of `blockers` says in words how it is cleared."""

    code = "CLOSURE_BLOCKED"
    status = 409
    message = _("还有未完成的事项，暂时不能注销")
    facts = ("blockers",)
    remembered = False


class ClosureTermsChanged(DomainError):
    """Consent is to an exact amount: now it is `gives_up` fen."""

    code = "CLOSURE_TERMS_CHANGED"
    status = 409
    message = _("需要放弃的金额有变化，请重新确认")
    facts = ("gives_up",)
    remembered = False


class KycPhoneNeeded(DomainError):
    code = "KYC_PHONE_NEEDED"
    status = 409
    message = _("请先绑定本人实名办理的手机号")


class KycAlreadyApplied(DomainError):
    """One application at a time."""

    code = "KYC_ALREADY_APPLIED"
    status = 409
    message = _("您有一份正在处理的实名申请，请等待结果或先撤回")
    facts = ("number", "state")


class KycAlreadyReached(DomainError):
    """Nothing to gain; an ID card may be renewed in its last ninety days."""

    code = "KYC_ALREADY_REACHED"
    status = 409
    message = _("您已完成此项认证")
    facts = ("level",)


class KycNameNeeded(DomainError):
    """The face is compared with a name, so the name comes first."""

    code = "KYC_NAME_NEEDED"
    status = 409
    message = _("请先完成姓名和身份证号认证")


class KycTooManyTries(DomainError):
    code = "KYC_TOO_MANY_TRIES"
    status = 429
    message = _("今天的实名认证次数已用完，请明天再试")
    facts = ("tries",)
    remembered = False


class KycTooYoung(DomainError):
    """Nothing of what was sent is kept."""

    code = "KYC_TOO_YOUNG"
    status = 403
    message = _("未满十四周岁不能开通实名钱包，请由监护人使用自己的账户，或携带证件到门店办理")


class KycGuardianNeeded(DomainError):
    """Between fourteen and eighteen a guardian has to agree; nothing of what was sent is kept."""

    code = "KYC_GUARDIAN_NEEDED"
    status = 409
    message = _("未满十八周岁需要监护人同意，请填写监护人的姓名和手机号")


class KycNoFaceUnderWay(DomainError):
    code = "KYC_NO_FACE_UNDER_WAY"
    status = 409
    message = _("没有进行中的人脸核身，请先开始")


class KycProviderUnavailable(DomainError):
    """The application stands; the same call may be repeated."""

    code = "KYC_PROVIDER_UNAVAILABLE"
    status = 503
    message = _("身份核验服务暂时无法访问，请稍后重试")
    remembered = False
    retry_after = 5


class KycOwnApplication(DomainError):
    code = "KYC_OWN_APPLICATION"
    status = 403
    message = _("不能审核自己的实名申请")


class KycNotForMinors(DomainError):
    code = "KYC_NOT_FOR_MINORS"
    status = 409
    message = _("未满十八周岁暂不能提升实名等级")


class KycGuardianUnheard(DomainError):
    code = "KYC_GUARDIAN_UNHEARD"
    status = 409
    message = _("未成年人的申请须以监护人同意为依据，其他人的不可以")


class SecondFactorRefused(DomainError):
    """Wrong, or used before: an authenticator's code and a recovery code work once each."""

    code = "SECOND_FACTOR_REFUSED"
    status = 403
    message = _("动态码不正确或已使用")
    remembered = False


class SecondFactorPaused(DomainError):
    code = "SECOND_FACTOR_PAUSED"
    status = 429
    message = _("动态码错误次数过多，请稍后再试")
    facts = ("until",)
    remembered = False


class EmployeeKnown(DomainError):
    """One person, one account: two of them could approve each other."""

    code = "EMPLOYEE_KNOWN"
    status = 409
    message = _("该登录名或工号已有员工账户")


class RevealsUsedUp(DomainError):
    """`limit` looks at personal data a day; who needs more asks a colleague, or for an export."""

    code = "REVEALS_USED_UP"
    status = 429
    message = _("今天查看完整信息的次数已用完")
    facts = ("limit",)
    remembered = False


class ExportRunning(DomainError):
    code = "EXPORT_RUNNING"
    status = 409
    message = _("上一次导出还在整理中，请稍候")
    remembered = False


class ExportQuotaUsed(DomainError):
    """`next_at`: from when on there may be another one."""

    code = "EXPORT_QUOTA_USED"
    status = 409
    message = _("近期导出次数已用完，请在之后再试，或下载已有的文件")
    facts = ("allowed", "next_at")
    remembered = False


class ExportNotReady(DomainError):
    code = "EXPORT_NOT_READY"
    status = 409
    message = _("导出文件还没有准备好")
    facts = ("state",)


class ExportExpired(DomainError):
    code = "EXPORT_EXPIRED"
    status = 410
    message = _("导出文件已过期，请重新申请")


class ExportLinkInvalid(DomainError):
    """Five minutes, this session only: ask for the export again to get a new link."""

    code = "EXPORT_LINK_INVALID"
    status = 403
    message = _("下载链接已失效，请重新获取")


class QuizTriedTooOften(DomainError):
    code = "QUIZ_TRIED_TOO_OFTEN"
    status = 429
    message = _("今天的答题次数已用完，请明天再试")
    facts = ("tries",)
    remembered = False
