"""Finding somebody to pay, and not finding anybody by trying."""

from datetime import timedelta

import pytest
from django.db.transaction import atomic

from accounts.models import User, UserStatus
from accounts.tests.factories import known_by_name
from wallet.errors import (
    NotInThisMode,
    PayeeCannotReceive,
    PayeeIsYourself,
    PayeeLookupsUsedUp,
    PayeeNotFound,
    PayeeTokenRefused,
    ReceiveCodeRefused,
    TextRefused,
)
from wallet.models import PayeeLookups
from wallet.selectors.payees import introduction_behind, payee_purpose
from wallet.services.freezes import freeze_wallet
from wallet.services.payees import choose_findable, payee_by_phone, payee_by_receive_code, receive_code
from wallet.services.wallets import close_wallet
from wallet.tests.factories import make_wallet
from wallet_project.kit import clock
from wallet_project.kit.tickets import make_ticket

pytestmark = pytest.mark.django_db

PHONE = "13800138000"


def owner_of(phone=PHONE, **fields):
    """Somebody with a wallet whom others can find."""
    wallet = make_wallet()
    user = wallet.user
    User.objects.filter(pk=user.pk).update(**{"nickname": "小娜", **fields})
    user.refresh_from_db()
    user.set_phone(phone, at=clock.now())
    user.save()
    return wallet


def close(wallet):
    with atomic():
        close_wallet(user_id=wallet.user_id, gives_up=0)


@pytest.fixture
def asker():
    return make_wallet().user_id


def test_somebody_is_found_by_their_phone(asker):
    wallet = owner_of()
    known_by_name(wallet.user)

    found = payee_by_phone(asker_id=asker, phone=PHONE)

    assert (found.hint.nickname, found.hint.name_masked, found.amount) == ("小娜", "欧*", None)
    known = introduction_behind(found.token, asker_id=asker, at=clock.now())
    payee = known.payee
    assert (payee.user_id, payee.wallet_id, payee.shown) == (wallet.user_id, wallet.pk, "小娜（欧*）")
    assert payee.counterparty == f"user:{wallet.user.uid}"
    assert known.payer.user_id == asker


def nobody():
    pass


def hidden():
    choose_findable(user_id=owner_of().user_id, findable_by_phone=False)


def frozen():
    owner_of(status=UserStatus.FROZEN)


def without_a_wallet():
    user = User.objects.create_user()
    user.set_phone(PHONE, at=clock.now())
    user.save()


def a_closed_wallet():
    close(owner_of())


def of_the_staff():
    owner_of(is_staff=True)


@pytest.mark.parametrize(
    "there_is", [nobody, hidden, frozen, without_a_wallet, a_closed_wallet, of_the_staff]
)
def test_whoever_is_not_found_is_not_found_in_the_same_way(asker, there_is, django_assert_num_queries):
    there_is()

    with django_assert_num_queries(2), pytest.raises(PayeeNotFound):  # the count, and one look
        payee_by_phone(asker_id=asker, phone=PHONE)

    assert PayeeLookups.objects.get(user=asker).total == 1


def test_the_phones_somebody_may_ask_about_in_a_day_are_counted(asker, settings, monkeypatch):
    settings.PAYEE_LOOKUPS_A_DAY = 3
    owner_of()
    for phone in ("13900000001", PHONE, "13900000002"):
        try:
            payee_by_phone(asker_id=asker, phone=phone)
        except PayeeNotFound:
            continue

    for phone in (PHONE, "13900000003"):
        with pytest.raises(PayeeLookupsUsedUp):
            payee_by_phone(asker_id=asker, phone=phone)
    assert PayeeLookups.objects.get(user=asker).total == 3

    tomorrow = clock.now() + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    assert payee_by_phone(asker_id=asker, phone=PHONE).hint.nickname == "小娜"


def test_nobody_pays_themselves():
    wallet = owner_of()

    with pytest.raises(PayeeIsYourself):
        payee_by_phone(asker_id=wallet.user_id, phone=PHONE)
    with pytest.raises(PayeeIsYourself):
        payee_by_receive_code(asker_id=wallet.user_id, code=receive_code(user_id=wallet.user_id).code)


