"""What this app does about its own news, each in a transaction of its own."""

from accounts.events import ConsentWithdrawn
from accounts.rules.agreements import AgreementKind
from accounts.services.kyc import forgo_real_name
from wallet_project.kit.events import listens_to


@listens_to(ConsentWithdrawn)
def stop_using_the_real_name(event: ConsentWithdrawn) -> None:
    if event.kind == AgreementKind.REAL_NAME:
        forgo_real_name(user_id=event.user_id)
