"""What customers do is rewarded by the campaigns that run."""

from datetime import timedelta
from fractions import Fraction

import pytest
from django.db import transaction

from accounts.models import User
from coupons.errors import CampaignNotRunning, CampaignRuns
from coupons.models import Campaign, Exposure, Purchase, Reward, SegmentMember
from coupons.rules.campaigns import Goal
from coupons.rules.experiments import Arm
from coupons.selectors.campaigns import campaigns_for, report_on, try_on_yesterday
from coupons.selectors.experiments import arm_of
from coupons.services.campaigns import (
    clone_campaign,
    go_on,
    pause_campaign,
    propose_going_on,
    reach_goal,
    reward_purchase_by_campaigns,
    take_back_for_return,
    undo,
)
from coupons.services.experiments import start_experiment
from coupons.tests.audiences import experiment, segment
from coupons.tests.campaigns import broken, campaign, committed
from coupons.tests.points import buy, person, send_back
from coupons.tests.services.test_real_people import somebody
from wallet.events import TopUpTakenBack
from wallet.selectors.top_ups import is_first_top_up
from wallet.services.wallets import open_wallet
from wallet.tests.factories import make_wallet, topped_up
from wallet_project.approvals.agreed import AgreedState
from wallet_project.approvals.errors import TermsChanged
from wallet_project.approvals.going_live import go_live
from wallet_project.kit import clock
from wallet_project.kit.events import publish
from wallet_project.management.demo_campaigns import run_campaigns
from wallet_project.pauses.errors import Paused
from wallet_project.pauses.models import Flow
from wallet_project.pauses.services import pause_flow

pytestmark = pytest.mark.django_db


def reward(purchase):
    with transaction.atomic():
        reward_purchase_by_campaigns(reference=purchase.reference)


def take_back(purchase):
    with transaction.atomic():
        take_back_for_return(reference=purchase.reference)


def reach(user, goal):
    with transaction.atomic():
        reach_goal(user_id=user.pk, goal=goal)


def amounts(user):
    return list(Reward.objects.filter(user=user).order_by("pk").values_list("amount", flat=True))


def test_a_purchase_brings_back_its_share_once_and_no_more_than_an_order_may():
    campaign()
    user = person()
    for own in (30_00, 500_00):
        purchase = buy(user, own)
        reward(purchase)
        reward(purchase)

    assert amounts(user) == [1_50, 10_00]
    assert broken() == {}


def test_a_purchase_below_the_line_or_elsewhere_brings_nothing():
    campaign(least=50_00)
    campaign(places=["store:elsewhere"])
    user = person()
    reward(buy(user, 49_99))

    assert amounts(user) == []


def test_buying_and_sending_back_nets_nothing():
    made, user = campaign(), person()
    for _round in range(5):
        purchase = buy(user, 100_00)
        reward(purchase)
        send_back(purchase, 100_00)
        with transaction.atomic():
            take_back_for_return(reference=purchase.reference)

    assert set(amounts(user)) == {0}
    assert committed(made) == 0
    assert broken() == {}


def test_a_return_that_is_heard_before_its_purchase_is_taken_back_once():
    campaign()
    user = person()
    purchase = buy(user, 100_00)
    send_back(purchase, 40_00)
    for _again in range(2):
        take_back(purchase)
        reward(purchase)

    assert amounts(user) == [3_00]
    assert broken() == {}


def test_a_task_that_is_undone_undoes_what_was_given_for_all_of_them():
    campaign(
        tasks={Goal.PURCHASE: ("BONUS", 2_00), Goal.PIN_SET: ("POINTS", 10), Goal.ALL_DONE: ("BONUS", 9_00)}
    )
    user = person()
    purchase = buy(user, 100_00)
    reward(purchase)
    reach(user, Goal.PIN_SET)
    assert amounts(user) == [2_00, 10, 9_00]

    send_back(purchase, 100_00)
    take_back(purchase)

    assert amounts(user) == [0, 10, 0]
    assert broken() == {}