def test_a_receive_code_says_whom_how_much_and_what_for(asker):
    wallet = owner_of()

    shown = receive_code(user_id=wallet.user_id, amount=3_000, remark="  午  饭 ")
    found = payee_by_receive_code(asker_id=asker, code=shown.code)

    assert (found.hint.nickname, found.amount, found.remark) == ("小娜", 3_000, "午 饭")
    assert introduction_behind(found.token, asker_id=asker, at=clock.now()).amount == 3_000
    assert not PayeeLookups.objects.exists()
    assert shown.code != receive_code(user_id=wallet.user_id, amount=3_000, remark="午饭").code


def test_a_receive_code_finds_whoever_does_not_wish_to_be_found_by_phone(asker):
    wallet = owner_of()
    choose_findable(user_id=wallet.user_id, findable_by_phone=False)

    assert payee_by_receive_code(asker_id=asker, code=receive_code(user_id=wallet.user_id).code)


def test_whoever_shows_a_code_can_be_paid_however_new_they_are(asker):
    newcomer = User.objects.create_user(nickname="小新")

    code = receive_code(user_id=newcomer.pk).code

    assert payee_by_receive_code(asker_id=asker, code=code).hint.nickname == "小新"


def test_a_receive_code_is_good_for_five_minutes(asker, monkeypatch):
    code = receive_code(user_id=owner_of().user_id).code
    later = clock.now() + timedelta(minutes=5)
    monkeypatch.setattr(clock, "now", lambda: later)

    with pytest.raises(ReceiveCodeRefused):
        payee_by_receive_code(asker_id=asker, code=code)


def test_a_closed_wallet_takes_nothing_and_a_frozen_one_still_does(asker):
    closed, frozen = owner_of("13800138001"), owner_of("13800138002")
    codes = [receive_code(user_id=wallet.user_id).code for wallet in (closed, frozen)]
    close(closed)
    freeze_wallet(wallet_id=frozen.pk, reason="公安协查")

    with pytest.raises(PayeeCannotReceive):
        payee_by_receive_code(asker_id=asker, code=codes[0])
    assert payee_by_receive_code(asker_id=asker, code=codes[1])


def test_a_token_is_good_for_its_asker_ten_minutes_and_paying(asker):
    wallet, now = owner_of(), clock.now()
    token = payee_by_phone(asker_id=asker, phone=PHONE).token
    code = receive_code(user_id=wallet.user_id).code

    for somebody, shown, at in (
        (wallet.user_id, token, now),
        (make_wallet().user_id, token, now),
        (asker, token, now + timedelta(minutes=11)),
        (asker, token[:-5] + "AAAAA", now),
        (asker, code, now),
    ):
        with pytest.raises(PayeeTokenRefused):
            introduction_behind(shown, asker_id=somebody, at=at)
    with pytest.raises(ReceiveCodeRefused):
        payee_by_receive_code(asker_id=asker, code=token)


def test_a_token_of_a_version_that_told_other_things_is_refused(asker):
    party = {"user_id": 1, "wallet_id": 1, "uid": "x", "shown": "小娜（欧*）"}
    until = clock.now() + timedelta(minutes=10)
    token = make_ticket(party, party, 0, "", purpose=payee_purpose(asker), until=until)

    with pytest.raises(PayeeTokenRefused):
        introduction_behind(token, asker_id=asker, at=clock.now())


def test_a_token_fits_its_field_whatever_the_two_are_called(asker):
    wallet = owner_of()
    User.objects.filter(pk__in=[asker, wallet.user_id]).update(nickname="\U0001f60a" * 20)
    known_by_name(wallet.user)

    assert len(payee_by_phone(asker_id=asker, phone=PHONE).token) < 1_200


def test_what_stands_in_a_code_is_nothing_to_be_ashamed_of():
    with pytest.raises(TextRefused):
        receive_code(user_id=make_wallet().user_id, amount=100, remark="赌 博")


def test_a_closed_loop_has_no_payees(asker, settings):
    settings.WALLET_MODE = "closed_loop"

    for refused in (
        lambda: payee_by_phone(asker_id=asker, phone=PHONE),
        lambda: payee_by_receive_code(asker_id=asker, code="AQAB"),
        lambda: receive_code(user_id=asker),
    ):
        with pytest.raises(NotInThisMode):
            refused()
    assert not PayeeLookups.objects.exists()
