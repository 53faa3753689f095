"""What people hear from the support desk."""

from wallet_project.notifications.rules.notices import Category, ChannelKind, NoticeRow
from wallet_project.notifications.rules.variables import text

_PUSHED = (ChannelKind.INBOX, ChannelKind.SUBSCRIBE)
_TICKET = {"subject": text("主题", "充值没有到账"), "number": text("工单号", "N20261129083000123")}

ROWS = (
    NoticeRow(
        code="feedback.ticket_replied",
        category=Category.SERVICE,
        title="客服回复",
        channels=_PUSHED,
        variables=_TICKET,
        zh=("客服已回复", "您咨询的“{subject}”有新的回复，请查看。"),
        en=("We have replied", "There is a reply to “{subject}” for you."),
        link="pages/support/ticket?number={number}",
    ),
    NoticeRow(
        code="feedback.ticket_waits",
        category=Category.SERVICE,
        title="等待顾客回复",
        channels=_PUSHED,
        variables=_TICKET,
        zh=("等待您的回复", "您咨询的“{subject}”在等您回复，以便我们继续处理。"),
        en=("We wait for your reply", "We need your reply to go on with “{subject}”."),
        link="pages/support/ticket?number={number}",
    ),
    NoticeRow(
        code="feedback.ticket_resolved",
        category=Category.SERVICE,
        title="工单已解决",
        channels=_PUSHED,
        variables=_TICKET,
        zh=("问题已处理", "您咨询的“{subject}”已给出处理结果。如仍有疑问，直接回复即可。"),
        en=("Your matter is settled", "We have an answer to “{subject}”. If it does not help, simply reply."),
        link="pages/support/ticket?number={number}",
    ),
    NoticeRow(
        code="feedback.survey_invited",
        category=Category.SERVICE,
        title="问卷邀请",
        channels=_PUSHED,
        variables={"title": text("问卷", "服务满意度"), "number": text("邀请编号", "I20261129083000123")},
        zh=("邀请您评价", "想听听您的意见：{title}，只需一分钟。"),
        en=("Tell us what you think", "We would like to hear from you: {title}. It takes a minute."),
        link="pages/surveys/answer?number={number}",
    ),
    NoticeRow(
        code="feedback.suggestion_moved",
        category=Category.SERVICE,
        title="建议有进展",
        channels=_PUSHED,
        variables={"suggestion": text("建议", "支持夜间模式"), "state": text("进展", "已采纳")},
        zh=("您关注的建议：{state}", "建议“{suggestion}”有了进展：{state}。"),
        en=(
            "A suggestion you care about: {state}",
            "There is news of the suggestion “{suggestion}”: {state}.",
        ),
        link="pages/suggestions/index",
    ),
)
