"""Messages to many: written by one, agreed by another, slowed down, stopped; and what came of them."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminTextareaWidget

from wallet_project.approvals.agreed import AgreedState
from wallet_project.approvals.agreed_pages import AgreedAdmin
from wallet_project.kit.admin import ReasonForm, row_act, show_label, show_table
from wallet_project.notifications.models import Broadcast
from wallet_project.notifications.rules.broadcasts import FASTEST, MOST_HELD_OUT, WHOLE
from wallet_project.notifications.rules.notices import is_page
from wallet_project.notifications.selectors.broadcasts import funnel_of, has_failed
from wallet_project.notifications.services import broadcasts


class WholePercentField(forms.IntegerField):
    """Kept in basis points."""

    def prepare_value(self, value: Any) -> Any:
        return value // 100 if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        return super().clean(value) * 100


class BroadcastForm(forms.ModelForm):
    held_out = WholePercentField(
        label="对照组（%）",
        initial=0,
        min_value=0,
        max_value=MOST_HELD_OUT * 100 // WHOLE,
        help_text="随机不发送的比例，用来比较效果；0 为全部发送",
        widget=UnfoldAdminIntegerFieldWidget,
    )
    per_minute = forms.IntegerField(
        label="每分钟最多（人）",
        initial=300,
        min_value=1,
        max_value=FASTEST,
        widget=UnfoldAdminIntegerFieldWidget,
    )
    goal_days = forms.IntegerField(
        label="观察天数",
        initial=7,
        min_value=1,
        max_value=60,
        help_text="收到后多少天内的目标行为算作效果",
        widget=UnfoldAdminIntegerFieldWidget,
    )

    class Meta:
        model = Broadcast
        fields = (
            "name",
            "category",
            "segment",
            "title",
            "body",
            "title_en",
            "body_en",
            "link",
            "starts_at",
            "per_minute",
            "held_out",
            "goal",
            "goal_days",
        )
        widgets = {"body": UnfoldAdminTextareaWidget, "body_en": UnfoldAdminTextareaWidget}
        help_texts = {
            "category": "优惠活动只发给同意接收营销信息的顾客",
            "segment": "发送开始时在人群中的顾客",
            "link": "小程序页面，如 pages/coupons/index；不填为只看文字",
        }

    def clean_link(self) -> str:
        link: str = self.cleaned_data["link"]
        if link and (not is_page(link) or "{" in link):
            raise forms.ValidationError("请填写小程序页面，如 pages/coupons/index")
        return link


@admin.register(Broadcast)
class BroadcastAdmin(AgreedAdmin):
    form = BroadcastForm
    list_display = ("name", "segment", "category", "starts_at", "shown_progress")
    list_filter = ("state", "category")
    list_select_related = ("segment",)
    search_fields = ("name", "title")
    search_help_text = "名称、标题"
    readonly_fields = ("shown_progress", "shown_terms", "shown_funnel")
    actions_detail = ("propose", "pause", "go_on", "try_again", "end")

    def foreseen(self, row: Broadcast) -> dict[str, str]:
        return {"人群": f"{row.segment}，现有 {row.segment.size:,} 人"}

    def has_pause_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self._may_steer(request, object_id, is_paused=False)

    def has_go_on_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self._may_steer(request, object_id, is_paused=True)

    @row_act(
        "暂停", permissions=["pause"], done="已暂停", explains="立即停止发送；已经发出的不受影响，可以继续。"
    )
    def pause(self, request: HttpRequest, form: ReasonForm, object_id: str) -> None:
        broadcasts.pause(broadcast_id=int(object_id), reason=form.cleaned_data["reason"])

    @row_act(
        "继续", permissions=["go_on"], done="已继续", explains="从暂停的地方继续发送，没有人会收到两次。"
    )
    def go_on(self, request: HttpRequest, form: ReasonForm, object_id: str) -> None:
        broadcasts.go_on(broadcast_id=int(object_id), reason=form.cleaned_data["reason"])

    def has_try_again_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        if not request.user.has_perm("notifications.pause_broadcast"):
            return False
        return object_id is None or has_failed(broadcast_id=int(object_id))

    @row_act(
        "重试失败的",
        permissions=["try_again"],
        done="已重新排队",
        explains="多次失败的顾客重新等待发送；已经收到的不会再收到。请先确认失败的原因已经排除。",
    )
    def try_again(self, request: HttpRequest, form: ReasonForm, object_id: str) -> None:
        broadcasts.try_failed_again(broadcast_id=int(object_id), reason=form.cleaned_data["reason"])

    @admin.display(description="状态", ordering="state")
    def shown_progress(self, row: Broadcast) -> Any:
        if row.state != AgreedState.LIVE:
            return self.shown_state(row)
        if row.finished_at:
            return show_label("已发完", "success")
        if row.is_paused:
            return show_label("已暂停", "warning")
        return show_label("发送中", "info") if row.begun_at else show_label("等待发送", "info")

    @admin.display(description="效果")
    def shown_funnel(self, row: Broadcast) -> str:
        if row.pk is None or row.begun_at is None:
            return "还没有开始发送"
        funnel = funnel_of(row)
        deed = f"{row.goal_days} 天内{row.get_goal_display()}"
        rows = [
            ("人群", funnel.people, funnel.people),
            ("待发送", funnel.waiting, funnel.people),
            ("不接收", funnel.unwanted, funnel.people),
            ("多次失败", funnel.failed, funnel.people),
            ("已发送", funnel.told, funnel.people),
            ("已送达", funnel.delivered, funnel.told),
            ("已读", funnel.read, funnel.told),
            ("点开", funnel.opened, funnel.told),
            (deed, funnel.acted, funnel.told),
            ("退订", funnel.unsubscribed, funnel.told),
            ("对照组", funnel.held_out, funnel.people),
            (f"对照组{deed}", funnel.held_out_acted, funnel.held_out),
        ]
        shown = [[what, f"{count:,}", _share(count, whole)] for what, count, whole in rows]
        if funnel.lift is not None:
            shown.append(["比对照组多（含不接收的人）", "", f"{funnel.lift:+.1%}"])
        return show_table(["环节", "人数", "比例"], shown)

    def _may_steer(self, request: HttpRequest, object_id: str | None, *, is_paused: bool) -> bool:
        if not request.user.has_perm("notifications.pause_broadcast"):
            return False
        steered = Broadcast.objects.filter(state=AgreedState.LIVE, finished_at=None, is_paused=is_paused)
        return object_id is None or steered.filter(pk=object_id).exists()


def _share(count: int, whole: int) -> str:
    return f"{count / whole:.1%}" if whole else "—"
