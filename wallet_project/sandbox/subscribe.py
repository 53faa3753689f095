"""
Subscribe messages (mini-program doc: 订阅消息): the popup in which a person lets one through, and sending it.

Templates are chosen in WeChat's console; here those of `TEMPLATES` are there from the beginning, and the
control API adds others. What happens to them is pushed: popup, change and sent.
"""

import re
import secrets
from itertools import chain

from django.db import transaction
from django.db.models import F
from django.http import HttpRequest

from wallet_project.sandbox.clock import clock, rfc3339
from wallet_project.sandbox.control import Refused
from wallet_project.sandbox.login import OPENID, ErrCode, check_token, read
from wallet_project.sandbox.models import SubscribeMessage, SubscribeTemplate, Subscription
from wallet_project.sandbox.pushes import pusher
from wallet_project.sandbox.scenarios import scenarios

SHOWN = 50
AT_ONCE = 3  # so many templates may stand in one popup
SENSITIVE = "敏感词"
_ANSWERS = {"accept", "reject"}
_VERSIONS = {"developer", "trial", "formal"}
_LANGUAGES = {"zh_CN", "en_US", "zh_HK", "zh_TW"}
_CLOCK = r"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?"
_DATE = r"(\d{4}年\d{1,2}月\d{1,2}日|\d{4}[-/.]\d{1,2}[-/.]\d{1,2})"
_MOMENT = rf"({_DATE}( {_CLOCK})?|{_CLOCK})"

# Keyword's kind → what may stand there (doc: 订阅消息参数值内容限制说明).
_SHAPES = {
    "thing": r"[^\r\n]{1,20}",
    "number": r"-?\d{1,32}(\.\d+)?",
    "letter": r"[A-Za-z]{1,32}",
    "symbol": r"[^\w\s]{1,5}",
    "character_string": r"[!-~]{1,32}",
    "time": rf"{_MOMENT}(\s?[~～-]\s?{_MOMENT})?",
    "date": rf"{_MOMENT}(\s?[~～-]\s?{_MOMENT})?",
    "amount": r"[¥￥$€£+-]?\d{1,10}(\.\d{1,2})?元?",
    "phone_number": r"[\d+-]{1,17}",
    "car_number": r"[\u4e00-\u9fff]?[A-Z][A-Z0-9]{4,5}[\u4e00-\u9fff]?",
    "name": r"[\u4e00-\u9fff·]{1,10}|[A-Za-z .·]{1,20}",
    "phrase": r"[\u4e00-\u9fff]{1,5}",
}
_KEYWORD = re.compile(rf"({'|'.join(_SHAPES)})\d{{1,2}}")

# The product's demo knows them, too, written again: the island imports nobody.
TEMPLATES = [
    (
        "Sbx0money_AccountChangeNotice_000000000001",
        "账户变动提醒",
        "amount1:变动金额 thing2:变动类型 time3:变动时间 thing4:备注",
    ),
    (
        "Sbx0state_ProgressOfAnAffair_0000000000002",
        "业务进度通知",
        "thing1:业务名称 thing2:当前进度 time3:更新时间 thing4:备注",
    ),
    ("Sbx0safe__AccountIsNotSafe___0000000000004", "账户安全提醒", "thing1:事件 time2:时间 thing3:说明"),
    (
        "Sbx0offer_SomethingForYou____0000000000005",
        "优惠与活动提醒",
        "thing1:活动名称 thing2:活动内容 time3:通知时间",
    ),
]


def send(request: HttpRequest) -> dict:
    """POST /cgi-bin/message/subscribe/send: one that was let through is used up."""
    check_token(request)
    wish = read(request)
    openid, template_id, page = wish.get("touser"), wish.get("template_id"), wish.get("page", "")
    version, lang = wish.get("miniprogram_state", "formal"), wish.get("lang", "zh_CN")
    if not isinstance(openid, str) or not re.fullmatch(OPENID, openid):
        raise ErrCode(40003, "invalid openid")
    template = SubscribeTemplate.objects.filter(template_id=template_id or "").first()
    if template is None:
        raise ErrCode(40037, "invalid template_id")
    if template.is_banned:
        raise ErrCode(43107, "the subscribe message template is banned")
    if (page and not re.fullmatch(r"[\w/-]+(\?.*)?", str(page))) or str(page).startswith("/"):
        raise ErrCode(41030, "invalid page")
    if version not in _VERSIONS or lang not in _LANGUAGES or not isinstance(wish.get("data"), dict):
        raise ErrCode(47001, "data format error")
    values = _values_of(wish["data"], template)
    with transaction.atomic():
        allowed = Subscription.objects.filter(openid=openid, template_id=template_id, left__gt=0)
        if not allowed.update(left=F("left") - 1):
            raise ErrCode(43101, "user refuse to accept the msg")
        message = SubscribeMessage.objects.create(
            msgid=secrets.randbelow(10**18),
            openid=openid,
            template=template,
            values=values,
            page=str(page),
            version=version,
            lang=lang,
            sent_at=clock.now(),
        )
    lost = scenarios.subscribe_fault()
    result = (
        {"ErrorCode": "300001", "ErrorStatus": "failed"}
        if lost
        else {"ErrorCode": "0", "ErrorStatus": "success"}
    )
    told = {"TemplateId": template.template_id, "MsgID": str(message.msgid), **result}
    pusher.tell(openid, "subscribe_msg_sent_event", List=told)
    return {"errcode": 0, "errmsg": "ok", "msgid": message.msgid}


