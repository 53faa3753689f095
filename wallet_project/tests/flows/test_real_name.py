"""A customer becomes known by name and by face; the registry and its moods are the sandbox."""

from datetime import date, timedelta

import pytest

from accounts.models import KycApplication, KycChange, RealName, User
from accounts.rules.kyc import ChangeReason, DecisionReason, KycLevel, KycState
from accounts.selectors.kyc import standing_of
from accounts.services import kyc_levels
from accounts.services.kyc_asking import ask_provider, due_to_ask
from accounts.services.kyc_review import approve_application, reject_application
from accounts.tests.factories import new_id_number
from wallet_project.audit.models import AuditEntry
from wallet_project.kit import clock
from wallet_project.kit.models import StoredEvent
from wallet_project.kit.testing.assertions import assert_error

NAME = "阿依古丽·买买提"


@pytest.fixture
def person(customer, sandbox, new_phone):
    """A customer with a phone, who agreed to the processing of their real name."""
    return ready(customer, sandbox, new_phone())


def ready(customer, sandbox, phone):
    assert customer.post("me/phone", {"code": sandbox.phone_code(phone)["code"]}).status_code == 200
    text = next(text for text in customer.get("agreements").json()["items"] if text["kind"] == "REAL_NAME")
    claim = {name: text[name] for name in ("kind", "version", "hash")}
    assert customer.post("me/consents", {"agreements": [claim]}).status_code in {200, 201, 204}
    return customer


def user_of(customer):
    return User.objects.get(uid=customer.get("me").json()["uid"])


def wish(id_number=None, **more):
    return {
        "name": NAME,
        "id_number": id_number or new_id_number(),
        "valid_until": str(clock.business_day(clock.now()) + timedelta(days=3000)),
        **more,
    }


def apply(customer, id_number=None, **more):
    return customer.post("me/kyc/applications", wish(id_number, **more))


def level(customer):
    return customer.get("me/kyc").json()["level"]


def events_of(user, name):
    return list(
        StoredEvent.objects.filter(name=name, aggregate=f"user:{user.pk}").values_list("payload", flat=True)
    )


def test_a_name_that_matches_raises_the_level_at_once(person):
    number = new_id_number()
    assert level(person) == KycLevel.I

    answer = apply(person, number)

    assert answer.status_code == 201, answer.text
    assert (answer.json()["state"], answer.json()["told"]) == ("APPROVED", "")
    mine = person.get("me/kyc").json()
    assert (mine["level"], mine["is_minor"]) == (2, False)
    assert mine["name_masked"] == "阿*"
    assert mine["id_number_masked"] == f"{number[:3]}***********{number[-4:]}"
    assert [step["code"] for step in mine["levels"][3]["missing"]] == ["VERIFY_FACE"]
    assert number not in person.get("me/kyc").text
    user = user_of(person)
    [told] = events_of(user, "accounts.kyc.level_changed")
    assert told == {"user_id": user.pk, "old_level": 0, "new_level": 2, "reason": "VERIFIED"}
    assert KycChange.objects.get(user=user).actor == f"user:{user.pk}"
    traces = AuditEntry.objects.filter(subject=f"user:{user.pk}", action__startswith="accounts.kyc")
    assert {trace.action for trace in traces} == {
        "accounts.kyc.submitted",
        "accounts.kyc.level_changed",
        "accounts.kyc.approved",
    }
    assert not any(NAME in str(trace.facts) or number in str(trace.facts) for trace in traces)


def test_what_does_not_match_is_told_and_forgotten(person, sandbox):
    number = new_id_number()
    sandbox.register(number, "MISMATCH")

    answer = apply(person, number)

    assert (answer.status_code, answer.json()["state"]) == (201, "REJECTED")
    assert "请核对姓名和身份证号" in answer.json()["told"]
    assert level(person) == KycLevel.I
    kept = KycApplication.objects.get(number=answer.json()["number"])
    assert (kept.name_sealed, kept.id_number_sealed) == (None, None)
    assert not RealName.objects.filter(user=kept.user).exists()
    [told] = events_of(kept.user, "accounts.kyc.rejected")
    assert told["reason"] == DecisionReason.NOT_MATCHED


