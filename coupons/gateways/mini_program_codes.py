"""A mini-program code that opens our mini-program with a scene, drawn by WeChat."""

import logging

from wallet_project.kit.mini_program import BUSY, WeChatClientException, post
from wallet_project.kit.outbound import NoAnswer

logger = logging.getLogger(__name__)

_MAGIC = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")  # a JPEG, says the document; a PNG where it is transparent


class CodeNotDrawn(Exception):
    """WeChat drew nothing; it may be asked again."""


def draw_code(scene: str, *, page: str = "", width: int = 430) -> bytes:
    """
    The picture of an unlimited code (mini-program doc: getUnlimitedQRCode). `scene` has 32 visible characters
    at most, `page` no leading slash; the page need not be published yet.

    :raises CodeNotDrawn: no picture came back
    """
    wish = {"scene": scene, "check_path": False, "width": width, **({"page": page} if page else {})}
    try:
        answer = post("wxa/getwxacodeunlimit", wish)
        picture = bytes(answer.content)
    except NoAnswer as silence:
        raise CodeNotDrawn(str(silence)) from None
    except WeChatClientException as error:  # it carries the access token, so it is never chained
        if error.errcode not in BUSY:
            logger.error("coupons.code.alarm", extra={"errcode": error.errcode, "said": str(error.errmsg)})
        raise CodeNotDrawn(f"errcode {error.errcode}") from None
    except (AttributeError, ValueError, TypeError):
        raise CodeNotDrawn("unreadable answer") from None
    if not picture.startswith(_MAGIC):
        raise CodeNotDrawn("no picture")
    return picture
