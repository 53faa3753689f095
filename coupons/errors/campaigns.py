"""What can go wrong with a campaign."""

from django.utils.translation import gettext_lazy as _

from wallet_project.kit.errors import DomainError


class CampaignUsedUp(DomainError):
    """What is left of its budget does not suffice, or it gives nothing any more."""

    code = "CAMPAIGN_USED_UP"
    status = 409
    message = _("活动预算已用完")


class CampaignNotRunning(DomainError):
    """It is a draft, stands still, or is over."""

    code = "CAMPAIGN_NOT_RUNNING"
    status = 409
    message = _("活动未在进行")


class CampaignRuns(DomainError):
    """It runs as it is wanted; or more than this budget is promised already."""

    code = "CAMPAIGN_RUNS"
    status = 409
    message = _("活动正在进行，或新预算少于已占用的部分")
