"""The proofs of the books, what they ask, and the alerts about what does not hold."""

from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.formats import localize
from django.utils.timezone import localtime
from unfold.decorators import action
from unfold.paginator import InfinitePaginator

from wallet.models import CheckKind, LedgerCheck, LedgerFinding
from wallet.selectors.ledger_checks import last_full_check, open_findings
from wallet.services.integrity import BY_NAME, SENTENCES
from wallet.services.ledger_checks import acknowledge_finding, request_full_check
from wallet_project.audit.naming import NamingAdmin, named
from wallet_project.kit.admin import ReasonForm, Waits, link_to, row_act, show_label, show_table, told

_STATE_COLOURS = {"RUNNING": "info", "SOUND": "success", "BROKEN": "danger", "FAILED": "warning"}


def in_words(name: str) -> str:
    """A sentence that is asked no more keeps its name on old alerts."""
    return BY_NAME[name].words if name in BY_NAME else name


@admin.register(LedgerCheck)
class LedgerCheckAdmin(NamingAdmin):
    mentions = ("asked_by",)
    list_display = (
        "shown_name",
        "shown_state",
        "asked_at",
        "shown_duration",
        "journals",
        "entries",
        "shown_result",
        "shown_asked_by",
    )
    list_filter = ("kind", "state", "asked_at")
    ordering = ("-id",)
    paginator = InfinitePaginator
    fields = (
        "kind",
        "shown_state",
        "shown_result",
        "shown_found",
        "error",
        "journals",
        "entries",
        "head",
        "shown_range",
        "shown_asked_by",
        "asked_at",
        "started_at",
        "finished_at",
        "shown_duration",
    )
    readonly_fields = (
        "shown_state",
        "shown_result",
        "shown_found",
        "shown_range",
        "shown_asked_by",
        "shown_duration",
    )
    actions_list = ("check_now", "show_sentences")

    def has_run_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("wallet.run_ledgercheck")

    @action(
        description="立即核对",
        icon="fact_check",
        permissions=["run"],
        dialog={
            "title": "立即全量核对账簿",
            "description": "由后台任务执行，不影响业务。发现不符时全部资金业务立即暂停。",
            "form_submit_text": "开始核对",
        },
    )
    def check_now(self, request: HttpRequest, form: Any) -> HttpResponse:
        check = request_full_check()
        with told(request, "已提交，稍后刷新查看结果"):
            return self.back_to(check.pk)

    @action(description="核对内容", url_path="sentences", icon="rule", permissions=["view"])
    def show_sentences(self, request: HttpRequest) -> HttpResponse:
        """Everything that is always true, and whether it is now."""
        alerts = {alert.name: alert for alert in open_findings()}
        rows = [
            [
                sentence.words,
                "每晚" if sentence.nightly else "每分钟、每晚",
                link_to(alerts[sentence.name], f"{alerts[sentence.name].count} 处不符")
                if sentence.name in alerts
                else show_label("相符", "success"),
            ]
            for sentence in SENTENCES
        ]
        return TemplateResponse(
            request,
            "admin/wallet/sentences.html",
            {
                **self.admin_site.each_context(request),
                "title": "核对内容",
                "table": {"headers": ["始终成立", "何时核对", "现状"], "rows": rows},
                "last": last_full_check(),
            },
        )

    @admin.display(description="核对")
    def shown_name(self, check: LedgerCheck) -> str:
        return str(check)

    @admin.display(description="结果", ordering="state")
    def shown_state(self, check: LedgerCheck) -> Any:
        return show_label(check.get_state_display(), _STATE_COLOURS.get(check.state))

    @admin.display(description="核对项")
    def shown_result(self, check: LedgerCheck) -> str:
        if not check.asked:
            return "—"
        return f"{check.asked} 项，{f'{check.broken} 项不符' if check.broken else '全部相符'}"

    @admin.display(description="不符之处")
    def shown_found(self, check: LedgerCheck) -> str:
        if not check.found:
            return "—"
        return show_table(
            ["应始终成立", "不符", "例如"],
            [
                [in_words(found["name"]), found["count"], "、".join(found["examples"])]
                for found in check.found
            ],
        )

    @admin.display(description="范围")
    def shown_range(self, check: LedgerCheck) -> str:
        beginning = "账簿开头" if check.kind == CheckKind.FULL else f"事务 {check.from_xid}"
        return f"{beginning} 至 {f'事务 {check.to_xid}' if check.to_xid else '—'}"

    @admin.display(description="发起人")
    def shown_asked_by(self, check: Any) -> str:
        return named(check.asked_by, check.people)

    @admin.display(description="耗时")
    def shown_duration(self, check: LedgerCheck) -> str:
        if check.started_at is None or check.finished_at is None:
            return "—"
        return f"{(check.finished_at - check.started_at).total_seconds():.1f} 秒"


