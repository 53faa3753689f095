"""Download WeChat's platform certificates, so that a change of certificate needs nobody here."""

import logging
from typing import Any

from payments.gateways.wechat.client import ask
from payments.gateways.wechat.errors import WeChatRefused, WeChatUnknown
from payments.gateways.wechat.keys import keep_certificate, open_sealed, read_certificate
from wallet_project.kit import clock

logger = logging.getLogger(__name__)


def refresh_certificates() -> list[str]:
    """
    Put every certificate WeChat uses now or soon into WECHAT["platform_certs"]; the serials that were new.

    New ones can be downloaded ten days before they are used, so twice a day is enough (doc 4012551764). The
    answer must be proven by a key we already hold: the public key, or a first certificate put there by hand.

    :raises WeChatError: as `ask`
    """
    try:
        answer = ask("GET", "/v3/certificates")
    except WeChatRefused as refusal:
        if refusal.code == "RESOURCE_NOT_EXISTS":
            return []  # a merchant of the public-key age has no platform certificates
        raise
    try:
        opened = [_open(item) for item in answer["data"]]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise WeChatUnknown("certificates that do not open") from error
    new = [serial for serial, pem in opened if keep_certificate(pem)]
    for serial in new:
        logger.warning("payments.wechat.new_certificate", extra={"serial": serial})
    return new


def _open(item: dict[str, Any]) -> tuple[str, bytes]:
    pem = open_sealed(item["encrypt_certificate"])
    certificate = read_certificate(pem)
    if certificate.serial != item["serial_no"]:
        raise ValueError("a certificate under another one's serial number")
    if certificate.not_after and certificate.not_after < clock.now():
        raise ValueError("a certificate that is over")
    return certificate.serial, pem
