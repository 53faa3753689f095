"""A month of somebody's wallet, small or long, with a record for every line."""

from django.db import connection, transaction

from wallet.models import Wallet
from wallet.rules import chart
from wallet.rules.kinds import JournalKind, RecordKind
from wallet.rules.postings import forfeiture_legs, grant_legs
from wallet.services.holds import place_hold
from wallet.services.ledger import post_journal
from wallet.services.records import write_record
from wallet.services.spending import book_payment
from wallet.services.top_ups import credit_top_up, open_top_up
from wallet.tests.factories import new_key
from wallet_project.kit.money import Fen


def live_a_little(wallet: Wallet) -> None:
    """A top-up of 100.00, a gift of 5.00, a dinner of 40.00 and 10.00 given up, each with its record."""
    with transaction.atomic():
        number = open_top_up(wallet_id=wallet.pk, amount=Fen(10_000)).number
        credit_top_up(number=number, key=new_key("wx:pay"), facts={})
        gift = post_journal(
            kind=JournalKind.GRANT,
            key=new_key("gift"),
            legs=grant_legs(wallet_id=wallet.pk, code="bonus", amount=Fen(500)),
        )
        write_record(
            wallet_id=wallet.pk,
            journal=gift,
            kind=RecordKind.GRANT,
            title="=新客礼",
            reference="G1",
            balance_amount=Fen(500),
        )
        hold = place_hold(wallet_id=wallet.pk, amount=Fen(3_000), key=new_key("hold"), reference="O1")
        book_payment(
            user_id=wallet.user_id,
            hold_id=hold.pk,
            balance=hold.amount,
            channel_amount=Fen(1_000),
            key=new_key("order"),
            reference="O1",
            title="双人套餐",
            counterparty="store:renmin",
            counterparty_name="人民路店",
            facts={},
        )
        lost = post_journal(
            kind=JournalKind.FORFEITURE,
            key=new_key("lost"),
            legs=forfeiture_legs(wallet_id=wallet.pk, amounts={"principal": Fen(1_000)}),
        )
        write_record(
            wallet_id=wallet.pk,
            journal=lost,
            kind=RecordKind.FORFEITURE,
            title="放弃余额",
            reference="",
            balance_amount=Fen(1_000),
        )


def live_much(wallet: Wallet, *, lines: int) -> None:
    """So many top-ups of 1.00, written by SQL."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH posted AS (
                SELECT n, ledger_post(1::smallint, %(key)s || n, '0123456789abcdef', 'top_up', 'R' || n, '{}',
                                      ARRAY[%(account)s, %(clearing)s]::bigint[], '{100, -100}',
                                      NULL, NULL, NULL, NULL) AS made
                FROM generate_series(1, %(lines)s) AS n
            )
            INSERT INTO wallet_record (wallet_id, journal_id, kind, direction, amount, balance_amount,
                                       channel_amount, balance_after, title, reference, occurred_at, month)
            SELECT %(wallet)s, (made).journal, 'top_up', 'in', 100, 100, 0, (made).balances[1], '充值',
                   'R' || n, (made).posted_at,
                   to_char((made).posted_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM')
            FROM posted ORDER BY n
            """,
            {
                "key": new_key("many"),
                "account": chart.customer_account_id("principal", wallet_id=wallet.pk),
                "clearing": chart.platform_account_id("wechat_clearing", key="many"),
                "wallet": wallet.pk,
                "lines": lines,
            },
        )
