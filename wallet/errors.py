"""Everything that can go wrong in the wallet."""

from django.utils.translation import gettext_lazy as _

from wallet_project.kit.errors import DomainError


class InsufficientBalance(DomainError):
    """`needed` fen were asked of accounts that have only `available` free."""

    code = "INSUFFICIENT_BALANCE"
    status = 409
    message = _("余额不足")
    facts = ("needed", "available")


class WalletFrozen(DomainError):
    code = "WALLET_FROZEN"
    status = 403
    message = _("钱包已冻结，暂时不能付款")


class WalletReceivesNothing(DomainError):
    """Somebody has stopped what comes in; what was its owner's already still returns."""

    code = "WALLET_RECEIVES_NOTHING"
    status = 403
    message = _("钱包暂时不能收款")


class WalletClosed(DomainError):
    """Its owner has left; nothing comes in or goes out any more."""

    code = "WALLET_CLOSED"
    status = 403
    message = _("钱包已关闭")


class WalletNotEmpty(DomainError):
    """It holds `amount` fen more than its owner has agreed to give up, or has promised some of them."""

    code = "WALLET_NOT_EMPTY"
    status = 409
    message = _("钱包里还有资金，暂时不能关闭")
    facts = ("amount",)


class WalletNotFrozen(DomainError):
    code = "WALLET_NOT_FROZEN"
    status = 409
    message = _("钱包没有冻结")


class FrozenAnew(DomainError):
    """What was asked to be lifted is not what stops the wallet now."""

    code = "FROZEN_ANEW"
    status = 409
    message = _("申请提出之后，钱包的冻结有变化，请重新核实后再申请解冻")


class DocumentLinkInvalid(DomainError):
    """Too old, changed, of another document, or of somebody who is not asking."""

    code = "DOCUMENT_LINK_INVALID"
    status = 403
    message = _("下载链接已失效，请重新获取")


class StatementOutOfRange(DomainError):
    """There is no such month in this wallet's life; it goes from `first` to `last`."""

    code = "STATEMENT_OUT_OF_RANGE"
    status = 409
    message = _("这个月份没有对账单")
    facts = ("first", "last")


class StatementQuotaUsed(DomainError):
    """`allowed` a day; `next_at` says from when on there is another."""

    code = "STATEMENT_QUOTA_USED"
    status = 409
    message = _("今天申请的对账单太多，请稍后再试")
    facts = ("allowed", "next_at")


class StatementNotReady(DomainError):
    code = "STATEMENT_NOT_READY"
    status = 409
    message = _("对账单还没有生成好")
    facts = ("state",)


class StatementExpired(DomainError):
    """Its files are gone; the same month may be asked for again at any time."""

    code = "STATEMENT_EXPIRED"
    status = 410
    message = _("对账单文件已过期，请重新申请")


class SearchTooBroad(DomainError):
    """Looking through all of a long history took too long; nothing was found out."""

    code = "SEARCH_TOO_BROAD"
    status = 400
    message = _("搜索范围太大，请缩小日期范围")


class RecordNotSpending(DomainError):
    """Money that came in, or own money that moved, has no category to choose."""

    code = "RECORD_NOT_SPENDING"
    status = 409
    message = _("只有支出可以修改分类")


class CategoryNotOffered(DomainError):
    """There is no `category` of this name, or none that customers choose."""

    code = "CATEGORY_NOT_OFFERED"
    status = 409
    message = _("没有这个分类可选")
    facts = ("category",)


class KeyReused(DomainError):
    """The ledger has seen this key with other legs: a caller's bug, or somebody trying."""

    code = "LEDGER_KEY_REUSED"
    status = 409
    message = _("同一笔业务已按不同内容记账")
    facts = ("key",)


class HoldExhausted(DomainError):
    """The hold was captured, released or expired in the meantime, or has less left than is asked of it."""

    code = "HOLD_EXHAUSTED"
    status = 409
    message = _("冻结的金额已被使用或释放")


class LotExhausted(DomainError):
    """Some of this very money was spent or given back in the meantime; nothing has moved."""

    code = "LOT_EXHAUSTED"
    status = 409
    message = _("这笔资金已被使用或已退回，请刷新后重试")


class PackageMoneyStays(DomainError):
    """
    `needed` fen were to leave, and only `available` did not come in a package: what did is spent here, or
    goes back by the refund of its top-up.
    """

    code = "PACKAGE_MONEY_STAYS"
    status = 409
    message = _("套餐充值的本金只能消费或申请充值退款，可转出的余额不足")
    facts = ("needed", "available")


class PackageNotOnSale(DomainError):
    code = "PACKAGE_NOT_ON_SALE"
    status = 409
    message = _("这个充值套餐目前不在售")


class PackageChanged(DomainError):
    """Said to a checker: somebody has edited the draft since it was proposed."""

    code = "PACKAGE_CHANGED"
    status = 409
    message = _("套餐在提交审批后被修改过，请驳回后重新提交")


