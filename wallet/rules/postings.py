"""The legs of every move of money, in one place. Credit-positive; they sum to zero unless it says so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wallet.rules.top_up_refunds import RefundPlan
from wallet_project.kit.money import Fen

UNSOURCED = 0  # where a lot is named: what has no source (wallet/sql/lot_moves.sql)


@dataclass(frozen=True)
class Leg:
    """
    What one account gains (positive) or gives (negative); with a wallet it is that customer's account.

    `slot_key` chooses the slot of a platform account where several journals must meet in the same one: a red
    packet is opened from the slot that it filled. Otherwise the journal's key does.
    """

    code: str
    amount: int
    wallet_id: int | None = None
    slot_key: str = ""


def top_up_legs(*, wallet_id: int, amount: Fen) -> list[Leg]:
    """WeChat collected it for us, we owe it to the customer."""
    return [Leg("wechat_clearing", -amount), Leg("principal", amount, wallet_id)]


def order_payment_legs(
    *, balance: Fen, channel: Fen, discount: Sequence[Leg] = (), channel_at: str = "wechat_clearing"
) -> list[Leg]:
    """
    An order is paid: `discount` by promises, `channel` by WeChat, `balance` by the hold that is captured with
    these legs. What was looked into first is at suspense.

    They sum to `balance`; with a balance of zero they are a whole journal of their own.
    """
    sale = Leg("merchant_sales", balance + channel - _sum(discount))
    return [*([Leg(channel_at, -channel)] if channel else []), *discount, sale]


def order_refund_legs(
    *,
    wallet_id: int | None,
    back: Mapping[str, Fen],
    channel: Fen,
    number: str,
    discount: Sequence[Leg] = (),
) -> list[Leg]:
    """
    A part of a sale is undone: `back` returns to these accounts of the payer's wallet, or, where they have
    left, is looked into; `channel` waits until WeChat has given it back; `discount` is what promises paid.
    """
    legs = [Leg("merchant_sales", -(sum(back.values()) + channel + _sum(discount))), *discount]
    if wallet_id is None:
        legs.append(Leg("suspense", sum(back.values())))
    else:
        legs += [Leg(code, amount, wallet_id) for code, amount in back.items()]
    legs.append(Leg("refund_clearing", channel, slot_key=number))
    return [leg for leg in legs if leg.amount]


def refund_settled_legs(*, amount: Fen, number: str) -> list[Leg]:
    """WeChat gave back its part of a refund."""
    return [Leg("refund_clearing", -amount, slot_key=number), Leg("wechat_clearing", amount)]


def refund_to_balance_legs(*, wallet_id: int, amount: Fen, number: str) -> list[Leg]:
    """WeChat cannot give it back: the payer gets it as their own money here."""
    return [Leg("refund_clearing", -amount, slot_key=number), Leg("principal", amount, wallet_id)]


def suspense_in_legs(*, amount: Fen) -> list[Leg]:
    """WeChat collected money that is nobody's yet: a wrong amount, a closed order, an unknown number."""
    return [Leg("wechat_clearing", -amount), Leg("suspense", amount)]


def suspense_refund_legs(*, amount: Fen) -> list[Leg]:
    """WeChat gave it back to whoever paid it."""
    return [Leg("suspense", -amount), Leg("wechat_clearing", amount)]


def payout_legs(*, wallet_id: int, amount: Fen) -> list[Leg]:
    """A customer's own money is on its way back to where it came from."""
    return [Leg("principal", -amount, wallet_id), Leg("withdrawal_clearing", amount)]


def payout_settled_legs(*, amount: Fen) -> list[Leg]:
    """WeChat gave it to the customer."""
    return [Leg("withdrawal_clearing", -amount), Leg("wechat_clearing", amount)]


def settlement_legs(*, fees: int, settled: int) -> list[Leg]:
    """WeChat kept its fees and sent money to our bank; either is negative where it came back."""
    legs = [Leg("wechat_fee", -fees), Leg("bank_deposits", -settled), Leg("wechat_clearing", fees + settled)]
    return [leg for leg in legs if leg.amount]


def top_up_refund_legs(*, wallet_id: int, plan: RefundPlan) -> list[Leg]:
    """What is left of a top-up leaves: some on its way to the customer, the rest was our cost and is not."""
    ours = plan.own_taken + plan.gift_taken - plan.paid_back
    legs = [
        Leg("principal", -plan.own_taken, wallet_id),
        Leg("bonus", -plan.gift_taken, wallet_id),
        Leg("promotion_cost", ours),
        Leg("withdrawal_clearing", plan.paid_back),
    ]
    return [leg for leg in legs if leg.amount]


def bill_legs(*, amount: Fen, fee: Fen) -> list[Leg]:
    """A bill is paid by the hold that is captured with these legs: we owe its biller, and keep the fee."""
    paid = Leg("biller_clearing", amount)
    return [paid, Leg("fee_income", fee)] if fee else [paid]


