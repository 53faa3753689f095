"""The gate, and the doors beside it."""

from datetime import timedelta

import pytest
import time_machine

from accounts.models import ConsentRecord
from accounts.rules.agreements import MANDATORY, AgreementKind
from accounts.selectors.agreements import current_agreement
from accounts.tests.factories import announced, logged_in, newcomer
from wallet_project.kit import clock
from wallet_project.kit.testing.assertions import assert_error

GATED = "/api/v1/orders"


def accept(client, documents):
    shown = [{name: text[name] for name in ("kind", "version", "hash")} for text in documents]
    return client.post("/api/v1/me/consents", {"agreements": shown}, format="json")


@pytest.mark.django_db
class TestTheGate:
    def test_asks_a_newcomer_to_agree_and_then_lets_them_in(self, client_of):
        client = client_of(newcomer())

        documents = assert_error(client.get(GATED), 451, "CONSENT_REQUIRED")["documents"]
        answer = accept(client, documents)

        assert [text["kind"] for text in documents] == list(MANDATORY)
        assert documents[1]["url"].endswith("/agreements/privacy/1")
        assert answer.json() == {"documents": []}
        assert client.get(GATED).status_code == 200

    @pytest.mark.parametrize("path", ["me", "me/consents", "me/marketing", "agreements"])
    def test_does_not_stand_before_what_somebody_who_does_not_agree_needs(self, client_of, path):
        assert client_of(newcomer()).get(f"/api/v1/{path}").status_code == 200

    def test_asks_nothing_of_the_tables(self, client_of, django_assert_num_queries):
        client = client_of(logged_in())
        # 1 session with its user, device and consents, 1 page of orders
        with django_assert_num_queries(2):
            client.get(GATED)
        # 1 page of orders
        with django_assert_num_queries(1):
            client.get(GATED)

    def test_closes_at_the_moment_an_announced_version_takes_effect(self, client_of):
        client = client_of(logged_in())
        version = announced(AgreementKind.TERMS, effective_at=clock.now() + timedelta(seconds=30))
        assert client.get(GATED).status_code == 200  # remembered from here on

        with time_machine.travel(version.effective_at, tick=False):
            answer = client.get(GATED)

        documents = assert_error(answer, 451, "CONSENT_REQUIRED")["documents"]
        assert [(text["kind"], text["version"]) for text in documents] == [("TERMS", 2)]

    def test_closes_at_once_when_a_mandatory_consent_is_withdrawn(self, client_of):
        client = client_of(logged_in())
        assert client.get(GATED).status_code == 200

        answer = client.post("/api/v1/me/consents/withdraw", {"kind": "PRIVACY"}, format="json")

        assert "注销账户" in answer.json()["effect"]
        assert [text["kind"] for text in answer.json()["documents"]] == ["PRIVACY"]
        assert_error(client.get(GATED), 451, "CONSENT_REQUIRED")
        accept(client, answer.json()["documents"])
        assert client.get(GATED).status_code == 200

    def test_holds_without_valkey(self, client_of, valkey_away):
        client = client_of(newcomer())

        documents = assert_error(client.get(GATED), 451, "CONSENT_REQUIRED")["documents"]
        accept(client, documents)

        assert client.get(GATED).status_code == 200


