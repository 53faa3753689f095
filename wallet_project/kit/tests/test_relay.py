"""Events reach each listener once, in order, whoever fails in between."""

import logging
import threading
import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.db import DataError, connection, transaction
from django.db.transaction import TransactionManagementError

from wallet_project.kit import clock, context, jobs, relay
from wallet_project.kit.events import Event, listens_to, publish
from wallet_project.kit.models import Delivery, DeliveryState, Heartbeat, StoredEvent
from wallet_project.kit.outdated import outdated_events
from wallet_project.kit.tasks import heartbeat
from wallet_project.kit.tests.doors import be_cut_off


@dataclass(frozen=True, kw_only=True)
class Stepped(Event):
    """Somebody walked on; what a listener did about it is a row that the tests count."""

    name = "kit.tests.stepped"
    walker: str
    step: int

    @property
    def aggregate(self):
        return self.walker


@dataclass(frozen=True, kw_only=True)
class Unheard(Event):
    name = "kit.tests.unheard"

    @property
    def aggregate(self):
        return "nobody"


trouble = {}  # walker → what goes wrong while they are followed


@listens_to(Stepped)
def follow(event):
    StoredEvent.objects.create(
        name="kit.tests.followed", aggregate=event.walker, payload=[event.step, context.current().request_id]
    )
    if event.walker in trouble:
        trouble[event.walker]()


@listens_to(Stepped)
def watch(event):
    StoredEvent.objects.create(name="kit.tests.watched", aggregate=event.walker, payload=event.step)


@jobs.job("kit.tests.count_steps")
def count_steps(*, walker, **_later):
    StoredEvent.objects.create(name="kit.tests.counted", aggregate=walker, payload=len(followed(walker)))


@pytest.fixture
def new_walker():
    made = []

    def make():
        made.append(uuid.uuid4().hex)
        return made[-1]

    yield make
    for walker in made:
        trouble.pop(walker, None)


@pytest.fixture
def walker(new_walker):
    return new_walker()


def walk(walker, *steps):
    with transaction.atomic():
        for step in steps:
            publish(Stepped(walker=walker, step=step))


def followed(walker):
    found = StoredEvent.objects.filter(name="kit.tests.followed", aggregate=walker).order_by("pk")
    return [payload[0] for payload in found.values_list("payload", flat=True)]


def watched(walker):
    found = StoredEvent.objects.filter(name="kit.tests.watched", aggregate=walker).order_by("pk")
    return list(found.values_list("payload", flat=True))


def deliveries(walker, listener=follow):
    return Delivery.objects.filter(aggregate=walker, listener__endswith=f".{listener.__name__}").order_by(
        "pk"
    )


def stumble():
    raise ValueError("a stone\0in the way, call 13800138000")


def later(seconds):
    return time_machine.travel(clock.now() + timedelta(seconds=seconds), tick=False)


@pytest.mark.django_db
def test_an_event_is_published_only_together_with_its_cause():
    with pytest.raises(TransactionManagementError):
        publish(Unheard())


def test_an_event_of_a_transaction_that_failed_was_never_published(committed_db, walker):
    with suppress(ZeroDivisionError), transaction.atomic():
        publish(Stepped(walker=walker, step=1))
        raise ZeroDivisionError

    relay.deliver_due()

    assert not StoredEvent.objects.filter(aggregate=walker).exists()
    assert not deliveries(walker).exists()


@pytest.mark.django_db
def test_an_event_nobody_listens_to_is_kept_and_delivered_to_nobody():
    with transaction.atomic():
        publish(Unheard())

    assert not StoredEvent.objects.get(name="kit.tests.unheard").deliveries.exists()


@pytest.mark.django_db
def test_each_listener_hears_each_event_once_in_order(walker):
    with context.acting(request_id="request-7"):
        walk(walker, 1, 2, 3)

    relay.deliver_due()
    relay.deliver_due()

    assert followed(walker) == watched(walker) == [1, 2, 3]
    first = StoredEvent.objects.filter(name="kit.tests.followed", aggregate=walker).first()
    assert first.payload[1] == "request-7"  # the lines a listener logs belong to the request that began it
    assert {row.state for row in deliveries(walker)} == {DeliveryState.DELIVERED}


@pytest.mark.django_db
def test_a_listener_that_fails_leaves_nothing_behind_and_is_tried_again_later(walker):
    trouble[walker] = stumble
    walk(walker, 1)

    relay.deliver_due()

    assert followed(walker) == []
    failed = deliveries(walker).get()
    assert (failed.state, failed.attempts) == (DeliveryState.WAITING, 1)
    assert failed.last_error == "ValueError: a stone\ufffdin the way, call 138****8000"
    assert failed.available_at > clock.now()
    del trouble[walker]
    assert relay.deliver_due() == 0  # not yet
    with later(3):
        relay.deliver_due()
    assert followed(walker) == [1]


