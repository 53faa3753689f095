"""A day of 200,000 bill lines: unpacked, proven, sealed, staged and matched with as many journals."""

import contextlib
import gzip
import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from unittest.mock import patch

from benchmarks.report import Row
from benchmarks.servers import LEDGER, Server

_TRADE_HEAD = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,"
    "应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,"
    "手续费,费率,订单金额,申请退款金额,费率备注"
)
_FUND_HEAD = (
    "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),"
    "资金变更提交申请人,备注,业务凭证号"
)
_AMOUNT = 1234
# As the owner, with the triggers asleep: what 200,000 postings would have left of the money at WeChat.
_WRITE = """
    SET session_replication_role = replica;
    CREATE TEMPORARY TABLE move AS
        SELECT n, 9000000000000100 + n %% 16 AS account,
               (SELECT coalesce(max(id), 0) FROM wallet_journal) + n AS journal,
               %(begins)s::timestamptz + n * interval '0.4 second' AS at
        FROM generate_series(1, %(lines)s) AS n;
    INSERT INTO wallet_journal
        (id, book_id, key, request_hash, kind, reference, facts, at, business_date, xid)
        SELECT journal, 1, 'wx:pay:' || (420000000000000000 + n), '\\x00', 'top_up', 'R' || n, '{}', at,
               at::date, pg_current_xact_id()::text::bigint
        FROM move;
    INSERT INTO wallet_entry (account_id, version, journal_id, amount, balance_after, at)
        SELECT account, 10000000000 + n, journal, -%(amount)s, 0, at FROM move;
    SELECT setval('wallet_journal_id_seq', (SELECT max(id) + 1 FROM wallet_journal));
"""


def measure(server: Server, *, lines: int) -> list[Row]:
    """In a process of its own, so that its memory is its own."""
    day = date.today() - timedelta(days=40)  # noqa: DTZ011 - any day that is over
    server.as_owner(LEDGER, _WRITE, begins=f"{day} 00:00:01+08", lines=lines, amount=_AMOUNT)
    server.as_owner(LEDGER, "VACUUM ANALYZE")
    command = [sys.executable, "-m", "benchmarks.reconciling", day.isoformat(), str(lines)]
    told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    assert told["matched"] == lines
    return [
        Row(f"reconcile a day of {lines:,} bill lines, s", told["seconds"], at_most=60),
        Row(f"reconcile a day of {lines:,} bill lines, MB", told["megabytes"], at_most=300),
    ]


def _trade_bill(day: date, lines: int) -> bytes:
    total = f"{_AMOUNT * lines // 100}.{_AMOUNT * lines % 100:02d}"
    rows = [
        f"`{day} 12:00:00,`wxbench,`190001,`0,`,`{420000000000000001 + n},`P{n},"
        "`oUpF8uMuAJO_M2pxb1Q9zNjWeS6o,`JSAPI,`SUCCESS,`OTHERS,`CNY,`12.34,`0.00,`0,`0,`0.00,`0.00,`,`,`一杯咖啡,`,`0.00000,`0.00%,`12.34,`0.00,`"
        for n in range(lines)
    ]
    end = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"
    return _text([_TRADE_HEAD, *rows, end, f"`{lines},`{total},`0.00,`0.00,`0.00000,`{total},`0.00"])


def _fund_bill(day: date, lines: int) -> bytes:
    total = f"{_AMOUNT * lines // 100}.{_AMOUNT * lines % 100:02d}"
    rows = [
        f"`{day} 12:00:00,`{420000000000000001 + n},`9{n},`交易,`交易,`收入,`12.34,`12.34,`system,`,`P{n}"
        for n in range(lines)
    ]
    end = "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额"
    return _text([_FUND_HEAD, *rows, end, f"`{lines},`{lines},`{total},`0,`0.00"])


def _text(lines: list[str]) -> bytes:
    return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode()


def _write_files(folder: str, day: date, lines: int) -> None:
    bills = {
        "TRADE": _trade_bill(day, lines),
        "FUND_FLOW": _fund_bill(day, lines),
        "OPERATION": _fund_bill(day, 0),
    }
    for name, content in bills.items():
        digest = hashlib.sha1(content, usedforsecurity=False).hexdigest()
        with open(f"{folder}/{name}-{digest}.gz", "wb") as out:
            out.write(gzip.compress(content))


def _reconcile(folder: str, day: date) -> dict[str, float]:
    """The service as it is, with files where WeChat would answer."""
    import django

    django.setup()
    from django.conf import settings

    from payments.gateways.wechat.bills import AppliedBill
    from payments.models import CloseItem
    from payments.services import bill_fetching
    from payments.services.daily_closes import reconcile_day
    from wallet_project.kit import clock

    settings.WECHAT.update(appid="wxbench", mchid="190001")
    names = {name.partition("-")[0]: name for name in os.listdir(folder)}

    def applied(kind: str, _day: date) -> AppliedBill:
        name = names[kind]
        return AppliedBill(address=name, digest=name.partition("-")[2].removesuffix(".gz"))

    @contextlib.contextmanager
    def downloaded(bill: AppliedBill) -> Iterator[Iterator[bytes]]:
        with open(f"{folder}/{bill.address}", "rb") as file:
            yield iter(lambda: file.read(65536), b"")

    begun = time.perf_counter()
    with (
        patch.object(bill_fetching, "apply_for_bill", applied),
        patch.object(bill_fetching, "downloaded", downloaded),
    ):
        close = reconcile_day(day, at=clock.now())
    return {
        "seconds": time.perf_counter() - begun,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "matched": CloseItem.objects.filter(close=close, outcome="").count(),
    }


def main() -> None:
    day, lines = date.fromisoformat(sys.argv[1]), int(sys.argv[2])
    match sys.argv[3:]:
        case ["write", folder]:
            _write_files(folder, day, lines)
        case ["reconcile", folder]:
            print(json.dumps(_reconcile(folder, day)))
        case _:
            # Each anew: a child counts what its parent took as its own, and making the files takes much.
            with tempfile.TemporaryDirectory() as folder:
                for step in ("write", "reconcile"):
                    command = [sys.executable, "-m", "benchmarks.reconciling", *sys.argv[1:3], step, folder]
                    subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
