"""Me, and my phone."""

import pytest

from accounts.models import User, UserStatus
from accounts.services.sessions import forget_access
from accounts.tests.factories import logged_in
from wallet_project.kit import clock
from wallet_project.kit.crypto import token_hash
from wallet_project.kit.testing.assertions import assert_error


@pytest.mark.django_db
class TestMe:
    def test_shows_what_may_be_shown(self, client_of):
        person = logged_in()
        person.user.set_phone("13800138000", at=clock.now())
        person.user.save()

        answer = client_of(person).get("/api/v1/me")

        assert answer.status_code == 200
        assert answer.json() == {
            "uid": str(person.user.uid),
            "nickname": person.user.nickname,
            "phone_masked": "138****8000",
            "created_at": clock.iso(person.user.created_at),
        }

    def test_costs_one_query_for_somebody_who_is_remembered(self, client_of, django_assert_num_queries):
        client = client_of(logged_in())
        # 1 session with its user and device, 1 profile
        with django_assert_num_queries(2):
            client.get("/api/v1/me")
        # 1 profile
        with django_assert_num_queries(1):
            client.get("/api/v1/me")

    @pytest.mark.parametrize(
        "header",
        ["", "Basic dTpw", "bearer", "Token abc", "eyJhbGciOiJub25lIn0.e30."],
    )
    def test_asks_who_does_not_say_who_they_are_to_log_in(self, client, header):
        answer = client.get("/api/v1/me", headers={"Authorization": header} if header else {})

        assert answer.status_code == 401
        assert answer.json()["code"] in {"NOT_AUTHENTICATED", "TOKEN_INVALID"}
        assert answer.headers["WWW-Authenticate"] == "Bearer"

    @pytest.mark.parametrize("token", ["x", "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.", "a.b", "é.é", "🔑.🔑"])
    def test_refuses_a_token_nobody_gave_out(self, client, token):
        answer = client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})

        assert_error(answer, 401, "TOKEN_INVALID")

    def test_refuses_a_frozen_user_at_once(self, client_of):
        person = logged_in()
        client = client_of(person)
        client.get("/api/v1/me")  # remembered

        User.objects.filter(pk=person.user.pk).update(status=UserStatus.FROZEN)
        forget_access([token_hash(person.tokens.access_token)])

        assert_error(client.get("/api/v1/me"), 403, "ACCOUNT_FROZEN")

    def test_is_answered_without_valkey(self, client_of, valkey_away):
        assert client_of(logged_in()).get("/api/v1/me").status_code == 200


@pytest.mark.committed
class TestMyPhone:
    def test_is_bound_and_shown_masked(self, customer, sandbox, new_phone):
        phone = new_phone()

        answer = customer.post("me/phone", {"code": sandbox.phone_code(phone)["code"]})

        assert answer.status_code == 200
        assert answer.json() == customer.get("me").json()
        assert answer.json()["phone_masked"] == f"{phone[:3]}****{phone[-4:]}"

    def test_of_somebody_else_is_refused_with_an_explanation(self, new_customer, sandbox, new_phone):
        phone = new_phone()
        owner, other = new_customer(), new_customer()
        owner.post("me/phone", {"code": sandbox.phone_code(phone)["code"]})

        answer = other.post("me/phone", {"code": sandbox.phone_code(phone)["code"]})

        assert assert_error(answer, 409, "PHONE_ALREADY_BOUND") == {}
        assert phone not in answer.text
        assert other.get("me").json()["phone_masked"] is None
        assert owner.get("me").json()["phone_masked"] is not None

    def test_code_cannot_be_used_again(self, new_customer, sandbox, new_phone):
        code = sandbox.phone_code(new_phone())["code"]
        new_customer().post("me/phone", {"code": code})
        other = new_customer()

        assert_error(other.post("me/phone", {"code": code}), 400, "PHONE_CODE_REFUSED")
        assert other.get("me").json()["phone_masked"] is None

    def test_is_not_taken_from_the_client(self, customer, sandbox, new_phone):
        code = sandbox.phone_code(new_phone())["code"]

        answer = customer.post("me/phone", {"code": code, "phone": new_phone()})

        assert set(assert_error(answer, 400, "INVALID_INPUT")["fields"]) == {"phone"}
        assert customer.get("me").json()["phone_masked"] is None

    def test_waits_while_wechat_does_not_answer(self, customer, sandbox, new_phone):
        sandbox.fault("reset", path="/wxa/", times=1)

        answer = customer.post("me/phone", {"code": sandbox.phone_code(new_phone())["code"]})

        assert_error(answer, 503, "WECHAT_UNAVAILABLE")
        assert customer.get("me").json()["phone_masked"] is None


@pytest.mark.django_db
class TestMyName:
    def test_a_new_name_is_kept_in_its_one_spelling(self, client_of):
        person = logged_in()

        answer = client_of(person).patch("/api/v1/me", {"nickname": " Ｔｏｍ  猫 "}, format="json")

        assert (answer.status_code, answer.json()["nickname"]) == (200, "Tom 猫")
        assert User.objects.get(pk=person.user.pk).nickname == "Tom 猫"

    def test_a_name_like_ours_is_refused_with_the_reason(self, client_of):
        person = logged_in()

        answer = client_of(person).patch("/api/v1/me", {"nickname": "官方客服"}, format="json")

        assert assert_error(answer, 400, "NICKNAME_REFUSED") == {"reason": "OFFICIAL"}
        assert User.objects.get(pk=person.user.pk).nickname == person.user.nickname

    @pytest.mark.parametrize(
        "change",
        [
            {"nickname": "小\u202e明"},
            {"nickname": "小\u200b明"},
            {"nickname": "小\n明"},
            {"nickname": 7},
            {"phone": "13800138000"},
            {"status": "ACTIVE"},
            {"is_staff": True},
            {"kyc_level": 3},
            {"withdrawals_cooled_until": None},
        ],
        ids=str,
    )
    def test_nothing_else_is_changed_here(self, client_of, change):
        person = logged_in()

        answer = client_of(person).patch("/api/v1/me", {"nickname": "小明"} | change, format="json")

        assert set(assert_error(answer, 400, "INVALID_INPUT")["fields"]) >= set(change)
        assert User.objects.get(pk=person.user.pk).nickname == person.user.nickname