def test_three_fruitless_tries_are_enough_for_a_day(person, sandbox):
    wrong, right = new_id_number(), new_id_number()
    sandbox.register(wrong, "MISMATCH")
    for _ in range(3):
        assert apply(person, wrong).json()["state"] == "REJECTED"

    answer = apply(person, right)

    assert assert_error(answer, 429, "KYC_TOO_MANY_TRIES") == {"tries": 3}
    assert sandbox.registry_questions(right) == []
    yesterday = clock.now() - timedelta(days=1)
    KycApplication.objects.filter(user=user_of(person)).update(submitted_at=yesterday)
    assert apply(person, right).json()["state"] == "APPROVED"


@pytest.mark.parametrize("silence", ["reset", "error_before", "reset_after", "rate_limited", "errcode"])
def test_silence_is_not_an_answer_and_the_next_one_counts(person, sandbox, silence):
    number = new_id_number()
    sandbox.fault(silence, path="/faceid", times=1)

    answer = apply(person, number)

    assert (answer.status_code, answer.json()["state"]) == (201, "VERIFYING")
    assert level(person) == KycLevel.I
    assert_error(apply(person), 409, "KYC_ALREADY_APPLIED")
    later = clock.now() + timedelta(minutes=5)
    assert answer.json()["number"] in due_to_ask(at=later, limit=1000)
    assert answer.json()["number"] not in due_to_ask(at=later, limit=1000)  # put off by its back-off
    ask_provider(number=answer.json()["number"])
    ask_provider(number=answer.json()["number"])
    assert level(person) == KycLevel.II
    assert len(events_of(user_of(person), "accounts.kyc.level_changed")) == 1


def test_a_provider_that_never_answers_is_given_up_after_a_day(person, sandbox):
    number = new_id_number()
    sandbox.register(number, "BUSY")
    filed = apply(person, number).json()
    assert filed["state"] == "VERIFYING"
    KycApplication.objects.filter(number=filed["number"]).update(
        submitted_at=clock.now() - timedelta(hours=25)
    )

    ask_provider(number=filed["number"])

    ended = person.get("me/kyc").json()["application"]
    assert (ended["state"], "重新提交" in ended["told"]) == ("EXPIRED", True)
    sandbox.register(number, "MATCH")
    assert apply(person, number).json()["state"] == "APPROVED"  # it does not count as a try


class TestReview:
    """Whom the registry does not know, a person looks at."""

    @pytest.fixture
    def filed(self, person, sandbox):
        number = new_id_number()
        sandbox.register(number, "NO_RECORD")
        answer = apply(person, number).json()
        assert answer["state"] == "REVIEW"
        return answer["number"]

    @pytest.fixture
    def reviewer(self):
        return User.objects.create_user(f"li-{clock.now():%H%M%S%f}", "a long enough password", is_staff=True)

    def test_ends_well(self, person, filed, reviewer):
        decided = approve_application(
            number=filed, reviewer_id=reviewer.pk, reason=DecisionReason.DOCUMENTS_SEEN, note="核对了原件"
        )

        assert (decided.state, decided.reviewer_id) == (KycState.APPROVED, reviewer.pk)
        assert level(person) == KycLevel.II

    def test_ends_badly_in_words_that_betray_nothing(self, person, filed, reviewer):
        reject_application(
            number=filed, reviewer_id=reviewer.pk, reason=DecisionReason.SUSPICIOUS, note="证件照片疑似合成"
        )

        told = person.get("me/kyc").json()
        assert (told["level"], told["application"]["state"]) == (1, "REJECTED")
        assert "冒用" not in told["application"]["told"]
        assert "合成" not in str(told)

    def test_of_two_reviewers_at_once_one_decides(self, filed, reviewer, in_parallel, person):
        def say(decide, reason):
            return lambda: decide(number=filed, reviewer_id=reviewer.pk, reason=reason, note="看过")

        yes = say(approve_application, DecisionReason.DOCUMENTS_SEEN)
        no = say(reject_application, DecisionReason.DOCUMENTS_UNCLEAR)
        outcomes = in_parallel([yes, no, yes, no])

        decided = [outcome for outcome in outcomes if isinstance(outcome, KycApplication)]
        assert len(decided) == 1
        assert {type(outcome).__name__ for outcome in outcomes} == {"KycApplication", "StateConflict"}
        assert level(person) == (2 if decided[0].state == KycState.APPROVED else 1)

    def test_a_withdrawn_application_is_erased_and_cannot_be_decided(self, person, filed, reviewer):
        answer = person.post(f"me/kyc/applications/{filed}/withdraw")

        assert answer.json()["state"] == "WITHDRAWN"
        assert KycApplication.objects.get(number=filed).name_sealed is None
        with pytest.raises(Exception, match="STATE_CONFLICT"):
            approve_application(
                number=filed, reviewer_id=reviewer.pk, reason=DecisionReason.DOCUMENTS_SEEN, note="核对"
            )
        assert level(person) == KycLevel.I
        assert_error(person.post(f"me/kyc/applications/{filed}/withdraw"), 409, "STATE_CONFLICT")

    def test_somebody_elses_application_is_not_there(self, filed, new_customer):
        stranger = new_customer()

        theirs = stranger.post(f"me/kyc/applications/{filed}/withdraw")

        assert_error(theirs, 404, "NOT_FOUND")
        assert KycApplication.objects.get(number=filed).state == KycState.REVIEW


