"""Merchant transfers at the sandbox: taken, cancelled, refused, unknown."""

import pytest

from payments.gateways.wechat.errors import TransferMissing, UnreadableNotice, WeChatRefused, WeChatUnknown
from payments.gateways.wechat.messages import transfer_notice
from payments.gateways.wechat.transfers import Scene, cancel_transfer, create_transfer, query_transfer
from wallet_project.kit.money import Fen
from wallet_project.kit.serials import new_serial

OPENID = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"
SCENE = Scene(code="1000", reports={"活动名称": "余额提现", "奖励说明": "本人余额"}, remark="钱包提现")


@pytest.fixture(autouse=True)
def _money(wechat, merchant_money):
    """The merchant has something to give away."""


@pytest.fixture
def ask(wechat):
    def ask(number, amount=400, **changed):
        appid = wechat.credentials["appid"]
        given = {"appid": appid, "openid": OPENID, "scene": SCENE, **changed}
        return create_transfer(number=number, amount=Fen(amount), **given)

    return ask


def test_it_waits_for_its_person_and_then_arrives(wechat, ask):
    number = new_serial("D")

    waiting = ask(number)
    wechat.take_transfer(waiting.package_info)
    wechat.wait_for_notices()
    final = query_transfer(number)

    assert (waiting.state, waiting.amount) == ("WAIT_USER_CONFIRM", None)
    assert (final.state, final.amount, final.openid) == ("SUCCESS", 400, OPENID)
    assert (final.bill_no, final.mchid) == (waiting.bill_no, wechat.credentials["mchid"])
    assert final.package_info is None


@pytest.mark.parametrize("kind", ["error_after", "unsigned", "signtest", "reset_after", "unknown_code_after"])
def test_one_that_was_accepted_unheard_is_found_by_its_number(wechat, ask, kind):
    number = new_serial("D")
    wechat.fault(kind, path="/v3/fund-app", times=3)

    with pytest.raises(WeChatUnknown):
        ask(number)
    wechat.clear_faults()

    assert query_transfer(number).amount == 400
    assert ask(number).package_info == wechat.transfer(number)["package_info"]
    assert len(wechat.transfers(out_bill_no=number)) == 1


def test_one_nobody_asked_for_is_missing(wechat):
    for question in (query_transfer, cancel_transfer):
        with pytest.raises(TransferMissing):
            question(new_serial("D"))


def test_the_same_number_with_other_contents_is_refused_and_ours_to_mend(ask):
    number = new_serial("D")
    ask(number)

    with pytest.raises(WeChatRefused) as refusal:
        ask(number, amount=500)

    assert (refusal.value.code, refusal.value.is_ours) == ("ALREADY_EXISTS", True)
    assert query_transfer(number).amount == 400


def test_an_empty_merchant_account_refuses_and_the_same_number_works_later(wechat, ask):
    number = new_serial("D")
    wechat.fault("transfer_not_enough")

    with pytest.raises(WeChatRefused) as refusal:
        ask(number)

    assert (refusal.value.code, refusal.value.is_ours) == ("NOT_ENOUGH", True)
    assert ask(number).state == "WAIT_USER_CONFIRM"


def test_what_is_confirmed_cannot_be_cancelled(wechat, ask):
    number = new_serial("D")
    wechat.take_transfer(ask(number).package_info)

    with pytest.raises(WeChatRefused) as refusal:
        cancel_transfer(number)

    assert (refusal.value.code, refusal.value.is_ours) == ("INVALID_REQUEST", False)


def test_what_is_not_confirmed_can(wechat, ask):
    number = new_serial("D")
    ask(number)

    begun = cancel_transfer(number)
    wechat.wait_for_notices()

    assert (begun.state, cancel_transfer(number).state) == ("CANCELING", "CANCELLED")
    assert query_transfer(number).state == "CANCELLED"


@pytest.mark.parametrize("mode", ["public_key", "certificate"])
def test_a_name_is_encrypted_for_the_key_that_the_request_names(wechat, ask, settings, mode):
    if mode == "certificate":
        settings.WECHAT = {**settings.WECHAT, "public_key": None}
    number = new_serial("D")

    assert ask(number, name="欧阳若溪").state == "WAIT_USER_CONFIRM"
    assert wechat.transfer(number)["user_name"] == "欧阳若溪"
    assert ask(number, name="欧阳若溪").state == "WAIT_USER_CONFIRM"


def test_both_spellings_of_the_merchant_are_read():
    said = {"out_bill_no": "D1", "transfer_bill_no": "133", "state": "FAIL", "fail_reason": "ACCOUNT_FROZEN"}

    assert {transfer_notice({**said, name: "16"}).mchid for name in ("mch_id", "mchid")} == {"16"}
    for wrong in ({"state": "DONE"}, {"transfer_amount": "1"}, {"transfer_bill_no": ""}):
        with pytest.raises(UnreadableNotice):
            transfer_notice({**said, **wrong})
