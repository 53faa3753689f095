"""A person helps on what WeChat did not give back: again, to another card, or to the wallet."""

from django.db import transaction

from payments.errors import ChannelRefused, ChannelUnavailable, RefundNotDelayed
from payments.gateways.wechat.errors import WeChatError, WeChatRefused
from payments.gateways.wechat.refunds import send_abnormal_to_card
from payments.models import OrderRefund, OrderRefundPart, Refund
from payments.rules.cases import CaseKind
from payments.rules.order_refunds import ORDER_REFUND_MOVES, OrderRefundState
from payments.rules.refund_splits import Destination
from payments.rules.refund_states import RefundState
from payments.services.case_work import resolve_cases_of
from payments.services.refund_parts import arrive, ask_wechat_for, lock_part
from wallet.services.refunds import refund_to_balance
from wallet_project.approvals.services import propose
from wallet_project.audit.services import record_audit
from wallet_project.kit.db import require_transaction
from wallet_project.kit.money import Fen
from wallet_project.kit.states import require_move
from wallet_project.pauses.models import Flow
from wallet_project.pauses.services import require_going


def ask_wechat_again(*, number: str) -> Refund:
    """
    WeChat closed it or refused it: ask once more, under a new number.

    :raises Paused: refunds stand still
    :raises RefundNotDelayed: it may still happen under the old one, or has
    """
    require_going(Flow.REFUND)
    with transaction.atomic(durable=True):
        part, last = _lock_given_up(number)
        attempt = ask_wechat_for(part)
        refund = part.refund
        require_move(ORDER_REFUND_MOVES, refund.state, OrderRefundState.PROCESSING)
        refund.state = OrderRefundState.PROCESSING
        refund.save(update_fields=["state"])
        _answer(last, resolution=f"已重新发起 {attempt.number}")
        _note(refund, "again", attempt=attempt.number)
    return attempt


def send_to_card(*, number: str, bank_type: str, account: str, name: str) -> None:
    """
    The money left us and cannot reach the payer: WeChat tries another bank card of theirs. How that ends, it
    tells as ever.

    :raises RefundNotDelayed: nothing of it is stuck at WeChat
    :raises ChannelRefused: WeChat does not send it to this card
    :raises ChannelUnavailable: WeChat did not answer; the same may be tried again
    """
    stuck = Refund.objects.filter(part__refund__number=number, state=RefundState.ABNORMAL).first()
    if stuck is None or not stuck.refund_id:
        raise RefundNotDelayed(state=OrderRefund.objects.get(number=number).state)
    try:
        send_abnormal_to_card(
            refund_id=stuck.refund_id,
            refund_number=stuck.number,
            bank_type=bank_type,
            account=account,
            name=name,
        )
    except WeChatRefused as refusal:
        raise ChannelRefused(reason=refusal.code) from refusal
    except WeChatError as error:
        raise ChannelUnavailable from error
    with transaction.atomic(durable=True):
        Refund.objects.filter(pk=stuck.pk).update(last_error="已申请退至其他银行卡")
        _note(OrderRefund.objects.select_related("order").get(number=number), "to_card", tail=account[-4:])


def propose_to_balance(*, number: str, reason: str, maker_id: int) -> None:
    """
    Ask a second person to give WeChat's part to the payer's wallet instead.

    :raises RefundNotDelayed: WeChat may still do it, or has
    :raises OwnProposal: it is the maker's own
    :raises AlreadyProposed: somebody has asked already
    """
    with transaction.atomic(durable=True):
        part, _last = _lock_given_up(number)
        propose(
            kind="payments.refund_to_balance",
            subject=f"order_refund:{number}",
            facts={
                "number": number,
                "order_no": part.refund.order.number,
                "amount": part.amount,
                "user_id": part.refund.order.payer_id,
            },
            reason=reason,
            maker_id=maker_id,
        )


def give_to_balance(*, number: str) -> None:
    """
    The payer has WeChat's part as own money in their wallet, in the transaction that approves it.

    :raises Paused: refunds stand still
    :raises RefundNotDelayed: it was helped on in another way
    :raises WalletClosed: they have left
    """
    require_going(Flow.REFUND)
    part, last = _lock_given_up(number)
    order = part.refund.order
    assert order.payer_id is not None  # noqa: S101 - the table says so of every paid order
    refund_to_balance(user_id=order.payer_id, amount=Fen(part.amount), number=number)
    part.goes_to = Destination.WALLET
    arrive(part)
    _answer(last, resolution=f"已退至钱包余额 {number}")
    _note(part.refund, "to_balance", amount=part.amount)


def _lock_given_up(number: str) -> tuple[OrderRefundPart, Refund]:
    """WeChat's part, which nobody gives back at the moment, and the attempt that failed last."""
    require_transaction()
    waiting = OrderRefundPart.objects.filter(refund__number=number, goes_to=Destination.WECHAT)
    found = waiting.first()
    part = lock_part(found.pk) if found else None
    last = Refund.objects.filter(part=part).order_by("-pk").first() if part else None
    if part is None or part.arrived_at or last is None or last.state != RefundState.CLOSED:
        raise RefundNotDelayed(state=OrderRefund.objects.get(number=number).state)
    return part, last


def _answer(attempt: Refund, *, resolution: str) -> None:
    resolve_cases_of(CaseKind.REFUND_REFUSED, transaction_id=attempt.number, resolution=resolution)


def _note(refund: OrderRefund, what: str, **facts: object) -> None:
    record_audit(
        action=f"payments.order_refund.{what}",
        subject=f"order:{refund.order.number}",
        facts={"refund": refund.number, **facts},
    )
