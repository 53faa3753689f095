"""Stores and shop systems at the desk: who keeps them, and in what amounts are read."""

import pytest
from django.urls import reverse

from payments.models import ShopSystem
from payments.services.shops import create_shop_system

pytestmark = pytest.mark.django_db

TYPED = {"name": "网上商城", "is_active": "on", "refunds_at_once_up_to": "200.50", "ships_as": ""}


@pytest.fixture
def page() -> str:
    shop, _secret = create_shop_system(key_id="web-shop", name="网上商城")
    return reverse("admin:payments_shopsystem_change", args=[shop.pk])


def test_operations_keep_where_a_shop_is_told_and_whoever_looks_reads_yuan(log_in, page):
    told_at = "https://shop.example.com/hooks?from=wallet"

    answer = log_in("运营").post(page, TYPED | {"notify_url": told_at})

    assert answer.status_code == 302
    shop = ShopSystem.objects.get()
    assert (shop.notify_url, shop.refunds_at_once_up_to) == (told_at, 200_50)
    assert "200.50 元" in log_in("财务", name="wang").get(page).content.decode()


def test_operations_turn_a_shop_away_and_others_do_not(log_in, page):
    off = TYPED | {"notify_url": "", "is_active": ""}

    assert log_in("财务", name="wang").post(page, off).status_code == 403
    assert ShopSystem.objects.get().is_active
    assert log_in("运营").post(page, off).status_code == 302
    assert not ShopSystem.objects.get().is_active


@pytest.mark.parametrize(
    "wrong", [{"notify_url": "https://10.0.0.7/hooks"}, {"refunds_at_once_up_to": "500.01"}]
)
def test_no_shop_is_told_at_an_address_inside_or_lets_much_go_unseen(log_in, page, settings, wrong):
    settings.SHOPS_MAY_BE_LOCAL = False

    assert log_in("运营").post(page, TYPED | {"notify_url": ""} | wrong).status_code == 200

    shop = ShopSystem.objects.get()
    assert (shop.notify_url, shop.refunds_at_once_up_to) == ("", 0)
