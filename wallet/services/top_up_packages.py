"""Offers go on sale when two people agree, and off by one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from wallet.errors import PackageChanged, PackageNotOnSale, PackageTakenOften
from wallet.models import PackageState, TopUp, TopUpPackage, TopUpState
from wallet_project.approvals.services import propose
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import lock_number, require_transaction
from wallet_project.kit.states import require_move

MOVES: dict[str, set[str]] = {
    PackageState.DRAFT: {PackageState.ON_SALE, PackageState.RETIRED},
    PackageState.ON_SALE: {PackageState.RETIRED},
}
_TAKING = 0x7061636B << 32  # "pack", so that nobody else locks these numbers


def propose_sale(*, package_id: int, reason: str, maker_id: int) -> None:
    """
    Ask a second person to put a draft on sale.

    :raises StateConflict: it is not a draft
    :raises AlreadyProposed: somebody has asked already
    """
    package = TopUpPackage.objects.get(pk=package_id)
    require_move(MOVES, package.state, PackageState.ON_SALE)
    propose(
        kind="wallet.top_up_package",
        subject=f"top_up_package:{package_id}",
        facts={
            "package_id": package_id,
            "reason": reason,
            **_terms(package),
        },
        reason=reason,
        maker_id=maker_id,
    )


def put_on_sale(*, package_id: int, terms: Mapping[str, Any], reason: str) -> TopUpPackage:
    """
    What was approved is on sale, in the transaction that approves it; the caller rolls back what was refused.

    :raises StateConflict: it is not a draft any more
    :raises PackageChanged: it is not what was proposed any more
    """
    package = _move(package_id, PackageState.ON_SALE, reason=reason)
    if _terms(package) != terms:
        raise PackageChanged
    return package


def retire_package(*, package_id: int, reason: str) -> TopUpPackage:
    """
    Nobody can take it any more; whoever is paying for it still gets what it promised.

    :raises StateConflict: it was taken off before
    """
    with transaction.atomic():
        return _move(package_id, PackageState.RETIRED, reason=reason)


def take_package(*, package_id: int, wallet_id: int, at: datetime) -> TopUpPackage:
    """
    The offer, if this wallet may take it once more: until the caller's transaction ends, which opens the
    top-up.

    :raises PackageNotOnSale: there is no such offer now
    :raises PackageTakenOften: this person has had it as often as anybody may
    """
    require_transaction()
    package = TopUpPackage.objects.filter(pk=package_id, state=PackageState.ON_SALE).first()
    if package is None or package.sold_from > at or (package.sold_until and package.sold_until <= at):
        raise PackageNotOnSale
    if package.per_person is not None:
        lock_number(_TAKING + wallet_id)
        taken = TopUp.objects.filter(wallet=wallet_id, package=package).exclude(state=TopUpState.CLOSED)
        if taken.count() >= package.per_person:
            raise PackageTakenOften(times=package.per_person)
    return package


def _terms(package: TopUpPackage) -> dict[str, Any]:
    """All that a checker agrees to, as a proposal keeps it."""
    return {
        "name": package.name,
        "amount": package.amount,
        "bonus": package.bonus,
        "bonus_days": package.bonus_days,
        "per_person": package.per_person,
        "sold_from": clock.iso(package.sold_from),
        "sold_until": package.sold_until and clock.iso(package.sold_until),
    }


def _move(package_id: int, state: PackageState, *, reason: str) -> TopUpPackage:
    require_transaction()
    package = TopUpPackage.objects.select_for_update(no_key=True).get(pk=package_id)
    require_move(MOVES, package.state, state)
    package.state = state
    package.save(update_fields=["state"])
    record_audit(
        action="wallet.top_up_package.state",
        subject=f"top_up_package:{package_id}",
        facts={"state": state, "amount": package.amount, "bonus": package.bonus, "reason": reason},
    )
    return package