class PackageTakenOften(DomainError):
    """Everybody may take it `times` times, and this person has, or is just paying for the last."""

    code = "PACKAGE_TAKEN_OFTEN"
    status = 409
    message = _("这个充值套餐你已达到限购次数")
    facts = ("times",)


class WithdrawalNotInReview(DomainError):
    """It is on its way already, or over."""

    code = "WITHDRAWAL_NOT_IN_REVIEW"
    status = 409
    message = _("这笔提现已在处理或已结束，不能取消")
    facts = ("state",)


class AdjustmentCeiling(DomainError):
    """One member of staff proposes at most `limit` fen a day, in both directions together."""

    code = "ADJUSTMENT_CEILING"
    status = 409
    message = _("超过你今日的调账额度")
    facts = ("limit", "left")


class AlreadyReversed(DomainError):
    code = "JOURNAL_ALREADY_REVERSED"
    status = 409
    message = _("这笔凭证已经冲正过")


class NotReversible(DomainError):
    """A reversal is final; what was reversed by mistake is posted again as a new journal."""

    code = "JOURNAL_NOT_REVERSIBLE"
    status = 409
    message = _("冲正凭证不能再冲正")


class RedPacketImpossible(DomainError):
    """
    `reason`: SHARE_TOO_SMALL, SHARE_TOO_LARGE, or UNEVEN, when the same for everybody does not work out. For
    so many shares the sum may be from `least` to `most` fen.
    """

    code = "RED_PACKET_IMPOSSIBLE"
    status = 400
    message = _("红包金额与个数不匹配，请调整后再发")
    facts = ("reason", "least", "most")
    remembered = False


class TextRefused(DomainError):
    """`reason`: UNREADABLE, TOO_LONG or FORBIDDEN; which word it was is not told."""

    code = "TEXT_REFUSED"
    status = 400
    message = _("文字内容不适合发送，请修改后再试")
    facts = ("reason",)
    remembered = False


class PayeeNotFound(DomainError):
    """Nobody has this phone, or nobody who wishes to be found by it: the two look alike."""

    code = "PAYEE_NOT_FOUND"
    status = 404
    message = _("没有找到可以收款的人，请核对手机号或请对方出示收款码")
    remembered = False


class PayeeIsYourself(DomainError):
    code = "PAYEE_IS_YOURSELF"
    status = 409
    message = _("不能付款给自己")
    remembered = False


class PayeeCannotReceive(DomainError):
    code = "PAYEE_CANNOT_RECEIVE"
    status = 409
    message = _("对方的钱包暂时不能收款")
    remembered = False


class PayeeLookupsUsedUp(DomainError):
    """Counted per person and day, found or not. A receive code is always read."""

    code = "PAYEE_LOOKUPS_USED_UP"
    status = 429
    message = _("今天查找手机号的次数已用完，可以扫对方的收款码")
    remembered = False


class PayeeTokenRefused(DomainError):
    """Made up, too old, or made for somebody else: find the payee again."""

    code = "PAYEE_TOKEN_REFUSED"
    status = 409
    message = _("收款人信息已过期，请重新选择")
    remembered = False


class ReceiveCodeRefused(DomainError):
    code = "RECEIVE_CODE_REFUSED"
    status = 409
    message = _("收款码无效或已过期，请对方刷新后再扫")
    remembered = False


class AmountNotAsked(DomainError):
    """Whoever is paid said how much: `amount` fen."""

    code = "AMOUNT_NOT_ASKED"
    status = 409
    message = _("金额与对方设定的不一致，请重新确认")
    facts = ("amount",)
    remembered = False


class TransferOver(DomainError):
    """It waits no longer: ACCEPTED, DECLINED, CANCELLED or EXPIRED."""

    code = "TRANSFER_OVER"
    status = 409
    message = _("这笔转账已经结束，请刷新后查看")
    facts = ("state",)


class RequestOver(DomainError):
    """It is open no longer: PAID, DECLINED, CANCELLED or EXPIRED."""

    code = "REQUEST_OVER"
    status = 409
    message = _("这个收款请求已经结束，请刷新后查看")
    facts = ("state",)


class RequestIsPaidAtOnce(DomainError):
    code = "REQUEST_IS_PAID_AT_ONCE"
    status = 409
    message = _("付给收款请求的钱立即到账，不能设置确认时间")
    remembered = False


class RequestsRefused(DomainError):
    """They do not wish to be asked by this person."""

    code = "REQUESTS_REFUSED"
    status = 409
    message = _("对方暂不接收您的收款请求")
    remembered = False


class TooManyRequestsMade(DomainError):
    """`cap`: A_DAY_FROM_ONE, A_DAY or OPEN_AT_ONCE."""

    code = "TOO_MANY_REQUESTS_MADE"
    status = 429
    message = _("收款请求发得太多了，请稍后再发")
    facts = ("cap",)
    remembered = False


class RemindedToday(DomainError):
    """Once a day; again from `next_at` on."""

    code = "REMINDED_TODAY"
    status = 429
    message = _("每天只能提醒一次，请明天再试")
    facts = ("next_at",)
    remembered = False


