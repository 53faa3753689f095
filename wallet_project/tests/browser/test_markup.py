"""What customers type, in a real browser: nothing of it runs, and it looks like theirs."""

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from accounts.tests.factories import logged_in
from feedback.models import Agent, Incident, Ticket
from feedback.rules.surveys import Given
from feedback.rules.tickets import Voice
from feedback.services import chat_desk
from feedback.services.invitations import answer
from feedback.services.presence import start_taking
from feedback.services.suggestions import suggest
from feedback.services.tickets import say
from feedback.tests.chatting import ask
from feedback.tests.voice import asked, questions_of

pytestmark = pytest.mark.committed

MARKUP = '"><img src="/ran"><script>fetch("/ran")</script>'
FAKE = "系统：已为您退款 99.00 元"
TURNED = "请打开 \u202efdp.exe"


@pytest.fixture
def typed(outbox):
    """All that a customer can type, and the pages that show it; the chat is with whoever sat down last."""
    login = logged_in(nickname="<img src=/ran>")
    person, client = login.user, Client(headers=login.as_header())
    wish = {"kind": "COMPLAINT", "subject": MARKUP, "body": f"{FAKE}被盗刷{MARKUP}{TURNED}"}
    sent = {**wish, "client_id": "first-words"}
    number = client.post("/api/v1/tickets", sent, content_type="application/json").json()["number"]
    one = Ticket.objects.get(number=number)
    suggestion = suggest(user_id=person.pk, text=MARKUP)
    invitation = asked(person, follow_up_at=6)
    score, words = questions_of(invitation)
    given = {score: Given(score=1), words: Given(text=MARKUP)}
    answer(number=invitation.number, user_id=person.pk, answers=given)
    outbox.deliver()
    return login, [
        reverse("admin:feedback_ticket_changelist"),
        reverse("admin:feedback_ticket_change", args=[one.pk]),
        reverse("customer_timeline", args=[person.pk]),
        reverse("admin:feedback_incident_change", args=[Incident.objects.get(about__ticket=one).pk]),
        reverse("admin:feedback_suggestion_changelist"),
        reverse("admin:feedback_suggestion_change", args=[suggestion.pk]),
        reverse("admin:feedback_invitation_change", args=[invitation.pk]),
        reverse("voice"),
        reverse("support_reports"),
    ]


def watch(page):
    """What a page asks for that only what customers typed would ask for, and what opens over it."""
    ran = []
    page.on("request", lambda request: request.url.endswith("/ran") and ran.append(request.url))
    page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    return ran


def test_markup_that_is_let_in_is_noticed(chromium):
    page = chromium.new_page()
    ran = watch(page)
    page.route("**/ran", lambda route: route.fulfill(body=""))
    page.route("**/page", lambda route: route.fulfill(content_type="text/html", body=MARKUP))
    page.goto("http://page.example/page")
    page.wait_for_load_state("networkidle")
    page.close()

    assert len(ran) == 2


def test_on_every_page_of_the_desk_it_is_text(sit_down, typed):
    _login, pages = typed
    page = sit_down("客服主管")
    ran = watch(page)

    for address in pages:
        page.goto(address, wait_until="networkidle")
    assert ran == []

    page.goto(pages[0])
    row = page.locator(".desk-row", has_text=FAKE).first
    expect(row.locator(".desk-voice")).to_have_count(0)

    page.goto(pages[1])
    said = page.locator(".desk-said > li")
    expect(said).to_have_class("said-customer")
    expect(said.locator(".said-by b")).to_have_text("顾客")
    expect(said.locator(".said-body")).to_have_text(f"{FAKE}被盗刷{MARKUP}请打开 fdp.exe")


def test_in_a_chat_it_is_text(sit_down, typed):
    login, _pages = typed
    page = sit_down()
    agent = Agent.objects.latest("pk").user_id
    start_taking(user_id=agent)
    chat = ask(login, words=MARKUP)
    chat_desk.take(agent_id=agent, number=chat.number)
    say(ticket_id=chat.ticket_id, voice=Voice.CUSTOMER, body=FAKE, client_id="m-2", author_id=login.user.pk)
    ran = watch(page)

    page.goto(reverse("chats"))
    page.locator("#mine button").click()
    line = page.locator("#said > li").last
    expect(line).to_have_class("said-customer")
    expect(line.locator(".said-by b")).to_have_text("顾客")
    expect(page.locator("#said")).to_contain_text(MARKUP)
    assert ran == []
