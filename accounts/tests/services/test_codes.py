"""A code proves one phone for one thing once, whoever guesses and however many at a time."""

from contextlib import suppress
from functools import partial

import pytest
import time_machine
from django.conf import settings as configured

from accounts.errors import CodeRefused, SmsTooOften, SmsUnavailable
from accounts.models import VerificationCode
from accounts.rules.codes import CodePurpose
from accounts.rules.phones import NotAPhone
from accounts.services.codes import send_code, spend_code
from wallet_project.kit import clock, context
from wallet_project.kit.crypto import blind_index
from wallet_project.settings.sms import CODE_CAPS

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("committed_db", "sandbox")]

LOGIN, BIND = CodePurpose.LOGIN, CodePurpose.BIND_PHONE


@pytest.fixture
def phone(new_phone):
    return new_phone()


@pytest.fixture
def sent(sandbox, phone):
    """The code that reached the phone."""
    send_code(purpose=LOGIN, phone=phone)
    return sandbox.sms_code(phone)


@pytest.fixture
def _real_caps(settings):
    settings.CODE_CAPS = CODE_CAPS


def another(code):
    return f"{(int(code) + 1) % 1_000_000:06d}"


def row(phone):
    return VerificationCode.objects.filter(phone_hash=blind_index(phone, purpose="code")).latest("pk")


def later(seconds):
    return time_machine.travel(clock.now().timestamp() + seconds, tick=False)


def test_a_code_says_what_it_is_for_and_is_spent_once(sandbox, phone):
    told = send_code(purpose=LOGIN, phone=phone)
    message = sandbox.messages(phone)[0]["text"]
    code = sandbox.sms_code(phone)

    spend_code(purpose=LOGIN, phone=phone, code=code)

    assert "登录" in message
    assert (told.phone_masked, told.expires_in) == (f"{phone[:3]}****{phone[-4:]}", 300)
    with pytest.raises(CodeRefused):
        spend_code(purpose=LOGIN, phone=phone, code=code)


def test_the_table_holds_neither_code_nor_phone(sent, phone):
    stored = b"".join(
        bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
        for value in VerificationCode.objects.filter(pk=row(phone).pk).values_list()[0]
    )

    assert phone.encode() not in stored
    assert sent.encode() not in stored.replace(str(row(phone).sent_at).encode(), b"")


@pytest.mark.parametrize("spelling", ["+86{}", "0086{}", "86 {}", "full width"])
def test_every_spelling_of_a_number_is_the_same_number(sent, phone, spelling):
    full_width = "".join(chr(ord(digit) - ord("0") + ord("０")) for digit in phone)

    spend_code(
        purpose=LOGIN,
        phone=full_width if spelling == "full width" else spelling.format(phone),
        code=sent,
    )

    assert row(phone).spent_at


@pytest.mark.parametrize(
    "changed",
    [
        {"purpose": BIND},
        {"purpose": CodePurpose.STEP_UP},
        {"phone": "another"},
        {"bound_to": "challenge:1"},
        {"code": "another"},
        {"code": ""},
    ],
    ids=str,
)
def test_a_code_proves_nothing_else(sent, phone, new_phone, changed):
    values = {"phone": {"another": new_phone()}, "code": {"another": another(sent)}}
    wish = {"purpose": LOGIN, "phone": phone, "code": sent}
    wish |= {name: values.get(name, {}).get(value, value) for name, value in changed.items()}

    with pytest.raises(CodeRefused):
        spend_code(**wish)

    assert row(phone).spent_at is None
    spend_code(purpose=LOGIN, phone=phone, code=sent)  # and it is still good for what it is good for


def test_a_code_bound_to_one_operation_is_worth_nothing_for_another(sandbox, phone):
    send_code(purpose=CodePurpose.STEP_UP, phone=phone, bound_to="challenge:1")
    code = sandbox.sms_code(phone)

    with pytest.raises(CodeRefused):
        spend_code(purpose=CodePurpose.STEP_UP, phone=phone, code=code, bound_to="challenge:2")

    spend_code(purpose=CodePurpose.STEP_UP, phone=phone, code=code, bound_to="challenge:1")


def test_a_code_ends_after_five_minutes(sent, phone):
    with later(301), pytest.raises(CodeRefused):
        spend_code(purpose=LOGIN, phone=phone, code=sent)


def test_a_newer_code_replaces_the_older(sandbox, sent, phone):
    send_code(purpose=LOGIN, phone=phone)
    newer = sandbox.sms_code(phone)
    if newer == sent:
        pytest.skip("one in a million: the same digits twice")

    with pytest.raises(CodeRefused):
        spend_code(purpose=LOGIN, phone=phone, code=sent)

    spend_code(purpose=LOGIN, phone=phone, code=newer)


