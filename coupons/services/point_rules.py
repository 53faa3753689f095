"""What customers do earns points by the rules in force."""

from datetime import timedelta

from django.db.models import Sum

from coupons.models import PointRule, PointsLot, Purchase
from coupons.rules.point_rules import FIRST_TIMES, EarnEvent, earned_by, within_day
from coupons.selectors.membership import tier_of
from coupons.selectors.point_rules import rules_in_force, spent_by
from coupons.selectors.points import policy_in_force
from coupons.services.points import give_points, take_back_points
from coupons.services.points_accounts import lock_account
from coupons.services.real_people import claim_person
from wallet_project.kit import clock
from wallet_project.kit.money import Fen
from wallet_project.pauses.models import Flow
from wallet_project.pauses.services import require_going


def reward_purchase(*, reference: str) -> None:
    """
    A purchase earns points by every rule that it fulfils, at the rate of its customer's tier. They are
    pending until nobody sends it back any more.

    Must be called in a transaction; does nothing the second time.

    :raises Paused: nothing is given at the moment
    """
    require_going(Flow.COUPONS)
    purchase = _lock_purchase(reference)
    active_at = purchase.paid_at + timedelta(days=policy_in_force().refund_days)
    spent = spent_by(purchase, tier=tier_of(purchase.user_id))
    for rule in rules_in_force(EarnEvent.PURCHASE, at=purchase.paid_at):
        points = earned_by(rule.earn_terms, spent)
        points = within_day(
            points,
            terms=rule.earn_terms,
            earned_today=_earned_on_day(rule, purchase.user_id) if rule.most_a_day else 0,
        )
        if points:
            give_points(
                user_id=purchase.user_id,
                points=points,
                source=_source(rule, reference),
                title=rule.name,
                active_at=active_at,
                reference=reference,
                rule_id=rule.pk,
            )
    _take_back(purchase)  # what went back may be heard of before what was bought


def take_back_reward(*, reference: str) -> None:
    """
    As much of a purchase's points goes as of its own money went back; all of it, all of them.

    Must be called in a transaction; does nothing the second time.
    """
    _take_back(_lock_purchase(reference))


def _take_back(purchase: Purchase) -> None:
    gone = 1 - purchase.left.own_share
    if not gone:
        return
    lots = PointsLot.objects.filter(reference=purchase.reference, rule__event=EarnEvent.PURCHASE)
    sources = lots.order_by("pk")
    for source in list(sources.values_list("source", flat=True)):
        take_back_points(
            source=source,
            numerator=gone.numerator,
            denominator=gone.denominator,
            title=f"退款：{purchase.title}",
        )


def reward_event(
    *, user_id: int, event: EarnEvent, occasion: str = "", amount: Fen | None = None, reference: str = ""
) -> None:
    """
    Something that customers are rewarded for; once per person, or per `occasion`, say a survey. What only a
    new customer does is rewarded once per real person; what is done with money, by rules that ask for no more
    than this `amount`.

    Must be called in a transaction; does nothing the second time.

    :raises Paused: nothing is given at the moment
    """
    require_going(Flow.COUPONS)
    rules = [rule for rule in rules_in_force(event, at=clock.now()) if amount is None or amount >= rule.least]
    if rules and event in FIRST_TIMES and not claim_person(user_id=user_id, of=f"points:{event}"):
        return
    for rule in rules:
        give_points(
            user_id=user_id,
            points=rule.points,
            source=_source(rule, f"user:{user_id}:{occasion}" if occasion else f"user:{user_id}"),
            title=rule.name,
            reference=reference,
            rule_id=rule.pk,
        )


def take_back_top_up(*, number: str) -> None:
    """
    A top-up was none after all, and earned nothing.

    Must be called in a transaction; does nothing the second time.
    """
    earned = PointsLot.objects.filter(reference=number, rule__event=EarnEvent.FIRST_TOP_UP)
    for source in list(earned.order_by("pk").values_list("source", flat=True)):
        take_back_points(source=source, numerator=1, denominator=1, title="充值退款")


def _lock_purchase(reference: str) -> Purchase:
    """With its customer's points: what was earned and what went back are seen by whoever comes second."""
    lock_account(Purchase.objects.values_list("user", flat=True).get(reference=reference))
    return Purchase.objects.get(reference=reference)


def _source(rule: PointRule, what: str) -> str:
    return f"rule:{rule.pk}:{what}"


def _earned_on_day(rule: PointRule, user_id: int) -> int:
    lots = PointsLot.objects.filter(rule=rule, account=user_id, given_at__gte=clock.start_of_day(clock.now()))
    total: int = lots.aggregate(total=Sum("amount"))["total"] or 0
    return total
