"""WeChat's own test of a merchant's keys (WeChat Pay v3 doc 4014551946). It moves no money."""

import secrets

from payments.gateways.wechat.client import ask
from payments.gateways.wechat.errors import WeChatUnknown
from payments.gateways.wechat.keys import merchant_key, platform_key, preferred_serial
from payments.gateways.wechat.signing import decrypt_field, encrypt_field
from wallet_project.kit import clock


def prove_keys() -> str:
    """
    Have a secret said back: proves our merchant key, serial and clock, and WeChat's key; its serial.

    :raises WeChatError: as `ask`; what it says tells which part is wrong
    """
    now, said = clock.now(), secrets.token_hex(16)
    serial = preferred_serial(now=now)
    key = platform_key(serial, now=now) if serial else None
    if serial is None or key is None:
        raise WeChatUnknown("we hold no key of WeChat's that is in force")
    question = {"echo_message": said, "encrypted_echo_message": encrypt_field(said, key=key)}
    answer = ask("POST", "/v3/security/echo", question)
    try:
        heard = decrypt_field(answer["encrypted_echo_message"], key=merchant_key())
    except (KeyError, TypeError, ValueError) as error:
        raise WeChatUnknown("the encrypted echo does not open with our merchant key") from error
    if {answer.get("echo_message"), heard} != {said}:
        raise WeChatUnknown("another message came back")
    return serial
