"""The first categories and rules, which staff edit from here on; and a place for every line there is."""

from django.db import migrations

from wallet.rules.categories import NATURES

# 编号、名称、英文名称、图标、可供顾客选择
CATEGORIES = [
    ("food", "餐饮", "Food and drink", "🍜", True),
    ("shopping", "购物", "Shopping", "🛍️", True),
    ("transport", "交通", "Transport", "🚌", True),
    ("bills", "生活缴费", "Bills", "💡", True),
    ("leisure", "娱乐", "Leisure", "🎬", True),
    ("health", "医疗健康", "Health", "💊", True),
    ("education", "教育", "Education", "📚", True),
    ("people", "人情往来", "People", "🧧", True),
    ("own_money", "充值提现", "Own money", "🔁", False),
    ("other", "其他", "Other", "📦", True),
]

# 记录类型、分类
BY_KIND = [
    ("bill", "bills"),
    ("transfer_out", "people"),
    ("transfer_in", "people"),
    ("red_packet_out", "people"),
    ("red_packet_in", "people"),
    ("top_up", "own_money"),
    ("top_up_refund", "own_money"),
    ("payout", "own_money"),
    ("payout_returned", "own_money"),
    ("withdrawal", "own_money"),
]

# 分类、关键词：先具体，后宽泛
BY_WORDS = [
    ("education", "学费 培训 课程 书店 图书 教材 文具 考试 幼儿园"),
    ("health", "药房 药店 大药 医院 门诊 诊所 体检 牙科 口腔 眼科 健身 按摩"),
    ("transport", "打车 出租 地铁 公交 加油 充电站 停车 高铁 火车 机票 航空 单车 顺风车 快车 洗车"),
    ("bills", "电费 水费 燃气 话费 宽带 物业 暖气 房租 有线电视"),
    ("leisure", "电影 影院 影城 ktv 游戏 演出 门票 景区 酒吧 网吧 酒店 民宿 旅行 乐园 剧本"),
    (
        "food",
        "餐 饭 面馆 拉面 米线 火锅 烧烤 小吃 咖啡 拿铁 奶茶 茶饮 饮品 烘焙 面包 蛋糕 甜品 早点 外卖"
        " 饺子 包子 寿司 披萨 汉堡 炸鸡 麻辣 料理 食堂 美食 coffee cafe pizza",
    ),
    ("shopping", "超市 便利 商城 商店 百货 购物 服饰 服装 鞋 数码 家电 家居 母婴 化妆 美妆 水果 生鲜 菜场 五金"),
]

_FILE = """
    INSERT INTO wallet_recordcategory
        (record_id, wallet_id, nature, amount, occurred_at, category_id, filed_by)
    SELECT line.id, line.wallet_id, place.nature, line.amount, line.occurred_at, place.category, 'rule'
    FROM wallet_record AS line JOIN unnest(%s, %s, %s) AS place(kind, nature, category) USING (kind)
"""


def write_down(apps, _schema_editor):
    category, rule = apps.get_model("wallet", "Category"), apps.get_model("wallet", "CategoryRule")
    for position, (code, name, name_en, symbol, is_offered) in enumerate(CATEGORIES, start=1):
        category.objects.get_or_create(
            code=code,
            defaults={
                "name": name,
                "name_en": name_en,
                "symbol": symbol,
                "position": position * 10,
                "is_offered": is_offered,
            },
        )
    for kind, code in BY_KIND:
        rule.objects.create(category_id=code, kind=kind, priority=10, is_active=True)
    for number, (code, words) in enumerate(BY_WORDS, start=1):
        rule.objects.create(category_id=code, words=words, priority=50 + number, is_active=True)


def file_what_there_is(_apps, schema_editor):
    """By kind; what only words can tell stays with the others until staff file the last days anew."""
    by_kind = dict(BY_KIND)
    kinds = [str(kind) for kind in NATURES]
    natures = [str(nature) for nature in NATURES.values()]
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(_FILE, [kinds, natures, [by_kind.get(kind, "other") for kind in kinds]])


class Migration(migrations.Migration):
    dependencies = [("wallet", "0024_category_totals")]

    operations = [
        migrations.RunPython(write_down, migrations.RunPython.noop),
        migrations.RunPython(file_what_there_is, migrations.RunPython.noop),
    ]
