"""Put somebody on a list, take them off: whatever trusts more takes two people."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from payments.errors import AlreadyListed, NotANetwork
from payments.models import RiskListEntry
from payments.rules.risk_lists import Listed, RiskList, network_of
from wallet_project.approvals.services import propose
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock, context
from wallet_project.kit.db import require_transaction


def add_to_list(
    *, list_name: RiskList, kind: Listed, value: str, reason: str, expires_at: datetime | None, maker_id: int
) -> bool:
    """
    Watch or deny from now on; True. To trust somebody is asked of a second person; False.

    :raises NotANetwork: `value` is neither an address nor a network
    :raises AlreadyListed: it is on this list
    :raises AlreadyProposed: somebody has asked already
    """
    value = _spelled(kind, value)
    if _entries(list_name, kind, value).exists():
        raise AlreadyListed
    if list_name is not RiskList.ALLOW:
        with transaction.atomic(durable=True):
            list_now(list_name=list_name, kind=kind, value=value, reason=reason, expires_at=expires_at)
        return True
    propose(
        kind="payments.risk_list_entry",
        subject=f"risk_list:{list_name}:{kind}:{value}",
        facts={
            "list_name": list_name.value,
            "kind": kind.value,
            "value": value,
            "expires_at": expires_at and clock.iso(expires_at),
        },
        reason=reason,
        maker_id=maker_id,
    )
    return False


def list_now(
    *, list_name: RiskList, kind: Listed, value: str, reason: str, expires_at: datetime | None
) -> RiskListEntry:
    """
    In the caller's transaction. An entry whose time is over gives way.

    :raises AlreadyListed: it is on this list
    """
    require_transaction()
    if _entries(list_name, kind, value).exists():
        raise AlreadyListed
    entry, _made = RiskListEntry.objects.update_or_create(
        list=list_name,
        kind=kind,
        value=value,
        defaults={
            "reason": reason,
            "added_at": clock.now(),
            "added_by": context.current().actor,
            "expires_at": expires_at,
        },
    )
    record_audit(
        action="payments.risk_list.added",
        subject=f"risk_list:{entry.pk}",
        facts={"kind": f"{list_name.label} · {kind.label}", "reason": reason},
    )
    return entry


def take_off_list(*, entry_id: int, reason: str, maker_id: int) -> bool:
    """
    Trusted no more, from now on; True. Not to watch or deny any more is asked of a second person; False.

    :raises AlreadyProposed: somebody has asked already
    """
    entry = RiskListEntry.objects.get(pk=entry_id)
    if entry.list == RiskList.ALLOW:
        with transaction.atomic(durable=True):
            end_entry(entry_id=entry_id, reason=reason)
        return True
    propose(
        kind="payments.risk_list_removal",
        subject=f"risk_list:{entry.pk}",
        facts={"entry_id": entry.pk, "entry": f"{entry.get_list_display()} · {entry.get_kind_display()}"},
        reason=reason,
        maker_id=maker_id,
    )
    return False


def end_entry(*, entry_id: int, reason: str) -> None:
    """In the caller's transaction; an entry that has ended stays ended."""
    require_transaction()
    entry = RiskListEntry.objects.select_for_update(no_key=True).get(pk=entry_id)
    entry.expires_at = min(entry.expires_at or clock.now(), clock.now())
    entry.save(update_fields=["expires_at"])
    record_audit(action="payments.risk_list.ended", subject=f"risk_list:{entry_id}", facts={"reason": reason})


def _spelled(kind: Listed, value: str) -> str:
    if kind is not Listed.NETWORK:
        return value.strip()
    try:
        return network_of(value)
    except ValueError:
        raise NotANetwork from None


def _entries(list_name: str, kind: str, value: str) -> QuerySet[RiskListEntry]:
    lasting = Q(expires_at=None) | Q(expires_at__gt=clock.now())
    return RiskListEntry.objects.filter(lasting, list=list_name, kind=kind, value=value)