@pytest.mark.django_db
class TestConsents:
    def test_are_a_history_newest_first(self, client_of):
        client = client_of(logged_in())
        client.put("/api/v1/me/marketing", {"enabled": True}, format="json")
        client.put("/api/v1/me/marketing", {"enabled": False}, format="json")

        items = client.get("/api/v1/me/consents").json()["items"]

        assert [(item["kind"], item["act"]) for item in items[:2]] == [
            ("MARKETING", "WITHDRAWN"),
            ("MARKETING", "GIVEN"),
        ]
        assert len(items) == 2 + len(MANDATORY)

    def test_of_an_outdated_text_are_refused_with_the_text_in_force(self, client_of):
        client, now = client_of(newcomer()), clock.now()
        old = current_agreement(AgreementKind.TERMS, now)
        new = announced(AgreementKind.TERMS, effective_at=now - timedelta(minutes=1))

        answer = accept(client, [{"kind": "TERMS", "version": old.version, "hash": old.sha256}])

        documents = assert_error(answer, 409, "AGREEMENT_OUTDATED")["documents"]
        assert documents[0]["hash"] == new.sha256
        assert not ConsentRecord.objects.filter(agreement=old, channel="MINI_PROGRAM").exists()

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"agreements": []},
            {"agreements": [{"kind": "NOTHING", "version": 1, "hash": "0" * 64}]},
            {"agreements": [{"kind": "TERMS", "version": "1", "hash": "0" * 64}]},
            {"agreements": [{"kind": "TERMS", "version": 1, "hash": "0" * 64, "user_id": 1}]},
        ],
    )
    def test_are_not_read_from_nonsense(self, client_of, body):
        person = newcomer()

        assert_error(client_of(person).post("/api/v1/me/consents", body, format="json"), 400, "INVALID_INPUT")
        assert not ConsentRecord.objects.filter(user=person.user).exists()

    def test_marketing_is_a_switch_beside_its_text(self, client_of):
        client = client_of(logged_in())

        before = client.get("/api/v1/me/marketing").json()
        after = client.put("/api/v1/me/marketing", {"enabled": True}, format="json").json()

        assert (before["enabled"], after["enabled"]) == (False, True)
        assert after["document"]["kind"] == "MARKETING"


@pytest.mark.django_db
class TestAgreements:
    def test_are_read_by_anybody_even_with_an_old_token(self, client):
        answer = client.get("/api/v1/agreements", headers={"Authorization": "Bearer a.b"})

        kinds = [(text["kind"], text["is_mandatory"]) for text in answer.json()["items"]]
        assert kinds[:3] == [(kind, True) for kind in MANDATORY]
        assert kinds[3:] == [("REAL_NAME", False), ("MARKETING", False)]

    def test_are_read_word_for_word(self, client):
        text = client.get("/api/v1/agreements/fee-schedule/1").json()

        assert "未列出的项目不收费" in text["body"]
        assert "<table>" in text["html"]

    def test_are_compared_paragraph_by_paragraph(self, client):
        old = current_agreement(AgreementKind.FEE_SCHEDULE, clock.now())
        body = old.body.replace("充值时不开具发票，以免重复。", "充值也可以开具发票。")
        announced(AgreementKind.FEE_SCHEDULE, body=body, summary="充值可开票")

        answer = client.get("/api/v1/agreements/fee-schedule/diff?from=1&to=2").json()

        assert answer["summary"] == "充值可开票"
        assert [change["kind"] for change in answer["changes"]] == ["changed"]
        assert answer["changes"][0]["after"].endswith("充值也可以开具发票。")

    @pytest.mark.parametrize("path", ["privacy/7", "nothing/1", "PRIVACY/1", "privacy/diff?from=1&to=7"])
    def test_that_do_not_exist_are_not_found(self, client, path):
        assert_error(client.get(f"/api/v1/agreements/{path}"), 404, "NOT_FOUND")


@pytest.mark.committed
class TestLoggingIn:
    def test_with_what_the_login_page_showed_is_agreeing(self, customer):
        consents = customer.get("me/consents").json()["items"]

        assert {consent["kind"] for consent in consents} == set(MANDATORY)
        assert ConsentRecord.objects.filter(
            user__uid=customer.get("me").json()["uid"], channel="LOGIN", device_id=customer.device_id
        ).count() == len(MANDATORY)
        assert customer.get("wallet").status_code in {200, 404}

    def test_with_an_outdated_text_costs_no_login_code(self, new_customer, sandbox):
        api = new_customer()
        minted = sandbox.login_code(api.openid)
        wish = {"code": minted["code"], "device_id": api.device_id}
        stale = [{"kind": "TERMS", "version": 1, "hash": "f" * 64}]

        assert_error(api.post("auth/login", {**wish, "agreements": stale}), 409, "AGREEMENT_OUTDATED")
        assert api.post("auth/login", wish).status_code == 200
