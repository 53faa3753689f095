"""
Real-name levels: what each needs, and how an application for one moves.

    SUBMITTED → VERIFYING                                 the provider was asked and has not said yet
    SUBMITTED | VERIFYING → APPROVED | REJECTED | REVIEW
    REVIEW → APPROVED | REJECTED                          a member of staff decides
    SUBMITTED | VERIFYING | REVIEW → WITHDRAWN            the customer changed their mind
    SUBMITTED | VERIFYING → EXPIRED                       nobody answered, or the face was never shown
"""

from datetime import date, datetime, timedelta

from django.db.models import IntegerChoices, TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.rules.id_cards import age_on

GUARDED_FROM, ADULT_FROM = 14, 18
TRIES_A_DAY = 3
RENEWABLE_FOR = timedelta(days=90)
REMINDED_BEFORE = timedelta(days=30)
GIVE_UP_AFTER = timedelta(hours=24)
FACE_LASTS = timedelta(hours=2)  # as long as the provider's token does (doc: faceid DetectAuth)
# A person waits for the first answer; after that nobody does.
_ASK_AGAIN = (30, 60, 120, 300, 600, 1800)


class KycLevel(IntegerChoices):
    """As 银发〔2015〕43 号 classes payment accounts: the more channels vouch for a person, the higher."""

    NONE = 0, _("未认证")
    I = 1, _("一类：已验证手机号")  # noqa: E741 - the regulation's own numerals
    II = 2, _("二类：已实名认证")
    III = 3, _("三类：已人脸核身")


class Step(TextChoices):
    BIND_PHONE = "BIND_PHONE", _("绑定手机号")
    VERIFY_NAME = "VERIFY_NAME", _("核验姓名、身份证号和手机号")
    VERIFY_FACE = "VERIFY_FACE", _("完成人脸核身")


# What a level needs. What it opens are the wallet's limits (wallet.rules.limits).
STEPS: dict[KycLevel, tuple[Step, ...]] = {
    KycLevel.NONE: (),
    KycLevel.I: (Step.BIND_PHONE,),
    KycLevel.II: (Step.BIND_PHONE, Step.VERIFY_NAME),
    KycLevel.III: (Step.BIND_PHONE, Step.VERIFY_NAME, Step.VERIFY_FACE),
}


def level_by_card(level: int, valid_until: date | None, *, on: date) -> KycLevel:
    """
    What a day makes of the level that an ID card gave: one that is over says nothing from the next day on,
    whether or not the nightly task has noticed. A card without a `valid_until` has no end.
    """
    is_over = valid_until is not None and valid_until < on
    return KycLevel.NONE if is_over else KycLevel(level)


def level_from(has_phone: bool, by_card: int, valid_until: date | None, *, on: date) -> KycLevel:  # noqa: FBT001 - a row
    """The level of somebody: by their card, or else by their phone."""
    return level_by_card(by_card, valid_until, on=on) or (KycLevel.I if has_phone else KycLevel.NONE)


class KycKind(TextChoices):
    NAME = "NAME", _("姓名与身份证号")
    FACE = "FACE", _("人脸核身")


class KycState(TextChoices):
    SUBMITTED = "SUBMITTED", _("已提交")
    VERIFYING = "VERIFYING", _("核验中")
    REVIEW = "REVIEW", _("人工审核中")
    APPROVED = "APPROVED", _("已通过")
    REJECTED = "REJECTED", _("未通过")
    EXPIRED = "EXPIRED", _("已失效")
    WITHDRAWN = "WITHDRAWN", _("已撤回")


_DECIDED = {KycState.APPROVED, KycState.REJECTED, KycState.WITHDRAWN}
_UNHEARD = {KycState.VERIFYING, KycState.REVIEW, KycState.EXPIRED, *_DECIDED}
KYC_MOVES = {
    KycState.SUBMITTED: _UNHEARD,
    KycState.VERIFYING: _UNHEARD,  # asked again, it may stay there
    KycState.REVIEW: _DECIDED,
}
LIVE = tuple(KYC_MOVES)
ASKING = (KycState.SUBMITTED, KycState.VERIFYING)
FRUITLESS = (KycState.REJECTED, KycState.WITHDRAWN)  # what counts against the tries of a day


class Answer(TextChoices):
    """What the provider says."""

    MATCH = "MATCH", "一致"
    MISMATCH = "MISMATCH", "不一致"
    NO_RECORD = "NO_RECORD", "库中无记录"
    NOT_YET = "NOT_YET", "尚未完成"
    UNKNOWN = "UNKNOWN", "没有答复"


