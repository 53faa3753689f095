"""Every failure has one code, two languages, and a line in docs/errors.md."""

import ast
import re
from http import HTTPStatus

import pytest
from django.core.management import call_command
from django.utils import translation

from wallet_project.kit.errors import DomainError, InternalError
from wallet_project.kit.management.commands.errors_doc import catalogue
from wallet_project.tests.architecture.test_names_resolve import TREES

CATALOGUE = catalogue()
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def in_language(error, language):
    with translation.override(language):
        return str(error.message)


def raised_or_answered():
    """Names of classes that code makes, raises or looks up; naming one in a list makes nothing happen."""
    for tree in TREES.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield getattr(node.func, "id", "")
            elif isinstance(node, ast.Raise):
                yield getattr(node.exc, "id", "")
            elif isinstance(node, ast.Dict):
                yield from (getattr(value, "id", "") for value in node.values)


def ids(error):
    return error.code


def test_no_two_failures_share_a_code():
    codes = [error.code for error in CATALOGUE]

    assert len(codes) > 30
    assert sorted(set(codes)) == sorted(codes)


@pytest.mark.parametrize("error", CATALOGUE, ids=ids)
def test_a_code_is_upper_snake_and_a_status_is_a_failure(error):
    assert re.fullmatch(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+", error.code)
    assert 400 <= HTTPStatus(error.status) < 600


@pytest.mark.parametrize("error", CATALOGUE, ids=ids)
def test_a_message_is_chinese_and_has_its_english(error):
    chinese, english = in_language(error, "zh-hans"), in_language(error, "en")

    assert CHINESE.search(chinese)
    assert english
    assert not CHINESE.search(english)
    assert not chinese.endswith("。")
    assert not english.endswith(".")


@pytest.mark.parametrize("error", CATALOGUE, ids=ids)
def test_facts_are_named_like_fields(error):
    for fact in error.facts:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", fact)


@pytest.mark.parametrize("error", CATALOGUE, ids=ids)
def test_what_may_turn_out_otherwise_next_time_is_not_remembered(error):
    if error.status >= 500 or error.status in {401, 404, 429} or error.retry_after:
        assert not error.remembered, "set remembered = False: the next try must not hear this again"


def test_every_failure_can_happen():
    made = set(raised_or_answered())

    assert [error.__name__ for error in CATALOGUE if error.__name__ not in made] == []


def test_failures_live_in_the_errors_of_their_app():
    for error in CATALOGUE:
        assert "errors" in error.__module__.split(".")
        assert error.__bases__ == (DomainError,)
    assert InternalError in CATALOGUE


def test_the_document_is_current():
    call_command("errors_doc", "--check")
