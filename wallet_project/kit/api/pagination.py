"""Cursor pages, newest first. The cursor is signed, so nobody can craft one."""

from typing import Any

from django.core.signing import BadSignature, Signer
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from wallet_project.kit.api.serializers import InputSerializer, OutputSerializer

DEFAULT_LIMIT = 20
MAX_LIMIT = 100


class PageQuery(InputSerializer):
    """Query parameters of every list."""

    cursor = serializers.CharField(required=False, max_length=200, help_text="上一页的 next_cursor")
    limit = serializers.IntegerField(required=False, default=DEFAULT_LIMIT, min_value=1, max_value=MAX_LIMIT)


def page_of(
    rows: QuerySet[Any],
    *,
    output: type[OutputSerializer],
    query: dict[str, Any],
    purpose: str,
    by: str = "pk",
) -> dict[str, Any]:
    """
    One page of a queryset by descending id, as `{"items", "next_cursor", "has_more"}`.

    `by` is another unique whole number to go by, where rows are not shown in the order they were made.
    `purpose` ties a cursor to its list: one from another list, or another person's, is refused.
    """
    signer = Signer(salt=f"cursor:{purpose}")
    limit = query["limit"]
    if cursor := query.get("cursor"):
        try:
            rows = rows.filter(**{f"{by}__lt": int(signer.unsign(cursor))})
        except (BadSignature, ValueError):
            raise serializers.ValidationError({"cursor": [_("游标无效")]}) from None
    found = list(rows.order_by(f"-{by}")[: limit + 1])
    more = len(found) > limit
    found = found[:limit]
    return {
        "items": output.answer_each(found),
        "next_cursor": signer.sign(str(getattr(found[-1], by))) if more else None,
        "has_more": more,
    }


def page_output(item: type[OutputSerializer], name: str) -> type[OutputSerializer]:
    """The schema of a page of something."""
    return type(
        name,
        (OutputSerializer,),
        {
            "items": item(many=True),
            "next_cursor": serializers.CharField(allow_null=True),
            "has_more": serializers.BooleanField(),
        },
    )
