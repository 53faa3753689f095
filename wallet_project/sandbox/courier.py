"""The one thread that carries callbacks and lets refunds, transfers and bills end, each in its time."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor

from django.db.models import Min

from wallet_project.sandbox.billers import settle_due as settle_bills
from wallet_project.sandbox.clock import clock
from wallet_project.sandbox.models import BillPayment, MerchantTransfer, Notice, NoticeState, Refund
from wallet_project.sandbox.notices import bell, claim_due, deliver, recover
from wallet_project.sandbox.refunds import settle_due
from wallet_project.sandbox.transfers import settle_due as settle_transfers

logger = logging.getLogger(__name__)

LONGEST_NAP = 5.0
HANDS = 8  # a slow receiver keeps one of them busy, not all


class Courier:
    def start(self) -> None:
        threading.Thread(target=self._work, name="courier", daemon=True).start()

    def _work(self) -> None:
        recover()
        with ThreadPoolExecutor(max_workers=HANDS, thread_name_prefix="courier") as hands:
            while True:
                bell.clear()
                try:
                    settle_due()
                    settle_transfers()
                    settle_bills()
                    for notice in claim_due():
                        hands.submit(_carry, notice)
                    nap = _until_next()
                except Exception:
                    logger.exception("sandbox.courier.failed")
                    nap = 1.0
                bell.wait(nap)


def _carry(notice: Notice) -> None:
    try:
        deliver(notice)
    except Exception:
        logger.exception("sandbox.notice.failed", extra={"event_id": notice.event_id})


def _until_next() -> float:
    waiting = Notice.objects.filter(state__in=[NoticeState.WAITING, NoticeState.HELD])
    dues = [
        waiting.aggregate(due=Min("due_at"))["due"],
        Refund.objects.filter(due_at__isnull=False).aggregate(due=Min("due_at"))["due"],
        MerchantTransfer.objects.aggregate(due=Min("due_at"))["due"],
        BillPayment.objects.aggregate(due=Min("due_at"))["due"],
        BillPayment.objects.aggregate(due=Min("reverse_at"))["due"],
    ]
    now = clock.now()
    return max(0.0, min([LONGEST_NAP, *((due - now).total_seconds() for due in dues if due is not None)]))


courier = Courier()
