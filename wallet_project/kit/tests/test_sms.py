"""Text messages, by every provider, over HTTP against a sandbox that checks the vendors' signatures."""

import uuid
from hashlib import sha256

import pytest

from wallet_project.kit.sms import aliyun
from wallet_project.kit.sms.messages import SmsFailed
from wallet_project.kit.sms.sending import send_sms
from wallet_project.kit.tencent import canonical_request

VENDORS = ["tencent", "aliyun"]
PARAMS = {"operation": "登录", "code": "073521", "minutes": "5"}


@pytest.fixture
def phone():
    return f"139{uuid.uuid4().int % 10**8:08d}"


@pytest.fixture
def provider(settings, sandbox):
    """Send through this one from now on."""

    def use(name, **changed):
        settings.SMS = {
            **settings.SMS,
            "provider": name,
            "url": sandbox.base_url,
            "key_id": sandbox.credentials["appid"],
            "secret": sandbox.credentials["app_secret"],
            "sign_name": "示例钱包",
            "app_id": "1400000000",
            "templates": {"code": "1000001"},
            **changed,
        }

    return use


@pytest.mark.parametrize("name", ["sandbox", *VENDORS])
def test_a_message_reaches_the_phone(provider, sandbox, phone, name):
    provider(name)

    send_sms(phone=phone, template="code", params=PARAMS)

    (message,) = sandbox.messages(phone)
    assert message["vendor"] == name
    assert "073521" in message["text"]


@pytest.mark.parametrize("name", VENDORS)
def test_a_number_from_abroad_keeps_its_country(provider, sandbox, name):
    provider(name)
    phone = f"+8529{uuid.uuid4().int % 10**7:07d}"

    send_sms(phone=phone, template="code", params=PARAMS)

    assert len(sandbox.messages(phone)) == 1


@pytest.mark.parametrize("name", VENDORS)
@pytest.mark.parametrize(
    "changed", [{"secret": "another"}, {"key_id": "another"}, {"sign_name": ""}], ids=str
)
def test_what_a_vendor_refuses_was_certainly_not_sent(provider, sandbox, phone, name, changed):
    provider(name, **changed)

    with pytest.raises(SmsFailed) as failed:
        send_sms(phone=phone, template="code", params=PARAMS)

    assert failed.value.sent is False
    assert sandbox.messages(phone) == []


@pytest.mark.parametrize("name", ["sandbox", *VENDORS])
@pytest.mark.parametrize(("fault", "arrived"), [("reset", 0), ("error_after", 1), ("reset_after", 1)])
def test_an_answer_that_cannot_be_relied_on_may_have_been_sent(
    provider, sandbox, phone, name, fault, arrived
):
    provider(name)
    sandbox.fault(fault, times=1)

    with pytest.raises(SmsFailed) as failed:
        send_sms(phone=phone, template="code", params=PARAMS)

    assert failed.value.sent is True
    assert len(sandbox.messages(phone)) == arrived


def test_the_console_shows_the_message_and_the_log_does_not(provider, phone, capsys, caplog):
    provider("console")

    send_sms(phone=phone, template="code", params=PARAMS)

    assert "073521" in capsys.readouterr().err
    assert "073521" not in caplog.text


def test_tencents_canonical_request_is_as_in_its_documents():
    # doc 签名方法 v3: the example of DescribeInstances
    body = rb'{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}'

    request = canonical_request(host="cvm.tencentcloudapi.com", action="describeinstances", body=body)

    assert sha256(request.encode()).hexdigest() == (
        "7019a55be8395899b900fb5564e4200d984910f34794a27cb3fb7d10ff6a1e84"
    )


def test_aliyuns_signature_is_as_in_its_documents():
    # doc V3 版本请求体 & 签名机制: the example of RunInstances
    signed = {
        "host": "ecs.cn-shanghai.aliyuncs.com",
        "x-acs-action": "RunInstances",
        "x-acs-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "x-acs-date": "2023-10-26T10:22:32Z",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
        "x-acs-version": "2014-05-26",
    }
    query = aliyun.canonical_query(
        {"RegionId": "cn-shanghai", "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"}
    )

    told = aliyun.authorization(signed, query, "YourAccessKeyId", "YourAccessKeySecret")

    assert told.endswith("Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0")
