"""The demo's tickets: what people called, wrote and posted about before anybody opened the mini-program."""

from accounts.models import User
from feedback.rules.tickets import TicketChannel, Voice
from feedback.services.side_channels import write_down
from feedback.services.tickets import say
from wallet_project.kit import context

# Channel, contact, kind, subject, what was said, and our answer; nothing: nobody has answered yet.
_TOLD = (
    (
        TicketChannel.PHONE,
        "13900008801",
        "ACCOUNT",
        "手机丢了，担心被盗刷",
        "昨晚手机在地铁上丢了，钱包里还有钱，怕被盗刷，请先帮我冻结。",
        "",
    ),
    (
        TicketChannel.EMAIL,
        "zhao.lei@example.com",
        "REFUND",
        "退款三天还没到账",
        "周一在滨江店退了一单，店员说三天内到账，到今天还没有收到。",
        "您好，请告诉我们下单时的手机号后四位，我们马上为您查询。",
    ),
    (
        TicketChannel.SOCIAL,
        "@爱喝拿铁的小鹿",
        "QUESTION",
        "积分什么时候过期",
        "想攒着换马克杯，去年的积分今年底会清零吗？",
        "",
    ),
    (
        TicketChannel.EMAIL,
        "feedback@example.com",
        "SUGGESTION",
        "希望账单能按门店筛选",
        "每个月要给公司报销，只想看公司楼下那家店的消费，希望可以按门店筛选。",
        "",
    ),
)


def open_tickets(*, agent: User) -> None:
    """Typed in by this agent; nothing happens the second time."""
    with context.acting(actor=f"staff:{agent.pk}"):
        for position, (channel, contact, kind, subject, said, answer) in enumerate(_TOLD):
            ticket = write_down(
                agent_id=agent.pk,
                channel=channel,
                contact=contact,
                kind=kind,
                subject=subject,
                body=said,
                key=f"demo-{position}",
            )
            if answer:
                say(
                    ticket_id=ticket.pk,
                    voice=Voice.AGENT,
                    body=answer,
                    client_id=f"demo-{position}",
                    author_id=agent.pk,
                )
