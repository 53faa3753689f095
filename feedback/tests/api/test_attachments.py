"""Pictures go up before what they belong to, and are seen by those who may see that."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.models import Permission
from django.db import transaction
from django.urls import reverse
from PIL import Image

from accounts.models import PersonalKey, User, WeChatIdentity
from accounts.services.merging import merge_accounts
from accounts.services.sessions import issue_session
from accounts.tests.factories import logged_in
from feedback.errors import PictureQuotaUsed, PictureUnknown
from feedback.models import Attachment, AttachmentPart, TicketMessage
from feedback.rules.tickets import TicketState
from feedback.selectors.attachments import of_messages
from feedback.selectors.outdated import outdated_attachments, outdated_unsent_pictures
from feedback.services.attachments import PER_DAY, attach, keep_picture, open_picture
from feedback.services.leaving import hand_tickets_over
from feedback.services.tickets import move_ticket
from feedback.tests.factories import opened
from feedback.tests.pictures import ATTACHMENTS, picture, upload
from wallet_project.audit.models import AuditEntry
from wallet_project.kit import clock
from wallet_project.kit.testing.assertions import assert_error
from wallet_project.kit.testing.threads import run_in_parallel


@pytest.fixture
def person(db):
    return logged_in()


@pytest.fixture
def mine(client_of, person):
    return client_of(person)


def message_of(person):
    return TicketMessage.objects.create(
        ticket=opened(user_id=person.user.pk),
        voice="CUSTOMER",
        body="见图",
        client_id="first",
        at=clock.now(),
    )


def test_a_picture_is_kept_sealed_and_opens_by_its_link_alone(mine, client, client_of, person):
    sent = upload(mine, picture(), name="../../<img src=x onerror=alert(1)>.jpg", media="text/html")

    kept = sent.json()
    shown = client.get(kept["url"])
    assert (sent.status_code, kept["width"], kept["height"]) == (201, 60, 40)
    assert shown.status_code == 200
    assert Image.open(io.BytesIO(shown.content)).size == (60, 40)
    assert shown.headers["Content-Type"] == "image/jpeg"
    assert shown.headers["Content-Disposition"] == f'attachment; filename="{kept["token"]}.jpg"'
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert shown.headers["Cache-Control"] == "no-store"
    [part] = AttachmentPart.objects.all()
    assert shown.content[:64] not in bytes(part.content_sealed)

    stranger = client_of(logged_in())
    other = upload(mine, picture()).json()["token"]
    link = kept["url"].partition("?")[2]
    assert_error(stranger.get(kept["url"]), 403, "DOCUMENT_LINK_INVALID")
    assert_error(client.get(f"{ATTACHMENTS}/{other}?{link}"), 403, "DOCUMENT_LINK_INVALID")
    assert_error(mine.get(f"{ATTACHMENTS}/{other}"), 400, "INVALID_INPUT")
    with time_machine.travel(clock.now() + timedelta(minutes=6)):
        assert_error(client.get(kept["url"]), 403, "DOCUMENT_LINK_INVALID")


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"<html><script>alert(1)</script>", 400, "PICTURE_REFUSED"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', 400, "PICTURE_REFUSED"),
        (b"", 400, "INVALID_INPUT"),
        (bytes(7 * 1024 * 1024), 413, "BODY_TOO_LARGE"),
    ],
)
def test_what_is_no_picture_is_refused_and_nothing_is_kept(mine, content, status, code):
    assert_error(upload(mine, content), status, code)

    assert not Attachment.objects.exists()


def test_only_a_form_with_one_file_is_read(mine):
    def send(body, media):
        return mine.generic("POST", ATTACHMENTS, body, content_type=media)

    form = b'--b\r\nContent-Disposition: form-data; name="note"\r\n\r\nx\r\n--b--\r\n'

    assert_error(send(b"{}", "application/json"), 415, "UNSUPPORTED_MEDIA_TYPE")
    assert_error(send(b"x", "multipart/form-data"), 400, "MALFORMED_BODY")
    assert_error(send(b"--b\r\n", "multipart/form-data; boundary=b"), 400, "INVALID_INPUT")
    assert_error(send(form, "multipart/form-data; boundary=b"), 400, "INVALID_INPUT")


def test_pictures_go_with_one_message_of_those_who_sent_them(person):
    said, again = message_of(person), message_of(person)
    one, two = (keep_picture(owner_id=person.user.pk, content=picture()) for _ in range(2))
    theirs = keep_picture(owner_id=logged_in().user.pk, content=picture())
    tokens = [one.token, two.token]

    for _ in range(2):
        with transaction.atomic():
            attach(message_id=said.pk, owner_id=person.user.pk, tokens=tokens)
    for message, token in ((again, one.token), (again, theirs.token), (again, "made-up")):
        with pytest.raises(PictureUnknown), transaction.atomic():
            attach(message_id=message.pk, owner_id=person.user.pk, tokens=[token])

    assert of_messages([said.pk, again.pk]) == {said.pk: [one, two]}
    assert Attachment.objects.get(pk=theirs.pk).message is None
    with time_machine.travel(clock.now() + timedelta(days=2)):
        assert list(outdated_unsent_pictures(before=clock.now())) == [theirs]
        assert outdated_attachments(before=clock.now()).count() == 3


def test_staff_who_read_tickets_see_it_which_is_noted_until_its_owner_has_left(client, person):
    kept = keep_picture(owner_id=person.user.pk, content=picture())
    page = reverse("ticket_picture", args=[kept.token])
    colleague = User.objects.create_user(is_staff=True)
    client.force_login(colleague)

    closed = client.get(page)
    colleague.user_permissions.add(Permission.objects.get(codename="view_ticket"))
    seen = client.get(page)
    PersonalKey.objects.filter(user=person.user).update(key_sealed=None, destroyed_at=clock.now())
    gone = client.get(page)

    assert (closed.status_code, seen.status_code, gone.status_code) == (403, 200, 404)
    assert seen.content.startswith(b"\xff\xd8\xff")
    [entry] = AuditEntry.objects.filter(action="feedback.picture.seen")
    assert entry.subject == f"picture:{kept.token}"


def test_of_two_accounts_that_become_one_the_pictures_open_for_the_one_that_goes_on(db, client, client_of):
    stays, ends = logged_in(), logged_in()
    stays.user.set_phone("13800138000", at=clock.now())
    stays.user.save()
    WeChatIdentity.objects.create(user=ends.user, appid=settings.WECHAT["appid"], openid="o-two-accounts")
    said, kept = message_of(ends), keep_picture(owner_id=ends.user.pk, content=picture())
    with transaction.atomic():
        attach(message_id=said.pk, owner_id=ends.user.pk, tokens=[kept.token])
    move_ticket(ticket_id=said.ticket_id, to=TicketState.CLOSED, by_id=None)
    before = open_picture(kept.token)

    with transaction.atomic():
        merge_accounts(stays.user.pk, ends.user.pk, now=clock.now())
    hand_tickets_over(closed_user_id=ends.user.pk, user_id=stays.user.pk)

    assert PersonalKey.objects.get(user=ends.user).destroyed_at is not None
    assert open_picture(kept.token) == before
    with transaction.atomic():
        session = issue_session(device=stays.device, now=clock.now())[0]
    read = client_of(replace(stays, tokens=session)).get(f"/api/v1/tickets/{said.ticket.number}/messages")
    [shown] = [each for message in read.json()["items"] for each in message["attachments"]]
    assert client.get(shown["url"]).content == before
    client.force_login(User.objects.create_user(is_staff=True, is_superuser=True))
    assert client.get(reverse("ticket_picture", args=[kept.token])).content == before


@pytest.mark.committed
def test_thirty_a_day_however_many_come_at_once(committed_db):
    person = logged_in()
    for _ in range(PER_DAY - 2):
        keep_picture(owner_id=person.user.pk, content=picture())

    came = run_in_parallel(
        [lambda: keep_picture(owner_id=person.user.pk, content=picture()) for _ in range(6)], threads=6
    )

    assert sum(isinstance(each, Attachment) for each in came) == 2
    assert sum(isinstance(each, PictureQuotaUsed) for each in came) == 4
    assert Attachment.objects.filter(owner=person.user).count() == PER_DAY
