"""Red packets as the mini-program sees them."""

import json
import uuid

import pytest
from django.test import Client

from accounts.rules.kyc import KycLevel
from accounts.tests.factories import grant_of
from wallet.models import Journal, RedPacket, RedPacketShare
from wallet.services.red_packets import open_red_packet, return_expired_red_packets
from wallet.tests.dealings import somebody, token_for
from wallet.tests.factories import amounts_in
from wallet.tests.packets import member, members, send_packet
from wallet_project.kit import clock
from wallet_project.kit.testing.assertions import assert_error

pytestmark = pytest.mark.django_db

HOME = "/api/v1/wallet/red-packets"
WISH = {"kind": "lucky", "amount": 1_000, "count": 3, "greeting": "新年好"}


def get(person, path="", **query):
    return Client(headers=person.login.as_header()).get(HOME + path, query)


def post(person, path="", wish=None, *, key=None, grant=""):
    headers = {"Idempotency-Key": key or uuid.uuid4().hex, "Step-Up-Grant": grant, **person.login.as_header()}
    body = wish if isinstance(wish, str | bytes) else json.dumps(wish or {})
    return Client(headers=headers).post(HOME + path, body, content_type="application/json")


def open_it(person, packet, **options):
    return post(person, f"/{packet.token}/open", **options)


def sent_by(person):
    return RedPacket.objects.filter(sender=person.wallet)


def taken_by(packet, *people):
    for person in people:
        open_red_packet(user_id=person.id, token=packet.token)


@pytest.fixture
def sender():
    return member(10_000)


@pytest.fixture
def guest():
    return member(nickname="阿青")


def test_a_red_packet_is_sent_after_its_proof(sender):
    key = uuid.uuid4().hex
    asked = assert_error(post(sender, wish=WISH, key=key), 428, "STEP_UP_REQUIRED")
    assert asked["operation"] == "发红包 ¥10.00 3 个"
    assert amounts_in(sender.wallet) == {"principal": (10_000, 0)}

    grant = grant_of(asked["challenge_id"])
    sent, again = (post(sender, wish=WISH, key=key, grant=grant) for _ in range(2))

    assert sent.status_code == 201
    assert again.content == sent.content
    packet = sent.json()
    assert packet["token"].startswith(packet["number"])
    assert {name: packet[name] for name in ("kind_name", "audience", "from_name", "to_name")} == {
        "kind_name": "拼手气红包",
        "audience": "group",
        "from_name": "小*",
        "to_name": None,
    }
    assert (packet["state"], packet["opened_count"], packet["greeting"]) == ("OPEN", 0, "新年好")
    assert amounts_in(sender.wallet) == {"principal": (9_000, 0)}


def test_a_proof_is_for_this_red_packet_only(sender):
    asked = assert_error(post(sender, wish=WISH), 428, "STEP_UP_REQUIRED")
    grant = grant_of(asked["challenge_id"])

    for other in ({"amount": 1_001}, {"count": 4}, {"kind": "fixed", "count": 2}):
        assert_error(post(sender, wish={**WISH, **other}, grant=grant), 403, "STEP_UP_REFUSED")

    assert not sent_by(sender).exists()


def test_whoever_opens_it_sees_what_they_got(sender, guest):
    packet = send_packet(sender, amount=1_000, count=3)

    before = get(guest, f"/{packet.token}").json()
    opened = open_it(guest, packet)

    assert (before["can_open"], before["mine"], before["shares"]["items"]) == (True, None, [])
    assert opened.status_code == 200
    result = opened.json()
    share = RedPacketShare.objects.get(taken_by=guest.wallet)
    assert result["mine"]["amount"] == share.amount
    assert result["can_open"] is False
    assert result["luckiest"] is None
    [line] = result["shares"]["items"]
    assert line == {
        "name": "阿*",
        "amount": share.amount,
        "taken_at": clock.iso(share.taken_at),
        "is_luckiest": False,
        "is_me": True,
    }
    assert result["red_packet"]["opened_amount"] == share.amount
    assert get(guest, f"/{packet.token}").json() == result


