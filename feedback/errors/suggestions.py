"""What can go wrong with suggestions."""

from django.utils.translation import gettext_lazy as _

from wallet_project.kit.errors import DomainError


class SuggestedOften(DomainError):
    code = "SUGGESTED_OFTEN"
    status = 429
    message = _("今天提的建议够多了，明天再来吧")
    facts = ("most",)
    remembered = False


class SuggestionNotMergeable(DomainError):
    """Said to staff: a suggestion is merged into another one that is not merged itself."""

    code = "SUGGESTION_NOT_MERGEABLE"
    status = 409
    message = _("只能并入另一条没有被合并的建议")