@pytest.mark.django_db
def test_a_listener_that_fails_holds_up_only_its_own_events_of_this_aggregate(new_walker):
    broken, sound = new_walker(), new_walker()
    trouble[broken] = stumble
    walk(broken, 1, 2)
    walk(sound, 1, 2)

    relay.deliver_due()

    assert followed(broken) == []
    assert [row.attempts for row in deliveries(broken)] == [1, 0]  # the second waits for the first
    assert watched(broken) == followed(sound) == watched(sound) == [1, 2]


def divide_by_nothing():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")


def hide_that_it_failed():
    with suppress(DataError):
        divide_by_nothing()


@pytest.mark.django_db
@pytest.mark.parametrize("what", [stumble, divide_by_nothing, hide_that_it_failed])
def test_after_eight_failures_a_delivery_is_dead_and_the_next_one_goes_on(walker, caplog, what):
    trouble[walker] = what
    walk(walker, 1)
    for attempt in range(relay.ATTEMPTS_BEFORE_DEATH):
        with later(attempt * 700):
            relay.deliver_due()
    dead = deliveries(walker).get()
    assert (dead.state, dead.attempts) == (DeliveryState.DEAD, 8)
    [alarm] = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert alarm.getMessage() == "kit.delivery.dead"

    del trouble[walker]
    walk(walker, 2)
    with later(8 * 700):
        relay.deliver_due()

    assert followed(walker) == [2]


@pytest.mark.django_db
def test_the_dead_can_be_listed_and_brought_back_to_life(walker):
    trouble[walker] = stumble
    walk(walker, 1)
    deliveries(walker).update(attempts=7)
    relay.deliver_due()
    assert deliveries(walker).get().state == DeliveryState.DEAD
    listed, dry, replayed = StringIO(), StringIO(), StringIO()

    call_command("outbox", "list", stdout=listed)
    call_command("outbox", "replay", "--event", "kit.tests.stepped", "--dry-run", stdout=dry)
    assert deliveries(walker).get().state == DeliveryState.DEAD
    del trouble[walker]
    call_command("outbox", "replay", "--event", "kit.tests.stepped", stdout=replayed)
    relay.deliver_due()

    assert "kit.tests.stepped" in listed.getvalue()
    assert "a stone" in listed.getvalue()
    assert "would replay 1 deliveries and 0 jobs" in dry.getvalue()
    assert "replaying 1 deliveries and 0 jobs" in replayed.getvalue()
    assert followed(walker) == [1]


@pytest.mark.django_db
def test_a_listener_that_is_gone_is_a_failure_and_not_a_standstill(walker):
    walk(walker, 1)
    deliveries(walker).update(listener="wallet_project.kit.tests.gone.follow")

    relay.deliver_due()

    gone = Delivery.objects.get(listener="wallet_project.kit.tests.gone.follow")
    assert (gone.state, gone.attempts) == (DeliveryState.WAITING, 1)
    assert watched(walker) == [1]


def test_a_listener_that_loses_the_connection_costs_only_itself_an_attempt(committed_db, new_walker):
    broken, sound = new_walker(), new_walker()
    trouble[broken] = be_cut_off
    walk(broken, 1)
    walk(sound, 1)

    relay.deliver_due()

    assert followed(broken) == []
    failed = deliveries(broken).get()
    assert (failed.state, failed.attempts) == (DeliveryState.WAITING, 1)
    assert "closed" in failed.last_error
    assert watched(broken) == followed(sound) == [1]


def test_several_relays_at_once_deliver_everything_once_and_in_order(committed_db, new_walker, in_parallel):
    walkers = [new_walker() for _ in range(6)]
    for step in range(5):
        for walker in walkers:
            walk(walker, step)
    idle = threading.local()

    def work():
        tried = relay.deliver_due()
        while not getattr(idle, "yes", False):
            tried += relay.deliver_due()
            waiting = Delivery.objects.filter(aggregate__in=walkers, state=DeliveryState.WAITING)
            idle.yes = not waiting.exists()
        return tried

    tried = in_parallel([work] * 4)

    for walker in walkers:
        assert followed(walker) == watched(walker) == [0, 1, 2, 3, 4]
        assert {row.attempts for row in deliveries(walker)} == {1}
    assert sum(tried) >= 60


