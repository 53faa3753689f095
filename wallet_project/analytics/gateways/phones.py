"""Tell the telephones of whoever is on call."""

from datetime import datetime

from django.conf import settings

from wallet_project.kit.sms.messages import SmsFailed
from wallet_project.kit.sms.sending import send_notice

_LONGEST = 40


def text_those_on_call(title: str, *, at: datetime) -> str:
    """
    Why nobody was reached, or "". One phone that has it is enough: trying again would repeat it there.

    At night a kill switch of customers' messages does not silence this.
    """
    said, reached = "no phone", False
    for phone in settings.ALERT_PHONES:
        try:
            send_notice(to=phone, template="alert", at=at, title=title[:_LONGEST])
            reached = True
        except SmsFailed as failure:
            said = str(failure)
    return "" if reached else said
