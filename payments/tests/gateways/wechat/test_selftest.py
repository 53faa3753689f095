"""`manage.py wechat_selftest` against the sandbox, which encrypts and signs on its own."""

from io import StringIO

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.core.management import CommandError, call_command

from payments.gateways.wechat.signing import decrypt_field, encrypt_field
from payments.tests.gateways.wechat.factories import new_key
from wallet_project.sandbox import signing as wechats


def run():
    out = StringIO()
    call_command("wechat_selftest", stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("mode", ["public_key", "certificate", "mixed"])
def test_keys_that_fit_are_proven_both_ways(wechat, mode, settings):
    wechat.use_keys(mode)
    if mode == "certificate":
        settings.WECHAT = settings.WECHAT | {"public_key": None, "public_key_id": ""}

    said = run()

    assert "proven, both ways" in said
    assert "holds " in said


def test_a_merchant_key_that_wechat_does_not_know_is_told(wechat, settings, tmp_path):
    pem = new_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "other.pem").write_bytes(pem)
    settings.WECHAT = settings.WECHAT | {"merchant_private_key": tmp_path / "other.pem"}

    with pytest.raises(CommandError, match="SIGN_ERROR"):
        run()


def test_without_any_key_of_wechats_nothing_is_sent(wechat, settings, tmp_path, caplog):
    settings.WECHAT = settings.WECHAT | {"public_key": None, "platform_certs": tmp_path}

    with pytest.raises(CommandError, match="hold no key"):
        run()

    assert "kit.outbound" not in caplog.text


def test_a_short_apiv3_key_is_told_before_it_loses_a_callback(wechat, settings):
    settings.WECHAT = settings.WECHAT | {"apiv3_key": "short"}

    with pytest.raises(CommandError, match="32 bytes"):
        run()


def test_fields_are_encrypted_as_wechat_reads_them():
    wechat_key, merchant_key = new_key(), new_key()

    to_wechat = encrypt_field("张三", key=wechat_key.public_key())
    to_us = wechats.encrypt_field(key=merchant_key.public_key(), plaintext="李四".encode())

    assert wechats.decrypt_field(key=wechat_key, ciphertext=to_wechat) == "张三".encode()
    assert decrypt_field(to_us, key=merchant_key) == "李四"
    assert to_wechat != encrypt_field("张三", key=wechat_key.public_key())
    with pytest.raises(ValueError):
        decrypt_field(to_us, key=wechat_key)
    with pytest.raises(ValueError):
        encrypt_field("x" * 215, key=wechat_key.public_key())
