"""A notice tried out on a colleague, with the facts that its variables give as examples."""

import uuid

from django.db import transaction

from accounts.models import User
from accounts.selectors.staff import profile_of, staff_as_customers
from accounts.selectors.users import customers_with_phone
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.notifications.errors import ChannelNotUsed, NoTester
from wallet_project.notifications.models import NoticeText
from wallet_project.notifications.rules.catalogue import CATALOGUE
from wallet_project.notifications.rules.notices import ChannelKind
from wallet_project.notifications.rules.variables import as_kept, examples
from wallet_project.notifications.services.deliveries import begin_delivery
from wallet_project.notifications.services.sending import rendered


def try_notice(
    *, notice_id: int, language: str, channel: ChannelKind, staff_id: int, phone: str = ""
) -> None:
    """
    To the customer account of whoever has this phone (normalised), or of the member of staff who asks. It
    says that it is a trial, and goes as a real one does: it may wait for the morning.

    :raises NoTester: that is no account of a colleague's
    :raises ChannelNotUsed: the notice is not told over this one
    """
    text = NoticeText.objects.select_related("notice").get(notice=notice_id, language=language)
    notice, now = text.notice, clock.now()
    if channel not in notice.channels:
        raise ChannelNotUsed
    tester = _tester(staff_id, phone)
    variables = CATALOGUE[notice.code].variables
    with transaction.atomic():
        message = rendered(text, as_kept(variables, examples(variables)), at=now)
        message.user, message.key = tester, f"trial:{uuid.uuid4().hex}"
        message.title = f"【试发】{message.title}"[:80]
        message.in_inbox = channel == ChannelKind.INBOX
        message.save()
        begin_delivery(message, over=[channel], at=now)
        record_audit(
            action="notifications.notice.tried",
            subject=f"notice:{notice.code}",
            facts={"channel": channel, "user": tester.pk},
        )


def _tester(staff_id: int, phone: str) -> User:
    """
    :raises NoTester: none, or one who does not work here
    """
    if phone:
        tester = staff_as_customers().filter(pk__in=customers_with_phone(phone)).first()
    else:
        profile = profile_of(staff_id)
        tester = profile.customer if profile else None
    if tester is None:
        raise NoTester
    return tester
