"""Payments at the sandbox, as rows of a test that is rolled back; and the day after, when bills are there."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

import pytest
from django.conf import settings

from accounts.models import User, WeChatIdentity
from payments.models import Payment
from payments.services.closing import query_unsure_payment
from payments.services.funding import start_top_up
from wallet_project.kit import clock
from wallet_project.kit.money import Fen
from wallet_project.sandbox.testing import LocalSandbox


@pytest.fixture
def today() -> date:
    return clock.business_day(clock.now())


@pytest.fixture
def wechat(sandbox: LocalSandbox, db: None) -> Iterator[LocalSandbox]:
    """The sandbox with an empty book, on the next day after ten o'clock."""
    sandbox.reset()
    yield sandbox
    sandbox.reset()


@pytest.fixture
def next_day(wechat: LocalSandbox) -> Callable[..., datetime]:
    """It becomes tomorrow, 10:15, for WeChat; the moment to hand to whoever asks what time it is."""

    def sleep(*, days: int = 1, at: timedelta = timedelta(hours=10, minutes=15)) -> datetime:
        now = datetime.now(clock.SHANGHAI)
        then = clock.start_of_day(now) + timedelta(days=days) + at
        wechat.reset_clock()
        wechat.advance((then - now).total_seconds())
        return then

    return sleep


@pytest.fixture
def top_up(wechat: LocalSandbox) -> Callable[..., Payment]:
    """Somebody pays at WeChat; `heard` False: we were never told."""

    def pay(amount: int = 12_34, *, heard: bool = True) -> Payment:
        person = User.objects.create(nickname="阿青")
        openid = wechat.login_code()["openid"]
        WeChatIdentity.objects.create(user=person, appid=settings.WECHAT["appid"], openid=openid)
        payment = start_top_up(payer_id=person.pk, amount=Fen(amount)).payment
        wechat.confirm(payment.prepay_id, notify=False)
        if heard:
            query_unsure_payment(number=payment.number)
        return Payment.objects.get(pk=payment.pk)

    return pay
