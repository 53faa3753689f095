"""Lines of bills: exact fen or a reason why not, and a line that is wrong changes no other."""

import gzip

import pytest

from payments.gateways.wechat import bills
from payments.gateways.wechat.bill_lines import Statement
from payments.gateways.wechat.bills import Unpacking, lines_of
from payments.gateways.wechat.errors import InvalidBill
from payments.rules.daily_close import BillKind

HEAD = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,"
    "应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,"
    "手续费,费率,订单金额,申请退款金额,费率备注"
)
SUMMARY_HEAD = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"
# wechatpay-axios-plugin, tests/fixtures/bill.ALL.csv: a line that WeChat really sent.
REAL = (
    "`2019-02-19 05:01:46,`wxab8acd895ab1638a,`1921000401,`0,`harryma007,`4200000263201902167700134212,"
    "`autotest_20190216081946_82335,`oHkLxtx0vUqe-18p_AXTZ1innxkCY,`JSAPI,`REFUND,`OTHERS,`CNY,`0.00,`0.00,"
    "`50000709672019011908420787722,`REF4200000263201902167700963919,`0.01,`0.00,`ORIGINAL,`SUCCESS,"
    "`系统拨测,`,`0.00000,`39.00%,`0.00,`0.01,`"
)
PAID = (
    "`2026-11-28 12:00:00,`wx1,`190001,`0,`,`4200001,`P1,`oPerson,`JSAPI,`SUCCESS,`OTHERS,`CNY,`12.50,"
    "`0.00,`0,`0,`0.00,`0.00,`,`,`拿铁,`,`0.07000,`0.60%,`12.50,`0.00,`"
)


def bill(*rows, count=None, paid="0.00", back="0.00"):
    summary = f"`{len(rows) if count is None else count},`0.00,`0.00,`0.00,`0.00000,`{paid},`{back}"
    return [HEAD, *rows, SUMMARY_HEAD, summary]


def read(lines, kind=BillKind.TRADE):
    statement = Statement(kind, lines)
    return list(statement.read()), statement


def changed(row, **cells):
    titles, parts = HEAD.split(","), row.split(",")
    for name, value in cells.items():
        parts[titles.index(name)] = value
    return ",".join(parts)


def test_a_line_that_wechat_really_sent_is_read():
    [line], statement = read(bill(REAL, back="0.01"))

    assert (line.kind, line.amount, line.fee, line.state) == ("refund", 1, 0, "SUCCESS")
    assert line.external_id == "50000709672019011908420787722"
    assert line.number == "REF4200000263201902167700963919"
    assert line.at.isoformat() == "2019-02-19T05:01:46+08:00"
    assert (line.problem, statement.problem) == ("", "")


def test_columns_go_by_their_names_not_by_their_places():
    titles = list(reversed(HEAD.split(",")))
    row = ",".join(reversed(PAID.split(",")))

    [line], _statement = read([",".join(titles), row, *bill(paid="12.50", count=1)[1:]])

    assert (line.external_id, line.number, line.amount, line.fee) == ("4200001", "P1", 1250, 7)


@pytest.mark.parametrize(
    "row",
    [
        changed(PAID, 订单金额="`-12.50"),
        changed(PAID, 订单金额="`=1+1"),
        changed(PAID, 订单金额="`1250"),
        changed(PAID, 订单金额="`12.5"),
        changed(PAID, 订单金额="`1,250.00"),
        changed(PAID, 订单金额="`１２.50"),
        changed(PAID, 订单金额="12.50"),
        changed(PAID, 手续费="`0.00600"),
        changed(PAID, 手续费="`-0.07000"),
        changed(PAID, 微信订单号='`=HYPERLINK("http://127.0.0.1")'),
        changed(PAID, 微信订单号="`"),
        changed(PAID, 商户订单号="`P1\t2"),
        changed(PAID, 货币种类="`USD"),
        changed(PAID, 交易状态="`NEW"),
        changed(PAID, 交易时间="`2026-13-28 12:00:00"),
        changed(PAID, 交易时间="`2026-11-28T12:00:00+00:00"),
        changed(REAL, 退款状态="`DONE"),
        PAID + ",`more",
        PAID.rpartition(",")[0],
    ],
)
def test_a_line_that_is_not_as_documented_is_kept_with_its_reason_and_no_amount(row):
    lines, _statement = read(bill(row, REAL, back="0.01"))

    assert lines[0].problem
    assert lines[0].raw.startswith("`")
    assert (lines[0].amount, lines[0].fee, lines[0].external_id) == (0, 0, "")
    assert lines[1].problem == ""


