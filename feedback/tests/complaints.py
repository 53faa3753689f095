"""Complaints in WeChat, as they are when they have been read."""

import uuid
from typing import Any

from accounts.models import User
from feedback.models import Complaint, ComplaintTelling
from feedback.tests.factories import opened
from wallet_project.kit import clock


def complained(user: User | None = None, **columns: Any) -> Complaint:
    """About 12.50 yuan that its payer wants back; nobody has answered."""
    now = clock.now()
    who = {"user_id": user.pk} if user else {}
    complaint = Complaint(
        **{
            "complaint_id": f"2002018{uuid.uuid4().int % 10**20}",
            "ticket": opened(kind="COMPLAINT", channel="WECHAT", **who),
            "state": "PENDING",
            "problem": "申请退款",
            "paid": 12_50,
            "refund_wanted": 12_50,
            "complained_at": now,
            "noticed_at": now,
            "read_at": now,
            **columns,
        }
    )
    complaint.phone = "13912345678"
    complaint.save()
    return complaint


def told(complaint: Complaint) -> ComplaintTelling:
    """An answer that WeChat did not take."""
    now = clock.now()
    return ComplaintTelling.objects.create(
        complaint=complaint, kind="RESPONSE", text="已登记", state="REFUSED", made_at=now, ended_at=now
    )
