"""What can go wrong with stories."""

from django.utils.translation import gettext_lazy as _

from wallet_project.kit.errors import DomainError


class StoryNotShown(DomainError):
    """There is no such story, or it is not shown any more."""

    code = "STORY_NOT_SHOWN"
    status = 404
    message = _("这个故事已经不在了")
    remembered = False