def test_a_top_up_that_goes_back_undoes_what_was_given_for_all_tasks():
    campaign(
        tasks={
            Goal.FIRST_TOP_UP: ("BONUS", 2_00),
            Goal.PIN_SET: ("POINTS", 10),
            Goal.ALL_DONE: ("BONUS", 9_00),
        }
    )
    user = somebody()
    with transaction.atomic():
        reach_goal(user_id=user.pk, goal=Goal.FIRST_TOP_UP, reference="R1")
    reach(user, Goal.PIN_SET)
    assert amounts(user) == [2_00, 10, 9_00]

    for kept, left in ((Fraction(1, 2), [1_00, 10, 9_00]), (Fraction(0), [0, 10, 0])):
        with transaction.atomic():
            undo(reference="R1", kept=kept)
        assert amounts(user) == left
    assert broken() == {}


def test_a_first_top_up_below_the_campaigns_least_reaches_nothing_and_one_taken_back_is_undone(outbox):
    campaign(least=50_00, tasks={Goal.FIRST_TOP_UP: ("BONUS", 2_00)})
    little, enough = somebody(), somebody()
    for user, amount in ((little, 49_99), (enough, 50_00)):
        number = topped_up(open_wallet(user_id=user.pk), amount).number
    outbox.deliver()
    assert (amounts(little), amounts(enough)) == ([], [2_00])

    with transaction.atomic():
        publish(TopUpTakenBack(number=number, user_id=enough.pk))
    outbox.deliver()
    assert amounts(enough) == [0]
    assert broken() == {}


def test_what_is_approved_names_whom_the_audience_was_made_of():
    people = segment(("KYC_LEVEL", "AT_LEAST", "1", None))
    draft = campaign(segment=people, state=AgreedState.DRAFT)
    agreed = draft.terms
    assert agreed["who"] == [str(each) for each in people.in_order] != []

    people.conditions.create(group=2, fact="BALANCE", comparison="AT_LEAST", value="1")
    with transaction.atomic(), pytest.raises(TermsChanged):
        go_live(label="coupons.campaign", row_id=draft.pk, terms=agreed, reason="国庆返现")


def test_what_only_a_new_customer_does_is_rewarded_once_per_real_person():
    campaign(tasks={Goal.PHONE_BOUND: ("BONUS", 2_00), Goal.PIN_SET: ("BONUS", 1_00)})
    one, again = (somebody(device_id="same") for _ in range(2))
    for each in (one, again):
        for goal in (Goal.PHONE_BOUND, Goal.PIN_SET):
            reach(each, goal)

    assert (amounts(one), amounts(again)) == ([2_00, 1_00], [1_00])


def test_what_is_for_new_people_only_is_for_real_people_who_join_while_it_runs():
    made = campaign(tasks={Goal.PIN_SET: ("BONUS", 2_00)}, new_people_only=True)
    regular, new, again = (somebody(device_id=device) for device in ("old", "new", "new"))
    User.objects.filter(pk=regular.pk).update(created_at=made.starts_at - timedelta(days=1))
    for each in (regular, new, again):
        reach(each, Goal.PIN_SET)

    assert [amounts(each) for each in (regular, new, again)] == [[], [2_00], []]


def test_whoever_is_not_in_its_audience_neither_sees_it_nor_gets_anything():
    made, mine, other = campaign(), person(), person()
    audience = segment()
    SegmentMember.objects.create(segment=audience, user=mine, since=clock.now())
    Campaign.objects.filter(pk=made.pk).update(segment=audience)
    for each in (mine, other):
        reward(buy(each, 100_00))

    assert (amounts(mine), amounts(other)) == ([5_00], [])
    assert [len(campaigns_for(each.pk)) for each in (mine, other)] == [1, 0]


def test_whoever_is_held_out_gets_nothing_and_each_arm_what_is_its_own():
    asked = experiment(holdout=2000, b=5000)
    start_experiment(experiment_id=asked.pk, reason="测量效果")
    asked.refresh_from_db()
    campaign(experiment=asked, arm="A", rate=500)
    campaign(experiment=asked, arm="B", rate=300)
    people = [person() for _ in range(15)]
    for each in people:
        reward(buy(each, 100_00))

    own = {Arm.HOLDOUT: [], Arm.A: [5_00], Arm.B: [3_00]}
    assert [amounts(each) for each in people] == [own[arm_of(asked, each.pk)] for each in people]
    assert Exposure.objects.filter(experiment=asked).count() == len(people)


