"""What differs between two texts, and how a text is shown."""

import pytest

from accounts.rules.agreement_texts import as_html
from accounts.rules.agreements import Change, ChangeKind, changes_between, fingerprint

BEFORE = "## 收费\n\n充值免费。\n\n提现收取 0.1%。"


def test_a_text_does_not_differ_from_itself():
    assert changes_between(BEFORE, BEFORE.replace("\n", "\r\n")) == []


@pytest.mark.parametrize(
    ("after", "changes"),
    [
        (
            "## 收费\n\n充值免费。\n\n提现免费。",
            [Change(kind=ChangeKind.CHANGED, before="提现收取 0.1%。", after="提现免费。")],
        ),
        (f"{BEFORE}\n\n不另收费。", [Change(kind=ChangeKind.ADDED, after="不另收费。")]),
        ("## 收费\n\n提现收取 0.1%。", [Change(kind=ChangeKind.REMOVED, before="充值免费。")]),
        (
            "## 收费\n\n充值免费，即时到账。\n\n不另收费。\n\n提现收取 0.1%。",
            [
                Change(kind=ChangeKind.CHANGED, before="充值免费。", after="充值免费，即时到账。"),
                Change(kind=ChangeKind.ADDED, after="不另收费。"),
            ],
        ),
    ],
)
def test_changes_are_told_by_paragraph(after, changes):
    assert changes_between(BEFORE, after) == changes


def test_of_a_table_only_the_rows_that_changed_are_told():
    before = "| 项目 | 费用 |\n|--|--|\n| 充值 | 免费 |\n| 退款 | 免费 |"

    changes = changes_between(before, before.replace("| 退款 | 免费 |", "| 退款 | 0.6% |"))

    assert changes == [Change(kind=ChangeKind.CHANGED, before="| 退款 | 免费 |", after="| 退款 | 0.6% |")]


def test_a_fingerprint_tells_apart_what_differs_in_anything():
    text = {"kind": "TERMS", "version": 1, "title": "协议", "body": "正文"}

    prints = {fingerprint(**{**text, **change}) for change in ({}, {"version": 2}, {"body": "正文 "})}

    assert len(prints) == 3
    assert all(len(found) == 64 for found in prints)


def test_a_text_is_shown_with_its_headings_lists_tables_and_stress():
    shown = as_html(
        "## 标题\n\n第一行\n**第二行**\n\n- 甲\n- 乙\n\n| 项目 | 费用 |\n|---|---|\n| 充值 | 免费 |"
    )

    assert "<h2>标题</h2>" in shown
    assert "<p>第一行<br><strong>第二行</strong></p>" in shown
    assert "<ul><li>甲</li><li>乙</li></ul>" in shown
    assert "<th>项目</th>" in shown
    assert "<td>免费</td>" in shown
    assert "--" not in shown


@pytest.mark.parametrize("bad", ["<script>alert(1)</script>", '## <img src=x onerror="x">', "| <b> |"])
def test_no_tag_comes_from_the_text(bad):
    shown = as_html(bad)

    assert "<script" not in shown
    assert "<img" not in shown
    assert "<b>" not in shown
