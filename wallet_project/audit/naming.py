"""Actors and subjects in words, staff:3 → 员工 陈晨（staff:3）: a name to read, a number to search for."""

import re
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.exceptions import FieldDoesNotExist
from django.http import HttpRequest

from wallet_project.kit.admin import ReadOnlyAdmin

_PERSON = re.compile(r"(?:user|staff):([0-9]{1,18})")
_NOBODY = {"system": "系统", "anonymous": "未登录", "wechat": "微信"}

People = dict[int, Any]


def people_among(texts: Iterable[str]) -> People:
    """Everybody whom these actors and subjects mention, in one query."""
    mentioned = {int(found[1]) for text in texts if (found := _PERSON.fullmatch(text))}
    return get_user_model()._default_manager.in_bulk(mentioned) if mentioned else {}


def named(text: str, people: People) -> str:
    if text in _NOBODY:
        return _NOBODY[text]
    found = _PERSON.fullmatch(text)
    if found and (person := people.get(int(found[1]))):
        return f"{'员工' if person.is_staff else '顾客'} {person}（{text}）"
    label, _, key = text.partition(":")
    return f"{_kind_of_row(label)} {key}" if "." in label else text


class NamingAdmin(ReadOnlyAdmin):
    """
    Pages that name people. `mentions` are the columns that hold actors; each row gets the `people` whom it
    names, for a whole list in one query.
    """

    mentions: tuple[str, ...] = ()

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        changelist = super().get_changelist_instance(request)
        self._meet(changelist.result_list)
        return changelist

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        row: Any = super().get_object(request, object_id, from_field)
        if row is not None:
            self._meet([row])
        return row

    def people_of(self, rows: Iterable[Any]) -> People:
        return people_among(getattr(row, column) for row in rows for column in self.mentions)

    def _meet(self, rows: Iterable[Any]) -> None:
        people = self.people_of(rows)
        for row in rows:
            row.people = people


def _kind_of_row(label: str) -> str:
    try:
        return str(apps.get_model(label)._meta.verbose_name)
    except (LookupError, ValueError, FieldDoesNotExist):
        return label
