"""Send one text message through the vendor of the settings."""

from collections.abc import Mapping

from wallet_project.kit.sms.messages import SmsFailed
from wallet_project.kit.sms.sending import send_sms
from wallet_project.notifications.rules.deliveries import Outcome, Result


def send(*, phone: str, template: str, params: Mapping[str, str]) -> Outcome:
    """Once: no vendor recognises a repetition, so silence after sending is UNSURE."""
    try:
        send_sms(phone=phone, template=template, params=dict(params))
    except SmsFailed as failure:
        return Outcome(result=Result.UNSURE if failure.sent else Result.RETRY, why=str(failure)[:64])
    return Outcome(result=Result.SENT)
