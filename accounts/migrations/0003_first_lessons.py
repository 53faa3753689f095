"""The first steps, cards and questions; staff edit them from here on."""

from django.db import migrations

from wallet_project.kit.migrating import first_rows

STEPS = [
    ("bind_phone", "绑定手机号", "用于登录、找回支付密码和接收安全提醒。", ""),
    ("set_pin", "设置支付密码", "付款时用它确认是您本人，只有您自己知道。", ""),
    ("first_top_up", "完成首次充值", "用微信支付把钱充进钱包，到店付款更快。", ""),
    ("first_payment", "完成首次付款", "在门店或商城用钱包余额或微信付一次款。", ""),
    ("real_name", "完成实名认证", "确认账户属于您本人，更不容易被冒用。", ""),
    ("quiz", "完成安全问答", "五道小题，帮您认出常见的骗局。", ""),
]

# 时机、网址名、标题、内容、帮助文章
CARDS = [
    (
        "pin_set",
        "pin-is-yours",
        "支付密码只属于您",
        "任何人，包括客服，都不会向您要支付密码。输入前请确认页面是我们的小程序，不要用生日或手机号里的数字。",
        "payment-pin",
    ),
    (
        "before_first_transfer",
        "know-who-you-pay",
        "先确认，再转账",
        "请用电话或当面确认对方身份。自称领导、亲友或客服催您转账的，多半是骗局；转出的钱很难追回。",
        "spot-a-scam",
    ),
    (
        "new_device",
        "was-it-you",
        "是您在新设备登录吗？",
        "如果不是，请马上退出其他设备并重置支付密码，然后联系客服冻结账户。",
        "how-we-protect-you",
    ),
    (
        "large_payment",
        "take-a-moment",
        "大额付款，停一停",
        "没有哪笔正当的付款必须在一分钟内完成。有人催您、让您保密或让您共享屏幕，请先挂断电话。",
        "spot-a-scam",
    ),
    (
        "first_top_up",
        "top-up-only-here",
        "只在小程序里充值",
        "我们不会通过短信链接、二维码或个人账户让您充值。凡是要您把钱转到“安全账户”的，都是诈骗。",
        "first-top-up",
    ),
]

# 题目、解析、选项（第一个正确，展示顺序另定）
QUESTIONS = [
    (
        "“客服”来电，说订单出错要给您退款，请您报一下刚收到的验证码。您应该：",
        "验证码等于钥匙。退款会自动原路退回，从来不需要验证码；请挂断，再从小程序里联系客服核实。",
        ["挂断电话，从小程序里联系客服核实", "只报验证码的前三位", "确认对方知道我的姓名后再报"],
        1,
    ),
    (
        "下面哪一个最适合做支付密码？",
        "生日、手机号里的数字和连续、重复的数字最先被人试到。挑一个与您无关、只有自己记得的六位数。",
        ["一个与自己无关、只有自己记得的六位数", "自己或家人的生日", "手机号的后六位"],
        2,
    ),
    (
        "对方请您打开“屏幕共享”，好一步步教您操作退款。您应该：",
        "屏幕共享时，对方能看到您输入的密码和收到的验证码。办理任何业务都不需要共享屏幕。",
        ["拒绝共享，并结束通话", "共享时把余额遮住", "先付一笔小额试试真假"],
        0,
    ),
    (
        "“公安人员”说您的账户涉案，要把钱转到“安全账户”。您应该：",
        "世界上没有“安全账户”。公安机关不会在电话里办案，更不会让您转账；请挂断后拨打 96110 咨询。",
        ["挂断电话，拨打 96110 咨询", "先转一部分表示配合", "按对方要求不告诉家人"],
        1,
    ),
    (
        "您收到短信：您的账户在一台新设备上登录。但那不是您。您应该先：",
        "先让对方的登录失效，再换掉支付密码，最后请客服冻结账户查看。短信里的链接不要点，请自己打开小程序。",
        ["打开小程序，退出其他设备并重置支付密码", "点短信里的链接查看详情", "等一天看看有没有扣款"],
        2,
    ),
]

def steps(_apps):
    for position, (key, title, text, reward) in enumerate(STEPS, start=1):
        yield {"key": key, "title": title, "text": text, "reward_text": reward, "position": position}


def cards(_apps):
    columns = ("moment", "key", "title", "text", "article")
    for position, card in enumerate(CARDS, start=1):
        yield dict(zip(columns, card, strict=True)) | {"position": position}


def questions(_apps):
    for position, (text, explanation, _options, _place) in enumerate(QUESTIONS, start=1):
        yield {"text": text, "explanation": explanation, "position": position}


def options(apps):
    for text, _explanation, (right, *wrong), place in QUESTIONS:
        question = apps.get_model("accounts.QuizQuestion").objects.get(text=text)
        for position, option in enumerate([*wrong[:place], right, *wrong[place:]], start=1):
            yield {"question": question, "text": option, "is_right": option == right, "position": position}


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_first_rows")]

    operations = [
        first_rows("accounts.OnboardingStep", steps),
        first_rows("accounts.SecurityCard", cards),
        first_rows("accounts.QuizQuestion", questions),
        first_rows("accounts.QuizOption", options),
    ]
