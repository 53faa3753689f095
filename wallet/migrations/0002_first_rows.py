"""What a wallet begins with, and staff change from here on: limits, fees, forbidden words, categories and their rules."""

from datetime import UTC, datetime, timedelta, timezone

from django.db import migrations

from wallet_project.kit.migrating import first_rows
from wallet_project.kit.texts import skeleton

# The limits of 银发〔2015〕43 号 for what leaves the balance, and below them what is usual. In force since the day the
# regulation was: there is no moment without a limit.
SINCE = datetime(2016, 7, 1, tzinfo=timezone(timedelta(hours=8)))
NONE, FIRST, SECOND, THIRD = range(4)

# yuan: single, day, month, year, lifetime; then how often a day
OFF = (0, 0, None, None, None, None)
LIMITS = {
    "top_up": {
        NONE: (1_000, 1_000, None, None, None, None),
        FIRST: (5_000, 5_000, 20_000, None, None, None),
        SECOND: (10_000, 20_000, 100_000, None, None, None),
        THIRD: (20_000, 50_000, 200_000, None, None, None),
    },
    "out": {
        NONE: (None, 500, None, None, 1_000, None),
        FIRST: (None, 1_000, None, None, 1_000, None),
        SECOND: (None, 5_000, 50_000, 100_000, None, None),
        THIRD: (None, 5_000, 100_000, 200_000, None, None),
    },
    "pay": {
        NONE: (200, 500, None, None, 1_000, None),
        FIRST: (1_000, 1_000, None, None, 1_000, None),
        SECOND: (5_000, 5_000, 50_000, None, None, None),
        THIRD: (5_000, 5_000, 100_000, None, None, None),
    },
    "transfer": {
        NONE: OFF,
        FIRST: (200, 500, None, None, None, 10),
        SECOND: (2_000, 5_000, 50_000, None, None, 30),
        THIRD: (5_000, 5_000, 100_000, None, None, 50),
    },
    "red_packet": {
        NONE: OFF,
        FIRST: (200, 500, None, None, None, 20),
        SECOND: (2_000, 5_000, 20_000, None, None, 50),
        THIRD: (2_000, 5_000, 50_000, None, None, 100),
    },
    "withdraw": {
        NONE: OFF,
        FIRST: (1_000, 5_000, 20_000, None, None, 5),
        SECOND: (10_000, 20_000, 200_000, None, None, 10),
        THIRD: (20_000, 50_000, 500_000, None, None, 10),
    },
    "bill": {
        NONE: OFF,
        FIRST: (500, 1_000, None, None, None, 20),
        SECOND: (5_000, 5_000, 50_000, None, None, 50),
        THIRD: (5_000, 5_000, 100_000, None, None, 50),
    },
}

# Taking money out costs a little, everything else nothing. Amounts in fen, rates in basis points.
_MADE = datetime(2025, 12, 24, 16, tzinfo=UTC)
_EFFECTIVE = datetime(2025, 12, 31, 16, tzinfo=UTC)  # New Year in Shanghai, as the first agreements

FREE = {}
FEES = {
    "top_up": FREE,
    "pay": FREE,
    "transfer": FREE,
    "red_packet": FREE,
    "withdraw": {"rate": 10, "least": 10, "most": 25_00, "free_amount": 1_000_00},
    "bill": FREE,
}

# What nobody sends with money.
WORDS = {
    "网络赌博": ("赌博", "赌资", "博彩", "下注", "彩金", "洗码"),
    "洗钱与套现": ("洗钱", "跑分", "套现", "四件套", "假币", "代开发票"),
    "刷单与兼职诈骗": ("刷单", "垫付返利", "做任务返现"),
    "冒充公检法": ("安全账户", "资金核查", "解冻费", "保释金", "通缉令"),
    "毒品与枪支": ("毒品", "冰毒", "大麻", "枪支", "弹药"),
    "色情": ("裸聊", "嫖娼", "援交", "色情"),
}

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


def limits(_apps):
    for move, levels in LIMITS.items():
        for level, (*amounts, times) in levels.items():
            single, day, month, year, lifetime = (yuan and yuan * 100 for yuan in amounts)
            yield {
                "move": move,
                "level": level,
                "single": single,
                "per_day": day,
                "per_month": month,
                "per_year": year,
                "lifetime": lifetime,
                "times_a_day": times,
                "effective_from": SINCE,
                "made_at": SINCE,
            }


def fees(_apps):
    for kind, terms in FEES.items():
        yield {"kind": kind, "version": 1, "effective_from": _EFFECTIVE, "made_at": _MADE, **terms}


def words(_apps):
    for note, listed in WORDS.items():
        for word in listed:
            yield {"word": word, "folded": skeleton(word), "note": note}


def categories(_apps):
    columns = ("code", "name", "name_en", "symbol", "is_offered")
    for position, category in enumerate(CATEGORIES, start=1):
        yield dict(zip(columns, category, strict=True)) | {"position": position * 10}


def category_rules(_apps):
    for kind, code in BY_KIND:
        yield {"category_id": code, "kind": kind, "priority": 10, "is_active": True}
    for priority, (code, listed) in enumerate(BY_WORDS, start=51):
        yield {"category_id": code, "words": listed, "priority": priority, "is_active": True}


class Migration(migrations.Migration):
    dependencies = [("wallet", "0001_first")]

    operations = [
        first_rows("wallet.LimitPolicy", limits),
        first_rows("wallet.FeeSchedule", fees),
        first_rows("wallet.ForbiddenWord", words),
        first_rows("wallet.Category", categories),
        first_rows("wallet.CategoryRule", category_rules),
    ]
