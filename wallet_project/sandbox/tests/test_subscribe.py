"""Subscribe messages: let through one by one, filled as the template says, told of afterwards."""

import pytest
import requests

from wallet_project.sandbox.tests.merchant import receiving

MONEY = "Sbx0money_AccountChangeNotice_000000000001"
PERSON = "oAlice_of_the_wallet"
DATA = {
    "amount1": {"value": "¥12.50"},
    "thing2": {"value": "付款"},
    "time3": {"value": "2026年11月29日 15:01"},
    "thing4": {"value": "人民路店"},
}


@pytest.fixture
def send(sandbox):
    wish = {
        "grant_type": "client_credential",
        "appid": sandbox.credentials["appid"],
        "secret": sandbox.credentials["app_secret"],
    }
    asked = requests.post(f"{sandbox.base_url}/cgi-bin/stable_token", json=wish, timeout=5)
    token = asked.json()["access_token"]

    def send(**changed):
        body = {"touser": PERSON, "template_id": MONEY, "data": DATA, "page": "pages/home/index"} | changed
        address = f"{sandbox.base_url}/cgi-bin/message/subscribe/send"
        return requests.post(address, params={"access_token": token}, json=body, timeout=5).json()

    return send


def test_each_message_let_through_is_sent_once(sandbox, send):
    assert send()["errcode"] == 43101
    assert sandbox.subscribe(PERSON, MONEY)[MONEY] == "accept"
    assert sandbox.subscribe(PERSON, MONEY, answer="reject")[MONEY] == "reject"

    sent, again = send(), send()

    assert (sent["errcode"], again["errcode"]) == (0, 43101)
    [message] = sandbox.subscribe_messages(PERSON)
    assert message["msgid"] == sent["msgid"]
    assert message["values"] == {keyword: value["value"] for keyword, value in DATA.items()}
    assert sandbox.subscriptions(PERSON) == {MONEY: 0}


def test_whoever_refuses_takes_back_what_they_let_through(sandbox, send):
    sandbox.subscribe(PERSON, MONEY)

    assert sandbox.refuse_template(PERSON, MONEY)["left"] == {MONEY: 0}
    assert send()["errcode"] == 43101


@pytest.mark.parametrize(
    ("changed", "errcode"),
    [
        ({"touser": "somebody"}, 40003),
        ({"template_id": "unknown"}, 40037),
        ({"page": "/pages/home"}, 41030),
        ({"miniprogram_state": "release"}, 47001),
        ({"data": {name: DATA[name] for name in list(DATA)[:3]}}, 47003),
        ({"data": DATA | {"thing2": {"value": "一" * 21}}}, 47003),
        ({"data": DATA | {"amount1": {"value": "十二块"}}}, 47003),
        ({"data": DATA | {"time3": {"value": "明天"}}}, 47003),
        ({"data": DATA | {"phrase9": {"value": "成功"}}}, 47003),
        ({"data": DATA | {"thing4": {"value": "含敏感词"}}}, 45168),
    ],
)
def test_what_does_not_fit_uses_nothing_up(sandbox, send, changed, errcode):
    sandbox.subscribe(PERSON, MONEY)

    assert send(**changed)["errcode"] == errcode

    assert sandbox.subscriptions(PERSON) == {MONEY: 1}
    assert not sandbox.subscribe_messages(PERSON)


def test_a_banned_template_sends_nothing(sandbox, send):
    sandbox.choose_template("banned", "封禁", {"thing1": "内容"}, is_banned=True)

    assert send(template_id="banned")["errcode"] == 43107


def test_what_happens_is_pushed(sandbox, send):
    with receiving() as merchant:
        sandbox.push_to(merchant.url)
        sandbox.subscribe(PERSON, MONEY)
        send()
        sandbox.refuse_template(PERSON, MONEY)
        sandbox.wait_until_idle()

        assert len(merchant.received) == 3
        assert all(b"Encrypt" in got.body for got in merchant.received)


def test_the_page_shows_what_a_person_was_told_and_lets_them_allow_more(sandbox, send):
    sandbox.subscribe(PERSON, MONEY)
    send()

    page = requests.get(f"{sandbox.base_url}/sandbox/", timeout=5).text

    assert "人民路店" in page
    assert "允许订阅：账户变动提醒、业务进度通知、账户安全提醒" in page
    assert "拒收此类消息" in page
