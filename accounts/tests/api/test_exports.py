"""Everything that is held about me, for me alone."""

import io
import json
from datetime import timedelta
from functools import partial
from zipfile import ZipFile

import pytest
import time_machine

from accounts.errors import ExportRunning
from accounts.models import DataExport, ExportPart, PersonalKey, Session
from accounts.rules.step_up import Operation
from accounts.services.exports import build_export, request_export
from accounts.tests.factories import grant_for, logged_in, newcomer, with_pin
from wallet.services.wallets import open_wallet
from wallet_project.audit.models import AuditEntry
from wallet_project.kit import clock
from wallet_project.kit.models import Job
from wallet_project.kit.testing.assertions import assert_error

EXPORTS = "/api/v1/me/exports"


@pytest.fixture
def person(db):
    return with_pin(logged_in(nickname="=小明"))


def ask(client, person):
    """Ask with the proof that it takes."""
    grant = grant_for(person, Operation(kind="data.export"))
    return client.post(EXPORTS, headers={"Step-Up-Grant": grant})


def ready(client, person):
    """An export that a worker has built; its number."""
    number = ask(client, person).json()["number"]
    build_export(number=number)
    return number


def archive_of(answer):
    return ZipFile(io.BytesIO(answer.content))


def test_needs_proof_that_it_is_me(client_of, person):
    detail = assert_error(client_of(person).post(EXPORTS), 428, "STEP_UP_REQUIRED")

    assert detail["operation"] == "导出个人数据"
    assert not DataExport.objects.filter(user=person.user).exists()


def test_is_built_by_a_worker_and_holds_what_is_known_of_me(client_of, person):
    person.user.set_phone("13800138000", at=clock.now() - timedelta(days=30))
    person.user.save()
    open_wallet(user_id=person.user.pk)
    client = client_of(person)

    asked = ask(client, person)
    assert (asked.status_code, asked.json()["state"]) == (202, "REQUESTED")
    number = asked.json()["number"]
    assert Job.objects.filter(task="accounts.build_export", arguments={"number": number}).exists()
    build_export(number=number)

    shown = client.get(f"{EXPORTS}/{number}").json()
    assert (shown["state"], shown["progress"], shown["link_expires_in"]) == ("READY", 100, 300)
    answer = client.get(shown["archive_url"])
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Cache-Control"] == "no-store"
    files = archive_of(answer)
    page = files.read("index.html").decode()
    profile = json.loads(files.read("json/01-个人资料.json"))[0]
    assert (profile["手机号"], profile["昵称"]) == ("13800138000", "=小明")
    assert "'=小明" in files.read("csv/01-个人资料.csv").decode()
    for title in ("微信身份", "会话", "同意记录", "钱包", "账单记录", "订单", "支付单"):
        assert title in page
        assert any(name.endswith(f"-{title}.json") for name in files.namelist())
    pin_hash = bytes(person.user.payment_pin.pin_hash).hex()
    assert pin_hash not in "".join(files.read(name).decode() for name in files.namelist())


def test_lies_sealed_in_the_database(client_of, person):
    number = ready(client_of(person), person)

    part = ExportPart.objects.get(export__number=number)

    assert b"PK" not in bytes(part.content_sealed)[:64]
    assert person.user.nickname.encode() not in bytes(part.content_sealed)


def test_each_download_is_counted_and_noted(client_of, person):
    client = client_of(person)
    number = ready(client, person)
    for _time in range(2):
        client.get(client.get(f"{EXPORTS}/{number}").json()["archive_url"])

    assert client.get(f"{EXPORTS}/{number}").json()["downloads"] == 2
    noted = AuditEntry.objects.filter(action="accounts.export.downloaded", subject=f"user:{person.user.pk}")
    assert noted.count() == 2


def test_is_one_at_a_time_and_two_in_thirty_days(client_of, person):
    client, now = client_of(person), clock.now()
    number = ask(client, person).json()["number"]
    assert_error(client.post(EXPORTS), 409, "EXPORT_RUNNING")
    build_export(number=number)
    ready(client, person)

    detail = assert_error(client.post(EXPORTS), 409, "EXPORT_QUOTA_USED")
    assert detail["allowed"] == 2
    assert DataExport.objects.filter(user=person.user).count() == 2

    DataExport.objects.filter(number=number).update(requested_at=now - timedelta(days=30, seconds=1))
    assert ask(client, person).status_code == 202


