"""
A merchant's last ninety days, set-based: people who join, look around, pay and come again.

More every week, more on weekends, most at noon and in the evening; whoever joined early comes most. Events
are kept as the product keeps them, with activity and journeys; payments are orders, attempts, journals of the
ledger and lines of histories, all of the same moment.
"""

from datetime import date, timedelta

from django.db import connection, transaction

from benchmarks.servers import LEDGER, Server
from wallet_project.kit import clock
from wallet_project.kit.db import let_statements_take

DAYS = 90

# When in a day, by what share of it happens before each hour is over; and who of those who have joined.
_DICE = """
    CREATE FUNCTION bench_moment(day date) RETURNS timestamptz LANGUAGE sql AS $$
        SELECT (day + (width_bucket(random() * 1000, ARRAY[
                    6, 9, 11, 13, 15, 22, 45, 88, 138, 180, 222, 290, 390, 462, 510, 555, 605, 670, 755,
                    832, 895, 945, 980
                ]) + random()) * interval '1 hour')::timestamp AT TIME ZONE 'Asia/Shanghai' $$;
    CREATE FUNCTION bench_somebody(joined integer) RETURNS bigint LANGUAGE sql AS $$
        SELECT 1 + floor(joined * random() ^ 2)::bigint $$"""

_JOINING = """
    SELECT gen_random_uuid(), bench_moment(%(day)s), 'registered', id, NULL::uuid, '{}'::jsonb
    FROM generate_series(%(joined_before)s + 1, %(joined)s) AS id"""

# What they look at, some of it before they have logged in.
_LOOKING = """
    SELECT gen_random_uuid(), at,
           (ARRAY['opened', 'viewed', 'tapped', 'signed_in', 'topped_up', 'coupon_issued', 'failed',
                  'shared'])[dice],
           CASE WHEN dice > 2 OR random() > 0.15 THEN who END,
           CASE WHEN dice IN (1, 2, 3, 7, 8) THEN md5('device ' || who)::uuid END,
           CASE WHEN dice = 1 THEN '{"scene": 1001}'
                WHEN dice IN (2, 3, 7, 8)
                THEN jsonb_build_object('screen', (%(screens)s::text[])[1 + floor(random() ^ 2 * 18)])
                ELSE '{}' END
    FROM (
        SELECT bench_moment(%(day)s) AS at, bench_somebody(%(joined)s) AS who,
               1 + width_bucket(random() * 100, ARRAY[24, 74, 88, 93, 96, 98, 99]) AS dice
        FROM generate_series(1, %(events)s)
    ) AS looked"""

_PAYING = """
    SELECT lpad(to_hex(id), 32, 'f')::uuid, paid_at, 'paid', payer_id, NULL::uuid,
           jsonb_build_object('amount', amount)
    FROM payments_order WHERE paid_at >= %(first)s AND paid_at < %(end)s"""

_ORDERS = """
    WITH placed AS (
        INSERT INTO payments_order (
            number, origin, payer_id, is_claimed, store_id, shop_order_no, title, remark, amount, state,
            paid_from_coupons, paid_from_points, paid_from_balance, paid_from_channel, refunding, refunded,
            placed_at, expires_at, paid_at, closed_at, close_reason, created_at, updated_at
        )
        SELECT 'O' || to_char(%(day)s::date, 'YYMMDD') || lpad(n::text, 20, '0'), 'STORE', who, false,
               (SELECT array_agg(id ORDER BY id) FROM payments_store)[1 + mod(n, %(stores)s)], '', '付款', '',
               amount, CASE WHEN paid THEN 'PAID' ELSE 'CLOSED' END,
               0, 0, 0, CASE WHEN paid THEN amount ELSE 0 END, 0, 0,
               at, at + interval '30 minutes', CASE WHEN paid THEN at + interval '20 seconds' END,
               CASE WHEN NOT paid THEN at + interval '30 minutes' END, '', at, at
        FROM (
            SELECT n, bench_somebody(%(joined)s) AS who, bench_moment(%(day)s) AS at, random() < 0.94 AS paid,
                   (500 + floor(exp(random() * 3.2) * 300))::bigint AS amount
            FROM generate_series(1, %(payments)s) AS n
        ) AS bought
        RETURNING *
    )
    INSERT INTO payments_payment (
        number, payer_id, order_id, method, description, uses_discounts, from_coupons, from_points,
        from_balance, from_channel, state, appid, mchid, openid, client_ip, prepay_id, transaction_id,
        expires_at, settled_at, settled_via, queries, last_error, created_at, updated_at
    )
    SELECT 'P' || substr(number, 2), payer_id, id, 'WECHAT', title, false, 0, 0,
           0, amount, state, '', '', '', '', '', CASE WHEN paid_at IS NOT NULL THEN substr(number, 2) END,
           expires_at, paid_at, '', 0, '', placed_at, placed_at
    FROM placed"""