def bill_returned_legs(*, wallet_id: int | None, amount: Fen, fee: Fen) -> list[Leg]:
    """The biller sent it back: all of it is the customer's again, or, where they have left, looked into."""
    back = Leg("suspense" if wallet_id is None else "principal", amount + fee, wallet_id)
    legs = [Leg("biller_clearing", -amount), back]
    return [*legs, Leg("fee_income", -fee)] if fee else legs


def forfeiture_legs(*, wallet_id: int, amounts: Mapping[str, Fen]) -> list[Leg]:
    """The owner of these amounts, by account, has agreed to lose them."""
    given_up = [Leg(code, -amount, wallet_id) for code, amount in amounts.items() if amount]
    return [*given_up, Leg("forfeiture_income", sum(amounts.values()))]


def grant_legs(*, wallet_id: int, code: str, amount: Fen) -> list[Leg]:
    """We give bonus or cashback; it is our cost from this moment."""
    return [Leg("promotion_cost", -amount), Leg(code, amount, wallet_id)]


def expiry_legs(*, wallet_id: int, code: str, amount: Fen) -> list[Leg]:
    """What was given and not used in time costs us nothing after all."""
    return [Leg(code, -amount, wallet_id), Leg("promotion_cost", amount)]


def promise_legs(*, code: str, amount: Fen, owner: str) -> list[Leg]:
    """
    Points, a coupon or a reward is promised; it is our cost from this moment. An owner's meet in one slot,
    and so does their cost: a transaction that books several of them takes no other rows for the second.
    """
    return [Leg("promotion_cost", -amount, slot_key=owner), Leg(code, amount, slot_key=owner)]


def promise_lapsed_legs(*, code: str, amount: Fen, owner: str) -> list[Leg]:
    """What was promised and is not asked for any more costs us nothing after all."""
    return [Leg(code, -amount, slot_key=owner), Leg("promotion_cost", amount, slot_key=owner)]


def promise_kept_legs(
    *, code: str, promised: Fen, owner: str, wallet_id: int, given_as: str, given: Fen
) -> list[Leg]:
    """What was promised becomes bonus or cashback; what of it is not given costs us nothing after all."""
    rest = Leg("promotion_cost", promised - given, slot_key=owner)
    legs = [Leg(code, -promised, slot_key=owner), Leg(given_as, given, wallet_id), rest]
    return [leg for leg in legs if leg.amount]


def promise_used_legs(*, code: str, owed: Fen, paid: Fen, owner: str) -> list[Leg]:
    """
    A promise pays `paid` of a sale and is kept by that; what it could have paid beyond costs us nothing after
    all. They sum to −paid.
    """
    legs = [Leg(code, -owed, slot_key=owner), Leg("promotion_cost", owed - paid, slot_key=owner)]
    return [leg for leg in legs if leg.amount]


def promise_returned_legs(*, code: str, owed: Fen, paid: Fen, owner: str) -> list[Leg]:
    """`paid` of a sale was a promise's and is undone; `owed` is promised anew. They sum to paid."""
    legs = [Leg(code, owed, slot_key=owner), Leg("promotion_cost", paid - owed, slot_key=owner)]
    return [leg for leg in legs if leg.amount]


def transfer_legs(*, sender_id: int, receiver_id: int, amount: Fen, fee: Fen) -> list[Leg]:
    """From one wallet's own money to another's; the sender bears the fee."""
    legs = [Leg("principal", -(amount + fee), sender_id), Leg("principal", amount, receiver_id)]
    return [*legs, Leg("fee_income", fee)] if fee else legs


def held_transfer_legs(*, receiver_id: int, amount: Fen, fee: Fen) -> list[Leg]:
    """The same out of a hold: they sum to what is taken of it."""
    arrives = Leg("principal", amount, receiver_id)
    return [arrives, Leg("fee_income", fee)] if fee else [arrives]


def red_packet_legs(*, sender_id: int, amount: Fen, number: str) -> list[Leg]:
    """Own money waits in the pool for whoever opens the packet."""
    return [Leg("principal", -amount, sender_id), Leg("red_packet_pool", amount, slot_key=number)]


def red_packet_share_legs(*, receiver_id: int, amount: Fen, number: str) -> list[Leg]:
    """One share is opened; or the rest returns to its sender."""
    return [Leg("red_packet_pool", -amount, slot_key=number), Leg("principal", amount, receiver_id)]


def adjustment_legs(*, wallet_id: int, code: str, amount: int) -> list[Leg]:
    """A balance is put right by hand: up where positive, down where negative."""
    return [Leg(code, amount, wallet_id), Leg("adjustment", -amount)]


def partner_share_legs(*, amount: int) -> list[Leg]:
    """A partner owes us so much of what a promotion cost; less again where negative."""
    return [Leg("partner_receivable", -amount), Leg("promotion_cost", amount)]


def partner_paid_legs(*, amount: Fen) -> list[Leg]:
    """A partner has paid into our bank account."""
    return [Leg("bank_deposits", -amount), Leg("partner_receivable", amount)]


def _sum(legs: Sequence[Leg]) -> int:
    return sum(leg.amount for leg in legs)
