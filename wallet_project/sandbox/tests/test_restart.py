"""WeChat's memory outlives its process: the book, the keys, and the callbacks still to be sent."""

from wallet_project.sandbox.testing import running_sandbox
from wallet_project.sandbox.tests.merchant import Merchant


def test_a_restart_keeps_book_and_keys_and_goes_on_sending(tmp_path, receiver):
    receiver.answers = [500]
    with running_sandbox(tmp_path) as before:
        credentials = before.credentials
        merchant = Merchant(before.base_url, credentials)
        order = merchant.order(notify_url=receiver.url)
        before.confirm(merchant.prepay(order).json()["prepay_id"])
        before.wait_for_notices()
        book = before.book()

    with running_sandbox(tmp_path) as after:
        kept = (after.book(), after.credentials)
        told = Merchant(after.base_url, credentials).query(order["out_trade_no"])
        after.advance(15)
        after.wait_for_notices()
        [notice] = after.notices()

    assert kept == (book, credentials)
    assert told.json()["trade_state"] == "SUCCESS"
    assert [attempt["status"] for attempt in notice["attempts"]] == [500, 204]