def test_a_trial_of_tasks_counts_who_bought_and_who_joined():
    made = campaign(tasks={Goal.REGISTERED: ("BONUS", 1_00), Goal.PURCHASE: ("BONUS", 2_00)})
    before = try_on_yesterday(made)
    buyer, newcomer = person(), person()
    yesterday = clock.now() - timedelta(days=1)
    User.objects.filter(pk=newcomer.pk).update(created_at=yesterday)
    buy(buyer, 100_00, at=yesterday)

    trial = try_on_yesterday(made)

    assert (trial.rewards - before.rewards, trial.amount - before.amount) == (2, 3_00)


def test_only_the_first_top_up_is_a_first_one():
    wallet = make_wallet()

    assert [is_first_top_up(number=topped_up(wallet, 100_00).number) for _ in range(2)] == [True, False]


def test_a_pause_postpones_what_is_earned():
    campaign()
    user = person()
    purchase = buy(user, 100_00)
    pause_flow(flow=Flow.COUPONS, reason="演练")
    with pytest.raises(Paused):  # so that the relay comes again
        reward(purchase)
    with pytest.raises(Paused):
        reach(user, Goal.PIN_SET)

    assert amounts(user) == []


def test_each_task_gives_once_and_all_of_them_give_more():
    campaign(
        tasks={
            Goal.PHONE_BOUND: ("BONUS", 2_00),
            Goal.FIRST_TOP_UP: ("POINTS", 500),
            Goal.ALL_DONE: ("BONUS", 5_00),
        }
    )
    user = somebody()
    for goal in (Goal.PHONE_BOUND, Goal.PHONE_BOUND, Goal.PIN_SET):
        reach(user, goal)
    assert amounts(user) == [2_00]

    reach(user, Goal.FIRST_TOP_UP)
    reach(user, Goal.FIRST_TOP_UP)

    assert amounts(user) == [2_00, 500, 5_00]
    (mine,) = campaigns_for(user.pk)
    assert [task.state for task in mine.tasks] == ["PENDING", "PENDING", "PENDING"]


def test_a_paused_campaign_gives_nothing_and_goes_on_when_two_agree():
    made, user = campaign(), person()
    pause_campaign(campaign_id=made.pk, reason="核对")
    reward(buy(user, 100_00))

    assert amounts(user) == []
    with pytest.raises(CampaignNotRunning):
        pause_campaign(campaign_id=made.pk, reason="再停")
    maker = User.objects.create(is_staff=True)
    propose_going_on(campaign_id=made.pk, budget=made.budget, reason="核对完毕", maker_id=maker.pk)
    with transaction.atomic():
        go_on(campaign_id=made.pk, budget=made.budget, reason="核对完毕")
    reward(buy(user, 100_00))
    assert amounts(user) == [5_00]


def test_a_campaign_that_runs_needs_no_leave_to_run():
    made = campaign()

    with pytest.raises(CampaignRuns):
        propose_going_on(campaign_id=made.pk, budget=made.budget, reason="？", maker_id=1)


def test_a_copy_is_a_draft_with_the_same_terms():
    made = campaign(tasks={Goal.PHONE_BOUND: ("BONUS", 2_00)})

    copy = clone_campaign(campaign_id=made.pk)

    assert copy.state == AgreedState.DRAFT
    assert {**copy.terms, "name": made.name} == made.terms


def test_a_trial_on_yesterday_says_whom_it_would_have_reached():
    made, user = campaign(per_person=6_00), person()
    for _purchase in range(2):
        buy(user, 100_00)
    Purchase.objects.filter(user=user).update(paid_at=clock.now() - timedelta(days=1))

    trial = try_on_yesterday(Campaign.objects.get(pk=made.pk))

    assert (trial.people, trial.rewards, trial.amount) == (1, 2, 6_00)
    assert report_on(made.pk).rewards == 0


def test_the_demo_has_campaigns_that_run_from_the_first_start():
    for _again in range(2):
        run_campaigns(since=clock.start_of_day(clock.now()))
    newcomer = person()

    shown = {mine.campaign.name: mine for mine in campaigns_for(newcomer.pk)}
    reward(buy(newcomer, 100_00))

    assert [len(shown[name].tasks) for name in ("节日消费返现 5%", "新人任务礼")] == [0, 4]
    assert Campaign.objects.filter(name__in=shown).count() == len(shown)
    assert amounts(newcomer)[0] == 5_00
