"""People with money in every ledger that is measured."""

from django.conf import settings
from django.contrib.auth import get_user_model

from benchmarks.servers import LEDGER, Server
from benchmarks.straightforward.models import Account

_RICH = 10**12
_HORDAK_ACCOUNTS = 1_000

# Those of `settle`: whoever came later need not be numbered without a gap.
_HALF_OF_THEM = "SELECT count(*) / 2 FROM accounts_user WHERE nickname = 'town'"
_OPEN = "SELECT count(*) FROM (SELECT ledger_open_wallet(id) FROM accounts_user ORDER BY id) AS opened"

# Own money without a source, and as much again with one.
_FUND = """
    SELECT count(*) FROM (
        SELECT ledger_post(1::smallint, 'fund:' || id || ':' || number, '', 'top_up', '', '{}',
                           ARRAY[id * 10 + number, 9000000000000100]::bigint[],
                           ARRAY[%(rich)s, -%(rich)s]::bigint[], NULL, NULL, NULL, NULL, lots)
        FROM wallet_wallet, (VALUES (1, NULL), (2, '{"source": "bench"}'::jsonb)) AS money (number, lots)
    ) AS funded
"""

_POST_PAST = """
    SELECT count(*) FROM (
        SELECT ledger_post(1::smallint,
                           'transfer:T261121' || to_char(n, 'FM000000000') || substr(md5(n::text), 1, 13),
                           '0123456789abcdef', 'transfer', '', '{}',
                           ARRAY[low * 10 + 1, high * 10 + 1]::bigint[], '{-1, 1}',
                           NULL, NULL, NULL, NULL)
        FROM (SELECT n, 1 + mod(n, %(half)s) AS low, %(half)s + 1 + mod(n * 7, %(half)s) AS high
              FROM generate_series(%(first)s, %(last)s) AS n) AS past
    ) AS posted
"""

_WRITE_RECORDS = """
    WITH written AS (
    INSERT INTO wallet_record (wallet_id, journal_id, kind, direction, amount, balance_amount, channel_amount,
                               balance_after, counterparty, title, reference, occurred_at, month)
    SELECT a.wallet_id, e.journal_id, 'payment', 'out', -e.amount, -e.amount, 0, e.balance_after,
           'store:bench', '付款', 'O' || e.journal_id, e.at,
           to_char(e.at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM')
    FROM wallet_entry AS e JOIN wallet_ledgeraccount AS a ON a.id = e.account_id
    WHERE e.amount < 0 AND a.code = 'principal'
    ON CONFLICT DO NOTHING RETURNING id, wallet_id, amount, occurred_at
    ) INSERT INTO wallet_recordcategory
        (record_id, wallet_id, nature, amount, occurred_at, category_id, filed_by)
      SELECT id, wallet_id, 'spent', amount, occurred_at, 'other', 'rule' FROM written
"""


def settle(server: Server, *, customers: int) -> None:
    """Wallets 1 to `customers`, each with more than any benchmark can spend."""
    user = get_user_model()
    user.objects.bulk_create([user(nickname="town") for _ in range(customers)], batch_size=1_000)
    server.as_owner(LEDGER, _OPEN)
    server.as_owner(LEDGER, _FUND, rich=_RICH)
    Account.objects.bulk_create([Account(balance=_RICH) for _ in range(customers)], batch_size=1_000)
    if settings.HAS_HORDAK:
        _settle_hordak()
    server.as_owner(LEDGER, "VACUUM ANALYZE")


def grow_history(server: Server, *, first: int, journals: int) -> None:
    """Past journals, posted by the function itself in large commits, and a record for each."""
    half = server.as_owner(LEDGER, _HALF_OF_THEM)[0][0]
    last = first + journals - 1
    for start in range(first, last + 1, 10_000):
        server.as_owner(LEDGER, _POST_PAST, half=half, first=start, last=min(start + 9_999, last))
    server.as_owner(LEDGER, _WRITE_RECORDS)
    server.as_owner(LEDGER, "VACUUM ANALYZE")


def _settle_hordak() -> None:
    from hordak.models import Account as HordakAccount

    for number in range(_HORDAK_ACCOUNTS):
        HordakAccount.objects.create(name=f"bench {number}", type="LI", currencies=["CNY"])