def test_opening_it_again_is_the_same_answer_with_any_key(sender, guest):
    packet, key = send_packet(sender, amount=1_000, count=3), uuid.uuid4().hex

    first, replayed, another = (open_it(guest, packet, key=each) for each in (key, key, None))

    assert first.content == replayed.content == another.content
    assert replayed.headers["Idempotent-Replayed"] == "true"
    assert packet.shares.filter(taken_by__isnull=False).count() == 1


def test_who_comes_too_late_sees_who_was_faster(sender, guest):
    packet = send_packet(sender, amount=1_000, count=3)
    taken_by(packet, *members(3))

    too_late = assert_error(open_it(guest, packet), 409, "RED_PACKET_FINISHED")["result"]

    best = max(packet.shares.values_list("amount", flat=True))
    assert [line["is_luckiest"] for line in too_late["shares"]["items"]].count(True) == 1
    assert too_late["luckiest"]["amount"] == best
    assert too_late["red_packet"]["state_name"] == "已领完"
    assert too_late["mine"] is None
    assert amounts_in(guest.wallet) == {}


def test_the_luckiest_of_equals_is_the_first(sender):
    packet = send_packet(sender, amount=3, count=3)
    taken_by(packet, *members(3))

    lines = get(sender, f"/{packet.token}").json()["shares"]["items"]

    assert [line["is_luckiest"] for line in lines] == [False, False, True]


def test_where_everybody_gets_the_same_nobody_is_luckiest(sender):
    packet = send_packet(sender, amount=300, count=3, kind="fixed")
    taken_by(packet, *members(3))

    assert get(sender, f"/{packet.token}").json()["luckiest"] is None


def test_an_expired_red_packet_says_so(sender, guest):
    packet = send_packet(sender, amount=1_000, count=3)
    sent_by(sender).update(expires_at=clock.now())

    before = assert_error(open_it(guest, packet), 409, "RED_PACKET_EXPIRED")["result"]
    return_expired_red_packets()
    after = assert_error(open_it(guest, packet), 409, "RED_PACKET_EXPIRED")["result"]

    assert before["can_open"] is False
    assert after["red_packet"]["state_name"] == "已过期退回"


def test_a_packet_for_one_person_is_seen_by_two(sender, guest):
    stranger = member()
    packet = send_packet(sender, amount=520, kind="fixed", to=guest)
    missing = packet.token[:-1] + ("A" if packet.token[-1] != "A" else "B")

    for token in (packet.token, missing):
        for answer in (
            get(stranger, f"/{token}"),
            get(stranger, f"/{token}/shares"),
            post(stranger, f"/{token}/open"),
        ):
            assert_error(answer, 404, "NOT_FOUND")
    assert get(sender, f"/{packet.token}").json()["can_open"] is False
    assert_error(open_it(sender, packet), 403, "RED_PACKET_NOT_FOR_YOU")
    shown = get(guest, f"/{packet.token}").json()
    assert (shown["can_open"], shown["red_packet"]["to_name"]) == (True, "阿*")
    assert open_it(guest, packet).json()["mine"]["amount"] == 520


def test_a_payee_token_names_whom_it_is_for(sender, guest):
    wish = {"kind": "fixed", "amount": 520, "count": 1, "payee_token": token_for(sender, guest)}

    asked = assert_error(post(sender, wish=wish), 428, "STEP_UP_REQUIRED")
    sent = post(sender, wish=wish, grant=grant_of(asked["challenge_id"])).json()

    assert asked["operation"] == "发红包 ¥5.20 阿青"
    assert (sent["audience"], sent["to_name"]) == ("person", "阿*")
    assert sent_by(sender).get().receiver == guest.wallet