def test_a_relay_that_is_busy_with_a_slow_listener_keeps_no_other_waiting(
    committed_db, new_walker, in_parallel
):
    slow, quick = new_walker(), new_walker()
    begun, passed = threading.Event(), threading.Event()

    def dawdle():
        begun.set()
        assert passed.wait(timeout=5)

    def overtake():
        begun.wait(timeout=5)
        walk(quick, 1)
        relay.deliver_due()
        passed.set()

    trouble[slow] = dawdle
    walk(slow, 1)

    in_parallel([relay.deliver_due, overtake])

    assert followed(quick) == [1]
    assert followed(slow) == [1]


def test_what_does_not_wait_is_delivered_or_dead_and_nothing_else():
    """A further state would keep its aggregate waiting for ever: outbox_next and its index name these two."""
    assert set(DeliveryState) == {"WAITING", "DELIVERED", "DEAD"}


def pages_read():
    """By one look for the delivery whose turn it is."""
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM outbox_next(clock_timestamp())")
        [[plan]] = cursor.fetchone()
    return plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"]


@pytest.fixture
def usually_nothing_waits(db, owner_cursor):
    """So PostgreSQL believes that nothing ever does, and plans accordingly."""
    owner_cursor.execute("VACUUM ANALYZE kit_delivery")
    Delivery.objects.filter(state=DeliveryState.WAITING).update(state=DeliveryState.DEAD)
    pages_read()


@pytest.mark.usefixtures("usually_nothing_waits")
def test_finding_whose_turn_it_is_costs_no_more_when_many_wait(new_walker):
    walk(new_walker(), 1)
    few = pages_read()
    for _ in range(500):
        walk(new_walker(), 1)

    assert pages_read() < few + 50


@pytest.mark.usefixtures("usually_nothing_waits")
def test_what_waits_behind_one_that_is_tried_again_later_is_looked_at_once_each(new_walker):
    walkers = [new_walker() for _ in range(20)]
    for walker in walkers:
        walk(walker, *range(20))
        for listener in (follow, watch):
            first = deliveries(walker, listener).values("pk")[:1]
            Delivery.objects.filter(pk__in=first).update(available_at=clock.now() + timedelta(minutes=1))

    assert relay.deliver_due() == 0
    assert pages_read() < 5 * 20 * 20 * 2


@pytest.mark.django_db
def test_the_relay_delivers_shows_life_and_rests_only_when_there_is_nothing_to_do(walker):
    walk(walker, 1)
    rests = []

    relay.run(keep_going=lambda: len(rests) < 2, pause=lambda _seconds: rests.append(followed(walker)))

    assert rests == [[1], [1]]
    assert clock.now() - Heartbeat.objects.get(name="relay").at < timedelta(seconds=10)


@pytest.mark.django_db
def test_a_job_does_not_wait_for_a_mountain_of_events(walker):
    for step in range(40):
        walk(walker, step)
    trouble[walker] = lambda: (
        len(followed(walker)) == 1 and jobs.after_commit("kit.tests.count_steps", walker=walker)
    )
    rests = []

    relay.run(keep_going=lambda: not rests, pause=rests.append)

    assert len(followed(walker)) == 40
    counted = StoredEvent.objects.get(name="kit.tests.counted", aggregate=walker).payload
    assert counted < 20


@pytest.mark.django_db
def test_the_relay_rests_longer_the_longer_nothing_happens_and_is_awake_again_at_once(walker):
    rests = []

    def pause(seconds):
        rests.append(seconds)
        if len(rests) == 20:
            walk(walker, 1)

    relay.run(keep_going=lambda: len(rests) < 22, pause=pause)

    assert rests[:20] == sorted(rests[:20])
    assert (rests[0], rests[19]) == (relay.SHORTEST_REST, relay.LONGEST_REST)
    assert rests[20] == relay.SHORTEST_REST
    assert followed(walker) == [1]


@pytest.mark.django_db
def test_what_was_delivered_is_outdated_one_day_and_what_was_not_never_is(new_walker):
    delivered, dead, waiting = new_walker(), new_walker(), new_walker()
    walk(delivered, 1)
    relay.deliver_due()
    trouble[dead] = stumble
    walk(dead, 1)
    deliveries(dead).update(attempts=7)
    relay.deliver_due()
    walk(waiting, 1)

    def outdated(before):
        mine = {"name": Stepped.name, "aggregate__in": [delivered, dead, waiting]}
        events = outdated_events(before=before).filter(**mine)
        return set(events.values_list("aggregate", flat=True))

    assert outdated(clock.now() - timedelta(minutes=1)) == set()
    assert outdated(clock.now() + timedelta(minutes=1)) == {delivered}


@pytest.mark.django_db
def test_a_worker_shows_life_by_running_what_beat_sends():
    heartbeat()

    assert clock.now() - Heartbeat.objects.get(name="worker").at < timedelta(seconds=10)
