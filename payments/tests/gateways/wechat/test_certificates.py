"""Platform certificates: downloaded, proven, kept, believed from the next message on."""

import os

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from payments.gateways.wechat.certificates import refresh_certificates
from payments.gateways.wechat.errors import WeChatUnknown
from payments.gateways.wechat.keys import platform_key, preferred_serial
from payments.tests.gateways.wechat.factories import certify, new_key, proven, serial_of
from wallet_project.kit import clock
from wallet_project.sandbox.signing import seal


@pytest.fixture
def folder(wechat, settings, tmp_path):
    """We hold WeChat's public key and no certificate yet."""
    settings.WECHAT = settings.WECHAT | {"platform_certs": tmp_path}
    return tmp_path


def test_certificates_are_downloaded_once(wechat, folder):
    wechat.use_keys("mixed")

    new, again = refresh_certificates(), refresh_certificates()

    assert new
    assert again == []
    assert sorted(path.stem for path in folder.iterdir()) == sorted(new)
    assert all(platform_key(serial, now=clock.now()) for serial in new)


def test_a_rotated_certificate_joins_the_others(wechat, folder):
    wechat.use_keys("mixed")
    old = refresh_certificates()
    wechat.rotate_keys()

    (new,) = refresh_certificates()

    assert all(platform_key(serial, now=clock.now()) for serial in [*old, new])


def test_a_merchant_of_the_public_key_age_has_none(folder):
    assert refresh_certificates() == []
    assert list(folder.iterdir()) == []


def test_with_another_apiv3_key_nothing_is_kept(wechat, folder, settings):
    wechat.use_keys("mixed")
    settings.WECHAT["apiv3_key"] = "x" * 32

    with pytest.raises(WeChatUnknown):
        refresh_certificates()

    assert list(folder.iterdir()) == []


def listed(certificate, *, serial=None, pem=None, nonce="abcdefghijkl", key="k" * 32):
    plaintext = certificate.public_bytes(Encoding.PEM) if pem is None else pem
    sealed = seal(key=key, nonce=nonce, associated_data="certificate", plaintext=plaintext)
    return {
        "serial_no": serial or serial_of(certificate),
        "encrypt_certificate": {
            "algorithm": "AEAD_AES_256_GCM",
            "nonce": nonce,
            "associated_data": "certificate",
            "ciphertext": sealed,
        },
    }


def test_a_certificate_that_lies_keeps_all_others_out(platform, stranger):
    honest, other = certify(new_key()), certify(new_key())
    held = set(platform.certs.iterdir())

    for lie in (listed(other, serial="0" * 40), listed(other, pem=b"no certificate"), {"serial_no": "1"}):
        stranger.answers = [proven(platform, {"data": [listed(honest), lie]})]
        with pytest.raises(WeChatUnknown):
            refresh_certificates()

    assert set(platform.certs.iterdir()) == held


def test_an_unsigned_list_of_certificates_is_not_believed(platform, stranger):
    held = set(platform.certs.iterdir())
    status, _headers, body = proven(platform, {"data": [listed(certify(new_key()))]})
    stranger.answers = [(status, {}, body)]

    with pytest.raises(WeChatUnknown):
        refresh_certificates()

    assert set(platform.certs.iterdir()) == held


def test_one_spoilt_file_does_not_stop_the_others(platform, caplog):
    (platform.certs / "spoilt.pem").write_text("-----BEGIN")
    now = clock.now()

    assert platform_key(serial_of(platform.certificate), now=now)
    assert platform_key("spoilt", now=now) is None
    assert preferred_serial(now=now) == platform.settings["public_key_id"]
    assert "payments.wechat.certificate_unreadable" in caplog.text


def test_a_certificate_that_is_taken_away_is_believed_no_more(platform):
    certificate = certify(new_key())
    platform.put(certificate)
    serial = serial_of(certificate)
    believed = platform_key(serial, now=clock.now())

    (platform.certs / f"{serial}.pem").unlink()

    assert believed
    assert platform_key(serial, now=clock.now()) is None


def test_a_file_replaced_in_place_is_read_again(platform):
    first, second = certify(new_key()), certify(new_key())
    path = platform.certs / "current.pem"
    path.write_bytes(first.public_bytes(Encoding.PEM))
    assert platform_key(serial_of(first), now=clock.now())

    path.write_bytes(second.public_bytes(Encoding.PEM))
    os.utime(path, (1, 1))  # two writes in one tick of the file system's clock would look like one

    assert platform_key(serial_of(first), now=clock.now()) is None
    assert platform_key(serial_of(second), now=clock.now())