class TestMinor:
    def test_under_fourteen_nothing_is_kept(self, person, sandbox):
        number = new_id_number(13)

        answer = apply(person, number, valid_until=in_years(3))

        assert "监护人" in answer.json()["message"]
        assert_error(answer, 403, "KYC_TOO_YOUNG")
        assert not KycApplication.objects.filter(user=user_of(person)).exists()
        assert sandbox.registry_questions(number) == []

    def test_between_fourteen_and_eighteen_a_guardian_is_heard(self, person, sandbox, new_phone):
        number = new_id_number(16)
        assert_error(apply(person, number, valid_until=in_years(3)), 409, "KYC_GUARDIAN_NEEDED")
        guardian = {"name": "买买提·艾力", "phone": new_phone()}

        filed = apply(person, number, valid_until=in_years(3), guardian=guardian).json()

        assert filed["state"] == "REVIEW"  # although the registry says that all is well
        assert [question["action"] for question in sandbox.registry_questions(number)] == [
            "IdCardVerification"
        ]
        reviewer = User.objects.create_user(f"wu-{clock.now():%H%M%S%f}", is_staff=True)
        with pytest.raises(Exception, match="KYC_GUARDIAN_UNHEARD"):
            approve_application(
                number=filed["number"],
                reviewer_id=reviewer.pk,
                reason=DecisionReason.DOCUMENTS_SEEN,
                note="看过证件",
            )
        approve_application(
            number=filed["number"],
            reviewer_id=reviewer.pk,
            reason=DecisionReason.GUARDIAN_CONSENTED,
            note="致电父亲，同意",
        )
        mine = person.get("me/kyc").json()
        assert (mine["level"], mine["is_minor"]) == (1, True)
        assert_error(person.post("me/kyc/face"), 409, "KYC_NOT_FOR_MINORS")

        RealName.objects.filter(user=user_of(person)).update(adult_on=clock.business_day(clock.now()))
        kyc_levels.come_of_age()

        assert person.get("me/kyc").json()["is_minor"] is False
        last = KycChange.objects.filter(user=user_of(person)).latest("pk")
        assert last.reason == ChangeReason.CAME_OF_AGE
        assert_error(person.post("me/kyc/face"), 409, "KYC_NAME_NEEDED")  # theirs to apply for, from now on


class TestFace:
    @pytest.fixture
    def named(self, person):
        assert apply(person).json()["state"] == "APPROVED"
        return person

    def test_that_matches_raises_the_level(self, named, sandbox):
        started = named.post("me/kyc/face").json()
        assert named.post("me/kyc/face/result").json()["state"] == "VERIFYING"  # nobody was seen yet

        sandbox.show_face(started["token"])

        assert named.post("me/kyc/face/result").json()["state"] == "APPROVED"
        assert level(named) == KycLevel.III
        kept = KycApplication.objects.get(number=started["application"]["number"])
        assert kept.face_token_sealed is None
        assert_error(named.post("me/kyc/face"), 409, "KYC_ALREADY_REACHED")

    def test_of_somebody_else_does_not(self, named, sandbox):
        started = named.post("me/kyc/face").json()
        sandbox.show_face(started["token"], "FAIL")

        assert named.post("me/kyc/face/result").json()["state"] == "REJECTED"
        assert level(named) == KycLevel.II

    def test_is_found_out_although_the_mini_program_never_came_back(self, named, sandbox):
        started = named.post("me/kyc/face").json()
        sandbox.show_face(started["token"])

        ask_provider(number=started["application"]["number"])

        assert level(named) == KycLevel.III

    def test_started_again_is_the_same_application(self, named, sandbox):
        sandbox.fault("error_before", path="/faceid")
        assert_error(named.post("me/kyc/face"), 503, "KYC_PROVIDER_UNAVAILABLE")
        first, second = named.post("me/kyc/face").json(), named.post("me/kyc/face").json()

        assert first["application"]["number"] == second["application"]["number"]
        assert first["token"] != second["token"]
        sandbox.show_face(second["token"])
        assert named.post("me/kyc/face/result").json()["state"] == "APPROVED"

    def test_that_nobody_shows_ends_after_two_hours(self, named):
        number = named.post("me/kyc/face").json()["application"]["number"]
        KycApplication.objects.filter(number=number).update(submitted_at=clock.now() - timedelta(hours=2))

        ask_provider(number=number)

        assert named.get("me/kyc").json()["application"]["state"] == "EXPIRED"
        assert level(named) == KycLevel.II

    def test_cannot_come_before_the_name(self, person):
        assert_error(person.post("me/kyc/face"), 409, "KYC_NAME_NEEDED")
        assert_error(person.post("me/kyc/face/result"), 409, "KYC_NO_FACE_UNDER_WAY")


