"""The first steps, cards, questions and articles; staff edit them from here on."""

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

ARTICLES = [
    (
        "first-top-up",
        "paying",
        "怎样给钱包充值",
        """打开小程序，进入“钱包”，点“充值”，输入金额，用微信支付付款。

付款成功后余额通常立刻到账。没有马上看到也不用担心：我们会主动向微信核实，最晚几分钟内更新。

- 单笔最少 0.01 元，最多 5,000 元。
- 充值的钱是您的本金，与赠金、返现分开记账。
- 超过三十分钟没有付款的充值单会自动关闭；关闭之后才付的款会原路退回。

请只在小程序里充值。任何短信链接、个人收款码或“安全账户”都不是我们的。""",
    ),
    (
        "pay-an-order",
        "paying",
        "付款时钱从哪里来",
        """付款有三种方式：只用余额、只用微信，或者先用余额、不够的部分用微信补足。

用余额时，先用返现，再用赠金，最后用本金，这样您自己充的钱留得最久。

用余额加微信付款时，余额部分会先冻结。微信支付完成后一起扣除；您没有付完或取消了，冻结的余额会自动退回。

- 余额不足时什么都不会扣。
- 同一笔订单不会扣两次款；如果微信重复支付，多付的会原路退回。
- 每一笔都能在“账单”里查到。""",
    ),
    (
        "payment-pin",
        "security",
        "支付密码：设置、修改和忘记了怎么办",
        """支付密码是六位数字，付款时用它确认是您本人。它和手机锁屏密码、微信支付密码都不是同一个，也不要设成一样。

设置前请先绑定手机号。太容易猜的密码（重复、连续、生日、手机号里的数字）会被拒绝。

- 连续输错 5 次，支付密码会暂时锁定，过一会儿再试。
- 忘记了可以重置：需要短信验证码和微信重新授权两步验证。
- 修改或重置后，其他设备会退出登录；重置后 24 小时内不能提现。

我们的员工看不到您的支付密码，也不会向您要它。""",
    ),
    (
        "change-phone",
        "account",
        "换了手机号怎么办",
        """换手机号不需要注销账户。在“账户与安全”里更换：先用原手机号收一次验证码，再用新手机号收一次。

原手机号已经不能用时，可以提交更换申请，由两名工作人员核实后处理。

更换之后：

- 余额、订单和账单都会保留。
- 其他设备会退出登录。
- 24 小时内不能提现，防止有人冒名更换。

如果提示新号码已属于另一个账户，请先登录那个账户，或联系客服。""",
    ),
    (
        "how-we-protect-you",
        "security",
        "我们怎样保护您的信息和资金",
        """手机号和实名信息加密保存，每位用户有自己单独的密钥；注销时密钥会被销毁，加密的内容从此无法读取。

每一笔余额变动都用复式记账记录，写下之后不能修改，每天核对。

- 敏感操作（大额付款、换手机号、导出资料、注销）需要再次验证是您本人。
- 新设备登录会留下记录，您可以随时查看并让它退出。
- 工作人员查看资料会留下审计记录，重要操作需要两个人同意。

发现不是自己的登录或付款，请马上退出其他设备、重置支付密码，并联系客服冻结账户。""",
    ),
    (
        "spot-a-scam",
        "security",
        "认出常见的骗局",
        """骗子的话术会变，套路不变：制造紧张，要您保密，让您自己把钱转出去。

- 冒充客服：说订单、会员或贷款有问题，要验证码或让您共享屏幕。
- 冒充公检法：说您涉案，要把钱转到“安全账户”。没有这样的账户。
- 冒充熟人：用相同的头像和名字借钱。先打电话确认。
- 刷单返利：先给小甜头，再要您垫付大钱。

记住三句话：验证码不外传，屏幕不共享，转账前先核实。

已经转了钱，请马上拨打 110 报警，再联系我们的客服。不确定时可以拨打 96110 咨询。""",
    ),
    (
        "close-account",
        "account",
        "怎样注销账户",
        """在“账户与安全”里选择“注销账户”。我们会先告诉您还有哪些事项没有完成，以及怎样处理。

余额可以先消费，也可以原路退回到充值时使用的微信。一元以内的零头、赠金和返现，可以在确认后放弃。

确认注销需要再次验证身份，之后有七天冷静期：

- 冷静期内一切照常，随时可以撤回。
- 冷静期结束后账户自动注销，手机号和微信可以重新注册新账户。
- 注销后原账户的资料无法恢复；订单和账目按法律规定保留，但不再与您的身份相连。""",
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


def articles(_apps):
    columns = ("slug", "topic", "title", "body")
    for position, article in enumerate(ARTICLES, start=1):
        yield dict(zip(columns, article, strict=True)) | {"position": position, "is_published": True}


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_first_rows")]

    operations = [
        first_rows("accounts.OnboardingStep", steps),
        first_rows("accounts.SecurityCard", cards),
        first_rows("accounts.QuizQuestion", questions),
        first_rows("accounts.QuizOption", options),
        first_rows("accounts.Article", articles),
    ]
