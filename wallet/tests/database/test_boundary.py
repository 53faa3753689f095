"""What the application's role may not do, and what nobody may."""

import psycopg2
import pytest
from django.db import DatabaseError, connection, transaction

from wallet.models import Entry
from wallet.rules import chart
from wallet.rules.postings import Leg
from wallet.services.ledger import post_journal
from wallet.tests.factories import account_of, make_wallet, new_key

LEDGER_TABLES = ("ledgeraccount", "journal", "entry", "hold", "holdevent", "seal", "wallet")
APPEND_ONLY = ("journal", "entry", "holdevent", "seal", "record")

CLEARING, SUSPENSE = chart.PLATFORM_IDS + 100, chart.PLATFORM_IDS + 1000


def pgcode(refusal):
    return refusal.value.__cause__.pgcode


@pytest.mark.django_db
@pytest.mark.parametrize("table", LEDGER_TABLES)
@pytest.mark.parametrize(
    "write",
    [
        "INSERT INTO wallet_{table} SELECT * FROM wallet_{table}",
        "UPDATE wallet_{table} SET {column} = {column}",
        "DELETE FROM wallet_{table}",
        "TRUNCATE wallet_{table} CASCADE",
        "ALTER TABLE wallet_{table} DISABLE TRIGGER ALL",
        "DROP TABLE wallet_{table}",
    ],
)
def test_the_application_writes_no_ledger_table(table, write):
    column = {"entry": "amount", "seal": "height"}.get(table, "id")

    with pytest.raises(DatabaseError) as refusal, connection.cursor() as cursor:
        cursor.execute(write.format(table=table, column=column))

    assert pgcode(refusal) == "42501"  # insufficient privilege


@pytest.mark.django_db
@pytest.mark.parametrize("write", ["UPDATE wallet_record SET amount = 1", "DELETE FROM wallet_record"])
def test_the_application_rewrites_no_record(write):
    with pytest.raises(DatabaseError) as refusal, connection.cursor() as cursor:
        cursor.execute(write)

    assert pgcode(refusal) == "42501"


def test_the_application_cannot_become_the_ledgers_role(owner_cursor):
    owner_cursor.execute("SELECT pg_has_role('wallet_app', 'wallet_ledger', 'MEMBER')")
    assert owner_cursor.fetchone() == (False,)
    owner_cursor.execute("SELECT rolcanlogin, rolsuper FROM pg_roles WHERE rolname = 'wallet_ledger'")
    assert owner_cursor.fetchone() == (False, False)


@pytest.mark.django_db
def test_every_function_of_the_ledger_runs_as_its_own_role_with_a_fixed_search_path(owner_cursor):
    owner_cursor.execute(
        "SELECT proname, pg_get_userbyid(proowner), proconfig[1],"
        " has_function_privilege('wallet_app', oid, 'EXECUTE'),"
        " proacl::text LIKE '%{=X/%' OR proacl::text LIKE '%,=X/%' FROM pg_proc"
        " WHERE proname LIKE 'ledger%' AND prosecdef"
    )
    functions = owner_cursor.fetchall()

    assert {name for name, *_rest in functions} == {
        "ledger_post",
        "ledger_open_wallet",
        "ledger_set_wallet_status",
        "ledger_place_hold",
        "ledger_release_hold",
        "ledger_seal",
        "ledger_close_wallet",
    }
    assert {tuple(map(str, rest)) for _name, *rest in functions} == {
        ("wallet_ledger", "search_path=public, pg_temp", "True", "False")
    }


@pytest.mark.django_db
def test_a_table_in_front_of_the_ledgers_does_not_fool_it():
    wallet = make_wallet(principal=100)

    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE wallet_ledgeraccount (LIKE public.wallet_ledgeraccount)")
        cursor.execute("SET LOCAL search_path = pg_temp, public")
        cursor.execute(
            "SELECT * FROM ledger_place_hold(%s, 60, %s, 'D1', NULL, '{principal}')", [wallet.pk, new_key()]
        )
        cursor.execute("SET LOCAL search_path = public")
        cursor.execute("DROP TABLE pg_temp.wallet_ledgeraccount")

    assert account_of(wallet).held == 60


