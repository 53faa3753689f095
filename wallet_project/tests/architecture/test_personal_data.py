"""Whatever is kept about a customer is in the export of their data, or there is a reason why not."""

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.module_loading import import_string

from accounts.models import User
from accounts.tests.factories import logged_in

# Of no use to anybody but us. A new table belongs here with its reason, or into its app's
# selectors/personal_data.py.
NOT_EXPORTED = {
    "accounts.Authenticator": "about staff: customers have none",
    "accounts.StaffProfile": "about staff: customers have none",
    "accounts.PersonalKey": "opens what is exported, and is worth nothing outside",
    "accounts.WrongPin": "counts guesses; told to somebody else it would help them guess",
    "accounts.DailySpending": "sums of what the orders and records say",
    "wallet.LimitUsage": "sums of what the records say",
    "coupons.CampaignPerson": "sums of what the rewards say",
    "wallet.CustomerStanding": "what the membership says, which is exported",
    "accounts.StepUpChallenge": "lived for two minutes; the operation it was for is exported itself",
    "wallet.PayeeLookups": "counts questions, not whom they were about",
    "coupons.PartnerPayment": "names the two members of staff who booked it",
    "coupons.CouponCount": "sums of what the coupons say",
    "payments.RiskDecision": "how fraud is recognised; whoever objects is answered by a person",
    "payments.AmlFinding": "whoever is reported must not learn of it: 反洗钱法 forbids to tell",
    "payments.RiskCase": "an investigation that is told to nobody it is about",
    "analytics.Target": "about staff: customers have none",
    "feedback.Agent": "about staff: customers have none",
    "feedback.SavedView": "about staff: customers have none",
    "feedback.TicketLook": "which member of staff has it open; gone the next day",
    "feedback.TicketTag": "names the member of staff who put it there",
    "accounts.VerificationCode": "gone after a day, and the phone they went to is in the profile",
}
ABOUT_STAFF = {"admin", "compliance"}  # apps whose users are staff at work


def models_about_a_person() -> list[type[models.Model]]:
    """Every table that points at a customer, the packages' included."""
    return [
        model
        for model in apps.get_models()
        if model._meta.app_label not in ABOUT_STAFF
        and any(
            isinstance(field, models.ForeignKey) and field.related_model is User
            for field in model._meta.get_fields()
        )
    ]


@pytest.mark.django_db
def test_every_table_about_a_person_is_exported_or_says_why_not():
    user_id = logged_in().user.pk
    told = {title for path in settings.PERSONAL_DATA_SOURCES for title, _rows in import_string(path)(user_id)}

    silent = {
        model._meta.label for model in models_about_a_person() if model._meta.verbose_name_plural not in told
    }

    assert silent - set(NOT_EXPORTED) == set(), (
        "tell it in the app's selectors/personal_data.py, or why not here"
    )
    assert set(NOT_EXPORTED) - silent == set(), "these are exported, or are no more"


def test_the_walk_finds_tables_of_every_app():
    found = {model._meta.app_label for model in models_about_a_person()}

    assert {"accounts", "wallet", "coupons", "payments", "feedback"} <= found
