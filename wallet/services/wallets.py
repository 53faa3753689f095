"""Open a wallet, stop it, let it go on, close it."""

from wallet.errors import WalletNotEmpty, WalletReceivesNothing
from wallet.models import Wallet, WalletStatus
from wallet.rules.kinds import JournalKind, RecordKind
from wallet.rules.postings import forfeiture_legs
from wallet.selectors.balances import Balance, balance_of
from wallet.selectors.red_packets import waiting_in_red_packets
from wallet.services.ledger import post_journal, refusals_as_errors
from wallet.services.records import write_record
from wallet_project.audit.services import record_audit
from wallet_project.kit.db import require_transaction
from wallet_project.kit.money import Fen
from wallet_project.kit.rows import get_answer
from wallet_project.pauses.models import Flow
from wallet_project.pauses.services import require_going


def open_wallet(*, user_id: int) -> Wallet:
    """This user's wallet with its principal, bonus and cashback accounts, opened now if there was none."""
    return get_answer(Wallet, "SELECT * FROM ledger_open_wallet(%s)", [user_id])


def require_receiving(wallet: Wallet) -> None:
    """
    Before anything is begun that would bring money in.

    :raises WalletReceivesNothing: somebody has stopped it
    """
    if wallet.status in (WalletStatus.CREDIT_FROZEN, WalletStatus.ALL_FROZEN):
        raise WalletReceivesNothing


def close_wallet(*, user_id: int, gives_up: Fen) -> None:
    """
    Close a user's wallet for good. What is left in it, at most `gives_up` fen, becomes ours.

    Must be called inside the transaction that decided so; does nothing the second time.

    :raises Paused: all money stands still, and with it what is left
    :raises WalletNotEmpty: there is more in it than its owner agreed to lose, or something is promised
    :raises WalletFrozen: somebody has stopped it, and with it the rest
    """
    require_transaction()
    wallet = Wallet.objects.filter(user=user_id).first()
    if wallet is None or wallet.is_closed:
        return
    balance = balance_of(user_id)
    if balance.total > gives_up or balance.held:
        raise WalletNotEmpty(amount=balance.total)
    if balance.total:
        require_going(Flow.MONEY)
        _forfeit(wallet, balance)
    with refusals_as_errors():
        get_answer(Wallet, "SELECT * FROM ledger_close_wallet(%s)", [wallet.pk])
    # Asked while the accounts are locked: a red packet sent a moment ago is seen, and what nobody opens of it
    # must have a wallet to return to.
    if waiting := waiting_in_red_packets(user_id):
        raise WalletNotEmpty(amount=waiting)
    record_audit(
        action="wallet.wallet.closed", subject=f"wallet:{wallet.pk}", facts={"given_up": balance.total}
    )


def _forfeit(wallet: Wallet, balance: Balance) -> None:
    amounts = {"principal": balance.principal, "bonus": balance.bonus, "cashback": balance.cashback}
    reference = f"wallet:{wallet.pk}"
    journal = post_journal(
        kind=JournalKind.FORFEITURE,
        key=f"forfeit:{wallet.pk}",
        legs=forfeiture_legs(wallet_id=wallet.pk, amounts=amounts),
        reference=reference,
        facts=amounts,
    )
    write_record(
        wallet_id=wallet.pk,
        journal=journal,
        kind=RecordKind.FORFEITURE,
        title="注销时放弃的余额",
        reference=reference,
        balance_amount=balance.total,
    )
