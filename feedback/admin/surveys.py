"""Surveys: built question by question, asked when two agree, and what came of them."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from unfold.admin import StackedInline
from unfold.decorators import action
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminTextareaWidget

from feedback.models import Survey, SurveyQuestion
from feedback.rules.scores import net_promoter, satisfaction
from feedback.rules.surveys import WHOLE, QuestionKind, SurveyKind, Trigger
from feedback.selectors.survey_results import QuestionResult, Turnout, results_of, turnout_of
from feedback.services.survey_papers import paper_of
from feedback.services.surveys import copy_survey, propose_survey
from wallet_project.approvals.agreed_pages import AgreedAdmin
from wallet_project.approvals.going_live import retire
from wallet_project.kit import clock
from wallet_project.kit.admin import ReasonForm, row_act, staff_id

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NOBODY = Turnout(asked=0, answered=0, declined=0)


class SurveyForm(forms.ModelForm):
    percent = forms.DecimalField(
        label="抽样（%）",
        min_value=Decimal("0.01"),
        max_value=100,
        decimal_places=2,
        initial=100,
        widget=UnfoldAdminDecimalFieldWidget,
        help_text="只问这么多的人；同一份问卷问到的总是同一批人",
    )

    class Meta:
        model = Survey
        fields = (
            "title",
            "intro",
            "kind",
            "trigger",
            "percent",
            "delay_hours",
            "open_days",
            "follow_up_at",
        )
        help_texts = {
            "kind": "满意度：第一题为 1 至 5 分；推荐度：第一题为 0 至 10 分；问卷：题目不限",
            "delay_hours": "事情发生多少小时后顾客才看到；0 为马上",
            "open_days": "1 至 90 天；同一件事 90 天内不会再问同一个人",
            "follow_up_at": "评分不高于它时自动建回访工单；不填为不回访，只用于满意度和推荐度",
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk:
            self.initial["percent"] = Decimal(self.instance.share) / 100

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        kind = given.get("kind")
        if kind == SurveyKind.CSAT and given.get("trigger") != Trigger.TICKET_SOLVED:
            self.add_error("trigger", "满意度在工单解决后问")
        if kind == SurveyKind.FORM and given.get("follow_up_at") is not None:
            self.add_error("follow_up_at", "问卷没有总评分，不能回访")
        if not 1 <= (given.get("open_days") or 0) <= 90:
            self.add_error("open_days", "请填 1 至 90")
        self.instance.share = int(given.get("percent", 100) * WHOLE / 100)
        return given


class QuestionForm(forms.ModelForm):
    options = forms.CharField(
        label="选项",
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        help_text="只用于选择题，每行一个",
    )

    class Meta:
        model = SurveyQuestion
        fields = (
            "position",
            "kind",
            "text",
            "options",
            "low",
            "high",
            "low_words",
            "high_words",
            "is_required",
        )
        help_texts = {"low": "只用于打分题", "high": "只用于打分题"}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial["options"] = "\n".join(self.instance.options)

    def clean_options(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["options"].splitlines()]
        options = [line for line in lines if line]
        if any(len(option) > 40 for option in options):
            raise forms.ValidationError("一个选项最多 40 个字")
        return options


class Questions(StackedInline):
    model = SurveyQuestion
    form = QuestionForm
    extra = 0
    hide_title = True


@admin.register(Survey)
class SurveyAdmin(AgreedAdmin):
    """What is asked is never changed: it is copied and asked anew."""

    form = SurveyForm
    list_display = ("title", "kind", "trigger", "shown_share", "shown_state", "live_at")
    list_filter = ("state", "kind", "trigger")
    readonly_fields = ("shown_state", "shown_faults", "shown_terms")
    inlines = (Questions,)
    actions_detail = ("propose", "end", "copy", "show_results", "download")

    def get_fields(self, request: HttpRequest, obj: Survey | None = None) -> Any:
        """What nobody may change is read as its checker read it."""
        if self.has_change_permission(request, obj):
            return super().get_fields(request, obj)
        return ("shown_state", "shown_terms")

    def get_inlines(self, request: HttpRequest, obj: Survey | None) -> Any:
        return self.inlines if self.has_change_permission(request, obj) else ()

    def has_copy_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return bool(request.user.has_perm("feedback.add_survey"))

    def has_download_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self._may_change(request)

    @row_act(
        "申请上线",
        permissions=["propose"],
        done="已提交审批",
        explains="须由另一位同事审批；上线后内容不能再改。答完可得积分的，按积分规则发放。",
        submit="提交审批",
    )
    def propose(self, request: HttpRequest, form: ReasonForm, object_id: str) -> None:
        propose_survey(
            survey=Survey.objects.get(pk=object_id),
            reason=form.cleaned_data["reason"],
            maker_id=staff_id(request),
        )

    @row_act("停用", permissions=["end"], done="已停用", explains="不再邀请新的人；已邀请的仍可作答。")
    def end(self, request: HttpRequest, form: ReasonForm, object_id: str) -> None:
        retire(row=Survey.objects.get(pk=object_id), reason=form.cleaned_data["reason"])

    @action(description="复制为草稿", permissions=["copy"])
    def copy(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.back_to(copy_survey(survey_id=int(object_id)).pk)

    @action(description="查看结果", permissions=["view"])
    def show_results(self, request: HttpRequest, object_id: str) -> HttpResponse:
        survey = Survey.objects.prefetch_related("questions").get(pk=object_id)
        results = results_of(survey)
        turnout = turnout_of([survey.pk]).get(survey.pk, _NOBODY)
        return TemplateResponse(
            request,
            "admin/desk.html",
            {
                **self.admin_site.each_context(request),
                "title": f"结果：{survey}",
                "cards": [*_turnout(turnout), *_score(survey, results)],
                "sections": [_section(number, each) for number, each in enumerate(results, start=1)],
            },
        )

    @action(description="下载答卷", permissions=["download"])
    def download(self, request: HttpRequest, object_id: str) -> HttpResponse:
        content = paper_of(Survey.objects.get(pk=object_id))
        headers = {"Content-Disposition": f'attachment; filename="survey-{object_id}.xlsx"'}
        return HttpResponse(content, content_type=_XLSX, headers=headers)

    @admin.display(description="抽样", ordering="share")
    def shown_share(self, survey: Survey) -> str:
        return f"{survey.share / 100:g}%"

    @admin.display(description="还差什么")
    def shown_faults(self, survey: Survey) -> str:
        return "；".join(survey.faults) or "可以申请上线" if survey.pk else "保存后检查"


def _turnout(turnout: Turnout) -> list[dict[str, Any]]:
    return [
        {"title": "已邀请", "value": f"{turnout.asked:,}"},
        {"title": "已作答", "value": f"{turnout.answered:,}（{share_of(turnout.answered, turnout.asked)}）"},
        {"title": "不想答", "value": f"{turnout.declined:,}"},
    ]


def _score(survey: Survey, results: list[QuestionResult]) -> list[dict[str, Any]]:
    if not results:
        return []
    match survey.kind:
        case SurveyKind.CSAT:
            found = satisfaction(results[0].counts)
            return [{"title": "满意率（4、5 分）", "value": in_percent(found.percent)}]
        case SurveyKind.NPS:
            return [{"title": "净推荐值", "value": nps_in_words(results[0].counts)}]
    return []


def _section(number: int, result: QuestionResult) -> dict[str, Any]:
    question = result.question
    title = f"{number}. {question.text}（{result.answers:,} 人作答）"
    if question.kind == QuestionKind.TEXT:
        rows: list[list[Any]] = [[clock.in_words(each.at), each.text] for each in result.words]
        return {"title": title, "table": {"headers": ["时间", "文字"], "rows": rows}, "note": _more(result)}
    if question.kind == QuestionKind.SCALE:
        names = {score: f"{score} 分" for score in range(question.high, question.low - 1, -1)}
    else:
        names = dict(enumerate(question.options))
    rows = [
        [name, f"{result.counts.get(value, 0):,}", share_of(result.counts.get(value, 0), result.answers)]
        for value, name in names.items()
    ]
    return {"title": title, "table": {"headers": ["答案", "人数", "占比"], "rows": rows}}


def _more(result: QuestionResult) -> str:
    hidden = result.answers - len(result.words)
    return f"还有 {hidden:,} 条较早的，请看答卷" if hidden > 0 else "" if result.answers else "还没有人写"


def share_of(part: int, whole: int) -> str:
    return f"{round(100 * part / whole)}%" if whole else "—"


def in_percent(percent: int | None) -> str:
    return "—" if percent is None else f"{percent}%"


def nps_in_words(counts: dict[int, int]) -> str:
    found = net_promoter(counts)
    return "—" if found.score is None else f"{found.score:+d}（±{found.margin}）"
