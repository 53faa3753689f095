"""Tencent Cloud's faceid host: names compared with the registry, faces with names. Signed requests only."""

import json
import re
import secrets
import uuid
from collections.abc import Callable
from datetime import timedelta

from django.http import HttpRequest, HttpResponse, JsonResponse

from wallet_project.sandbox.clock import clock, rfc3339
from wallet_project.sandbox.control import Refused
from wallet_project.sandbox.faults import early_answer, late_answer
from wallet_project.sandbox.models import FaceSession, RegistryAnswer, RegistryQuestion
from wallet_project.sandbox.scenarios import EARLY_FAULTS, scenarios
from wallet_project.sandbox.tencent import TencentError, check_signature

VERSION = "2018-03-01"
TOKEN_LIFE = timedelta(hours=2)
# Our word → the code of PhoneVerification and of IdCardVerification.
ANSWERS = {
    "MATCH": ("0", "0"),
    "MISMATCH": ("-4", "-1"),
    "NO_RECORD": ("-9", "-5"),
    "BUSY": ("-11", "-4"),
}
WORDS = {"MATCH": "一致", "MISMATCH": "不一致", "NO_RECORD": "库中无记录", "BUSY": "繁忙，没有答复"}
FACES = {"PASS": (0, "成功"), "FAIL": (2016, "比对相似度低于阈值")}
CHECK_DIGITS = "10X98765432"


def faceid(request: HttpRequest) -> HttpResponse:
    """`POST /` of the host; X-TC-Action names the call. HTTP 200 always, `Response.Error` tells."""
    fault = scenarios.answer_fault(request.path)
    if fault and fault.kind in EARLY_FAULTS:
        return early_answer(fault, _failure)
    try:
        check_signature(request, service="faceid")
        action = _ACTIONS.get(request.headers.get("X-TC-Action", ""))
        if action is None or request.headers.get("X-TC-Version") != VERSION:
            raise TencentError("InvalidAction", "The request action is invalid.")
        content = action(_read(request), request)
    except TencentError as error:
        content = {"Error": {"Code": error.code, "Message": error.message}}
    response = _answer(content)
    return late_answer(fault, response, _failure) if fault else response


def _verify_phone(wish: dict, _request: HttpRequest) -> dict:
    name, id_number, phone = (_text(wish, field) for field in ("Name", "IdCard", "Phone"))
    if not re.fullmatch(r"1[3-9]\d{9}", phone):
        code = "-6"
    elif not _can_exist(id_number):
        code = "-7"
    else:
        code = ANSWERS[_scripted(id_number)][0]
    return _remember("PhoneVerification", name, id_number, phone, code) | {"Isp": "移动"}


def _verify_id_card(wish: dict, _request: HttpRequest) -> dict:
    name, id_number = _text(wish, "Name"), _text(wish, "IdCard")
    code = ANSWERS[_scripted(id_number)][1] if _can_exist(id_number) else "-2"
    return _remember("IdCardVerification", name, id_number, "", code)


def _start_face(wish: dict, request: HttpRequest) -> dict:
    name, id_number = _text(wish, "Name"), _text(wish, "IdCard")
    session = FaceSession.objects.create(
        token=str(uuid.uuid4()).upper(),
        name=name,
        id_number=id_number,
        extra=wish.get("Extra", ""),
        started_at=clock.now(),
    )
    return {"BizToken": session.token, "Url": request.build_absolute_uri("/sandbox/")}


def _face_result(wish: dict, _request: HttpRequest) -> dict:
    session = FaceSession.objects.filter(token=_text(wish, "BizToken")).first()
    if session is None:
        raise TencentError("InvalidParameterValue.BizTokenIllegal", "BizToken不合法。")
    code, message = FACES.get(session.result, (None, None))
    return {
        "Text": {
            "ErrCode": code,
            "ErrMsg": message,
            "IdCard": session.id_number,
            "Name": session.name,
            "LiveStatus": code and 0,
            "Comparestatus": code,
        }
    }


_ACTIONS: dict[str, Callable[[dict, HttpRequest], dict]] = {
    "PhoneVerification": _verify_phone,
    "IdCardVerification": _verify_id_card,
    "DetectAuth": _start_face,
    "GetDetectInfoEnhanced": _face_result,
}


def script_registry(wish: dict) -> dict:
    """From now on the registry answers so for this ID number: `{"id_number", "answer"}`."""
    if wish.get("answer") not in ANSWERS or not _can_exist(str(wish.get("id_number"))):
        raise Refused(f"需要有效的 id_number，answer 是其中之一：{'、'.join(ANSWERS)}")
    RegistryAnswer.objects.update_or_create(id_number=wish["id_number"], defaults={"answer": wish["answer"]})
    return {"id_number": wish["id_number"], "answer": wish["answer"]}


def list_questions(wish: dict) -> dict:
    """What the registry was asked, newest first; narrowed by `id_number`."""
    questions = RegistryQuestion.objects.order_by("-id")
    if wish.get("id_number"):
        questions = questions.filter(id_number=wish["id_number"])
    return {
        "items": [
            {
                "action": question.action,
                "name": question.name,
                "id_number": question.id_number,
                "phone": question.phone,
                "code": question.code,
                "at": rfc3339(question.at),
            }
            for question in questions[:200]
        ]
    }


def show_face(wish: dict, *, token: str) -> dict:
    """The person shows their face, or somebody else's: `{"result": "PASS" | "FAIL"}`."""
    session = FaceSession.objects.filter(token=token, result="").first()
    if session is None or clock.now() - session.started_at >= TOKEN_LIFE:
        raise Refused("没有这次人脸核身，或已结束", status=404, code="NOT_FOUND")
    if wish.get("result") not in FACES:
        raise Refused("result 必须是 PASS 或 FAIL")
    session.result = wish["result"]
    session.save(update_fields=["result"])
    return {"token": token, "result": session.result}


def _scripted(id_number: str) -> str:
    scripted = RegistryAnswer.objects.filter(id_number=id_number).first()
    return scripted.answer if scripted else "MATCH"


def _remember(action: str, name: str, id_number: str, phone: str, code: str) -> dict:
    RegistryQuestion.objects.create(
        action=action, name=name, id_number=id_number, phone=phone, code=code, at=clock.now()
    )
    return {"Result": code, "Description": "认证通过" if code == "0" else "认证未通过"}


def _can_exist(id_number: str) -> bool:
    if not re.fullmatch(r"\d{17}[\dX]", id_number):
        return False
    weights = [2 ** (17 - place) % 11 for place in range(17)]
    total = sum(weight * int(digit) for weight, digit in zip(weights, id_number, strict=False))
    return CHECK_DIGITS[total % 11] == id_number[-1]


def _read(request: HttpRequest) -> dict:
    try:
        wish = json.loads(request.body)
    except ValueError as error:
        raise TencentError("InvalidParameter", "The request is not JSON.") from error
    if not isinstance(wish, dict):
        raise TencentError("InvalidParameter", "The request is not an object.")
    return wish


def _text(wish: dict, field: str) -> str:
    found = wish.get(field)
    if not isinstance(found, str) or not found:
        raise TencentError("MissingParameter", f"The request is missing the parameter `{field}`.")
    return found


def _failure(kind: str) -> HttpResponse:
    code = "RequestLimitExceeded" if kind == "rate_limited" else "InternalError"
    return _answer({"Error": {"Code": code, "Message": "Sandbox fault."}})


def _answer(content: dict) -> HttpResponse:
    content["RequestId"] = secrets.token_hex(16)
    return JsonResponse({"Response": content}, json_dumps_params={"ensure_ascii": False})
