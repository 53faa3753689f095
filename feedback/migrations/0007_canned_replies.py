"""What agents say from the first day on, as data."""

from django.db import migrations

from wallet_project.kit.migrating import first_rows

_REPLIES = (
    (
        "您好，已收到",
        "{{顾客}}您好，您的问题我们已经收到，正在为您核实，请稍候。工单号：{{工单号}}。",
        [],
    ),
    (
        "请补充信息",
        "您好，为了尽快为您处理，请补充以下信息：\n1. 问题发生的时间；\n2. 涉及的单号；\n3. 页面截图。",
        [],
    ),
    (
        "退款已提交",
        "您好，{{业务}}的退款已为您提交，将按原支付方式退回：余额部分即时到账，微信部分一般 1 至 3 个工作日到账。",
        ["REFUND", "PAYMENT"],
    ),
    (
        "支付状态说明",
        "您好，{{时间}} 的{{业务}}（单号 {{单号}}，{{金额}} 元）目前状态为“{{状态}}”。",
        ["PAYMENT", "REFUND", "WITHDRAWAL"],
    ),
    (
        "提现到账时间",
        "您好，提现 {{单号}}（{{金额}} 元）目前状态为“{{状态}}”。提交后请在微信中确认收款，确认后一般几分钟内到账。",
        ["WITHDRAWAL"],
    ),
    (
        "优惠券使用条件",
        "您好，优惠券能否使用取决于有效期、最低消费和适用门店，结账页会说明不能使用的原因。您也可以在“我的优惠券”里查看使用说明。",
        ["COUPON"],
    ),
    (
        "账户安全提醒",
        "您好，为了您的资金安全，请不要把验证码和支付密码告诉任何人，客服也不会向您索要。",
        ["ACCOUNT", "APPEAL"],
    ),
    (
        "结束语",
        "如果还有其他问题，直接回复即可。感谢您的支持！客服 {{客服}}",
        [],
    ),
)


class Migration(migrations.Migration):
    dependencies = [("feedback", "0006_first_articles")]

    operations = [
        first_rows(
            "feedback.CannedReply",
            lambda _apps: (
                {"title": title, "body": body, "kinds": kinds} for title, body, kinds in _REPLIES
            ),
        )
    ]
