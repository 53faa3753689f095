"""What customers are taught: first steps, security cards, quiz; and whether it arrives."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from unfold.admin import TabularInline
from unfold.decorators import action

from accounts.models import OnboardingStep, QuizOption, QuizQuestion, SecurityCard
from accounts.selectors.education import card_report, quiz_report
from wallet_project.kit.admin import WalletAdmin


@admin.register(OnboardingStep)
class OnboardingStepAdmin(WalletAdmin):
    list_display = ("title", "position", "reward_text", "is_active", "updated_at")
    fields = ("key", "title", "text", "reward_text", "position", "is_active")

    def get_readonly_fields(self, request: HttpRequest, obj: OnboardingStep | None = None) -> tuple[str, ...]:
        """A key is what the program completes: it is chosen once."""
        return ("key",) if obj else ()


@admin.register(SecurityCard)
class SecurityCardAdmin(WalletAdmin):
    list_display = ("title", "moment", "position", "is_active", "updated_at")
    list_filter = ("moment", "is_active")
    fields = ("key", "moment", "title", "text", "article", "position", "is_active")
    actions_list = ("show_report",)

    @action(description="教育效果", url_path="report", icon="query_stats", permissions=["view"])
    def show_report(self, request: HttpRequest) -> HttpResponse:
        """How many people were reached, card by card, and how the quiz went."""
        quiz = quiz_report()
        cards = [
            [
                str(row.card.get_moment_display()),
                row.card.title,
                row.shown,
                row.seen,
                _share(row.seen, row.shown),
            ]
            for row in card_report()
        ]
        average = "—" if quiz.average is None else f"{quiz.average:.0f} 分"
        answered = [quiz.people, quiz.tries, quiz.passed, _share(quiz.passed, quiz.people), average]
        return TemplateResponse(
            request,
            "admin/report.html",
            {
                **self.admin_site.each_context(request),
                "title": "教育效果",
                "sections": [
                    {
                        "title": "安全提示",
                        "table": {
                            "headers": ["时机", "标题", "展示人数", "确认人数", "确认率"],
                            "rows": cards,
                        },
                    },
                    {
                        "title": "安全问答",
                        "table": {
                            "headers": ["作答人数", "作答次数", "通过人数", "通过率", "平均分"],
                            "rows": [answered],
                        },
                    },
                ],
            },
        )


class Options(TabularInline):
    model = QuizOption
    fields = ("text", "is_right", "position")
    extra = 0
    hide_title = True


@admin.register(QuizQuestion)
class QuizQuestionAdmin(WalletAdmin):
    list_display = ("text", "position", "is_active", "updated_at")
    fields = ("text", "explanation", "position", "is_active")
    inlines = (Options,)


def _share(part: int, whole: int) -> str:
    return f"{100 * part // whole}%" if whole else "—"
