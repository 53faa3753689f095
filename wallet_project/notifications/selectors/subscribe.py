"""Which templates the mini-program asks for, and what somebody still lets through."""

from django.db.models import QuerySet

from wallet_project.notifications.models import SubscribeQuota, SubscribeTemplate


def usable_templates() -> QuerySet[SubscribeTemplate]:
    """Those that WeChat knows in this mini-program and that a notice speaks by."""
    return SubscribeTemplate.objects.exclude(template_id="").filter(texts__isnull=False).distinct()


def quotas_of(user_id: int) -> list[dict[str, object]]:
    """Per usable template: how many messages are still let through."""
    left = dict(SubscribeQuota.objects.filter(user=user_id).values_list("template_id", "left"))
    return [
        {"template_id": template.template_id, "title": template.title, "left": left.get(template.pk, 0)}
        for template in usable_templates()
    ]
