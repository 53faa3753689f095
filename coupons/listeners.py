"""What coupons does when others speak, and when its own topics do."""

from fractions import Fraction

from accounts.events import (
    AccountsMerged,
    KycLevelChanged,
    OnboardingFinished,
    OnboardingStepDone,
    PhoneBound,
    PinSet,
    UserRegistered,
)
from accounts.rules.kyc import KycLevel
from coupons.events import PurchaseMade, PurchaseReturned
from coupons.rules.campaigns import Goal
from coupons.rules.membership import GrowthEvent
from coupons.rules.point_rules import EarnEvent
from coupons.rules.referrals import ReferralEvent
from coupons.services.campaigns import (
    reach_goal,
    reward_purchase_by_campaigns,
    take_back_for_return,
    undo,
)
from coupons.services.coupon_cashback import give_coupon_cashback
from coupons.services.fee_coupons import return_fee_coupon, use_fee_coupon
from coupons.services.growth import grow, grow_by_purchase, shrink_by_return
from coupons.services.point_rules import (
    reward_event,
    reward_purchase,
    take_back_reward,
    take_back_top_up,
)
from coupons.services.real_people import become_one
from coupons.services.referral_rewards import (
    reach_purchase,
    reach_step,
    reach_top_up,
    undo_purchase,
    undo_step,
)
from wallet.events import FeeSpared, FeeSparedNot, TopUpCredited, TopUpTakenBack
from wallet.selectors.top_ups import is_first_top_up
from wallet_project.kit.events import listens_to
from wallet_project.kit.money import Fen

_STEPS = {"first_top_up": GrowthEvent.FIRST_TOP_UP, "quiz": GrowthEvent.QUIZ_PASSED}


@listens_to(PurchaseMade)
def a_purchase_earns_points(event: PurchaseMade) -> None:
    reward_purchase(reference=event.reference)


@listens_to(PurchaseReturned)
def a_return_takes_points_back(event: PurchaseReturned) -> None:
    take_back_reward(reference=event.reference)


@listens_to(UserRegistered)
def joining_earns_points(event: UserRegistered) -> None:
    reward_event(user_id=event.user_id, event=EarnEvent.REGISTERED)


@listens_to(PhoneBound)
def a_phone_earns_points(event: PhoneBound) -> None:
    reward_event(user_id=event.user_id, event=EarnEvent.PHONE_BOUND)


@listens_to(OnboardingFinished)
def the_tutorial_earns_points(event: OnboardingFinished) -> None:
    reward_event(user_id=event.user_id, event=EarnEvent.TUTORIAL_DONE)


@listens_to(OnboardingStepDone)
def a_passed_quiz_earns_points(event: OnboardingStepDone) -> None:
    if event.key == "quiz":
        reward_event(user_id=event.user_id, event=EarnEvent.QUIZ_PASSED)


@listens_to(TopUpCredited)
def a_first_top_up_earns_points(event: TopUpCredited) -> None:
    if is_first_top_up(number=event.number):
        reward_event(
            user_id=event.user_id,
            event=EarnEvent.FIRST_TOP_UP,
            amount=Fen(event.amount),
            reference=event.number,
        )


@listens_to(TopUpTakenBack)
def a_top_up_taken_back_takes_its_points(event: TopUpTakenBack) -> None:
    take_back_top_up(number=event.number)


@listens_to(FeeSpared)
def a_spared_fee_uses_its_coupon(event: FeeSpared) -> None:
    use_fee_coupon(serial=event.number, quote=event.quote, spared=Fen(event.amount))


@listens_to(FeeSparedNot)
def a_fee_not_spared_returns_its_coupon(event: FeeSparedNot) -> None:
    return_fee_coupon(serial=event.number, quote=event.quote)


@listens_to(AccountsMerged)
def merged_accounts_are_one_person(event: AccountsMerged) -> None:
    become_one(user_id=event.user_id, closed_user_id=event.closed_user_id)


@listens_to(PurchaseMade)
def a_purchase_is_rewarded_by_campaigns(event: PurchaseMade) -> None:
    reward_purchase_by_campaigns(reference=event.reference)


