"""WeChat Pay twice: the sandbox as its own process, and one whose keys a test holds in its hand."""

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from payments.gateways.wechat import client, signing
from payments.gateways.wechat.transactions import prepay
from payments.tests.gateways.wechat.factories import Platform, running_stranger
from wallet_project.kit import clock
from wallet_project.kit.money import Fen
from wallet_project.kit.serials import new_serial


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch):
    monkeypatch.setattr(client, "PAUSES", (0.01, 0.02))


@pytest.fixture
def wechat(sandbox):
    """The sandbox, in fair weather before and after."""
    sandbox.clear_faults()
    sandbox.use_keys("public_key")
    yield sandbox
    sandbox.clear_faults()
    sandbox.use_keys("public_key")


@pytest.fixture(scope="session")
def _platform(tmp_path_factory):
    return Platform(tmp_path_factory.mktemp("wechat"))


@pytest.fixture
def platform(_platform, settings):
    """Our settings hold its public key and its one certificate."""
    settings.WECHAT = dict(_platform.settings)
    known = set(_platform.certs.iterdir())
    yield _platform
    for path in set(_platform.certs.iterdir()) - known:
        path.unlink()


@pytest.fixture
def stranger(platform, settings):
    """Answers in WeChat's place; with `platform` it can also sign in WeChat's name."""
    with running_stranger() as running:
        settings.WECHAT["pay_url"] = running.url
        yield running


@pytest.fixture
def opened(monkeypatch):
    """Every attempt to decrypt, counted on its way to the real cipher."""
    seen = []

    class CountingCipher:
        def __init__(self, key):
            self.cipher = AESGCM(key)

        def decrypt(self, *given):
            seen.append(given)
            return self.cipher.decrypt(*given)

    monkeypatch.setattr(signing, "AESGCM", CountingCipher)
    return seen


@pytest.fixture
def merchant_money(wechat):
    """Somebody paid the merchant 1,000 yuan."""
    prepay_id = prepay(
        number=new_serial("P"),
        amount=Fen(100_000),
        openid="oUpF8uMuAJO_M2pxb1Q9zNjWeS6o",
        description="一批咖啡",
        expires_at=clock.now() + timedelta(minutes=30),
    )
    wechat.confirm(prepay_id, notify=False)