def prepare_templates() -> None:
    for template_id, title, keywords in TEMPLATES:
        SubscribeTemplate.objects.get_or_create(
            template_id=template_id,
            defaults={"title": title, "keywords": dict(pair.split(":") for pair in keywords.split())},
        )


def choose_template(wish: dict) -> dict:
    """In WeChat's console: `{"template_id", "title", "keywords": {"thing1": "商品"}, "is_banned"?}`."""
    keywords = wish.get("keywords")
    if not isinstance(keywords, dict) or not all(_KEYWORD.fullmatch(keyword) for keyword in keywords):
        raise Refused('keywords 必须形如 {"thing1": "商品"}')
    if not re.fullmatch(r"[\w-]{1,64}", str(wish.get("template_id", ""))):
        raise Refused("需要 template_id")
    template, _is_new = SubscribeTemplate.objects.update_or_create(
        template_id=wish["template_id"],
        defaults={
            "title": str(wish.get("title", ""))[:40],
            "keywords": keywords,
            "is_banned": bool(wish.get("is_banned")),
        },
    )
    return {"template_id": template.template_id, "title": template.title}


def list_messages(wish: dict) -> dict:
    """What stands in the 服务通知 of `openid`, or of everybody; newest first."""
    messages = SubscribeMessage.objects.select_related("template").order_by("-id")
    if wish.get("openid"):
        messages = messages.filter(openid=wish["openid"])
    return {"items": [_describe(message) for message in messages[:SHOWN]]}


def show_left(wish: dict) -> dict:
    """How many messages of each template `openid` still lets through."""
    left = Subscription.objects.filter(openid=wish.get("openid", ""))
    return {"left": dict(left.values_list("template_id", "left"))}


def answer_popup(wish: dict) -> dict:
    """
    What a person does in `wx.requestSubscribeMessage`: `{"openid", "template_ids", "answer"?}`, where the
    answer is `accept` (the default) or `reject`. The reply is what the mini-program is given.
    """
    openid, asked, answer = wish.get("openid"), wish.get("template_ids"), wish.get("answer", "accept")
    known = set(SubscribeTemplate.objects.values_list("template_id", flat=True))
    if not isinstance(openid, str) or answer not in _ANSWERS:
        raise Refused("需要 openid；answer 只能是 accept 或 reject")
    if not isinstance(asked, list) or not 1 <= len(asked) <= AT_ONCE or not set(asked) <= known:
        raise Refused(f"template_ids 必须是 1 到 {AT_ONCE} 个已选用的模板")
    if answer == "accept":
        with transaction.atomic():
            for template_id in asked:
                allowed, _is_new = Subscription.objects.get_or_create(openid=openid, template_id=template_id)
                allowed.left += 1
                allowed.save()
    told = [
        {"TemplateId": template_id, "SubscribeStatusString": answer, "PopupScene": "2"}
        for template_id in asked
    ]
    pusher.tell(openid, "subscribe_msg_popup_event", List=told if len(told) > 1 else told[0])
    return {"errMsg": "requestSubscribeMessage:ok", **dict.fromkeys(asked, answer)}


def refuse(wish: dict) -> dict:
    """A person refuses a template in the settings, and all they let through: `{"openid", "template_id"}`."""
    openid, template_id = str(wish.get("openid", "")), str(wish.get("template_id", ""))
    Subscription.objects.filter(openid=openid, template_id=template_id).update(left=0)
    told = {"TemplateId": template_id, "SubscribeStatusString": "reject"}
    pusher.tell(openid, "subscribe_msg_change_event", List=told)
    return show_left({"openid": openid})


def forget_subscriptions() -> None:
    for memory in (SubscribeMessage, Subscription, SubscribeTemplate):
        memory.objects.all().delete()
    prepare_templates()


def _values_of(data: dict, template: SubscribeTemplate) -> dict[str, str]:
    """:raises ErrCode: 47003, naming the first keyword that is wrong; 45168"""
    for keyword in chain(template.keywords, data):
        given = data.get(keyword)
        value = given.get("value") if isinstance(given, dict) else None
        if not value:
            raise ErrCode(47003, f"argument invalid! data.{keyword}.value is empty")
        if keyword not in template.keywords or not re.fullmatch(
            _SHAPES[keyword.rstrip("0123456789")], str(value)
        ):
            raise ErrCode(47003, f"argument invalid! data.{keyword}.value invalid")
        if SENSITIVE in str(value):
            raise ErrCode(45168, "invalid content, hit sensitive words")
    return {keyword: str(data[keyword]["value"]) for keyword in template.keywords}


def _describe(message: SubscribeMessage) -> dict:
    return {
        "msgid": message.msgid,
        "openid": message.openid,
        "template_id": message.template.template_id,
        "title": message.template.title,
        "values": message.values,
        "page": message.page,
        "version": message.version,
        "lang": message.lang,
        "sent_at": rfc3339(message.sent_at),
    }