@pytest.mark.committed
class TestNobody:
    """The owner, too, is refused by triggers and constraints."""

    @pytest.fixture(autouse=True)
    def _a_transaction_that_ends_in_nothing(self, committed_db, owner_cursor):
        self.wallet = make_wallet(principal=100)
        self.principal = account_of(self.wallet).pk
        self.owner = owner_cursor
        owner_cursor.execute("BEGIN")
        yield
        owner_cursor.execute("ROLLBACK")

    def refused(self, statement, *values):
        with pytest.raises(psycopg2.Error) as refusal:
            self.owner.execute(statement, values)
        return refusal.value.pgcode, refusal.value.diag.constraint_name

    @pytest.mark.parametrize("table", APPEND_ONLY)
    def test_rewrites_what_was_written(self, table):
        column = {"seal": "height"}.get(table, "journal_id" if table in ("entry", "record") else "id")

        for statement in (
            f"UPDATE wallet_{table} SET {column} = {column}",  # noqa: S608 - the names are ours
            f"DELETE FROM wallet_{table}",  # noqa: S608
            f"TRUNCATE wallet_{table} CASCADE",
        ):
            assert self.refused(statement) == ("WL007", None)
            self.owner.execute("ROLLBACK")
            self.owner.execute("BEGIN")

    def add_entries(self, *amounts):
        accounts = [self.principal, SUSPENSE, SUSPENSE - 100][: len(amounts)]
        return self.refused(
            "INSERT INTO wallet_entry (account_id, version, journal_id, amount, balance_after, at)"
            " SELECT account_id, 1000, (SELECT max(id) FROM wallet_journal), amount, 0, now()"
            " FROM unnest(%s, %s::bigint[]) AS leg (account_id, amount)",
            accounts,
            list(amounts),
        )

    @pytest.mark.parametrize("amounts", [(5, -4), (5, 5), (5, -5, 1)])
    def test_adds_entries_that_do_not_balance(self, amounts):
        assert self.add_entries(*amounts) == ("WL008", None)

    def test_adds_a_single_entry(self):
        assert self.add_entries(5) == ("WL008", None)

    def test_adds_an_entry_of_nothing(self):
        assert self.add_entries(0, 0) == ("WL008", None)

    def test_overdraws_an_account(self):
        overdraw = "UPDATE wallet_ledgeraccount SET balance = -1 WHERE id = %s"

        assert self.refused(overdraw, self.principal) == ("23514", "ledger_account_is_never_overdrawn")

    def test_holds_more_than_there_is(self):
        hold = "UPDATE wallet_ledgeraccount SET held = 101 WHERE id = %s"

        assert self.refused(hold, self.principal) == ("23514", "ledger_account_is_never_overdrawn")

    def test_holds_less_than_nothing(self):
        hold = "UPDATE wallet_ledgeraccount SET held = -1 WHERE id = %s"

        assert self.refused(hold, self.principal) == ("23514", "ledger_account_is_never_overdrawn")

    def test_writes_a_version_twice(self):
        assert self.refused(
            "INSERT INTO wallet_entry SELECT * FROM wallet_entry WHERE account_id = %s", self.principal
        ) == ("23505", "wallet_entry_pkey")

    def test_adds_entries_of_two_journals_at_once(self):
        refusal = self.refused(
            "INSERT INTO wallet_entry (account_id, version, journal_id, amount, balance_after, at)"
            " SELECT id, 1000, (SELECT max(id) FROM wallet_journal) - odd, 1 - 2 * odd, 0, now()"
            " FROM (SELECT id, mod(row_number() OVER (), 2) AS odd FROM wallet_ledgeraccount LIMIT 4) AS leg"
        )

        assert refusal == ("WL008", None)

    def test_takes_an_account_away(self):
        assert self.refused("DELETE FROM wallet_ledgeraccount WHERE id = %s", self.principal) == (
            "WL007",
            None,
        )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("accounts", "amounts", "code"),
    [
        ([SUSPENSE, CLEARING], [5, -5], "WL003"),  # not ascending: the lock order is part of the call
        ([CLEARING, CLEARING], [5, -5], "WL003"),
        ([CLEARING, SUSPENSE], [0, 0], "WL003"),
        ([CLEARING, None], [-5, 5], "WL003"),
        ([CLEARING, SUSPENSE], [-5], "WL003"),
        ([CLEARING], [-5], "WL003"),
        ([], [], "WL003"),
        (None, None, "WL003"),
        ([CLEARING, SUSPENSE], [-5, 4], "WL008"),
        ([CLEARING, SUSPENSE], [None, 5], "WL003"),
        ([CLEARING - 99, CLEARING], [5, -5], "WL004"),
    ],
)
def test_the_function_refuses_malformed_legs(accounts, amounts, code):
    with pytest.raises(DatabaseError) as refusal, connection.cursor() as cursor:
        cursor.execute(
            "SELECT ledger_post(1::smallint, %s, '', 'x', '', '{}', %s::bigint[], %s::bigint[],"
            " NULL, NULL, NULL, NULL)",
            [new_key(), accounts, amounts],
        )

    assert pgcode(refusal) == code


@pytest.mark.django_db
def test_a_journal_stays_in_its_book():
    with pytest.raises(DatabaseError) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT ledger_post(2::smallint, %s, '', 'x', '', '{}', %s::bigint[], '{-5, 5}',"
            " NULL, NULL, NULL, NULL)",
            [new_key(), [CLEARING, SUSPENSE]],
        )

    assert pgcode(refusal) == "WL004"


@pytest.mark.committed
def test_time_never_runs_backwards_on_an_account(committed_db, owner_cursor):
    wallet = make_wallet(principal=100)
    owner_cursor.execute(
        "UPDATE wallet_ledgeraccount SET last_at = now() + interval '1 hour' WHERE id = %s RETURNING last_at",
        [account_of(wallet).pk],
    )
    ahead = owner_cursor.fetchone()[0]  # as if the clock had been set back by an hour since

    legs = [Leg("principal", -1, wallet.pk), Leg("bonus", 1, wallet.pk)]
    posted = post_journal(kind="promotion", key=new_key(), legs=legs)

    assert posted.at == ahead
    assert account_of(wallet, "bonus").last_at == ahead
    assert set(Entry.objects.filter(journal=posted.journal_id).values_list("at", flat=True)) == {ahead}


@pytest.mark.committed
def test_the_function_can_be_replaced_while_money_moves(committed_db, owner_cursor, in_parallel):
    wallet = make_wallet(principal=1_000)
    owner_cursor.execute("SELECT pg_get_functiondef('ledger_post'::regproc)")
    definition = owner_cursor.fetchone()[0]

    def pay():
        legs = [Leg("principal", -1, wallet.pk), Leg("bonus", 1, wallet.pk)]
        return [post_journal(kind="promotion", key=new_key(), legs=legs).replayed for _ in range(30)]

    def replace():
        for _ in range(10):
            owner_cursor.execute(definition)

    outcomes = in_parallel([pay, replace, pay, pay])

    assert outcomes == [[False] * 30, None, [False] * 30, [False] * 30]
    assert (account_of(wallet).balance, account_of(wallet, "bonus").balance) == (910, 90)
