"""Every request passes the published checks in their order; only 2xx answers are signed."""

import pytest
import requests
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from wallet_project.sandbox.signing import answer_message, is_signed, pay_message, request_message, sign
from wallet_project.sandbox.tests.merchant import new_number
from wallet_project.sandbox.tests.vectors import ANSWER, PAY, REQUEST

MALFORMED = "Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》"


def test_the_published_request_vector_is_signed_alike():
    key = load_pem_private_key(REQUEST["private_key"].encode(), password=None)

    message = request_message(
        method="POST",
        url=REQUEST["url"],
        timestamp=REQUEST["timestamp"],
        nonce=REQUEST["nonce"],
        body=REQUEST["body"].encode(),
    )

    assert sign(key=key, message=message) == REQUEST["signature"]


def test_the_published_pay_vector_is_verified():
    message = pay_message(
        appid=PAY["appid"], timestamp=PAY["timestamp"], nonce=PAY["nonce"], package=PAY["package"]
    )
    key = load_pem_public_key(PAY["public_key"].encode())

    assert is_signed(key=key, message=message, signature=PAY["signature"])
    assert not is_signed(key=key, message=message + b" ", signature=PAY["signature"])


def test_the_published_answer_vector_is_verified():
    message = answer_message(
        timestamp=ANSWER["timestamp"], nonce=ANSWER["nonce"], body=ANSWER["body"].encode()
    )
    key = load_pem_public_key(ANSWER["public_key"].encode())

    assert is_signed(key=key, message=message, signature=ANSWER["signature"])


def test_a_good_answer_is_signed_by_the_key_that_was_named(merchant, sandbox):
    platform = sandbox.credentials["platform_serial"]

    by_public_key = merchant.prepay(merchant.order())
    by_certificate = merchant.prepay(merchant.order(), headers={"Wechatpay-Serial": platform})

    assert by_public_key.headers["Wechatpay-Serial"] == sandbox.credentials["public_key_id"]
    assert by_certificate.headers["Wechatpay-Serial"] == platform
    assert merchant.trusts(by_public_key.headers, by_public_key.content)
    assert merchant.trusts(by_certificate.headers, by_certificate.content)


def test_an_empty_answer_is_signed_too(merchant):
    order = merchant.order()
    merchant.prepay(order)

    closed = merchant.close(order["out_trade_no"])

    assert (closed.status_code, closed.content) == (204, b"")
    assert merchant.trusts(closed.headers, b"")


def test_an_unknown_key_name_is_refused(merchant):
    refused = merchant.prepay(merchant.order(), headers={"Wechatpay-Serial": "PUB_KEY_ID_0000"})

    assert_refused(refused, 400, "PARAM_ERROR", "平台证书序列号Wechatpay-Serial错误")


@pytest.mark.parametrize("missing", [{"Accept": None}, {"User-Agent": ""}])
def test_headers_are_checked_before_the_signature(merchant, missing):
    refused = merchant.call("GET", "/v3/certificates", headers={"Authorization": "nonsense"} | missing)

    assert_refused(refused, 400, "INVALID_REQUEST", "Http头缺少Accept或User-Agent")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (None, MALFORMED),
        ("WECHATPAY2-SHA256-RSA2048", MALFORMED),
        ('WECHATPAY2-SHA256-RSA2048 mchid="1"', MALFORMED),
        ('Bearer mchid="1"', "HTTP头Authorization认证类型不正确"),
    ],
)
def test_a_malformed_authorization_is_refused(merchant, given, message):
    refused = merchant.call("GET", "/v3/certificates", headers={"Authorization": given})

    assert_refused(refused, 401, "SIGN_ERROR", message)


def test_orders_word_a_missing_signature_differently(merchant):
    refused = merchant.prepay(merchant.order(), headers={"Authorization": None})

    assert_refused(refused, 401, "SIGN_ERROR", "签名信息错误，验签失败")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"timestamp": "1554208460", "serial_no": "0" * 40}, "的时间不得超过5分钟"),
        ({"serial_no": "0" * 40, "signature": "AAAA"}, "商户证书序列号有误"),
        ({"mchid": "1900000001"}, "商户证书序列号有误"),
        ({"signature": "AAAA"}, "错误的签名，验签失败"),
        ({"signature": "not base64"}, "错误的签名，验签失败"),
    ],
)
def test_time_then_serial_then_signature_are_checked(merchant, changed, message):
    url = f"/v3/refund/domestic/refunds/{new_number()}"

    authorization = merchant.authorization("GET", url, "", **changed)
    refused = merchant.call("GET", url, headers={"Authorization": authorization})

    assert refused.status_code == 401
    assert refused.json()["code"] == "SIGN_ERROR"
    assert message in refused.json()["message"]
    assert "Wechatpay-Signature" not in refused.headers


def test_a_body_changed_on_the_way_is_refused(merchant):
    order = merchant.order()
    authorization = merchant.authorization("POST", "/v3/pay/transactions/jsapi", "{}")

    refused = merchant.prepay(order, headers={"Authorization": authorization})

    assert_refused(refused, 401, "SIGN_ERROR", "错误的签名，验签失败")
    assert refused.json()["detail"]["detail"] == {"issue": "sign not match"}
    assert merchant.query(order["out_trade_no"]).status_code == 404


def test_a_number_that_must_be_escaped_is_signed_as_sent(merchant):
    order = merchant.order(out_trade_no="A|b*c-d_1234")
    merchant.prepay(order)

    assert merchant.query("A%7Cb%2Ac-d_1234").json()["out_trade_no"] == "A|b*c-d_1234"
    assert merchant.query("A%7Cb*c-d_1234").json()["out_trade_no"] == "A|b*c-d_1234"


def test_unknown_paths_and_methods_are_empty(sandbox):
    lost = requests.get(f"{sandbox.base_url}/v3/nowhere", timeout=5)
    wrong = requests.get(f"{sandbox.base_url}/v3/pay/transactions/jsapi", timeout=5)

    assert (lost.status_code, lost.content) == (404, b"")
    assert (wrong.status_code, wrong.content) == (405, b"")


def assert_refused(response, status, code, message):
    assert response.status_code == status
    assert (response.json()["code"], response.json()["message"]) == (code, message)
    assert not [name for name in response.headers if name.lower().startswith("wechatpay-")]