@listens_to(PurchaseMade)
def a_purchase_gives_the_cashback_of_its_coupons(event: PurchaseMade) -> None:
    give_coupon_cashback(reference=event.reference)


@listens_to(PurchaseReturned)
def a_return_takes_rewards_back(event: PurchaseReturned) -> None:
    take_back_for_return(reference=event.reference)


@listens_to(UserRegistered)
def joining_reaches_a_goal(event: UserRegistered) -> None:
    reach_goal(user_id=event.user_id, goal=Goal.REGISTERED)


@listens_to(PhoneBound)
def a_phone_reaches_a_goal(event: PhoneBound) -> None:
    reach_goal(user_id=event.user_id, goal=Goal.PHONE_BOUND)


@listens_to(PinSet)
def a_pin_reaches_a_goal(event: PinSet) -> None:
    reach_goal(user_id=event.user_id, goal=Goal.PIN_SET)


@listens_to(KycLevelChanged)
def a_real_name_reaches_a_goal(event: KycLevelChanged) -> None:
    if event.new_level >= KycLevel.II > event.old_level:
        reach_goal(user_id=event.user_id, goal=Goal.REAL_NAME)


@listens_to(TopUpCredited)
def a_first_top_up_reaches_a_goal(event: TopUpCredited) -> None:
    if is_first_top_up(number=event.number):
        reach_goal(
            user_id=event.user_id,
            goal=Goal.FIRST_TOP_UP,
            amount=Fen(event.amount),
            reference=event.number,
        )


@listens_to(TopUpTakenBack)
def a_top_up_taken_back_reaches_no_goal(event: TopUpTakenBack) -> None:
    undo(reference=event.number, kept=Fraction(0))


@listens_to(PurchaseMade)
def a_purchase_makes_grow(event: PurchaseMade) -> None:
    grow_by_purchase(reference=event.reference)


@listens_to(PurchaseReturned)
def a_return_makes_shrink(event: PurchaseReturned) -> None:
    shrink_by_return(reference=event.reference)


@listens_to(UserRegistered)
def joining_makes_grow(event: UserRegistered) -> None:
    grow(user_id=event.user_id, event=GrowthEvent.REGISTERED)


@listens_to(PhoneBound)
def a_phone_makes_grow(event: PhoneBound) -> None:
    grow(user_id=event.user_id, event=GrowthEvent.PHONE_BOUND)


@listens_to(KycLevelChanged)
def a_real_name_makes_grow(event: KycLevelChanged) -> None:
    if event.new_level >= KycLevel.II:
        grow(user_id=event.user_id, event=GrowthEvent.REAL_NAME)


@listens_to(OnboardingFinished)
def the_tutorial_makes_grow(event: OnboardingFinished) -> None:
    grow(user_id=event.user_id, event=GrowthEvent.TUTORIAL_DONE)


@listens_to(OnboardingStepDone)
def a_first_step_makes_grow(event: OnboardingStepDone) -> None:
    if event.key in _STEPS:
        grow(user_id=event.user_id, event=_STEPS[event.key])


@listens_to(PhoneBound)
def a_newcomer_has_a_phone(event: PhoneBound) -> None:
    reach_step(user_id=event.user_id, event=ReferralEvent.REGISTERED)


@listens_to(TopUpCredited)
def a_newcomer_has_topped_up(event: TopUpCredited) -> None:
    if is_first_top_up(number=event.number):
        reach_top_up(user_id=event.user_id, amount=Fen(event.amount), number=event.number)


@listens_to(PurchaseMade)
def a_newcomer_has_bought(event: PurchaseMade) -> None:
    reach_purchase(reference=event.reference)


@listens_to(PurchaseReturned)
def a_newcomer_has_returned(event: PurchaseReturned) -> None:
    undo_purchase(reference=event.reference)


@listens_to(TopUpTakenBack)
def a_newcomer_takes_their_top_up_back(event: TopUpTakenBack) -> None:
    undo_step(event=ReferralEvent.FIRST_TOP_UP, reference=event.number, because="充值已退款")