def test_the_shares_come_in_pages(sender, django_assert_num_queries):
    packet = send_packet(sender, amount=1_000, count=5)
    taken_by(packet, *members(5))
    drawn = list(packet.shares.order_by("-position").values_list("amount", flat=True))
    get(sender, f"/{packet.token}")  # the session is remembered

    # 1 packet and its people, 1 mine, 1 luckiest, 1 page
    with django_assert_num_queries(4):
        first = get(sender, f"/{packet.token}/shares", limit=3).json()
    second = get(sender, f"/{packet.token}/shares", limit=3, cursor=first["next_cursor"]).json()

    assert [line["amount"] for line in first["items"] + second["items"]] == drawn
    assert (first["has_more"], second["has_more"]) == (True, False)
    foreign = get(member(), f"/{packet.token}/shares", cursor=first["next_cursor"])
    assert_error(foreign, 400, "INVALID_INPUT")


def test_a_result_costs_the_same_whatever_its_size(sender, django_assert_num_queries):
    small, big = send_packet(sender, amount=1_000, count=1), send_packet(sender, amount=1_000, count=20)
    people = members(20)
    taken_by(small, people[0])
    taken_by(big, *people)
    get(sender)  # the session is remembered

    for packet in (small, big):
        with django_assert_num_queries(4):
            assert get(sender, f"/{packet.token}").json()["luckiest"]


def test_what_waits_for_me_alone_is_found_without_the_link(sender, guest, django_assert_num_queries):
    packets = [send_packet(sender, amount=each, kind="fixed", to=guest) for each in (100, 200, 300, 400)]
    send_packet(sender, amount=500, count=1)  # for a group: for whoever has the link
    open_it(guest, packets[1])
    sent_by(sender).filter(pk=packets[2].pk).update(expires_at=clock.now())

    with django_assert_num_queries(1):
        waiting = get(guest, "/waiting").json()["items"]

    assert [item["number"] for item in waiting] == [packets[3].number, packets[0].number]
    assert open_it(guest, packets[0]).json()["mine"]["amount"] == 100
    assert len(get(guest, "/waiting").json()["items"]) == 1
    assert get(sender, "/waiting").json()["items"] == get(member(), "/waiting").json()["items"] == []


def test_what_i_sent_newest_first(sender, guest, django_assert_num_queries):
    packets = [
        send_packet(sender, amount=100, count=1),
        send_packet(sender, amount=200, kind="fixed", to=guest),
    ]
    get(sender)

    with django_assert_num_queries(1):
        page = get(sender).json()

    assert [item["number"] for item in page["items"]] == [packets[1].number, packets[0].number]
    assert get(guest).json()["items"] == []


def test_what_i_received_in_the_order_in_which_i_opened_it(sender, guest, django_assert_num_queries):
    older, newer = send_packet(sender, amount=100, count=1), send_packet(sender, amount=200, count=1)
    taken_by(newer, guest)
    taken_by(older, guest)
    get(guest, "/received")

    with django_assert_num_queries(1):
        first = get(guest, "/received", limit=1).json()
    second = get(guest, "/received", limit=1, cursor=first["next_cursor"]).json()

    assert [page["items"][0]["amount"] for page in (first, second)] == [100, 200]
    assert first["items"][0]["red_packet"]["token"] == older.token
    assert first["items"][0]["red_packet"]["from_name"] == "小*"
    assert second["has_more"] is False
    assert get(sender, "/received").json()["items"] == []


HOSTILE_NUMBERS = [
    *("-1", "0", "1.0", "1.5", '"100"', "1e3", "true", "null", '"１００"', '"1_000"', '" 5 "'),
    *("NaN", "Infinity", "9223372036854775808", "1" + "0" * 5000, '"0x10"', "+1", "[100]", "{}"),
]


@pytest.mark.parametrize("field", ["amount", "count"])
@pytest.mark.parametrize("number", HOSTILE_NUMBERS)
def test_only_whole_numbers_in_range_are_amounts_and_counts(sender, field, number):
    body = json.dumps({**WISH, field: "@"}).replace('"@"', number)

    answer = post(sender, wish=body)

    assert answer.status_code == 400
    assert answer.json()["code"] in {"INVALID_INPUT", "MALFORMED_BODY"}
    assert not sent_by(sender).exists()