@pytest.mark.parametrize("path", ["{}", "{}/archive?token=x"])
def test_of_somebody_else_looks_like_one_that_does_not_exist(client_of, person, path):
    number = ready(client_of(person), person)
    stranger = client_of(logged_in())
    missing = "E2611212015301237Q4K0M2Z9XWD7"

    theirs = assert_error(stranger.get(f"{EXPORTS}/{path.format(number)}"), 404, "NOT_FOUND")
    nobodys = assert_error(stranger.get(f"{EXPORTS}/{path.format(missing)}"), 404, "NOT_FOUND")

    assert theirs == nobodys


def test_a_link_is_for_one_session_and_five_minutes(client_of, person):
    client = client_of(person)
    number = ready(client, person)
    link = client.get(f"{EXPORTS}/{number}").json()["archive_url"]
    other = newcomer()  # who turns out to be the same person, on another phone
    Session.objects.filter(pk=other.session.pk).update(user=person.user)

    assert_error(client_of(other).get(link), 403, "EXPORT_LINK_INVALID")
    assert_error(client.get(link[:-3] + "abc"), 403, "EXPORT_LINK_INVALID")
    with time_machine.travel(clock.now() + timedelta(seconds=301), tick=False):
        assert_error(client.get(link), 403, "EXPORT_LINK_INVALID")
    assert DataExport.objects.get(number=number).downloads == 0


def test_is_gone_after_a_week(client_of, person):
    client = client_of(person)
    number = ready(client, person)
    link = client.get(f"{EXPORTS}/{number}").json()["archive_url"]

    DataExport.objects.filter(number=number).update(expires_at=clock.now())

    assert client.get(f"{EXPORTS}/{number}").json()["state"] == "EXPIRED"
    assert_error(client.get(link), 410, "EXPORT_EXPIRED")


def test_nobody_can_read_it_when_the_key_of_its_owner_is_destroyed(client_of, person):
    client = client_of(person)
    number = ready(client, person)
    link = client.get(f"{EXPORTS}/{number}").json()["archive_url"]

    PersonalKey.objects.filter(user=person.user).update(key_sealed=None, destroyed_at=clock.now())

    assert_error(client.get(link), 410, "EXPORT_EXPIRED")


def test_is_given_to_who_does_not_agree_to_anything(client_of, db):
    person = with_pin(newcomer())

    assert ask(client_of(person), person).status_code == 202


def begin_again(user_id):
    """A source during which another worker takes the export over."""
    DataExport.objects.filter(user_id=user_id).update(tries=2)
    yield "慢", []


class TestBuilding:
    def test_twice_is_once(self, client_of, person):
        number = ready(client_of(person), person)
        before = ExportPart.objects.get(export__number=number).pk

        build_export(number=number)

        assert ExportPart.objects.get(export__number=number).pk == before

    def test_that_was_lost_begins_again_and_is_given_up_after_three_tries(self, client_of, person):
        number = ask(client_of(person), person).json()["number"]
        DataExport.objects.filter(number=number).update(state="BUILDING", tries=2)
        build_export(number=number)
        assert DataExport.objects.get(number=number).state == "READY"

        number = ask(client_of(person), person).json()["number"]
        DataExport.objects.filter(number=number).update(state="BUILDING", tries=3)
        build_export(number=number)
        assert DataExport.objects.get(number=number).state == "FAILED"
        assert not ExportPart.objects.filter(export__number=number).exists()
        assert ask(client_of(person), person).status_code == 202  # what failed does not count

    def test_that_a_later_try_overtook_leaves_nothing(self, client_of, person, settings):
        number = ask(client_of(person), person).json()["number"]
        overtaken = f"{__name__}.{begin_again.__name__}"
        settings.PERSONAL_DATA_SOURCES = [*settings.PERSONAL_DATA_SOURCES, overtaken]

        build_export(number=number)

        assert DataExport.objects.get(number=number).state == "BUILDING"
        assert not ExportPart.objects.filter(export__number=number).exists()


@pytest.mark.committed
def test_asked_for_twice_at_once_is_one_export(committed_db, in_parallel):
    person = with_pin(logged_in())
    grants = [grant_for(person, Operation(kind="data.export")) for _each in range(2)]

    answers = in_parallel(
        [
            partial(request_export, user_id=person.user.pk, device_id=person.device.device_id, grant=grant)
            for grant in grants
        ]
    )

    assert [type(answer) for answer in answers].count(ExportRunning) == 1
    assert DataExport.objects.filter(user=person.user).count() == 1
