"""What the support desk begins with, as data."""

from django.db import migrations

from wallet_project.kit.migrating import first_rows

_QUEUES = (
    ("money", "资金", ["PAYMENT", "REFUND", "WITHDRAWAL"], False),
    ("safety", "账户与安全", ["ACCOUNT", "APPEAL"], False),
    ("complaints", "投诉", ["COMPLAINT"], False),
    ("general", "综合", [], True),
)


class Migration(migrations.Migration):
    dependencies = [("feedback", "0001_first")]

    operations = [
        first_rows(
            "feedback.Queue",
            lambda _apps: (
                {"code": code, "name": name, "kinds": kinds, "is_default": takes_rest}
                for code, name, kinds, takes_rest in _QUEUES
            ),
        )
    ]
