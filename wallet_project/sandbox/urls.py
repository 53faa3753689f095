"""The emulated hosts' paths at the root; everything of our own under `/sandbox/`."""

from django.http import HttpResponse
from django.urls import path

from wallet_project.sandbox import (
    bill_console,
    billers,
    bills,
    certificates,
    codes,
    complaint_console,
    complaints,
    console,
    faceid,
    login,
    page,
    payer,
    pushes,
    refunds,
    shipping,
    sms,
    soter,
    subscribe,
    transactions,
    transfer_console,
    transfers,
)
from wallet_project.sandbox.bill_door import door
from wallet_project.sandbox.control import control
from wallet_project.sandbox.v3 import v3, v3_file

TRANSACTIONS = "v3/pay/transactions"
REFUNDS = "v3/refund/domestic/refunds"
TRANSFERS = "v3/fund-app/mch-transfer/transfer-bills"
COMPLAINTS = "v3/merchant-service/complaints-v2"
BILLERS = "billers/v1"
API = "sandbox/api"

urlpatterns = [
    # api.mch.weixin.qq.com
    path("v3/certificates", v3(GET=certificates.certificates)),
    path("v3/security/echo", v3(POST=certificates.echo)),
    path(f"{TRANSACTIONS}/jsapi", v3(POST=transactions.prepay)),
    path(f"{TRANSACTIONS}/out-trade-no/<str:out_trade_no>", v3(GET=transactions.query_by_number)),
    path(f"{TRANSACTIONS}/out-trade-no/<str:out_trade_no>/close", v3(POST=transactions.close)),
    path(f"{TRANSACTIONS}/id/<str:transaction_id>", v3(GET=transactions.query_by_transaction)),
    path(REFUNDS, v3(POST=refunds.create_refund)),
    path(f"{REFUNDS}/<str:refund_id>/apply-abnormal-refund", v3(POST=refunds.apply_abnormal)),
    path(f"{REFUNDS}/<str:out_refund_no>", v3(GET=refunds.query_refund)),
    path(TRANSFERS, v3(POST=transfers.create_transfer)),
    path(f"{TRANSFERS}/out-bill-no/<str:out_bill_no>", v3(GET=transfers.query_by_number)),
    path(f"{TRANSFERS}/out-bill-no/<str:out_bill_no>/cancel", v3(POST=transfers.cancel)),
    path(f"{TRANSFERS}/transfer-bill-no/<str:transfer_bill_no>", v3(GET=transfers.query_by_bill)),
    path("v3/bill/tradebill", v3(GET=bills.apply_trade)),
    path("v3/bill/fundflowbill", v3(GET=bills.apply_fund_flow)),
    path("v3/billdownload/file", bills.download),
    path(COMPLAINTS, v3(GET=complaints.list_complaints)),
    path(f"{COMPLAINTS}/<str:complaint_id>", v3(GET=complaints.show_complaint)),
    path(f"{COMPLAINTS}/<str:complaint_id>/negotiation-historys", v3(GET=complaints.history)),
    path(f"{COMPLAINTS}/<str:complaint_id>/response", v3(POST=complaints.respond)),
    path(f"{COMPLAINTS}/<str:complaint_id>/complete", v3(POST=complaints.complete)),
    path(f"{COMPLAINTS}/<str:complaint_id>/update-refund-progress", v3(POST=complaints.refund_progress)),
    path(
        "v3/merchant-service/complaint-notifications",
        v3(
            POST=complaints.create_address,
            GET=complaints.show_address,
            PUT=complaints.change_address,
            DELETE=complaints.remove_address,
        ),
    ),
    path("v3/merchant-service/images/upload", v3(POST=complaints.upload_image)),
    path("v3/merchant-service/images/<str:media_id>", v3_file(complaints.download_image)),
    # api.weixin.qq.com
    path("sns/jscode2session", login.mini_program(login.code2session, method="GET")),
    path("cgi-bin/stable_token", login.mini_program(login.stable_token, method="POST")),
    path("cgi-bin/message/subscribe/send", login.mini_program(subscribe.send, method="POST")),
    path("cgi-bin/soter/verify_signature", login.mini_program(soter.verify_signature, method="POST")),
    path("wxa/business/getuserphonenumber", login.mini_program(login.phone_number, method="POST")),
    path("wxa/getwxacodeunlimit", login.mini_program(codes.unlimited, method="POST")),
    path("wxa/getuserriskrank", login.mini_program(login.risk_rank, method="POST")),
    path(
        "wxa/sec/order/upload_shipping_info",
        login.mini_program(shipping.upload, method="POST"),
    ),
    # sms.tencentcloudapi.com and dysmsapi.aliyuncs.com; a provider of our own, without a signature
    path("", sms.vendors),
    path("sms/messages", sms.plain),
    # faceid.tencentcloudapi.com
    path("faceid/", faceid.faceid),
    # a platform of billers (docs/biller_api.md)
    path(f"{BILLERS}/cards", door(POST=billers.bind_card)),
    path(f"{BILLERS}/cards/release", door(POST=billers.release_card)),
    path(f"{BILLERS}/bills/query", door(POST=billers.query_bill)),
    path(f"{BILLERS}/payments", door(POST=billers.pay)),
    path(f"{BILLERS}/payments/<str:number>", door(GET=billers.query_payment)),
    # our own
    path("sandbox/", page.page),
    path(f"{API}/login-codes", control(POST=login.mint_login_code)),
    path(f"{API}/soter", control(POST=soter.authenticate)),
    path(f"{API}/phone-codes", control(POST=login.mint_phone_code)),
    path(f"{API}/risk-ranks", control(POST=login.set_risk_rank)),
    path(f"{API}/sms", control(GET=sms.list_messages)),
    path(f"{API}/registry", control(GET=faceid.list_questions, POST=faceid.script_registry)),
    path(f"{API}/faces/<str:token>", control(POST=faceid.show_face)),
    path(f"{API}/payments", control(GET=payer.list_payments)),
    path(f"{API}/payments/<str:prepay_id>/confirm", control(POST=payer.confirm)),
    path(f"{API}/payments/<str:prepay_id>/cancel", control(POST=payer.cancel)),
    path(f"{API}/refunds", control(GET=console.list_refunds)),
    path(f"{API}/refunds/<str:out_refund_no>/finish", control(POST=console.finish_refund)),
    path(f"{API}/shippings", control(GET=shipping.list_shippings)),
    path(f"{API}/pushes", control(POST=pushes.push)),
    path(f"{API}/push-address", control(POST=pushes.set_address)),
    path(f"{API}/subscriptions", control(GET=subscribe.show_left, POST=subscribe.answer_popup)),
    path(f"{API}/subscriptions/refuse", control(POST=subscribe.refuse)),
    path(f"{API}/subscribe-templates", control(POST=subscribe.choose_template)),
    path(f"{API}/subscribe-messages", control(GET=subscribe.list_messages)),
    path(f"{API}/transfers", control(GET=transfer_console.list_transfers)),
    path(f"{API}/transfers/confirm", control(POST=transfer_console.confirm)),
    path(f"{API}/transfers/deny", control(POST=transfer_console.deny)),
    path(f"{API}/transfers/<str:out_bill_no>/end", control(POST=transfer_console.end_transfer)),
    path(f"{API}/wechat-names", control(POST=transfer_console.set_name)),
    path(
        f"{API}/complaints",
        control(GET=complaint_console.list_complaints, POST=complaint_console.file_complaint),
    ),
    path(f"{API}/complaints/<str:complaint_id>/<str:deed>", control(POST=complaint_console.go_on)),
    path(f"{API}/bills", control(GET=bill_console.list_payments)),
    path(f"{API}/bills/accounts", control(POST=bill_console.plan_account)),
    path(f"{API}/bills/book", control(GET=bill_console.bill_book)),
    path(f"{API}/bills/<str:number>/end", control(POST=bill_console.end_payment)),
    path(f"{API}/bills/<str:number>/deliver", control(POST=bill_console.deliver_payment)),
    path(
        f"{API}/faults",
        control(GET=console.list_faults, POST=console.plan_fault, DELETE=console.forget_faults),
    ),
    path(
        f"{API}/notices",
        control(GET=console.list_notices, POST=console.plan_notices, DELETE=console.forget_notice_modes),
    ),
    path(f"{API}/bill-differences", control(POST=bills.plant, DELETE=bills.forget_plants)),
    path(f"{API}/idle", control(GET=console.idle)),
    path(f"{API}/notices/forge", control(POST=console.forge)),
    path(f"{API}/notices/<int:notice_id>/resend", control(POST=console.resend)),
    path(f"{API}/clock", control(GET=console.show_clock, POST=console.move_clock)),
    path(f"{API}/keys", control(GET=console.show_keys, POST=console.switch_keys)),
    path(f"{API}/keys/rotate", control(POST=console.rotate_keys)),
    path(f"{API}/book", control(GET=console.book)),
    path(f"{API}/reset", control(POST=console.reset)),
]


def not_found(_request: object, exception: Exception) -> HttpResponse:
    """Unknown paths are 404 with an empty body, as on the real host."""
    return HttpResponse(status=404)


handler404 = "wallet_project.sandbox.urls.not_found"
