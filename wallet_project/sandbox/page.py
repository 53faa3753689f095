"""`GET /sandbox/`: the page where one acts as the payer, and as the weather. It shows no secret."""

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from wallet_project.sandbox import bill_console, console
from wallet_project.sandbox.billers import BILLERS
from wallet_project.sandbox.clock import clock
from wallet_project.sandbox.faceid import WORDS
from wallet_project.sandbox.identity import keyring
from wallet_project.sandbox.models import (
    BillAccount,
    BillPayment,
    Complaint,
    FaceSession,
    LoginCode,
    MerchantTransfer,
    Notice,
    Order,
    Refund,
    RegistryAnswer,
    RegistryQuestion,
    SubscribeMessage,
    SubscribeTemplate,
    Subscription,
    TextMessage,
)
from wallet_project.sandbox.payer import close_expired
from wallet_project.sandbox.scenarios import (
    BILL_FAULTS,
    EARLY_FAULTS,
    LATE_FAULTS,
    NOTICE_MODES,
    REFUND_FAULTS,
    SUBSCRIBE_FAULTS,
    TRANSFER_FAULTS,
    scenarios,
)
from wallet_project.sandbox.subscribe import AT_ONCE

# The customers of `manage.py seed_demo`, written again: the island imports nobody.
DEMO_PERSONS = [
    {"name": "林小满", "openid": "oDemoWallet_LinXiaoman_00001", "phone": "13800138001"},
    {"name": "陈一鸣", "openid": "oDemoWallet_ChenYiming_00002", "phone": "13800138002"},
    {"name": "周若溪", "openid": "oDemoWallet_ZhouRuoxi_000003", "phone": "13800138003"},
    {"name": "运营本人", "openid": "oDemoWallet_YunYing_00000004", "phone": "13800138004"},
]
FAULTS = {
    "请求未生效": EARLY_FAULTS,
    "请求已生效": LATE_FAULTS,
    "退款": REFUND_FAULTS,
    "商家转账": TRANSFER_FAULTS,
    "缴费": BILL_FAULTS,
    "订阅消息": SUBSCRIBE_FAULTS,
}
KINDS = EARLY_FAULTS | LATE_FAULTS | REFUND_FAULTS | TRANSFER_FAULTS | BILL_FAULTS | SUBSCRIBE_FAULTS
KEY_MODES = {"public_key": "微信支付公钥", "certificate": "平台证书", "mixed": "灰度切换（轮流）"}
ROWS = 30


def page(request: HttpRequest) -> HttpResponse:
    """The whole page; `?live=1` only the part that changes, which the page asks for every two seconds."""
    close_expired()
    context = {
        "appid": keyring.appid,
        "mchid": keyring.mchid,
        "fault_groups": FAULTS,
        "notice_modes": NOTICE_MODES,
        "key_modes": KEY_MODES,
        "key_mode": keyring.mode,
        "serials": list(keyring.signers),
        "now": clock.now(),
        "ahead": round(clock.ahead),
        "notice_scale": clock.notice_scale,
        "book": console.book({}),
        "bill_book": bill_console.bill_book({}),
        "billers": BILLERS,
        "bills": [(BILLERS[bill.biller].name, bill) for bill in BillPayment.objects.order_by("-id")[:ROWS]],
        "bill_accounts": BillAccount.objects.order_by("-id")[:5],
        "persons": _persons(),
        "registry_words": WORDS,
        "scripted": RegistryAnswer.objects.order_by("-id")[:ROWS],
        "questions": RegistryQuestion.objects.order_by("-id")[:5],
        "faces": FaceSession.objects.filter(result="").order_by("-id")[:5],
        "orders": Order.objects.prefetch_related("transactions").order_by("-id")[:ROWS],
        "refunds": Refund.objects.select_related("transaction__order").order_by("-id")[:ROWS],
        "transfers": MerchantTransfer.objects.order_by("-id")[:ROWS],
        "complaints": Complaint.objects.prefetch_related("steps").order_by("-id")[:ROWS],
        "notices": Notice.objects.prefetch_related("attempts").order_by("-id")[:ROWS],
        "popups": _popups(),
        "subscriptions": Subscription.objects.filter(left__gt=0).order_by("-id")[:ROWS],
        "subscribe_messages": SubscribeMessage.objects.select_related("template").order_by("-id")[:ROWS],
        "messages": TextMessage.objects.order_by("-id")[:ROWS],
        "plans": [
            *(f"{KINDS[fault.kind]} ×{fault.times} {fault.path}" for fault in scenarios.faults),
            *(f"回调{NOTICE_MODES[mode.mode]} ×{mode.times}" for mode in scenarios.notice_modes),
        ],
    }
    return render(request, "sandbox/live.html" if "live" in request.GET else "sandbox/console.html", context)


def _persons() -> list[dict]:
    """The demo persons, then whoever was given a login code lately."""
    known = {person["openid"] for person in DEMO_PERSONS}
    recent = LoginCode.objects.exclude(openid__in=known).order_by("-id").values_list("openid", flat=True)[:20]
    return DEMO_PERSONS + [
        {"name": f"…{openid[-6:]}", "openid": openid, "phone": ""}
        for openid in list(dict.fromkeys(recent))[:3]
    ]


def _popups() -> list[dict]:
    """As many templates as one popup may ask for, then the rest."""
    known = list(SubscribeTemplate.objects.order_by("id"))
    return [
        {
            "words": "、".join(template.title for template in asked),
            "ids": json.dumps([template.template_id for template in asked]),
        }
        for asked in (known[at : at + AT_ONCE] for at in range(0, len(known), AT_ONCE))
    ]