class SplitImpossible(DomainError):
    """`reason`: NOBODY, TOO_MANY, TOO_SMALL, DOES_NOT_ADD_UP, MIXED or TWICE."""

    code = "SPLIT_IMPOSSIBLE"
    status = 400
    message = _("金额或人数不合适，请检查后再发起")
    facts = ("reason",)
    remembered = False


class SplitOver(DomainError):
    """It is open no longer: PAID_UP or CLOSED."""

    code = "SPLIT_OVER"
    status = 409
    message = _("这个 AA 收款已经结束")
    facts = ("state",)


class SplitFull(DomainError):
    code = "SPLIT_FULL"
    status = 409
    message = _("名额已满")
    remembered = False


class LinkRefused(DomainError):
    """No link of ours, or too old."""

    code = "LINK_REFUSED"
    status = 409
    message = _("链接无效或已过期")
    remembered = False


class RedPacketAllOpened(DomainError):
    """Others were faster; `result` is the packet as GET shows it, with who got how much."""

    code = "RED_PACKET_FINISHED"
    status = 409
    message = _("手慢了，红包已领完")
    facts = ("result",)


class RedPacketOver(DomainError):
    """Nobody can open it any more; `result` is the packet as GET shows it."""

    code = "RED_PACKET_EXPIRED"
    status = 409
    message = _("红包已过期")
    facts = ("result",)


class RedPacketNotForYou(DomainError):
    """Said to its sender: a packet for one person is opened by that person."""

    code = "RED_PACKET_NOT_FOR_YOU"
    status = 403
    message = _("这个红包是发给对方的")
    remembered = False


class InvalidPosting(DomainError):
    """Legs that no correct caller would send: nothing was posted, somebody must change code."""

    code = "INVALID_POSTING"
    status = 500
    message = _("记账内容有误，未入账")
    facts = ("reason",)
    remembered = False


class LimitExceeded(DomainError):
    """
    `title` names the limit in words, `move` and `period` in code; `limit` and `left` are fen, or counts where
    the period is `times`. `next_level` is what the next real-name level allows there and the steps that lead
    to it, null where it allows no more.
    """

    code = "LIMIT_EXCEEDED"
    status = 409
    message = _("超过限额")
    facts = ("move", "period", "title", "limit", "left", "resets_at", "next_level")


class LimitsRefused(DomainError):
    """No version of a limit may say this; `reason` can be shown."""

    code = "LIMITS_REFUSED"
    status = 400
    message = _("限额设置不合理，请检查")
    facts = ("reason",)


class LimitsChangeNothing(DomainError):
    """What was proposed is what will be in force then anyway."""

    code = "LIMITS_CHANGE_NOTHING"
    status = 409
    message = _("与届时生效的限额相同，无需调整")


class BalanceCapExceeded(DomainError):
    """At this real-name `level` a wallet keeps `cap` fen of own money at most; there is `room` for more."""

    code = "BALANCE_CAP_EXCEEDED"
    status = 409
    message = _("超过余额上限")
    facts = ("cap", "room", "level")


class NotInThisMode(DomainError):
    """One merchant's prepaid wallet does not do this; a licensed one would."""

    code = "NOT_IN_THIS_MODE"
    status = 403
    message = _("此钱包不提供这项服务")
    facts = ("move",)


class QuoteNotValid(DomainError):
    """No quote of this customer is for this move. One of somebody else's looks the same."""

    code = "QUOTE_NOT_VALID"
    status = 409
    message = _("报价与本次操作不符，请重新获取")


class QuoteUsed(DomainError):
    """One quote, one move: look at the records before trying again."""

    code = "QUOTE_USED"
    status = 409
    message = _("这个报价已经使用过，请先查看账单")


class QuoteExpired(DomainError):
    code = "QUOTE_EXPIRED"
    status = 409
    message = _("报价已失效，请重新获取")


QUOTE_ERRORS = (QuoteNotValid, QuoteUsed, QuoteExpired)


class LedgerStillBroken(DomainError):
    """Money does not move again before a full check has found these sentences whole."""

    code = "LEDGER_STILL_BROKEN"
    status = 409
    message = _("账簿核对仍有不符，处理后须重新全量核对")
    facts = ("sentences",)


class FeeTermsRefused(DomainError):
    """A negative amount, a rate above everything, or a highest fee below the lowest."""

    code = "FEE_TERMS_REFUSED"
    status = 409
    message = _("收费条款有误：金额不能为负，费率不能超过 100%，最高不能低于最低")


class FeeChangesNothing(DomainError):
    code = "FEE_CHANGES_NOTHING"
    status = 409
    message = _("与届时的收费标准相同，无需变更")


class FeeRaiseNotAnnounced(DomainError):
    """
    Somebody could pay more than before, and since the fee that is in force was set no new text of the fee
    agreement has been published that takes effect with it and asks everybody for their consent.
    """

    code = "FEE_RAISE_NOT_ANNOUNCED"
    status = 409
    message = _("提高收费前，须先发布新版《收费标准》协议（需重新同意），并且不早于其生效时间收费")
