"""Papers, pictures and workbooks: what is in them is what was written, and nothing in them acts."""

import io
import re
import tempfile
from datetime import UTC, datetime
from decimal import Decimal
from zipfile import ZipFile

import pytest
import segno
from PIL import Image
from pypdf import PdfReader

from wallet_project.kit.documents.paper import A4, Align, Column, Paper
from wallet_project.kit.documents.picture import Picture
from wallet_project.kit.documents.qr import squares_of
from wallet_project.kit.documents.typeface import fitted, width_of, writable
from wallet_project.kit.documents.workbook import Workbook

ADDRESS = "https://wallet.example.com/receipts/AgABb1k2mD3-e5Qm8pYx0fM9uTt2vVnZkEw3aQJrX1s8dP6Hc7Lg"
FORMULAS = ["=1+1", "+1", "-1+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")', "http://x"]
COLUMNS = [Column(title="摘要", width=200), Column(title="金额", width=100, align=Align.RIGHT)]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("人民路店 ¥12.30", "人民路店 ¥12.30"),
        ("𬱖先生 㛃", "〓先生 〓"),
        ("👍🏽 ok", "〓〓 ok"),
        ("a\u202eb\u200bc\x00d\n\te", "abcd  e"),
        ("e\u0301", "é"),
        ("ñ", "〓"),
        ("", ""),
    ],
)
def test_what_cannot_be_written_is_seen_to_be_missing(text, written):
    assert writable(text) == written


@pytest.mark.parametrize("text", ["人民路店" * 20, "W" * 80, "短"])
def test_what_is_too_wide_is_cut_off(text):
    shown = fitted(text, size=9, width=100)

    assert width_of(shown, 9) <= 100
    assert shown == text or (shown.endswith("…") and text.startswith(shown[:-1]))


def paper(lines, *, title="对账单"):
    out = io.BytesIO()
    made = Paper(out, size=A4, margin=34, title=title, issuer="人民路咖啡")
    made.headline("钱包对账单", aside="2026 年 11 月", beside="北京时间")
    made.facts([("持有人", "张*"), ("笔数", str(len(lines)))], columns=2)
    made.figures([("期初余额", "12,345.67"), ("期末余额", "0.00")])
    made.section("交易明细")
    made.table(COLUMNS, lines)
    made.proof(ADDRESS, ["扫码核对", "校验码"])
    made.finish()
    return out.getvalue()


def texts_of(pdf):
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def test_a_paper_says_what_was_written():
    [text] = texts_of(paper([("双人套餐 𬱖", "-1,234.56")]))

    for said in ("钱包对账单", "2026 年 11 月", "张*", "12,345.67", "双人套餐 〓", "-1,234.56", "扫码核对"):
        assert said in text
    assert "第 1 页" in text


def test_a_table_goes_on_over_pages_that_each_have_its_head_and_their_number():
    pages = texts_of(paper([(f"第{number}笔", "1.00") for number in range(120)]))

    assert len(pages) == 3
    for number, text in enumerate(pages, start=1):
        assert f"第 {number} 页" in text
        assert "共 3 页" in text
        assert "摘要" in text or "扫码核对" in text
    told = re.findall(r"第(\d+)笔", "".join(pages))
    assert [int(number) for number in told] == list(range(120))


def test_the_same_paper_is_the_same_bytes():
    assert paper([("甲", "1.00")]) == paper([("甲", "1.00")]) != paper([("乙", "1.00")])


def test_the_font_is_inside_and_nothing_acts():
    reader = PdfReader(io.BytesIO(paper([(formula, "1.00") for formula in FORMULAS])))
    [font] = {str(font["/BaseFont"]) for font in fonts_of(reader) if "/ToUnicode" in font}

    assert "NotoSansSC" in font
    assert reader.metadata.title == "对账单"
    assert not {"/JavaScript", "/OpenAction", "/AA"} & set(reader.trailer["/Root"])
    assert all("/Annots" not in page for page in reader.pages)


def fonts_of(reader):
    return [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]


def test_a_code_in_a_picture_is_the_code_of_the_address():
    picture = Picture(issuer="人民路咖啡" * 9, title="电子回单")
    picture.headline("付款")
    picture.amount("¥ 1,234.56")
    picture.fact("单号", "O261121201530123Q7K0M2Z9XWDAX" * 3)
    picture.rule()
    picture.proof(ADDRESS, ["扫码核验"])

    shown = Image.open(io.BytesIO(picture.png()))

    assert (shown.format, shown.width) == ("PNG", 750)
    assert squares_in(shown) == [bytes(row) for row in segno.make(ADDRESS, error="m", micro=False).matrix]


def squares_in(image):
    """The code's squares, from its three corners: the only things in ink below the dashed line."""
    across, _dark = squares_of(ADDRESS)
    step = 260 // across
    left = (750 - step * across) // 2 + 2 * step
    ink = [y for y in range(500, image.height) if image.getpixel((left, y)) == (0x17, 0x21, 0x1C)]
    top, side = ink[0], across - 4
    dark = [
        [
            image.getpixel((left + x * step + step // 2, top + y * step + step // 2))[0] < 128
            for x in range(side)
        ]
        for y in range(side)
    ]
    return [bytes(row) for row in dark]


def book(rows):
    out = io.BytesIO()
    made_at = datetime(2026, 12, 1, tzinfo=UTC)
    with Workbook(out, title="对账单", issuer="人民路咖啡", made_at=made_at) as made:
        made.sheet("明细", widths=[30, 12, 8])
        made.head(["摘要", "金额", "笔数"])
        made.rows(rows)
    return out.getvalue()


def test_a_workbook_shows_texts_and_executes_none():
    sheet = ZipFile(io.BytesIO(book([(text, None, None) for text in FORMULAS])))
    cells = sheet.read("xl/worksheets/sheet1.xml").decode()

    assert "<f>" not in cells
    assert cells.count('t="inlineStr"') == len(FORMULAS) + 3
    assert "=1+1" in cells
    assert not any("rels" in name and "sheet" in name for name in sheet.namelist())


def test_amounts_in_a_workbook_are_exact_numbers():
    amounts = [Decimal("-1234.56"), Decimal("90071992547409.91"), Decimal("0.01")]
    cells = ZipFile(io.BytesIO(book([("x", amount, 7) for amount in amounts]))).read(
        "xl/worksheets/sheet1.xml"
    )

    for amount in amounts:
        assert f"<v>{amount}</v>".encode() in cells
    assert cells.count(b"<v>7</v>") == 3


def test_a_workbook_leaves_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    book([("x", Decimal(1), 1)])
    with pytest.raises(RuntimeError):
        book(row() for row in [lambda: ("x", Decimal(1), 1), broken])

    assert list(tmp_path.iterdir()) == []


def broken():
    raise RuntimeError