@pytest.mark.parametrize(
    "wish",
    [
        {"count": 101},
        {"amount": 20_000_01},
        {"kind": "free"},
        {"kind": None},
        {"greeting": None},
        {"greeting": ["新年好"]},
        {"greeting": "新年\u202e好"},
        {"greeting": "新年\u200b好"},
        {"greeting": "春" * 101},
        {"payee_token": 7},
        {"payee_token": "x" * 2_001, "kind": "fixed", "count": 1},
        {"payee_token": "AQAB", "count": 1},
        {"payee_token": "AQAB", "kind": "fixed"},
        {"sender_id": 1},
        {"state": "OPEN"},
        {"token": "mine"},
    ],
)
def test_what_makes_no_sense_is_refused(sender, wish):
    assert_error(post(sender, wish={**WISH, **wish}), 400, "INVALID_INPUT")

    assert not sent_by(sender).exists()


@pytest.mark.parametrize(
    ("wish", "status", "code"),
    [
        ({"amount": 2}, 400, "RED_PACKET_IMPOSSIBLE"),
        ({"amount": 60_001}, 400, "RED_PACKET_IMPOSSIBLE"),
        ({"kind": "fixed"}, 400, "RED_PACKET_IMPOSSIBLE"),
        ({"greeting": "春" * 26}, 400, "TEXT_REFUSED"),
        ({"greeting": "z\u0335\u0321\u0322a"}, 400, "TEXT_REFUSED"),
        ({"payee_token": "AQAB", "kind": "fixed", "count": 1}, 409, "PAYEE_TOKEN_REFUSED"),
        ({"amount": 10_001}, 409, "INSUFFICIENT_BALANCE"),
    ],
)
def test_what_cannot_be_is_refused_before_anybody_asks_for_a_pin(sender, wish, status, code):
    assert_error(post(sender, wish={**WISH, **wish}), status, code)

    assert not sent_by(sender).exists()
    assert amounts_in(sender.wallet) == {"principal": (10_000, 0)}


def test_an_empty_greeting_is_the_usual_one(sender):
    assert send_packet(sender, amount=100, greeting="  ").greeting == "恭喜发财，大吉大利"


def test_nul_and_lone_surrogates_never_arrive(sender):
    for escape in ("\\u0000", "\\ud800"):
        body = json.dumps({**WISH, "greeting": "@"}).replace("@", escape)
        assert post(sender, wish=body).status_code == 400


@pytest.mark.parametrize(
    "token",
    ["1", "H.1", "received.x", "%00", "%ED%A0%80", "a" * 5_000, "..%2F..%2Fme", "H261128%20", "１"],
)
def test_what_is_no_token_is_not_found(guest, token):
    for answer in (get(guest, f"/{token}"), get(guest, f"/{token}/shares"), post(guest, f"/{token}/open")):
        assert answer.status_code == 404


def test_in_a_closed_loop_there_are_no_red_packets(sender, guest, settings):
    packet = send_packet(sender, amount=100, count=1)
    settings.WALLET_MODE = "closed_loop"
    journals = Journal.objects.count()

    assert assert_error(post(sender, wish=WISH), 403, "NOT_IN_THIS_MODE") == {"move": "red_packet"}
    assert_error(open_it(guest, packet), 403, "NOT_IN_THIS_MODE")

    assert Journal.objects.count() == journals


def test_who_has_no_phone_is_told_to_bind_one(sender):
    packet, person = send_packet(sender, amount=100, count=1), somebody(level=KycLevel.NONE)

    assert_error(open_it(person, packet), 409, "PHONE_NOT_BOUND")
    person.user.set_phone("13700000001", at=clock.now())
    person.user.save()

    assert open_it(person, packet, key="the-same-key-as-before").json()["mine"]["amount"] == 100
