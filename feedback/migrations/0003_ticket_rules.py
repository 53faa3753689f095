"""Which tickets are urgent, and why people write, as data."""

from django.db import migrations

from wallet_project.kit.migrating import first_rows

_EMERGENCY, _HIGH, _LOW = 0, 1, 3
_RULES = (
    {"name": "盗刷与诈骗", "priority": _EMERGENCY, "words": ["盗刷", "被盗", "诈骗", "被骗", "不是我付的"]},
    {"name": "投诉与申诉", "priority": _HIGH, "kinds": ["COMPLAINT", "APPEAL"]},
    {"name": "大额", "priority": _HIGH, "amount": 100_000},
    {"name": "高等级会员", "priority": _HIGH, "standing": 2},
    {"name": "扬言投诉", "priority": _HIGH, "words": ["12315", "消协", "银保监", "律师", "起诉", "媒体曝光"]},
    {"name": "产品建议", "priority": _LOW, "kinds": ["SUGGESTION"]},
)
_CAUSES = {
    "unclear": "界面或说明不清楚",
    "rules": "不了解规则",
    "mistake": "顾客误操作",
    "fault": "系统故障",
    "channel": "微信或银行延迟",
    "merchant": "门店或商品问题",
    "screening": "风控误伤",
    "fraud": "欺诈或盗用",
    "missing": "缺少功能",
    "other": "其他",
}

_TAGS = ("待回访", "重复咨询", "疑似欺诈", "升级处理", "好评")


class Migration(migrations.Migration):
    dependencies = [("feedback", "0002_queues")]

    operations = [
        first_rows("feedback.PriorityRule", lambda _apps: _RULES),
        first_rows(
            "feedback.RootCause", lambda _apps: ({"code": code, "name": name} for code, name in _CAUSES.items())
        ),
        first_rows("feedback.Tag", lambda _apps: ({"name": name} for name in _TAGS)),
    ]
