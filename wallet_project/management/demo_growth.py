"""The last part of the demo's story: what a customer is given, uses, and gives back with a refund."""

from wallet_project.kit.money import yuan
from wallet_project.management.clients import MiniProgram, wait_until
from wallet_project.management.demo_friends import Expect, Say


def tell_of_growth(customer: MiniProgram, friend: MiniProgram, *, say: Say, expect: Expect) -> None:
    """
    `customer` has points of their first days, and more than 60.00 to spend; `friend`, whom they brought,
    has 30.00.
    """
    points = wait_until(lambda has: has["active"] >= 100, lambda: customer.get("points"))
    say("积分：绑手机、首充当天可用", "points for first steps", f"{points['active']} 分可用")

    offers = customer.get("coupons/claimable")["items"]
    offer = next(each for each in offers if each["terms"]["name"] == "满 30 减 5")
    coupon = customer.post(f"coupons/claimable/{offer['id']}/claim", {})
    say("领取优惠券", "a coupon claimed", f"{coupon['terms']['name']}，{coupon['valid_until'][:10]} 前有效")

    order = customer.post("orders", {"store": "renmin", "amount": 60_00})
    best = customer.post(f"orders/{order['number']}/quote", {"points": 100})
    say("付款前看清优惠", "the best price first", f"¥{yuan(best['amount'])} → ¥{yuan(best['due'])}")
    before = customer.get("wallet")["available"]
    wish = {"method": "balance", "coupons": [coupon["serial"]], "points": 100}
    customer.post(f"orders/{order['number']}/pay", wish)
    expect("券、积分、余额各付", "coupon, points, balance", best["due"], 54_00)
    expect("余额只付其余", "the balance pays the rest", before - customer.get("wallet")["available"], 54_00)

    promised = _reward_for(customer, order["number"])
    say(
        "返现活动，过退款期到账",
        "cashback, promised",
        f"¥{yuan(promised['amount'])}，{promised['vests_at'][:10]}",
    )

    half = {"amount": 30_00, "reason": "UNWANTED"}
    refund = customer.post(f"orders/{order['number']}/refunds", half)
    say("申请退一半", "half of it asked back", refund["state_name"])

    first = friend.post("orders", {"store": "renmin", "amount": 12_00})
    friend.post(f"orders/{first['number']}/pay", {"method": "balance"})
    brought = wait_until(lambda seen: seen["first_purchase"], lambda: customer.get("referral"))
    due = "、".join(f"{each['kind_name']} {_much(each)}" for each in brought["rewards"])
    say(
        "邀请的朋友首次消费",
        "whom I brought has bought",
        f"{brought['first_purchase']} 人，奖励 rewards {due}",
    )


def _much(reward: dict) -> str:
    """All that was promised, whatever has become of it."""
    whole = reward["pending"] + reward["held"] + reward["given"]
    return f"{whole} 分" if reward["kind"] == "POINTS" else f"¥{yuan(whole)}"


def _reward_for(customer: MiniProgram, order: str) -> dict:
    """What was promised for an order; campaigns hear of it a moment later."""
    rewards = wait_until(
        lambda seen: any(each["reference"] == order for each in seen["items"]),
        lambda: customer.get("rewards"),
    )
    return next(each for each in rewards["items"] if each["reference"] == order)
