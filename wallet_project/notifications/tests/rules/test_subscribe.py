"""What WeChat takes at each keyword, and what is cut short or refused before it is asked."""

from datetime import datetime

import pytest

from wallet_project.notifications.rules.catalogue import CATALOGUE
from wallet_project.notifications.rules.notices import Category
from wallet_project.notifications.rules.subscribe import (
    TEMPLATES,
    Unfit,
    check_texts,
    fill_keywords,
    fit,
    known_facts,
    usual_template,
    usual_texts,
    variables_for,
)
from wallet_project.notifications.rules.variables import day, money, number, text

VARIABLES = variables_for(
    {"amount": money("金额"), "until": day("到期"), "count": number("张数"), "who": text("谁", "小明")}
)
FACTS = known_facts(
    {"amount": 1_234_567_89, "until": "2026-12-01", "count": 12_345, "who": "小明"},
    title="到账",
    body="您有一笔新的\n款项到账，请进入小程序查看详细情况",
    told_at=datetime.fromisoformat("2026-11-28T16:05:00+00:00"),
)


@pytest.mark.parametrize(
    ("keyword", "value", "taken"),
    [
        ("thing1", "一" * 20, "一" * 20),
        ("thing1", "一" * 21, "一" * 19 + "…"),
        ("thing1", " 一行\n两行 ", "一行 两行"),
        ("name1", "欧阳" * 6, "欧阳欧阳欧阳欧阳欧阳"),
        ("name1", "Alexander von Humboldt", "Alexander von Humbol"),
        ("phrase1", "已到账", "已到账"),
        ("character_string1", "O261129083000123X", "O261129083000123X"),
        ("amount1", "¥1234567.89", "¥1234567.89"),
        ("time1", "2026年11月29日 08:30", "2026年11月29日 08:30"),
        ("date1", "2026年11月29日", "2026年11月29日"),
    ],
)
def test_what_fits_stays_and_a_sentence_is_cut_short(keyword, value, taken):
    assert fit(keyword, value) == taken


@pytest.mark.parametrize(
    ("keyword", "value"),
    [
        ("thing1", " \n"),
        ("phrase1", "等待人工审核"),
        ("phrase1", "OK"),
        ("character_string1", "订单一"),
        ("character_string1", "1" * 33),
        ("number1", "12,345"),
        ("amount1", "12,345.00"),
        ("amount1", "¥12345678901"),
        ("time1", "2026-11-29 08:30"),
        ("phone_number1", "1" * 18),
    ],
)
def test_half_a_number_or_a_state_is_another_one_and_refused(keyword, value):
    with pytest.raises(Unfit) as refused:
        fit(keyword, value)

    assert refused.value.keyword == keyword


def test_facts_are_written_as_wechat_reads_them():
    texts = {
        "amount1": "¥{amount}",
        "date2": "{until}",
        "number3": "{count}",
        "time4": "{told_at}",
        "thing5": "{who}：{notice_title}",
        "thing6": "{notice_body}",
    }

    assert fill_keywords(texts, VARIABLES, FACTS) == {
        "amount1": "¥1234567.89",
        "date2": "2026年12月1日",
        "number3": "12345",
        "time4": "2026年11月29日 00:05",
        "thing5": "小明：到账",
        "thing6": "您有一笔新的 款项到账，请进入小程序查…",
    }


@pytest.mark.parametrize(
    ("texts", "keyword"),
    [
        ({"thing1": "到账"}, "amount2"),
        ({"thing1": "到账", "amount2": "¥{amount}", "thing3": "多出"}, "thing3"),
        ({"thing1": "{secret}", "amount2": "¥{amount}"}, "thing1"),
        ({"thing1": "{who", "amount2": "¥{amount}"}, "thing1"),
        ({"thing1": "{who}", "amount2": "{who}"}, "amount2"),
    ],
)
def test_what_staff_write_is_checked_before_anybody_is_told(texts, keyword):
    with pytest.raises(Unfit) as refused:
        check_texts({"thing1": "类型", "amount2": "金额"}, texts, VARIABLES)

    assert refused.value.keyword == keyword


def test_every_notice_fits_the_template_it_begins_with():
    for row in CATALOGUE.values():
        template = usual_template(row.category, row.variables)
        keywords = {keyword: label for keyword, (label, _) in template.keywords.items()}
        check_texts(keywords, usual_texts(template), variables_for(row.variables))
    assert usual_template(Category.MONEY, {"amount": money("金额")}) is TEMPLATES["money"]
    assert usual_template(Category.MONEY, {}) is TEMPLATES["progress"]
