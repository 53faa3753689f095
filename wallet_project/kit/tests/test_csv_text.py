"""A spreadsheet shows what is in a file, and runs nothing of it."""

import csv
import io

import pytest

from wallet_project.kit.csv_text import as_csv, csv_lines, harmless


@pytest.mark.parametrize(
    "cell", ["=1+1", "+86 138", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1+1", "=HYPERLINK(…)"]
)
def test_a_text_like_a_formula_is_kept_from_being_one(cell):
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["-12.34", "0.00", "拿铁", "", 12, -12, None, True, "a=b"])
def test_anything_else_stays_as_it_is(cell):
    assert harmless(cell) == cell


def test_rows_are_read_back_as_they_were():
    text = as_csv([{"标题": '两杯"拿铁"\n少糖', "金额（元）": "-3.50"}, {"标题": "=cmd", "金额（元）": None}])

    assert text.startswith("\ufeff标题,金额（元）")
    assert list(csv.reader(io.StringIO(text[1:]))) == [
        ["标题", "金额（元）"],
        ['两杯"拿铁"\n少糖', "-3.50"],
        ["'=cmd", ""],
    ]


def test_rows_of_any_length_come_line_by_line():
    lines = csv_lines(iter([("对账单号", "B1"), (), ("=cmd", "-3.50", 7)]))

    assert next(lines) == "\ufeff"
    assert list(lines) == ["对账单号,B1\r\n", "\r\n", "'=cmd,-3.50,7\r\n"]


def test_nothing_is_an_empty_file():
    assert as_csv([]) == "\ufeff"
