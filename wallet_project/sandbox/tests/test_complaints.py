"""Complaints keep the published rules: heard by number alone, read in full, answered and ended in order."""

import base64
import hashlib
import json

import pytest
import requests

URL = "/v3/merchant-service/complaints-v2"
ADDRESS = "/v3/merchant-service/complaint-notifications"
PICTURE = b"\x89PNG a picture"


@pytest.fixture
def paid(merchant, sandbox):
    order = merchant.order()
    sandbox.confirm(merchant.prepay(order).json()["prepay_id"], notify=False)
    return order["out_trade_no"]


@pytest.fixture
def filed(paid, sandbox):
    return sandbox.complain(paid, problem_type="REFUND", phone="13912345678", detail="没有收到货")[
        "complaint_id"
    ]


@pytest.fixture
def write(merchant):
    def write(complaint_id, deed, **body):
        if deed != "update-refund-progress":
            body["complainted_mchid"] = merchant.credentials["mchid"]
        return merchant.call("POST", f"{URL}/{complaint_id}/{deed}", body)

    return write


def steps_of(sandbox, complaint_id):
    return [step["kind"] for step in sandbox.complaint(complaint_id)["steps"]]


def test_the_merchant_hears_of_it_and_reads_it(merchant, sandbox, paid, receiver):
    assert merchant.call("POST", ADDRESS, {"url": receiver.url}).json()["url"] == receiver.url
    filed = sandbox.complain(paid, phone="13912345678", images=[base64.b64encode(PICTURE).decode()])
    [notice] = receiver.wait_for(1)
    envelope = json.loads(notice.body)

    said = json.loads(merchant.open(envelope["resource"]))
    told = merchant.call("GET", f"{URL}/{said['complaint_id']}").json()

    assert (envelope["event_type"], said["action_type"]) == ("COMPLAINT.CREATE", "CREATE_COMPLAINT")
    assert merchant.trusts(notice.headers, notice.body)
    assert told["complaint_id"] == filed["complaint_id"]
    assert (told["complaint_state"], told["user_complaint_times"]) == ("PENDING", 1)
    assert merchant.unseal(told["payer_phone"]) == "13912345678"
    assert (told["complaint_order_info"][0]["out_trade_no"], told["complaint_order_info"][0]["amount"]) == (
        paid,
        1_250,
    )
    [media] = told["complaint_media_list"]
    picture = merchant.call("GET", media["media_url"][0].removeprefix(merchant.base_url))
    assert picture.content == PICTURE
    assert "Wechatpay-Signature" not in picture.headers


def test_the_list_is_of_thirty_days_at_most_and_comes_in_pages(merchant, sandbox, paid):
    ids = [sandbox.complain(paid)["complaint_id"] for _ in range(3)]
    day = merchant.call("GET", f"{URL}/{ids[0]}").json()["complaint_time"][:10]
    asked = f"{URL}?begin_date={day}&end_date={day}"

    first, second = (merchant.call("GET", f"{asked}&limit=2&offset={n}").json() for n in (0, 2))
    too_long = merchant.call("GET", f"{URL}?begin_date=2026-01-01&end_date=2026-02-01")
    too_many = merchant.call("GET", f"{asked}&limit=51")

    assert [one["complaint_id"] for one in first["data"] + second["data"]] == ids[::-1]
    assert first["total_count"] == 3
    assert (too_long.status_code, too_many.status_code) == (400, 400)


def test_it_is_answered_then_ended_and_in_no_other_order(sandbox, filed, write):
    early = write(filed, "complete")
    answered = write(filed, "response", response_content="已为您登记")
    in_work = sandbox.complaint(filed)["state"]
    ended = write(filed, "complete")
    late = write(filed, "response", response_content="还有")

    assert (early.status_code, early.json()["code"]) == (400, "INVALID_REQUEST")
    assert (answered.status_code, answered.content, ended.status_code) == (204, b"", 204)
    assert (in_work, sandbox.complaint(filed)["state"]) == ("PROCESSING", "PROCESSED")
    assert late.status_code == 400
    assert steps_of(sandbox, filed) == [
        "USER_CREATE_COMPLAINT",
        "MERCHANT_RESPONSE",
        "MERCHANT_CONFIRM_COMPLETE",
    ]