def test_five_wrong_tries_end_a_code(sent, phone):
    for _ in range(5):
        with pytest.raises(CodeRefused):
            spend_code(purpose=LOGIN, phone=phone, code=another(sent))

    with pytest.raises(CodeRefused):
        spend_code(purpose=LOGIN, phone=phone, code=sent)

    assert (row(phone).wrong_tries, row(phone).spent_at) == (5, None)


def test_of_sixty_four_guesses_at_once_five_are_looked_at(sent, phone, in_parallel):
    guesses = [f"{(int(sent) + number) % 1_000_000:06d}" for number in range(1, 65)]

    outcomes = in_parallel([partial(spend_code, purpose=LOGIN, phone=phone, code=guess) for guess in guesses])

    assert all(isinstance(outcome, CodeRefused) for outcome in outcomes)
    assert row(phone).wrong_tries == 5
    with pytest.raises(CodeRefused):
        spend_code(purpose=LOGIN, phone=phone, code=sent)


def test_one_code_spent_twenty_times_at_once_is_spent_once(sent, phone, in_parallel):
    outcomes = in_parallel([partial(spend_code, purpose=LOGIN, phone=phone, code=sent)] * 20)

    assert outcomes.count(None) == 1
    assert sum(isinstance(outcome, CodeRefused) for outcome in outcomes) == 19


@pytest.mark.usefixtures("_real_caps")
def test_a_number_gets_one_code_a_minute_five_an_hour_and_ten_a_day(sandbox, phone):
    spellings = [phone, f"+86{phone}", f"0086 {phone[:3]} {phone[3:]}"]
    taken, moment = 0, 0
    for _ in range(60):
        with later(moment):
            for spelling in spellings:
                with suppress(SmsTooOften):
                    send_code(purpose=LOGIN, phone=spelling)
                    taken += 1
        moment += 1400

    # sixty times 1,400 seconds are just under a day
    assert taken == 10
    assert len(sandbox.messages(phone)) == 10


@pytest.mark.usefixtures("_real_caps")
def test_the_wait_that_is_told_is_enough(phone):
    with later(0):
        send_code(purpose=LOGIN, phone=phone)
    with later(20), pytest.raises(SmsTooOften) as refused:
        send_code(purpose=BIND, phone=phone)  # another purpose is the same phone

    with later(20 + refused.value.detail["retry_after"]):
        send_code(purpose=BIND, phone=phone)


@pytest.mark.usefixtures("_real_caps")
def test_twenty_wishes_at_once_send_one_message(sandbox, phone, in_parallel):
    outcomes = in_parallel([partial(send_code, purpose=LOGIN, phone=phone)] * 20)

    assert sum(isinstance(outcome, SmsTooOften) for outcome in outcomes) == 19
    assert len(sandbox.messages(phone)) == 1


@pytest.mark.parametrize(("kind", "most"), [("device", 10), ("ip", 20)])
@pytest.mark.usefixtures("_real_caps")
def test_many_numbers_from_one_device_or_address_end_soon(new_phone, kind, most):
    place = {"device": {"device_id": new_phone()}, "ip": {"ip": f"10.{new_phone()}"}}[kind]
    phones = [new_phone() for _ in range(most)]
    with context.acting(**place):
        for phone in phones:
            send_code(purpose=LOGIN, phone=phone)

        with pytest.raises(SmsTooOften):
            send_code(purpose=LOGIN, phone=(one_more := new_phone()))

    assert not VerificationCode.objects.filter(phone_hash=blind_index(one_more, purpose="code")).exists()
    send_code(purpose=LOGIN, phone=one_more)  # from elsewhere


def test_what_certainly_was_not_sent_is_not_counted(sandbox, phone, settings):
    settings.CODE_CAPS = CODE_CAPS
    settings.SMS = {**settings.SMS, "url": "http://127.0.0.1:9"}
    with pytest.raises(SmsUnavailable):
        send_code(purpose=LOGIN, phone=phone)

    settings.SMS = {**configured.SMS, "url": sandbox.base_url}
    send_code(purpose=LOGIN, phone=phone)

    assert len(sandbox.messages(phone)) == 1


def test_a_code_whose_sending_nobody_knows_is_good_when_it_arrives(sandbox, phone):
    sandbox.fault("error_after", path="/sms", times=1)

    with pytest.raises(SmsUnavailable):
        send_code(purpose=LOGIN, phone=phone)

    spend_code(purpose=LOGIN, phone=phone, code=sandbox.sms_code(phone))


@pytest.mark.parametrize("text", ["", "12345", "075512345678", "１３８"])
def test_what_is_no_phone_gets_no_code(text):
    with pytest.raises(NotAPhone):
        send_code(purpose=LOGIN, phone=text)
    with pytest.raises(NotAPhone):
        spend_code(purpose=LOGIN, phone=text, code="000000")
