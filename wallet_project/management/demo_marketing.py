"""The demo's marketing: audiences that something may be sent to, and a colleague to try it out on."""

from django.conf import settings
from django.db import transaction

from accounts.events import PhoneBound, UserRegistered
from accounts.models import StaffProfile, User, WeChatIdentity
from accounts.rules.agreements import AgreementKind
from accounts.services.consents import give_consent
from accounts.services.phone_ownership import give_phone
from coupons.models import Segment, SegmentCondition
from coupons.rules.segments import Comparison, Fact
from coupons.services.segments import refresh_segment
from wallet_project.kit import clock
from wallet_project.kit.events import publish

# Name, note and the one condition: fact, days, comparison, value.
AUDIENCES = (
    ("所有顾客", "服务公告用", (Fact.REGISTERED, None, Comparison.AT_LEAST, "2020-01-01")),
    ("近 30 天消费过", "回头客活动用", (Fact.PURCHASES, 30, Comparison.AT_LEAST, "1")),
)


def know_as_customer(*, colleague: User, openid: str, phone: str) -> None:
    """Their own account in the mini-program, which agrees to offers; nothing happens the second time."""
    profile = StaffProfile.objects.get(user=colleague)
    if profile.customer is not None:
        return
    with transaction.atomic():
        profile.customer = User.objects.create_user()
        profile.save(update_fields=["customer"])
        WeChatIdentity.objects.create(
            user=profile.customer, appid=settings.WECHAT["appid"], openid=openid, unionid=""
        )
        publish(UserRegistered(user_id=profile.customer.pk))
        give_phone(user=profile.customer, phone=phone, at=clock.now())
        publish(PhoneBound(user_id=profile.customer.pk))
    give_consent(user_id=profile.customer.pk, kind=AgreementKind.MARKETING)


def look_for_audiences() -> None:
    """Looked for anew every hour from now on; harmless when repeated."""
    for name, note, (fact, days, comparison, value) in AUDIENCES:
        segment, is_new = Segment.objects.get_or_create(name=name, defaults={"note": note})
        if is_new:
            SegmentCondition.objects.create(
                segment=segment, fact=fact, days=days, comparison=comparison, value=value
            )
            refresh_segment(segment_id=segment.pk)