@admin.register(LedgerFinding)
class LedgerFindingAdmin(NamingAdmin):
    mentions = ("acknowledged_by",)
    list_display = (
        "shown_sentence",
        "shown_state",
        "count",
        "found_at",
        "seen_at",
        "settled_at",
        "shown_acknowledged",
    )
    list_filter = (("settled_at", admin.EmptyFieldListFilter), "found_at")
    waits = Waits(
        words="未确认的账务告警",
        permission="wallet.acknowledge_ledgerfinding",
        which=Q(settled_at=None, acknowledged_at=None),
        late=lambda at: Q(found_at__lt=at),
        shows={"settled_at__isempty": "1"},
    )
    ordering = ("-id",)
    fields = (
        "shown_sentence",
        "shown_state",
        "count",
        "shown_examples",
        "found_at",
        "shown_found_by",
        "seen_at",
        "shown_seen_by",
        "settled_at",
        "shown_acknowledged",
        "note",
    )
    readonly_fields = (
        "shown_sentence",
        "shown_state",
        "shown_examples",
        "shown_found_by",
        "shown_seen_by",
        "shown_acknowledged",
    )
    actions_detail = ("acknowledge",)

    def has_acknowledge_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        waiting = LedgerFinding.objects.filter(pk=object_id or 0, acknowledged_at=None)
        return request.user.has_perm("wallet.acknowledge_ledgerfinding") and waiting.exists()

    @row_act(
        "确认",
        permissions=["acknowledge"],
        done="已确认",
        title="确认这条告警",
        explains="写明谁在处理、怎样处理。资金业务不会因此恢复；全量核对相符后告警自动关闭。",
    )
    def acknowledge(self, request: HttpRequest, form: ReasonForm, object_id: str) -> None:
        acknowledge_finding(finding_id=int(object_id), note=form.cleaned_data["reason"])

    @admin.display(description="应始终成立", ordering="name")
    def shown_sentence(self, finding: LedgerFinding) -> str:
        return in_words(finding.name)

    @admin.display(description="状态", ordering="settled_at")
    def shown_state(self, finding: LedgerFinding) -> Any:
        return show_label("已恢复相符", "success") if finding.settled_at else show_label("不符", "danger")

    @admin.display(description="例子")
    def shown_examples(self, finding: LedgerFinding) -> str:
        return "、".join(finding.examples) or "—"

    @admin.display(description="首次发现于")
    def shown_found_by(self, finding: LedgerFinding) -> Any:
        return link_to(finding.found_by)

    @admin.display(description="最近见于")
    def shown_seen_by(self, finding: LedgerFinding) -> Any:
        return link_to(finding.seen_by)

    @admin.display(description="确认")
    def shown_acknowledged(self, finding: Any) -> str:
        if finding.acknowledged_at is None:
            return "—"
        when = localize(localtime(finding.acknowledged_at))
        return f"{named(finding.acknowledged_by, finding.people)} {when}"
