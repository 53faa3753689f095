"""Tencent Cloud SMS, API SendSms of 2021-01-11."""

from django.conf import settings

from wallet_project.kit import clock
from wallet_project.kit.sms.messages import SmsFailed, TextMessage
from wallet_project.kit.sms.wire import as_json, ask
from wallet_project.kit.tencent import signed_headers


def send(message: TextMessage) -> None:
    """:raises SmsFailed: refused, or nobody knows"""
    ours = settings.SMS
    url = ours["url"] or "https://sms.tencentcloudapi.com"
    body = as_json(
        {
            "PhoneNumberSet": [message.e164],
            "SmsSdkAppId": ours["app_id"],
            "SignName": ours["sign_name"],
            "TemplateId": ours["templates"][message.template],
            "TemplateParamSet": list(message.params.values()),
        }
    )
    headers = signed_headers(
        url=url,
        service="sms",
        action="SendSms",
        version="2021-01-11",
        body=body,
        key_id=ours["key_id"],
        secret=ours["secret"],
        at=clock.now(),
    )
    headers["X-TC-Region"] = ours["region"]
    answer = ask("POST", f"{url}/", headers=headers, body=body).get("Response")
    if not isinstance(answer, dict):
        raise SmsFailed("an answer without Response", sent=True)
    if "Error" in answer:
        raise SmsFailed(str(answer["Error"].get("Code")), sent=False)
    statuses = answer.get("SendStatusSet")
    code = statuses[0].get("Code") if isinstance(statuses, list) and statuses else None
    if code != "Ok":
        raise SmsFailed(str(code), sent=code is None)
