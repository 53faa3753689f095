"""Fen as people read them."""

from django import template

register = template.Library()


@register.filter
def yuan(fen: int) -> str:
    return f"{fen // 100:,}.{fen % 100:02d}"
