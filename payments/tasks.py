"""Doors for the workers: ids in, one call, harmless twice."""

from contextlib import suppress
from datetime import date, timedelta

from celery import shared_task

from payments.errors import ChannelUnavailable
from payments.gateways.wechat.certificates import refresh_certificates
from payments.services import (
    aml,
    bill_receipts,
    bill_sending,
    case_watch,
    closing,
    daily_closes,
    differences,
    inbox,
    orders,
    payees,
    pushes,
    receipts,
    refunds,
    risk_cases,
    risk_patterns,
    shipping,
    shop_notifications,
    transfer_sending,
    trips,
    withdrawals,
)
from wallet_project.kit import clock
from wallet_project.kit.jobs import job

AT_ONCE = 100


@job("payments.process_receipt")
def process_receipt(*, receipt_id: int, **_later: object) -> None:
    receipts.act_on_receipt(receipt_id=receipt_id)


@job("payments.push_refund")
def push_refund(*, number: str, **_later: object) -> None:
    refunds.push_refund(number=number)


@job("payments.push_transfer")
def push_transfer(*, number: str, **_later: object) -> None:
    transfer_sending.push_transfer(number=number)


@job("payments.end_withdrawal")
def end_withdrawal(*, number: str, **_later: object) -> None:
    withdrawals.end_withdrawal(number=number)


@job("payments.release_card")
def release_card(*, payee_id: int, **_later: object) -> None:
    payees.release_card(payee_id=payee_id)


@job("payments.process_bill_receipt")
def process_bill_receipt(*, receipt_id: int, **_later: object) -> None:
    bill_receipts.act_on_bill_receipt(receipt_id=receipt_id)


@job("payments.send_shop_notification")
def send_shop_notification(*, notification_id: int, **_later: object) -> None:
    shop_notifications.send_notification(notification_id=notification_id)


@shared_task(name="payments.send_shop_notifications")
def send_shop_notifications(**_later: object) -> None:
    for notification_id in shop_notifications.due_notifications(at=clock.now(), limit=AT_ONCE):
        send_shop_notification.delay(notification_id=notification_id)


@job("payments.process_push")
def process_push(*, receipt_id: int, **_later: object) -> None:
    pushes.act_on_push(receipt_id=receipt_id)


@job("payments.upload_shipment")
def upload_shipment(*, shipment_id: int, **_later: object) -> None:
    shipping.upload_shipment(shipment_id=shipment_id)


@shared_task(name="payments.upload_shipments")
def upload_shipments(**_later: object) -> None:
    for shipment_id in shipping.due_shipments(at=clock.now(), limit=AT_ONCE):
        upload_shipment.delay(shipment_id=shipment_id)


@shared_task(name="payments.process_waiting_receipts")
def process_waiting_receipts(**_later: object) -> None:
    """What was kept while callbacks were paused; what is younger has a job of its own."""
    act = {"wechat": process_receipt, "billers": process_bill_receipt, "push": process_push}
    before = clock.now() - timedelta(minutes=1)
    for receipt_id, source in inbox.waiting_receipts(received_before=before, limit=AT_ONCE):
        act[source].delay(receipt_id=receipt_id)


@shared_task(name="payments.watch_cases")
def watch_cases(**_later: object) -> None:
    case_watch.watch_cases(at=clock.now(), limit=AT_ONCE)


@shared_task(name="payments.watch_for_trips")
def watch_for_trips(**_later: object) -> None:
    trips.watch(at=clock.now())


@job("payments.reconcile_day", seconds=540)
def reconcile_day(*, day: str, **_later: object) -> None:
    daily_closes.reconcile_day(date.fromisoformat(day), at=clock.now())


@shared_task(name="payments.close_days")
def close_days(**_later: object) -> None:
    """From 10:15 on, until the bills of the day before are here; and what may still be put right."""
    for day in daily_closes.due_days(at=clock.now()):
        reconcile_day.delay(day=day.isoformat())
    for difference_id in differences.due_repairs(limit=AT_ONCE):
        repair_difference.delay(difference_id=difference_id)


@job("payments.repair_difference")
def repair_difference(*, difference_id: int, **_later: object) -> None:
    differences.repair_difference(difference_id=difference_id)


@shared_task(name="payments.push_bill")
def push_bill(*, number: str, **_later: object) -> None:
    bill_sending.push_bill(number=number)


@shared_task(name="payments.query_bills")
def query_bills(**_later: object) -> None:
    for number in bill_sending.due_bills(at=clock.now(), limit=AT_ONCE):
        push_bill.delay(number=number)


@shared_task(name="payments.query_payment")
def query_payment(*, number: str, **_later: object) -> None:
    closing.query_unsure_payment(number=number)


@shared_task(name="payments.close_payment")
def close_payment(*, number: str, **_later: object) -> None:
    with suppress(ChannelUnavailable):  # still live and still expired: the next sweep asks again
        closing.close_payment(number=number, reason="超时未支付")


@job("payments.end_review")
def end_review(*, number: str, **_later: object) -> None:
    risk_cases.end_review(number=number)


@shared_task(name="payments.look_for_patterns")
def look_for_patterns(**_later: object) -> None:
    risk_patterns.look_for_patterns()


@shared_task(name="payments.find_large_and_suspicious")
def find_large_and_suspicious(**_later: object) -> None:
    """Of yesterday."""
    aml.find_large_and_suspicious(clock.business_day(clock.now()) - timedelta(days=1))


@shared_task(name="payments.query_unsure_payments")
def query_unsure_payments(**_later: object) -> None:
    for number in closing.due_for_query(at=clock.now(), limit=AT_ONCE):
        query_payment.delay(number=number)


@shared_task(name="payments.query_open_refunds")
def query_open_refunds(**_later: object) -> None:
    for number in refunds.due_refunds(at=clock.now(), limit=AT_ONCE):
        push_refund.delay(number=number)


@shared_task(name="payments.query_transfers")
def query_transfers(**_later: object) -> None:
    now = clock.now()
    for number in transfer_sending.due_transfers(at=now, limit=AT_ONCE):
        push_transfer.delay(number=number)
    transfer_sending.remind_of_waiting(at=now, limit=AT_ONCE)


@shared_task(name="payments.close_expired")
def close_expired(**_later: object) -> None:
    now = clock.now()
    for number in closing.due_for_closing(at=now, limit=AT_ONCE):
        close_payment.delay(number=number)
    orders.close_expired_orders(at=now, limit=AT_ONCE)


@shared_task(name="payments.refresh_platform_certificates")
def refresh_platform_certificates(**_later: object) -> None:
    """New ones appear ten days before the old end; a merchant in public-key mode has none."""
    refresh_certificates()
