"""The page on which people read the fees: in the mini-program's web-view, or anywhere."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from wallet.rules.fee_words import terms_in_words
from wallet.rules.fees import SAMPLES, FreeQuota, fee_of
from wallet.selectors.fees import published_fees
from wallet_project.kit import clock
from wallet_project.kit.money import yuan

_LANGUAGES = ("zh-hans", "en")


@require_safe
def show_fees(request: HttpRequest) -> HttpResponse:
    """What everything costs, in Chinese and in English below it, with what is coming and what was."""
    fees = published_fees(at=clock.now())
    context = {standing: [_shown(fee) for fee in found] for standing, found in fees.items()}
    with translation.override("zh-hans"):  # dates; the page has both languages whoever reads it
        return render(request, "wallet/fees.html", context)


def _shown(schedule: Any) -> dict[str, Any]:
    words = []
    for language in _LANGUAGES:
        with translation.override(language):
            words.append((schedule.get_kind_display(), terms_in_words(schedule.terms)))
    (name, text), (english_name, english) = words
    return {
        "name": name,
        "text": text,
        "english_name": english_name,
        "english": english,
        "tier": schedule.tier,
        "version": schedule.version,
        "begins": schedule.effective_from,
        "ends": schedule.ends,
        "samples": [] if schedule.terms.is_free else _samples(schedule),
    }


def _samples(schedule: Any) -> list[tuple[str, str]]:
    """Amount and fee in yuan once nothing is free any more."""
    terms = schedule.terms
    return [(yuan(amount), yuan(fee_of(amount, terms, left=FreeQuota()).amount)) for amount in SAMPLES]