@pytest.mark.parametrize(
    "body",
    [
        {"response_content": "字" * 201},
        {"response_content": "好", "response_images": ["a"] * 5},
        {"response_content": "好", "response_images": ["nobody has uploaded it"]},
        {"response_content": "好", "extra": 1},
        {},
    ],
)
def test_a_response_against_the_rules_is_refused(sandbox, filed, write, body):
    assert write(filed, "response", **body).status_code == 400
    assert steps_of(sandbox, filed) == ["USER_CREATE_COMPLAINT"]


def test_a_promised_refund_that_arrives_ends_it(merchant, sandbox, paid, filed, write):
    promised = write(filed, "update-refund-progress", action="APPROVE", launch_refund_day=0)
    again = write(filed, "update-refund-progress", action="REJECT", reject_reason="不退")
    merchant.refund(
        out_trade_no=paid, out_refund_no="R1", amount={"refund": 1_250, "total": 1_250, "currency": "CNY"}
    )
    sandbox.wait_until_idle()

    told = merchant.call("GET", f"{URL}/{filed}").json()
    assert (promised.status_code, again.status_code) == (204, 400)
    assert (told["complaint_state"], told["complaint_full_refunded"]) == ("PROCESSED", True)
    assert steps_of(sandbox, filed)[1:] == [
        "MERCHANT_APPROVE_REFUND",
        "COMPLAINT_FULL_REFUNDED_SYSTEM_MESSAGE",
    ]


def test_whoever_is_not_content_goes_on_and_calls_for_help(merchant, sandbox, filed, write):
    write(filed, "response", response_content="已处理")
    write(filed, "complete")
    sandbox.complaint_goes_on(filed, "continue", text="还是没有")
    sandbox.complaint_goes_on(filed, "escalate")

    told = merchant.call("GET", f"{URL}/{filed}").json()
    page = merchant.call("GET", f"{URL}/{filed}/negotiation-historys?limit=2").json()
    assert (told["complaint_state"], told["user_complaint_times"]) == ("PROCESSING", 2)
    assert told["in_platform_service"]
    assert [one["operate_type"] for one in page["data"]] == [
        "USER_APPLY_PLATFORM_SERVICE",
        "USER_CONTINUE_COMPLAINT",
    ]
    assert (page["total_count"], page["data"][1]["operate_details"]) == (5, "还是没有")


def test_of_an_uploaded_picture_meta_alone_is_signed(merchant):
    meta = json.dumps({"filename": "1.png", "sha256": hashlib.sha256(PICTURE).hexdigest()})
    url = "/v3/merchant-service/images/upload"

    def upload(content):
        return requests.post(
            merchant.base_url + url,
            files={"meta": (None, meta, "application/json"), "file": ("1.png", content, "image/png")},
            headers={
                "Accept": "application/json",
                "User-Agent": "merchant",
                "Authorization": merchant.authorization("POST", url, meta),
            },
            timeout=10,
        )

    taken, other = upload(PICTURE), upload(PICTURE + b"!")
    kept = merchant.call("GET", f"/v3/merchant-service/images/{taken.json()['media_id']}")

    assert (taken.status_code, other.status_code, kept.content) == (200, 400, PICTURE)
    assert merchant.trusts(taken.headers, taken.content)


def test_an_address_is_named_once_changed_and_taken_back(merchant):
    urls = [{"url": f"https://merchant.example/{name}"} for name in ("a", "b")]

    answers = [
        merchant.call("GET", ADDRESS),
        merchant.call("POST", ADDRESS, urls[0]),
        merchant.call("POST", ADDRESS, urls[1]),
        merchant.call("PUT", ADDRESS, urls[1]),
        merchant.call("DELETE", ADDRESS),
    ]

    assert [answer.status_code for answer in answers] == [404, 200, 400, 200, 204]
    assert answers[3].json()["url"] == urls[1]["url"]