class TestOnePersonOneWallet:
    @pytest.fixture
    def other(self, new_customer, sandbox, new_phone):
        return ready(new_customer(), sandbox, new_phone())

    def test_a_second_wallet_hears_what_everybody_hears(self, person, other, sandbox):
        number, wrong = new_id_number(), new_id_number()
        sandbox.register(wrong, "MISMATCH")
        assert apply(person, number).json()["state"] == "APPROVED"

        taken, mistaken = apply(other, number), apply(other, wrong)

        assert (taken.json()["state"], taken.json()["told"]) == ("REJECTED", mistaken.json()["told"])
        assert set(taken.json()) == set(mistaken.json())
        assert (level(person), level(other)) == (2, 1)
        kept = KycApplication.objects.get(number=taken.json()["number"])
        assert (kept.reason, kept.id_number_sealed) == (DecisionReason.DUPLICATE, None)

    def test_of_two_wallets_at_once_one_gets_the_name(self, person, other, in_parallel):
        number = new_id_number()

        answers = in_parallel([lambda who=who: apply(who, number).json() for who in (person, other)])

        assert sorted(answer["state"] for answer in answers) == ["APPROVED", "REJECTED"]
        assert sorted([level(person), level(other)]) == [1, 2]

    def test_of_many_applications_of_one_customer_at_once_one_is_taken(self, person, in_parallel, sandbox):
        number = new_id_number()

        answers = in_parallel([lambda: apply(person, number) for _ in range(6)])

        assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5
        assert len(sandbox.registry_questions(number)) == 1
        assert KycApplication.objects.filter(user=user_of(person)).count() == 1

    def test_a_wallet_does_not_pass_to_another_person(self, person):
        apply(person)
        user = user_of(person)
        RealName.objects.filter(user=user).update(valid_until=date(2026, 1, 1))  # to be renewed
        before = bytes(RealName.objects.get(user=user).id_index)

        answer = apply(person, new_id_number())

        assert (answer.json()["state"], "不是同一人" in answer.json()["told"]) == ("REJECTED", True)
        assert bytes(RealName.objects.get(user=user).id_index) == before


class TestIdCard:
    @pytest.fixture
    def named(self, person):
        self.number = new_id_number()
        assert apply(person, self.number).json()["state"] == "APPROVED"
        return person

    def ends(self, customer, days):
        last = clock.business_day(clock.now()) + timedelta(days=days)
        RealName.objects.filter(user=user_of(customer)).update(valid_until=last)

    def test_that_ends_is_announced_once(self, named):
        self.ends(named, 31)
        kyc_levels.remind_of_expiry()
        assert events_of(user_of(named), "accounts.kyc.id_card_expiring") == []

        self.ends(named, 30)
        kyc_levels.remind_of_expiry()
        kyc_levels.remind_of_expiry()

        [told] = events_of(user_of(named), "accounts.kyc.id_card_expiring")
        assert told["valid_until"] == str(clock.business_day(clock.now()) + timedelta(days=30))

    def test_that_is_over_says_nothing_from_the_next_day_on(self, named):
        self.ends(named, 0)
        kyc_levels.lower_expired()
        assert level(named) == KycLevel.II  # its last day

        self.ends(named, -1)

        assert level(named) == KycLevel.I  # before the nightly task has noticed
        kyc_levels.lower_expired()
        kyc_levels.lower_expired()
        changes = KycChange.objects.filter(user=user_of(named)).order_by("pk")
        assert [change.reason for change in changes] == [
            ChangeReason.VERIFIED,
            ChangeReason.DOCUMENT_EXPIRED,
        ]

    def test_is_renewed_in_its_last_ninety_days(self, named, sandbox):
        assert_error(apply(named, self.number), 409, "KYC_ALREADY_REACHED")
        started = named.post("me/kyc/face").json()
        sandbox.show_face(started["token"])
        named.post("me/kyc/face/result")
        self.ends(named, 90)

        assert apply(named, self.number).json()["state"] == "APPROVED"

        mine = named.get("me/kyc").json()
        assert (mine["level"], mine["valid_until"] > str(clock.business_day(clock.now()))) == (3, True)
        last = KycChange.objects.filter(user=user_of(named)).latest("pk")
        assert last.reason == ChangeReason.RENEWED


