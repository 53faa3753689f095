"""WeChat is asked what it thinks of whoever comes in; what it does not say stays as it was."""

from datetime import timedelta

import pytest

from accounts.models import SecurityFacts
from accounts.services.login import log_in
from wallet_project.kit import clock, context
from wallet_project.kit.models import Job

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("committed_db")]


@pytest.fixture
def newcomer(sandbox):
    minted = sandbox.login_code()

    def register():
        with context.acting(ip="203.0.113.7"):
            return log_in(code=minted["code"], device_id="d").user

    register.openid = minted["openid"]
    return register


def facts_of(user):
    return SecurityFacts.objects.filter(user=user).values_list("risk_rank", flat=True).first()


@pytest.mark.parametrize("rank", [0, 3])
def test_the_rank_of_a_newcomer_is_kept(sandbox, newcomer, outbox, rank):
    sandbox.risk_rank(newcomer.openid, rank)

    user = newcomer()
    assert not SecurityFacts.objects.filter(user=user).exists()  # the login waits for nobody
    outbox.deliver()

    assert facts_of(user) == rank


def test_who_comes_back_on_the_same_day_is_not_asked_about_again(sandbox, newcomer, outbox):
    newcomer()
    outbox.deliver()

    log_in(code=sandbox.login_code(newcomer.openid)["code"], device_id="d")

    assert not Job.objects.filter(task="accounts.ask_risk_rank").exists()


def test_who_comes_back_another_day_is_asked_about_again_and_silence_changes_nothing(
    sandbox, newcomer, outbox
):
    user = newcomer()
    outbox.deliver()
    sandbox.risk_rank(newcomer.openid, 4)

    for answered in (True, False):
        if not answered:
            sandbox.fault("errcode", path="/wxa/getuserriskrank", errcode=61010, times=1)
        SecurityFacts.objects.filter(user=user).update(risk_asked_at=clock.now() - timedelta(days=1))
        with context.acting(ip="203.0.113.7"):
            log_in(code=sandbox.login_code(newcomer.openid)["code"], device_id="d")
        outbox.deliver()

        assert facts_of(user) == 4
        assert SecurityFacts.objects.get(user=user).risk_asked_at > clock.now() - timedelta(minutes=1)


@pytest.mark.parametrize("errcode", [-1, 61010, 48001])
def test_what_wechat_does_not_say_is_unknown_and_not_asked_again(sandbox, newcomer, outbox, errcode):
    user = newcomer()
    sandbox.fault("errcode", path="/wxa/getuserriskrank", errcode=errcode, times=1)

    outbox.deliver()

    assert facts_of(user) is None
    assert SecurityFacts.objects.get(user=user).risk_asked_at is not None
    assert not Job.objects.filter(task="accounts.ask_risk_rank").exists()
