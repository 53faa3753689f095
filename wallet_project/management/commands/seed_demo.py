"""A small believable town: staff of every role, stores, a shop system, people with the mini-program."""

import json
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import StepUpPolicy, User
from accounts.rules.step_up import OperationKind, Risk
from accounts.selectors.staff import authenticator_of
from accounts.services.second_factors import install_authenticator
from accounts.services.staff import hire
from accounts.services.step_up_policies import propose_policy_change
from payments.models import Biller, ShopSystem, Store
from payments.services.shops import create_shop_system
from wallet_project.approvals.models import Proposal
from wallet_project.kit import clock
from wallet_project.management.demo_agents import seat_agents
from wallet_project.management.demo_campaigns import run_campaigns
from wallet_project.management.demo_coupons import offer_coupons
from wallet_project.management.demo_desk import furnish_desk
from wallet_project.management.demo_marketing import know_as_customer, look_for_audiences
from wallet_project.management.demo_past import live_through
from wallet_project.management.demo_points import offer_points
from wallet_project.management.demo_referrals import offer_referrals
from wallet_project.management.demo_staff import STAFF, authenticator_secret_of, password_of
from wallet_project.management.demo_templates import choose_templates
from wallet_project.management.demo_tickets import open_tickets
from wallet_project.management.demo_voice import ask_customers
from wallet_project.staff import make_groups

STORES = (
    {"code": "renmin", "name": "人民路店", "address": "人民路 128 号"},
    {"code": "binjiang", "name": "滨江店", "address": "滨江大道 9 号 1 层"},
    {"code": "laojie", "name": "老街店", "address": "老街 36 号（装修中）", "is_open": False},
)
# Whom the sandbox's platform carries bills to.
BILLERS = (
    {"code": "card", "name": "信用卡还款", "kind": "CREDIT_CARD"},
    {"code": "power", "name": "城市供电公司", "kind": "ELECTRICITY"},
    {"code": "water", "name": "城市自来水公司", "kind": "WATER"},
    {"code": "gas", "name": "城市燃气公司", "kind": "GAS"},
    {"code": "phone", "name": "话费充值", "kind": "PHONE"},
)
SHOP_KEY_ID = "demo-shop"
# 运营 is known to us, who tries out on their own telephone what others will be sent.
COLLEAGUE = {"name": "运营本人", "openid": "oDemoWallet_YunYing_00000004", "phone": "13800138004"}
# WeChat knows them, we do not until they log in: the sandbox makes a login code for an openid.
CUSTOMERS = [
    {"name": "林小满", "openid": "oDemoWallet_LinXiaoman_00001", "phone": "13800138001"},
    {"name": "陈一鸣", "openid": "oDemoWallet_ChenYiming_00002", "phone": "13800138002"},
    {"name": "周若溪", "openid": "oDemoWallet_ZhouRuoxi_000003", "phone": "13800138003"},
    COLLEAGUE,
]


class Command(BaseCommand):
    help = "Write the demo's staff, stores and shop system; harmless when repeated. Never in production."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--past", action="store_true", help="and four weeks of people looking around")
        parser.add_argument("--json", action="store_true", help="tell logins and keys as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.ENVIRONMENT == "production":
            raise CommandError("demo logins have no place in production")
        groups = make_groups()
        staff = [_member(role, username, groups[role]) for username, role in STAFF.items()]
        for store in STORES:
            Store.objects.get_or_create(code=store["code"], defaults=store)
        for biller in BILLERS:
            Biller.objects.get_or_create(code=biller["code"], defaults=biller)
        colleagues = User.objects.filter(username__in=STAFF)
        furnish_desk(
            owner=colleagues.get(username="risk"),
            colleagues=list(colleagues),
            today=clock.business_day(clock.now()),
        )
        offer_points(since=clock.start_of_day(clock.now()))
        offer_coupons(since=clock.start_of_day(clock.now()))
        run_campaigns(since=clock.start_of_day(clock.now()))
        offer_referrals(since=clock.start_of_day(clock.now()))
        ask_customers(since=clock.start_of_day(clock.now()))
        choose_templates()
        know_as_customer(
            colleague=colleagues.get(username="ops"), openid=COLLEAGUE["openid"], phone=COLLEAGUE["phone"]
        )
        look_for_audiences()
        seat_agents(agents=list(colleagues.filter(username__in=["support", "lead"])))
        open_tickets(agent=colleagues.get(username="support"))
        if options["past"]:
            live_through(today=clock.business_day(clock.now()))
        _something_to_decide(maker=colleagues.get(username="risk"))
        told = {
            "staff": staff,
            "customers": CUSTOMERS,
            "merchant_api": {"key_id": SHOP_KEY_ID, "secret": _shop_secret()},
        }
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        else:
            for member in staff:
                self.stdout.write(f"{member['role']}  {member['username']} / {member['password']}")


def _member(role: str, username: str, group: Group) -> dict[str, str]:
    """Someone with this role, who from now on logs in with what is told."""
    password = password_of(username)
    user = User.objects.filter(username=username).first()
    if user is None:
        user, _password = hire(
            username=username, name=role, employee_no=f"DEMO-{username}", password=password
        )
    elif not user.check_password(password):
        user.set_password(password)
        user.save(update_fields=["password"])
    if authenticator_of(user.pk) is None:
        install_authenticator(staff_id=user.pk, secret=authenticator_secret_of(username))
    user.groups.set([group])
    return {"role": role, "username": username, "password": password}


def _something_to_decide(*, maker: User) -> None:
    """One proposal that waits for the second of 风控; once, whatever became of it."""
    if Proposal.objects.filter(kind="accounts.step_up_policy").exists():
        return
    policy = StepUpPolicy.objects.filter(
        kind=OperationKind.ORDER_PAY, risk=Risk.LOW, day_up_to__isnull=False
    ).latest("day_up_to")
    propose_policy_change(
        policy=policy,
        factors=policy.factors,
        amount_up_to=policy.amount_up_to,
        day_up_to=(policy.day_up_to or 0) // 2,
        reason="节后收紧单日余额支付上限",
        maker_id=maker.pk,
    )


def _shop_secret() -> str:
    shop = ShopSystem.objects.filter(key_id=SHOP_KEY_ID).first()
    return shop.secret if shop else create_shop_system(key_id=SHOP_KEY_ID, name="演示商城")[1]
