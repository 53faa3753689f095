"""The templates that the sandbox's mini-program has chosen in WeChat's console."""

from wallet_project.notifications.models import SubscribeTemplate

_TEMPLATES = {
    "money": "Sbx0money_AccountChangeNotice_000000000001",
    "progress": "Sbx0state_ProgressOfAnAffair_0000000000002",
    "security": "Sbx0safe__AccountIsNotSafe___0000000000004",
    "offer": "Sbx0offer_SomethingForYou____0000000000005",
}


def choose_templates() -> None:
    """Where staff have written another one, it stays."""
    for code, template_id in _TEMPLATES.items():
        SubscribeTemplate.objects.filter(code=code, template_id="").update(template_id=template_id)