# In the order of time, as they would have been posted; ascending by account, as the function wants them.
_JOURNALS = """
    SELECT count(*) FROM (
        SELECT ledger_post(
            1::smallint, 'paid:' || number, '0123456789abcdef', 'order_payment', number, '{}',
            ARRAY[9000000000000100 + slot, 9000000000000300 + slot], ARRAY[-amount, amount],
            (paid_at AT TIME ZONE 'Asia/Shanghai')::date, NULL, NULL, NULL, NULL
        )
        FROM (SELECT *, mod(id, 16) AS slot FROM payments_order
              WHERE paid_at >= %(first)s AND paid_at < %(end)s ORDER BY paid_at) AS paid
    ) AS posted"""

# The ledger dates what it posts itself, and lets nobody change it: its owner does, on a benchmark's database.
_DATE_BACK = """
    ALTER TABLE wallet_journal DISABLE TRIGGER USER;
    ALTER TABLE wallet_entry DISABLE TRIGGER USER;
    UPDATE wallet_journal AS j SET at = o.paid_at FROM payments_order AS o
    WHERE j.key = 'paid:' || o.number AND j.book_id = 1;
    UPDATE wallet_entry AS e SET at = j.at
    FROM wallet_journal AS j WHERE e.journal_id = j.id AND e.at <> j.at;
    ALTER TABLE wallet_journal ENABLE TRIGGER USER;
    ALTER TABLE wallet_entry ENABLE TRIGGER USER"""

_HISTORIES = """
    WITH written AS (
        INSERT INTO wallet_record (
            wallet_id, journal_id, kind, direction, amount, balance_amount, channel_amount, balance_after,
            counterparty, title, reference, occurred_at, month
        )
        SELECT o.payer_id, j.id, 'payment', 'out', o.amount, o.paid_from_balance, o.paid_from_channel, 0,
               'store:bench', '付款', o.number, o.paid_at,
               to_char(o.paid_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM')
        FROM payments_order AS o JOIN wallet_journal AS j ON j.key = 'paid:' || o.number AND j.book_id = 1
        ORDER BY o.paid_at RETURNING id, wallet_id, amount, occurred_at
    )
    INSERT INTO wallet_recordcategory
        (record_id, wallet_id, nature, amount, occurred_at, category_id, filed_by)
    SELECT id, wallet_id, 'spent', amount, occurred_at,
           (SELECT array_agg(code ORDER BY code) FROM wallet_category)[1 + mod(id, 6)], 'rule'
    FROM written"""


def live_through(server: Server, *, customers: int, events: int, payments: int) -> list[date]:
    """So many events, and those of so many payments; up to yesterday. The days."""
    from payments.models import Store
    from wallet_project.analytics.services.months import make_months

    server.as_owner(LEDGER, _DICE)
    today = clock.business_day(clock.now())
    days = [today - timedelta(days=back) for back in range(DAYS, 0, -1)]
    make_months(first=clock.beginning_of(days[0]), last=clock.now())
    stores = [Store(code=f"bench{number}", name=f"门店{number}") for number in range(5)]
    Store.objects.bulk_create(stores)
    joined_before = 0
    for number, day in enumerate(days):
        share = _share(number, day) / sum(_share(*each) for each in enumerate(days))
        joined = customers * (number + 10) // (DAYS + 10)
        _live(
            day,
            joined_before=joined_before,
            joined=joined,
            looks=round((events - customers) * share),
            payments=round(payments * share),
            stores=len(stores),
        )
        joined_before = joined
    server.as_owner(LEDGER, _DATE_BACK)
    server.as_owner(LEDGER, _HISTORIES)
    server.as_owner(LEDGER, "VACUUM ANALYZE")
    return days


def _share(number: int, day: date) -> float:
    return (0.6 + 0.8 * number / DAYS) * (1.25 if day.weekday() >= 5 else 1)


@transaction.atomic
def _live(day: date, *, joined_before: int, joined: int, looks: int, payments: int, stores: int) -> None:
    from wallet_project.analytics.rules.events import Feature
    from wallet_project.analytics.services.events import keep_events

    let_statements_take(seconds=120)
    first = clock.beginning_of(day)
    of_day = {"day": day, "joined": joined, "first": first, "end": first + timedelta(days=1)}
    with connection.cursor() as cursor:
        cursor.execute(_ORDERS, {**of_day, "payments": payments, "stores": stores})
        cursor.execute(_JOURNALS, of_day)
    keep_events(_JOINING, **of_day, joined_before=joined_before)
    keep_events(_LOOKING, **of_day, events=looks, screens=list(Feature.values))
    keep_events(_PAYING, **of_day)
