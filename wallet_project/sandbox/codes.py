"""Mini-program codes: what the host draws of a scene. Ours is a QR code that says what it opens."""

import io
import re

import segno
from django.http import HttpRequest, HttpResponse

from wallet_project.sandbox.identity import keyring
from wallet_project.sandbox.login import ErrCode, check_token, read

_SCENE = re.compile(r"[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]+")
_WIDTHS = range(280, 1281)


def unlimited(request: HttpRequest) -> HttpResponse:
    """POST /wxa/getwxacodeunlimit: a picture instead of JSON."""
    check_token(request)
    wish = read(request)
    scene, page = wish.get("scene"), wish.get("page", "")
    if not isinstance(scene, str) or not _SCENE.fullmatch(scene):
        raise ErrCode(40129, "invalid scene")
    if len(scene) > 32:
        raise ErrCode(40169, "invalid length for scene, or the data is not json string")
    if not isinstance(page, str) or page.startswith("/") or "?" in page:
        raise ErrCode(41030, "invalid page")
    width = wish.get("width", 430)
    if type(width) is not int or width not in _WIDTHS:
        raise ErrCode(40097, "invalid args")
    code = segno.make(f"weapp://{keyring.appid}/{page}?scene={scene}", error="m", micro=False)
    drawn = io.BytesIO()
    code.save(drawn, kind="png", scale=max(width // code.symbol_size()[0], 1))
    return HttpResponse(drawn.getvalue(), content_type="image/png")
