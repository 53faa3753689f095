"""A red packet in the group: sent, opened by three, the rest back with its sender after a day."""

from datetime import timedelta

import pytest

from wallet.models import RedPacket
from wallet.services.red_packets import return_expired_red_packets
from wallet_project.kit import clock
from wallet_project.kit.testing.assertions import assert_error

pytestmark = pytest.mark.committed


@pytest.fixture
def new_member(new_customer, new_phone):
    """Somebody of the group: with a PIN, a phone and a name."""

    def make(nickname):
        member = new_customer()
        member.bind_phone(new_phone())
        member.session.patch(f"{member.base_url}me", json={"nickname": nickname}).raise_for_status()
        return member

    return make


@pytest.fixture
def sender(new_member, top_up):
    member = new_member("小满")
    top_up(member, 10_000)
    return member


def let_a_day_pass(number):
    """As far as this packet is concerned it was sent 25 hours ago."""
    packet = RedPacket.objects.get(number=number)
    RedPacket.objects.filter(pk=packet.pk).update(
        sent_at=packet.sent_at - timedelta(hours=25), expires_at=packet.expires_at - timedelta(hours=25)
    )


def total(member):
    return member.get("wallet").json()["total"]


def test_three_open_it_and_the_rest_returns(sender, new_member):
    group = [new_member(name) for name in ("阿青", "老王", "莉莉", "迟到的人")]

    sent = sender.post("wallet/red-packets", {"kind": "lucky", "amount": 1_000, "count": 5})
    assert sent.status_code == 201, sent.text
    token = sent.json()["token"]
    assert total(sender) == 9_000
    answers = [member.post(f"wallet/red-packets/{token}/open") for member in group[:3]]

    got = [answer.json()["mine"]["amount"] for answer in answers]
    assert [total(member) for member in group[:3]] == got
    shown = sender.get(f"wallet/red-packets/{token}").json()
    assert [line["name"] for line in shown["shares"]["items"]] == ["莉*", "老*", "阿*"]
    assert [line["amount"] for line in shown["shares"]["items"]] == got[::-1]
    assert (shown["red_packet"]["opened_count"], shown["red_packet"]["opened_amount"]) == (3, sum(got))

    let_a_day_pass(sent.json()["number"])
    assert_error(group[3].post(f"wallet/red-packets/{token}/open"), 409, "RED_PACKET_EXPIRED")
    return_expired_red_packets()

    assert total(sender) == 10_000 - sum(got)
    assert sender.get(f"wallet/red-packets/{token}").json()["red_packet"]["state"] == "EXPIRED"
    back, out = sender.get("wallet/records").json()["items"][:2]
    assert (back["kind"], back["amount"]) == ("red_packet_back", 1_000 - sum(got))
    assert (out["kind"], out["amount"], out["reference"]) == ("red_packet_out", 1_000, sent.json()["number"])
    [received] = group[0].get("wallet/red-packets/received").json()["items"]
    assert (received["amount"], received["red_packet"]["from_name"]) == (got[0], "小*")


def test_everybody_at_once_and_two_too_many(sender, new_member, in_parallel):
    group = [new_member(f"群友{number}") for number in range(6)]
    sent = sender.post("wallet/red-packets", {"kind": "lucky", "amount": 400, "count": 4}).json()

    answers = in_parallel(
        [lambda member=member: member.post(f"wallet/red-packets/{sent['token']}/open") for member in group]
    )

    assert sorted(answer.status_code for answer in answers) == [200] * 4 + [409] * 2
    assert sum(total(member) for member in group) == 400
    for answer in answers:
        if answer.status_code == 409:
            result = assert_error(answer, 409, "RED_PACKET_FINISHED")["result"]
            assert sum(line["amount"] for line in result["shares"]["items"]) == 400
            assert [line["is_luckiest"] for line in result["shares"]["items"]].count(True) == 1


def test_a_friend_is_found_by_phone_and_gets_one_of_their_own(sender, new_member, settled):
    friend = new_member("阿青")
    settled()  # a newcomer's wallet is opened by what their registration tells
    payee = sender.post("wallet/payees", {"phone": friend.phone}).json()["payee_token"]

    sent = sender.post(
        "wallet/red-packets",
        {"kind": "fixed", "amount": 520, "count": 1, "greeting": "生日快乐", "payee_token": payee},
    ).json()

    assert (sent["to_name"], sent["greeting"]) == ("阿*", "生日快乐")
    assert_error(sender.post(f"wallet/red-packets/{sent['token']}/open"), 403, "RED_PACKET_NOT_FOR_YOU")
    assert friend.post(f"wallet/red-packets/{sent['token']}/open").json()["mine"]["amount"] == 520
    assert sender.get(f"wallet/red-packets/{sent['token']}").json()["red_packet"]["state"] == "FINISHED"


def test_nobody_leaves_while_their_red_packet_is_open(sender):
    sender.post("wallet/red-packets", {"kind": "lucky", "amount": 1_000, "count": 2})
    today = clock.iso(clock.now())[:10]

    [blocker] = [
        each for each in sender.get("me/closure").json()["blockers"] if each["code"] == "RED_PACKETS_OPEN"
    ]

    assert (blocker["amount"], blocker["where"]) == (1_000, "/api/v1/wallet/red-packets")
    [sent] = sender.get("wallet/red-packets").json()["items"]
    assert sent["sent_at"].startswith(today)