class DecisionReason(TextChoices):
    """Why an application ended as it did, in the words of the house; the customer hears `TOLD`."""

    MATCHED = "MATCHED", "核验一致"
    DOCUMENTS_SEEN = "DOCUMENTS_SEEN", "人工核对证件一致"
    GUARDIAN_CONSENTED = "GUARDIAN_CONSENTED", "监护人已同意"
    NOT_MATCHED = "NOT_MATCHED", "核验不一致"
    DUPLICATE = "DUPLICATE", "该身份已在其他账户实名"
    OTHER_PERSON = "OTHER_PERSON", "与此账户原实名不是同一人"
    DOCUMENTS_UNCLEAR = "DOCUMENTS_UNCLEAR", "证件无法核实"
    GUARDIAN_REFUSED = "GUARDIAN_REFUSED", "监护人未同意或无法联系"
    SUSPICIOUS = "SUSPICIOUS", "存在冒用风险"
    NO_ANSWER = "NO_ANSWER", "核验机构没有答复"
    NOT_FINISHED = "NOT_FINISHED", "未完成人脸核身"
    BY_CUSTOMER = "BY_CUSTOMER", "顾客撤回"
    CONSENT_WITHDRAWN = "CONSENT_WITHDRAWN", "顾客撤回实名授权"
    ACCOUNT_CLOSED = "ACCOUNT_CLOSED", "账户注销"


APPROVALS = (DecisionReason.DOCUMENTS_SEEN, DecisionReason.GUARDIAN_CONSENTED)
REFUSALS = (
    DecisionReason.DOCUMENTS_UNCLEAR,
    DecisionReason.GUARDIAN_REFUSED,
    DecisionReason.OTHER_PERSON,
    DecisionReason.SUSPICIOUS,
)

# One sentence for all of these: whoever tries somebody else's number must not learn that it is known here.
_NOT_PASSED = _(
    "未能通过核验：请核对姓名和身份证号，并确认手机号由本人实名办理；如已在其他账户实名，请先注销该账户或联系客服"
)
TOLD: dict[str, Promise | str] = {
    DecisionReason.NOT_MATCHED: _NOT_PASSED,
    DecisionReason.DUPLICATE: _NOT_PASSED,
    DecisionReason.SUSPICIOUS: _NOT_PASSED,
    DecisionReason.OTHER_PERSON: _("与此账户原有的实名信息不是同一人，如有疑问请联系客服"),
    DecisionReason.DOCUMENTS_UNCLEAR: _("无法核实证件，请带身份证到门店或联系客服"),
    DecisionReason.GUARDIAN_REFUSED: _("未能取得监护人同意"),
    DecisionReason.NO_ANSWER: _("核验机构长时间没有答复，请重新提交"),
    DecisionReason.NOT_FINISHED: _("没有在规定时间内完成人脸核身，请重新开始"),
}


class ChangeReason(TextChoices):
    """Why somebody's level changed."""

    VERIFIED = "VERIFIED", _("认证通过")
    RENEWED = "RENEWED", _("证件已更新")
    CAME_OF_AGE = "CAME_OF_AGE", _("已满十八周岁")
    DOCUMENT_EXPIRED = "DOCUMENT_EXPIRED", _("证件已过期")
    RISK = "RISK", _("安全原因")
    CONSENT_WITHDRAWN = "CONSENT_WITHDRAWN", _("已撤回实名授权")
    ACCOUNT_CLOSED = "ACCOUNT_CLOSED", _("账户已注销")


def is_minor(birthday: date, *, today: date) -> bool:
    return age_on(today, birthday=birthday) < ADULT_FROM


def next_state(answer: Answer, *, minor: bool) -> KycState:
    """Where an answer takes an application; what was not answered stays where it is."""
    match answer:
        case Answer.MATCH:
            return KycState.REVIEW if minor else KycState.APPROVED  # a guardian has to be heard first
        case Answer.MISMATCH:
            return KycState.REJECTED
        case Answer.NO_RECORD:
            return KycState.REVIEW  # soldiers, new citizens, rare characters: a person looks at the card
        case _:
            return KycState.VERIFYING


def next_ask(*, at: datetime, asked: int) -> datetime:
    return at + timedelta(seconds=_ASK_AGAIN[min(asked, len(_ASK_AGAIN) - 1)])
