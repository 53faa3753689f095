"""The features that can be open to some; these are open to everybody from the beginning."""

from django.db import migrations

from wallet_project.kit.migrating import first_rows

FEATURES = {
    "recommendations": "首页按个人习惯推荐；关闭时为热门推荐",
    "live_chat": "与客服即时对话；关闭时请顾客提交工单",
}


class Migration(migrations.Migration):
    dependencies = [("flags", "0001_first")]

    operations = [
        first_rows(
            "flags.Flag",
            lambda _apps: [{"name": name, "everyone": True, "note": note} for name, note in FEATURES.items()],
        )
    ]
