"""What can go wrong with surveys."""

from django.utils.translation import gettext_lazy as _

from wallet_project.kit.errors import DomainError


class SurveyIncomplete(DomainError):
    """Said to its maker, whose page says what is missing."""

    code = "SURVEY_INCOMPLETE"
    status = 409
    message = _("问卷还不完整，请看“还差什么”")


class InvitationEnded(DomainError):
    """Its time is over, or it was declined."""

    code = "INVITATION_ENDED"
    status = 409
    message = _("问卷已结束")


class AnswerRefused(DomainError):
    """An answer that is none to its question; `reason` is one of rules.surveys.Misfit."""

    code = "ANSWER_REFUSED"
    status = 400
    message = _("有题目没有答好，请检查后再提交")
    facts = ("question", "reason")


class AlreadyAnswered(DomainError):
    """What was answered stays as it was."""

    code = "ALREADY_ANSWERED"
    status = 409
    message = _("这道题已经答过了")
    facts = ("question",)