class TestConsent:
    def test_comes_first(self, customer, sandbox, new_phone):
        customer.post("me/phone", {"code": sandbox.phone_code(new_phone())["code"]})
        number = new_id_number()

        answer = apply(customer, number)

        [text] = assert_error(answer, 451, "CONSENT_REQUIRED")["documents"]
        assert text["kind"] == "REAL_NAME"
        assert not KycApplication.objects.filter(user=user_of(customer)).exists()
        assert sandbox.registry_questions(number) == []

    def test_taken_back_takes_the_level_along(self, person, outbox):
        apply(person)
        assert level(person) == KycLevel.II
        person.post("me/kyc/face")

        person.post("me/consents/withdraw", {"kind": "REAL_NAME"})
        outbox.deliver()

        mine = person.get("me/kyc").json()
        assert (mine["level"], mine["application"]["state"]) == (1, "WITHDRAWN")
        assert_error(apply(person), 451, "CONSENT_REQUIRED")


class TestMassAssignment:
    """Nobody writes their own level (attack 25)."""

    @pytest.mark.parametrize(
        "more",
        [{"level": 3}, {"state": "APPROVED"}, {"for_minor": False}, {"user_id": 1}, {"answer": "MATCH"}],
    )
    def test_an_application_says_only_what_it_may(self, person, more):
        answer = apply(person, **more)

        assert set(assert_error(answer, 400, "INVALID_INPUT")["fields"]) == set(more)
        assert level(person) == KycLevel.I

    def test_a_level_cannot_be_written(self, person):
        for method in ("put", "patch"):
            answer = getattr(person.session, method)(person.base_url + "me/kyc", json={"level": 3})
            assert answer.status_code == 405
        assert level(person) == KycLevel.I


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("name", "Zhang Wei"),
        ("name", "张"),
        ("id_number", "110105194912310021"),
        ("id_number", 11010519491231002),
        ("valid_until", "2020-01-01"),
        ("valid_until", "2099-01-01"),
        ("valid_until", None),  # nobody has a card without an end at thirty
        ("guardian", {"name": "张伟", "phone": "13800138000", "consents": True}),
    ],
)
def test_what_cannot_be_true_is_refused_before_anybody_is_asked(person, field, wrong):
    answer = apply(person, **{"id_number": new_id_number(30), field: wrong})

    [named] = assert_error(answer, 400, "INVALID_INPUT")["fields"]
    assert named.partition(".")[0] == field
    assert not KycApplication.objects.filter(user=user_of(person)).exists()


def test_a_level_that_is_held_does_not_fall_before_the_payment_has_ended(person, in_parallel):
    """Attack 89: the level is looked at and the money moves in one breath."""
    import threading

    from django.db import transaction

    apply(person)
    user_id, looked, order = user_of(person).pk, threading.Event(), []

    def pay():
        with transaction.atomic():
            held = kyc_levels.hold_level(user_id)
            looked.set()
            threading.Event().wait(0.4)
            order.append(("paid at", int(held)))

    def lower():
        looked.wait(5)
        with transaction.atomic():
            kyc_levels.lower_level(user_id=user_id, reason=ChangeReason.RISK, note="疑似冒用")
            order.append(("lowered", 0))

    in_parallel([pay, lower])

    assert order == [("paid at", 2), ("lowered", 0)]
    assert standing_of(user_id).level == KycLevel.I


def in_years(years):
    return str(clock.business_day(clock.now()) + timedelta(days=365 * years))
