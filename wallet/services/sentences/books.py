"""Journals, entries, accounts, holds and seals."""

from wallet.rules import chart
from wallet.services.sentences.base import Sentence

_CHART = ", ".join(
    f"('{row.code}', {row.number}, {row.slots}, {row.allow_negative}, {row in chart.CUSTOMER})"
    for row in chart.BY_CODE.values()
)

SENTENCES = (
    Sentence(
        name="journal_balances",
        says="every journal has two legs or more and they sum to zero",
        words="每张凭证至少两条分录，借贷相等",
        broken="""
            SELECT j.id FROM journal AS j
            LEFT JOIN (SELECT journal_id, sum(amount) AS total, count(*) AS legs
                       FROM entry GROUP BY journal_id) AS e ON e.journal_id = j.id
            WHERE (e.total = 0 AND e.legs >= 2) IS NOT TRUE""",
    ),
    Sentence(
        name="entry_is_at_home",
        says="every entry has its journal and its account",
        words="每条分录都有凭证和账户",
        broken="""
            SELECT e.journal_id FROM entry AS e
            LEFT JOIN wallet_journal AS j ON j.id = e.journal_id
            LEFT JOIN wallet_ledgeraccount AS a ON a.id = e.account_id
            WHERE j.id IS NULL OR a.id IS NULL""",
    ),
    Sentence(
        name="entries_follow",
        says="an account's entries are numbered without a gap, add up and never go back in time",
        words="账户的分录编号连续，余额逐条相加，时间不倒退",
        broken="""
            SELECT DISTINCT e.account_id FROM entry AS e
            LEFT JOIN wallet_entry AS before
                   ON before.account_id = e.account_id AND before.version = e.version - 1
            WHERE e.balance_after <> coalesce(before.balance_after, 0) + e.amount
               OR before.version IS NULL AND e.version <> 1 OR e.at < before.at""",
    ),
    Sentence(
        name="balance_is_of_last_entry",
        says="an account's balance is that of its last entry",
        words="账户余额等于最后一条分录的余额",
        broken="""
            SELECT a.id FROM account AS a
            LEFT JOIN LATERAL (SELECT balance_after, version FROM wallet_entry WHERE account_id = a.id
                               ORDER BY version DESC LIMIT 1) AS last ON true
            WHERE (a.balance, a.version)
                  IS DISTINCT FROM (coalesce(last.balance_after, 0), coalesce(last.version, 0))""",
    ),
    Sentence(
        name="held_is_of_holds",
        says="an account holds what its open holds say",
        words="账户的冻结金额等于未了结的冻结之和",
        broken="""
            SELECT a.id FROM account AS a
            LEFT JOIN LATERAL (SELECT sum(amount) AS held FROM wallet_holdevent
                               WHERE account_id = a.id) AS e ON true
            WHERE a.held <> coalesce(e.held, 0)""",
    ),
    Sentence(
        name="never_overdrawn",
        says="no account is overdrawn",
        words="没有账户透支",
        broken="""
            SELECT id FROM account WHERE held < 0 OR NOT allow_negative AND balance < held""",
    ),
    Sentence(
        name="account_is_of_chart",
        says="an account is numbered, and may go below zero, as the chart says",
        words="账户的编号和可否为负与科目表一致",
        broken=f"""
            SELECT a.id FROM account AS a
            JOIN (VALUES {_CHART}) AS chart (code, number, slots, allow_negative, is_customers)
              ON chart.code = a.code
            WHERE a.allow_negative AND NOT chart.allow_negative
               OR CASE WHEN chart.is_customers THEN a.id = a.wallet_id * 10 + chart.number
                       ELSE a.wallet_id IS NULL AND a.slot < chart.slots
                            AND a.id = {chart.PLATFORM_IDS} + chart.number * 100 + a.slot
                  END IS NOT TRUE""",  # noqa: S608 - our constants
    ),
    Sentence(
        name="closed_wallet_is_empty",
        says="a closed wallet is empty and stays so",
        words="已关闭的钱包为空且保持为空",
        broken="""
            SELECT a.id FROM account AS a JOIN wallet_wallet AS w ON w.id = a.wallet_id
            WHERE w.status = 'CLOSED' AND NOT (a.closed AND a.frozen AND a.balance = 0 AND a.held = 0)
               OR a.closed AND w.status <> 'CLOSED'""",
    ),
    Sentence(
        name="freeze_is_of_wallet",
        says="an account is stopped as its wallet is",
        words="账户的停止支出与收入与钱包状态一致",
        broken="""
            SELECT a.id FROM account AS a JOIN wallet_wallet AS w ON w.id = a.wallet_id
            WHERE w.status <> 'CLOSED'
              AND (a.frozen, a.receives_nothing) <> (w.status IN ('FROZEN', 'ALL_FROZEN'),
                                                     w.status IN ('CREDIT_FROZEN', 'ALL_FROZEN'))""",
    ),
    Sentence(
        name="hold_is_of_events",
        says="a hold is what its events say",
        words="每笔冻结与其明细一致",
        broken="""
            SELECT h.id FROM hold AS h
            LEFT JOIN LATERAL (
                SELECT sum(amount) FILTER (WHERE kind = 'placed') AS placed,
                       sum(amount) FILTER (WHERE kind = 'captured') AS captured,
                       sum(amount) FILTER (WHERE kind IN ('voided', 'expired')) AS released
                FROM wallet_holdevent WHERE hold_id = h.id) AS e ON true
            WHERE (h.amount, -h.captured, -h.released)
                  IS DISTINCT FROM (e.placed, coalesce(e.captured, 0), coalesce(e.released, 0))
               OR h.captured + h.released > h.amount""",
    ),
    Sentence(
        name="capture_is_of_entry",
        says="what a hold paid left the account in the same journal",
        words="冻结的扣款在同一凭证中离开账户",
        broken="""
            SELECT h.hold_id FROM hold_event AS h
            LEFT JOIN wallet_entry AS e ON e.journal_id = h.journal_id AND e.account_id = h.account_id
            WHERE h.kind = 'captured' AND (e.amount <= h.amount) IS NOT TRUE""",
    ),
    Sentence(
        name="one_book",
        says="a journal stays in one book",
        words="一张凭证只在一个账簿内",
        broken="""
            SELECT j.id FROM entry AS e JOIN wallet_journal AS j ON j.id = e.journal_id
            JOIN wallet_ledgeraccount AS a ON a.id = e.account_id WHERE a.book_id <> j.book_id""",
    ),
    Sentence(
        name="trial_balance",
        says="each book's trial balance is zero",
        words="试算平衡：每个账簿的余额合计为零",
        broken="""
            SELECT book_id FROM wallet_ledgeraccount GROUP BY book_id HAVING sum(balance) <> 0""",
    ),
    Sentence(
        name="reversal_mirrors",
        says="a reversal mirrors what it reverses",
        words="冲正与原凭证金额相反",
        broken="""
            SELECT j.id FROM journal AS j
            JOIN wallet_entry AS e ON e.journal_id IN (j.id, j.reverses_id)
            WHERE j.reverses_id IS NOT NULL GROUP BY j.id, e.account_id HAVING sum(e.amount) <> 0""",
    ),
    Sentence(
        name="seals_cover",
        says="the seals cover the journals as they were",
        words="封印与凭证的内容一致",
        broken="""
            SELECT seal.height FROM seal
            LEFT JOIN wallet_seal AS below ON below.height = seal.height - 1
            CROSS JOIN LATERAL ledger_block(
                coalesce(below.hash, ''), coalesce(below.before_xid, 0), seal.before_xid) AS block
            WHERE (seal.journals, seal.hash) IS DISTINCT FROM (block.journals, block.hash)
               OR below.height IS NULL AND seal.height <> 1""",
    ),
    Sentence(
        name="heads_are_kept",
        says="the newest seal of an earlier sound check is still in the chain",
        words="以往核对相符时的最新封印仍在链上",
        broken="""
            SELECT published.head FROM published
            LEFT JOIN wallet_seal AS seal ON seal.height = split_part(published.head, ':', 1)::bigint
            WHERE encode(seal.hash, 'hex') IS DISTINCT FROM split_part(published.head, ':', 2)""",
    ),
)
