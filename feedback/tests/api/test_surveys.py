"""What comes in and goes out of the doors of surveys and suggestions."""

import pytest

from accounts.tests.factories import logged_in
from feedback.models import Answer, Suggestion
from feedback.rules.surveys import SurveyKind
from feedback.services.suggestions import publish_suggestion
from feedback.tests.voice import asked, questions_of

pytestmark = pytest.mark.django_db

INBOX = "/api/v1/surveys/invitations"


@pytest.fixture
def person():
    return logged_in()


def send(client, person, path, body, **headers):
    return client.post(path, body, content_type="application/json", headers={**person.as_header(), **headers})


def test_an_inbox_is_answered_with_one_tap_and_is_empty_then(client, person, django_assert_num_queries):
    for kind in (SurveyKind.NPS, SurveyKind.FORM):
        asked(person.user, kind=kind)
    # session, invitations with surveys, questions, answers, questions of answers need none
    with django_assert_num_queries(4):
        shown = client.get(INBOX, headers=person.as_header()).json()["items"]
    form, nps = shown
    assert (form["kind"], nps["kind"]) == ("FORM", "NPS")
    assert form["questions"][0]["options"] == ["付款", "转账", "缴费"]

    taps = (
        (nps, {"score": 10}),
        (form, {"chosen": [2, 0]}),
    )
    for each, tap in taps:
        said = {"answers": [{"question": each["questions"][0]["id"], **tap}]}
        answered = send(client, person, f"{INBOX}/{each['number']}/answers", said)
        assert answered.status_code == 200
        assert [one["is_answered"] for one in answered.json()["questions"]] == [True, False]

    assert client.get(INBOX, headers=person.as_header()).json() == {"items": []}
    assert sorted(each.in_words for each in Answer.objects.all()) == ["10 分", "付款、缴费"]


@pytest.mark.parametrize(
    ("said", "status", "code"),
    [
        ({"answers": []}, 400, "INVALID_INPUT"),
        ({"answers": [{"score": 5}]}, 400, "INVALID_INPUT"),
        ({"answers": [{"question": 0, "score": "5"}]}, 400, "INVALID_INPUT"),
        ({"answers": [{"question": 0, "score": 5, "mood": "好"}]}, 400, "INVALID_INPUT"),
        ({"answers": [{"question": 0, "text": 5}]}, 400, "INVALID_INPUT"),
        ({"answers": [{"question": 0, "text": "长" * 1001}]}, 400, "INVALID_INPUT"),
        ({"answers": [{"question": 0, "score": 5}]}, 400, "ANSWER_REFUSED"),
        ({"answers": [{"question": 2**70, "score": 5}]}, 400, "MALFORMED_BODY"),
    ],
)
def test_what_is_no_answer_is_refused(client, person, said, status, code):
    invitation = asked(person.user)

    refused = send(client, person, f"{INBOX}/{invitation.number}/answers", said)

    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert not Answer.objects.exists()


def test_who_declines_is_left_alone(client, person):
    invitation = asked(person.user)

    declined = [send(client, person, f"{INBOX}/{invitation.number}/decline", {}) for _ in range(2)]

    assert [each.status_code for each in declined] == [204, 204]
    said = {"answers": [{"question": questions_of(invitation)[0], "score": 5}]}
    refused = send(client, person, f"{INBOX}/{invitation.number}/answers", said)
    assert (refused.status_code, refused.json()["code"]) == (409, "INVITATION_ENDED")


def test_a_suggestion_is_made_once_shown_to_others_in_our_words_and_voted_for(client, person):
    said, key = {"text": "我叫王小明，希望账单\u202e可以导出"}, {"Idempotency-Key": "suggest-0001"}
    made = [send(client, person, "/api/v1/suggestions", said, **key) for _ in range(2)]
    assert [each.status_code for each in made] == [201, 201]
    suggestion = Suggestion.objects.get()
    publish_suggestion(suggestion_id=suggestion.pk, title="按月导出账单")
    other = logged_in()
    vote = f"/api/v1/suggestions/{suggestion.number}/vote"

    assert client.put(vote, headers=other.as_header()).status_code == 204
    public = client.get("/api/v1/suggestions/public", headers=other.as_header())
    assert "王小明" not in public.content.decode()
    assert [(each["title"], each["support"], each["has_voted"]) for each in public.json()["items"]] == [
        ("按月导出账单", 2, True)
    ]
    assert client.delete(vote, headers=other.as_header()).status_code == 204
    mine = client.get("/api/v1/suggestions", headers=person.as_header()).json()["items"]
    assert [(each["text"], each["support"], each["state"]) for each in mine] == [
        ("我叫王小明，希望账单可以导出", 1, "RECEIVED")
    ]
