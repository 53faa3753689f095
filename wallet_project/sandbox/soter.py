"""
Fingerprints and faces: the phone that signs, and the host that vouches for it.

A phone has one key for each person, made the first time; what it signs is verified for real. (Mini-program
doc: wx.startSoterAuthentication, soter.verifySignature.)
"""

import base64
import binascii
import json
from typing import cast

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from django.db import transaction
from django.http import HttpRequest

from wallet_project.sandbox.control import Refused
from wallet_project.sandbox.login import ErrCode, check_token, read
from wallet_project.sandbox.models import SoterKey
from wallet_project.sandbox.signing import random_text

_PADDING = PSS(mgf=MGF1(SHA256()), salt_length=20)
_WISHES: dict[str, type] = {"openid": str, "device": str, "challenge": str, "counter": int, "forged": bool}


def verify_signature(request: HttpRequest) -> dict:
    """POST /cgi-bin/soter/verify_signature: is_ok, whether a key of this person signed exactly this."""
    check_token(request)
    wish = read(request)
    names = ("openid", "json_string", "json_signature")
    if not all(isinstance(wish.get(name), str) and wish[name] for name in names):
        raise ErrCode(47001, "data format error")
    is_ok = any(
        _is_signed(_load(kept), wish["json_string"], wish["json_signature"])
        for kept in SoterKey.objects.filter(openid=wish["openid"])
    )
    return {"errcode": 0, "errmsg": "ok", "is_ok": is_ok}


def authenticate(wish: dict) -> dict:
    """
    The person puts their finger on the phone. With `forged` another key signs, with `counter` the phone's
    counter does not rise as it should.
    """
    for name, value in wish.items():
        if type(value) is not _WISHES.get(name):
            raise Refused(f"没有参数 {name}，或类型不对")
    if not all(wish.get(name) for name in ("openid", "device", "challenge")):
        raise Refused("需要 openid、device 和 challenge")
    if len(wish["challenge"]) > 512:
        raise Refused("challenge 不能超过 512 个字符")
    with transaction.atomic():
        kept = SoterKey.objects.filter(openid=wish["openid"], device=wish["device"]).first() or SoterKey(
            openid=wish["openid"], device=wish["device"], cpu_id=random_text(32), private_key=_new_key()
        )
        kept.counter += 1
        kept.save()
    result = {
        "raw": wish["challenge"],
        "fid": "2",
        "counter": wish.get("counter", kept.counter),
        "tee_n": "TrustZone",
        "tee_v": "1.0",
        "fp_n": "sandbox",
        "fp_v": "1",
        "cpu_id": kept.cpu_id,
        "uid": "21",
    }
    text = json.dumps(result, separators=(",", ":"))
    key = _made() if wish.get("forged") else _load(kept)
    signature = base64.b64encode(key.sign(text.encode(), _PADDING, SHA256())).decode()
    return {"authMode": "fingerPrint", "resultJSON": text, "resultJSONSignature": signature, "errCode": 0}


def _is_signed(key: RSAPrivateKey, text: str, signature: str) -> bool:
    try:
        raw = base64.b64decode(signature, validate=True)
        key.public_key().verify(raw, text.encode(), _PADDING, SHA256())
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def _made() -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)


def _new_key() -> str:
    return _made().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _load(kept: SoterKey) -> RSAPrivateKey:
    return cast(RSAPrivateKey, load_pem_private_key(kept.private_key.encode(), password=None))
