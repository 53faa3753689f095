"""What nobody sends with money from the first day; staff edit the list from here on."""

from django.db import migrations

from wallet_project.kit.texts import skeleton

WORDS = {
    "网络赌博": ("赌博", "赌资", "博彩", "下注", "彩金", "洗码"),
    "洗钱与套现": ("洗钱", "跑分", "套现", "四件套", "假币", "代开发票"),
    "刷单与兼职诈骗": ("刷单", "垫付返利", "做任务返现"),
    "冒充公检法": ("安全账户", "资金核查", "解冻费", "保释金", "通缉令"),
    "毒品与枪支": ("毒品", "冰毒", "大麻", "枪支", "弹药"),
    "色情": ("裸聊", "嫖娼", "援交", "色情"),
}


def write_words(apps, _schema_editor):
    row = apps.get_model("wallet", "ForbiddenWord")
    row.objects.bulk_create(
        row(word=word, folded=skeleton(word), note=note)
        for note, words in WORDS.items()
        for word in words
    )


class Migration(migrations.Migration):
    dependencies = [("wallet", "0009_forbidden_words")]

    operations = [migrations.RunPython(write_words, migrations.RunPython.noop)]