def test_a_summary_that_does_not_agree_with_the_lines_is_named():
    _lines, short = read(bill(PAID, count=2, paid="12.50"))
    _lines, wrong = read(bill(PAID, paid="12.51"))
    _lines, right = read(bill(PAID, paid="12.50"))

    assert short.problem == "汇总与明细不符：总交易单数"
    assert wrong.problem == "汇总与明细不符：订单总金额"
    assert right.problem == ""


def test_a_fund_flow_tells_what_came_and_what_went():
    head = (
        "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),"
        "资金变更提交申请人,备注,业务凭证号"
    )
    lines, statement = read(
        [
            head,
            "`2026-11-28 12:00:00,`4200001,`91,`交易,`交易,`收入,`12.50,`12.50,`system,`,`P1",
            "`2026-11-28 12:00:01,`1330001,`92,`商家转账,`商家转账,`支出,`2.50,`10.00,`system,`,`W1",
            "`2026-11-28 13:00:00,`,`93,`提现,`提现,`支出,`10.00,`0.00,`system,`,`",
            "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额",
            "`3,`1,`12.50,`2,`12.50",
        ],
        BillKind.FUND_FLOW,
    )

    assert [(line.kind, line.external_id, line.change) for line in lines] == [
        ("payment", "4200001", 1250),
        ("transfer", "W1", -250),
        ("other", "", -1000),
    ]
    assert statement.problem == ""


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [""],
        ["<html>502</html>"],
        [HEAD],
        [HEAD, PAID],
        [HEAD, PAID, SUMMARY_HEAD],
        [HEAD, PAID, SUMMARY_HEAD, "`1,`2"],
        ["记账时间,业务类型", "`1,`2"],
    ],
)
def test_what_is_no_bill_is_refused_as_a_whole(lines):
    with pytest.raises(InvalidBill):
        read(lines)


def test_packed_lines_come_out_whole_however_the_pieces_are_cut():
    text = "\ufeff" + "\r\n".join(bill(PAID, REAL)) + "\r\n"
    packed = gzip.compress(text.encode())

    for size in (1, 7, 1000, len(packed)):
        pieces = [packed[at : at + size] for at in range(0, len(packed), size)]
        assert list(lines_of(pieces)) == bill(PAID, REAL)


@pytest.mark.parametrize(
    "packed",
    [b"not packed", gzip.compress("交易时间".encode("gbk")), gzip.compress(b"`" * 20_000)],
    ids=["plain", "gbk", "one endless line"],
)
def test_lines_of_something_else_are_refused(packed):
    with pytest.raises(InvalidBill):
        list(lines_of([packed]))


def test_a_bomb_is_put_out_before_it_fills_the_memory(monkeypatch):
    monkeypatch.setattr(bills, "MOST_BYTES", 4 * 1024 * 1024)
    packed = gzip.compress(bytes(64 * 1024 * 1024))
    sizes = []

    with pytest.raises(InvalidBill, match="过大"):
        sizes.extend(len(plain) for plain in Unpacking().feed(packed))

    assert sum(sizes) <= 4 * 1024 * 1024


def test_a_file_is_what_its_hash_says_all_of_it_and_nothing_behind_it():
    unpacking = Unpacking()
    packed = gzip.compress(b"bill")
    list(unpacking.feed(packed[:-4]))
    with pytest.raises(InvalidBill, match="不完整"):
        unpacking.require_whole(digest="")
    list(unpacking.feed(packed[-4:]))
    with pytest.raises(InvalidBill, match="摘要"):
        unpacking.require_whole(digest="0" * 40)
    with pytest.raises(InvalidBill, match="之后"):
        list(unpacking.feed(b"more"))
