"""What keeps a wallet from being closed."""

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.rules.closures import Blocker, BlockerKind
from wallet.selectors.balances import Balance, balance_of
from wallet.selectors.red_packets import waiting_in_red_packets
from wallet_project.kit.money import Fen

_WALLET = "/api/v1/wallet"


def closure_blockers(user_id: int) -> list[Blocker]:
    """
    A frozen wallet, promised money, red packets under way, and the customer's own; in two queries.

    What was given for nothing, and own money too small to be worth a refund, may be given up.
    """
    balance = balance_of(user_id)
    blockers = []
    if balance.frozen and not balance.closed:
        blockers.append(
            Blocker(
                code="WALLET_FROZEN",
                title=_("钱包已被冻结"),
                how=_("请先联系客服解除冻结"),
                where=_WALLET,
            )
        )
    if balance.held:
        blockers.append(
            Blocker(
                code="MONEY_HELD",
                title=_("有资金正在冻结中"),
                how=_("请等待对应的付款完成，或取消付款、撤回转账后再试"),
                where=_WALLET,
                amount=balance.held,
            )
        )
    if waiting := waiting_in_red_packets(user_id):
        blockers.append(
            Blocker(
                code="RED_PACKETS_OPEN",
                title=_("有红包还没有领完"),
                how=_("未领取的部分会在发出 24 小时后退回，请到时再试"),
                where=f"{_WALLET}/red-packets",
                amount=waiting,
            )
        )
    return [*blockers, *_what_is_left(balance)]


def _what_is_left(balance: Balance) -> list[Blocker]:
    left = []
    if balance.principal > settings.CLOSURE_SMALL_REST_MAX:
        left.append(
            Blocker(
                code="BALANCE_LEFT",
                title=_("钱包里还有余额"),
                how=_("请先原路退回微信；套餐充值请在该笔充值中申请退款，其余可先消费完"),
                where="/api/v1/me/closure/payout",
                kind=BlockerKind.TAKE_ALONG,
                amount=balance.principal,
            )
        )
    given_up = {
        "SMALL_REST": (_("小额余额"), Fen(balance.principal if not left else 0)),
        "BONUS_LEFT": (_("赠金"), balance.bonus),
        "CASHBACK_LEFT": (_("返现"), balance.cashback),
    }
    left += [
        Blocker(
            code=code,
            title=title,
            how=_("可以先消费，也可以在注销时确认放弃"),
            where=_WALLET,
            kind=BlockerKind.GIVE_UP,
            amount=amount,
        )
        for code, (title, amount) in given_up.items()
        if amount
    ]
    return left
