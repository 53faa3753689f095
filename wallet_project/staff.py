"""The operators' roles: which group may look at what, and the few things that a group may change."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction


def _look_at(*models: str) -> tuple[str, ...]:
    return tuple(".view_".join(model.split(".")) for model in models)


def _boards(*codes: str) -> tuple[str, ...]:
    """Pages of numbers; whoever sees them may take them away."""
    return ("analytics.export_figure", *(f"analytics.view_{code}_board" for code in codes))


_CLOSURES = _look_at("accounts.closurerequest", "accounts.saveoffer")
_CONTENT = ("onboardingstep", "securitycard", "quizquestion", "quizoption")
_FAQ = ("faqtopic", "article", "articleversion", "synonymgroup")
_LESSONS = _look_at(*(f"accounts.{each}" for each in _CONTENT), *(f"feedback.{each}" for each in _FAQ))
_WRITES_LESSONS = tuple(f"accounts.{act}_{each}" for each in _CONTENT for act in ("add", "change"))
_WRITES_FAQ = (
    *(f"feedback.{act}_{each}" for each in _FAQ for act in ("add", "change")),
    "feedback.delete_synonymgroup",
)
_REAL_NAMES = _look_at("accounts.kycapplication", "accounts.realname")
_CUSTOMERS = _look_at(
    "accounts.user",
    "accounts.device",
    "accounts.session",
    "accounts.phonechangerequest",
    "accounts.securityfacts",
)
_CONSENTS = _look_at("accounts.agreementversion", "accounts.consentrecord")
_PROOFS = _look_at("accounts.paymentpin", "accounts.stepupchallenge", "accounts.stepuppolicy")
_TRADE = _look_at(
    "payments.order",
    "payments.orderline",
    "payments.payment",
    "payments.refund",
    "payments.orderrefund",
    "payments.orderrefundpart",
    "payments.merchanttransfer",
    "payments.exceptioncase",
    "payments.caserule",
    "wallet.topup",
    "wallet.topuppackage",
    "wallet.withdrawal",
)
_WALLETS = _look_at(
    "wallet.wallet",
    "wallet.transfer",
    "wallet.moneyrequest",
    "wallet.split",
    "wallet.redpacket",
    "wallet.redpacketshare",
    "wallet.record",
    "wallet.statement",
    "wallet.hold",
    "wallet.adjustment",
)
_FEES = _look_at("wallet.feeschedule", "wallet.quote")
_LIMITS = _look_at("wallet.limitpolicy")
_WORDS = _look_at("wallet.forbiddenword")
_WRITES_WORDS = ("wallet.add_forbiddenword", "wallet.change_forbiddenword")
_BOOKS = _look_at("wallet.ledgeraccount", "wallet.journal", "wallet.entry", "wallet.holdevent")
# Whoever answers for money sees that the books agree, may stop it, and may agree that it moves again.
_GUARDS_MONEY = (
    *_look_at("wallet.ledgercheck", "wallet.ledgerfinding", "pauses.pause"),
    "wallet.run_ledgercheck",
    "wallet.acknowledge_ledgerfinding",
    "pauses.pause_flow",
    "pauses.approve_lift_pause",
)
_RISK = (
    *_look_at(
        "payments.riskcase",
        "payments.riskdecision",
        "payments.riskrule",
        "payments.risklistentry",
        "payments.amlfinding",
    ),
    "payments.decide_riskcase",
    "payments.add_riskrule",
    "payments.change_riskrule",
    "payments.snooze_riskrule",
    "payments.approve_riskrule",
    "payments.add_risklistentry",
    "payments.approve_risklistentry",
    "payments.decide_amlfinding",
)
_STORES = _look_at(
    "payments.store",
    "payments.shopsystem",
    "payments.shipment",
    "payments.shopnotification",
    "payments.shopnotificationtry",
)
_CATEGORIES = _look_at("wallet.category", "wallet.categoryrule")
_BILLS = _look_at("payments.biller", "payments.billpayee", "payments.billpayment")
_COUPONS = _look_at("coupons.coupontemplate", "coupons.coupon", "coupons.coupongrant", "coupons.codebatch")
_POINTS = _look_at(
    "coupons.pointsaccount",
    "coupons.pointslot",
    "coupons.pointspolicy",
    "coupons.pointrule",
    "coupons.good",
    "coupons.mallorder",
)
_REDEMPTIONS = _look_at("coupons.redemption", "coupons.redeemedcoupon")
_WRITES_POINTS = tuple(
    f"coupons.{act}_{model}" for model in ("pointspolicy", "pointrule", "good") for act in ("add", "change")
)
_MEMBERS = _look_at(
    "coupons.membership",
    "coupons.membershiptier",
    "coupons.growthrule",
    "coupons.recommendationpolicy",
)
_WRITES_MEMBERS = (
    *(
        f"coupons.{act}_{model}"
        for model in ("membershiptier", "growthrule", "recommendationpolicy")
        for act in ("add", "change")
    ),
    "coupons.change_tier",
)
_APPROVES_MEMBERS = (
    "coupons.approve_membershiptier",
    "coupons.approve_growthrule",
    "coupons.approve_recommendationpolicy",
    "coupons.approve_change_tier",
)
_APPROVES_POINTS = tuple(f"coupons.approve_{model}" for model in ("pointspolicy", "pointrule", "good"))
_CAMPAIGNS = _look_at("coupons.campaign", "coupons.campaigntask", "coupons.reward")
_WRITES_CAMPAIGNS = (
    *(f"coupons.{act}_{model}" for model in ("campaign", "campaigntask") for act in ("add", "change")),
    "coupons.delete_campaigntask",
)
_REFERRALS = _look_at(
    "coupons.referralprogram",
    "coupons.referralreward",
    "coupons.referral",
    "coupons.referralstep",
    "coupons.channel",
    "coupons.channelcost",
)
_WRITES_REFERRALS = (
    *(
        f"coupons.{act}_{model}"
        for model in ("referralprogram", "referralreward")
        for act in ("add", "change")
    ),
    "coupons.delete_referralreward",
)
_AUDIENCES = _look_at(
    *(f"coupons.{each}" for each in ("segment", "segmentcondition", "segmentrefresh", "experiment"))
)
_WRITES_AUDIENCES = (
    *(
        f"coupons.{act}_{each}"
        for act in ("add", "change")
        for each in ("segment", "segmentcondition", "experiment")
    ),
    "coupons.delete_segmentcondition",
)
_STORIES = _look_at("coupons.story")
_WRITES_STORIES = ("coupons.add_story", "coupons.change_story")
_PARTNERS = _look_at("coupons.partner", "coupons.jointpromotion", "coupons.partnerpayment")
_WRITES_PARTNERS = tuple(
    f"coupons.{act}_{model}" for act in ("add", "change") for model in ("partner", "jointpromotion")
)
_WRITTEN_BY_HAND = (
    "licence",
    "checklist",
    "checklistitem",
    "riskassessment",
    "trainingcourse",
    "trainingrecord",
)
_REGISTERS = (
    *_WRITTEN_BY_HAND,
    "checklistrun",
    "runitem",
    "scanreport",
    "finding",
    "retentionrule",
    "retentionrun",
)
_COMPLIANCE = (
    *_look_at(*(f"compliance.{register}" for register in _REGISTERS)),
    *(f"compliance.{act}_{register}" for register in _WRITTEN_BY_HAND for act in ("add", "change")),
    "compliance.delete_checklistitem",
    "compliance.change_checklistrun",
    "compliance.sign_checklistrun",
    "compliance.add_scanreport",
    "compliance.change_finding",
    "compliance.change_retentionrule",
    "compliance.approve_retention",
)
_WECHAT = _look_at("payments.callbackreceipt", "payments.rejectedcallback")
_CLOSES = _look_at("payments.dailyclose", "payments.difference", "payments.closeitem", "payments.billfile")
_VOICE = _look_at(
    *(f"feedback.{each}" for each in ("survey", "surveyquestion", "invitation", "answer", "suggestion")),
    "feedback.suggestionstep",
)
_WRITES_VOICE = (
    *(f"feedback.{act}_{each}" for act in ("add", "change") for each in ("survey", "surveyquestion")),
    "feedback.delete_surveyquestion",
    "feedback.answer_suggestion",
)
_TOLD_BY_US = _look_at("notifications.broadcast", "notifications.trigger")
_WRITES_TO_MANY = (
    *_TOLD_BY_US,
    "notifications.add_broadcast",
    "notifications.change_broadcast",
    "notifications.pause_broadcast",
    "notifications.change_trigger",
)
_APPROVALS = _look_at("approvals.proposal")
_STAFF = _look_at("accounts.staffmember")
_TOLD = ("message", "delivery", "notice", "noticetext", "frequencycap")
_SUBSCRIBE = ("subscribetemplate", "subscribetext")
_MESSAGES = _look_at(
    *(f"notifications.{each}" for each in (*_TOLD, *_SUBSCRIBE, "subscribequota", "quotachange"))
)
_WRITES_MESSAGES = (
    *(f"notifications.change_{each}" for each in ("notice", "noticetext", "frequencycap", *_SUBSCRIBE)),
    *(f"notifications.add_{each}" for each in ("frequencycap", "subscribetemplate")),
    "notifications.delete_frequencycap",
    "notifications.try_notice",
    "notifications.repeat_delivery",
)
# Whatever goes wrong is for everybody who runs something to see, and for each of them to take on.
_FLAGS = (*_look_at("flags.flag"), "flags.release_flag")
_ALERTS = (*_look_at("analytics.alert", "analytics.watchedmetric"), "analytics.change_alert")
_WATCHES_SEGMENTS = tuple(f"analytics.{act}_watchedsegment" for act in ("view", "add", "delete"))
_TARGETS = _look_at("analytics.target")
_WRITES_TARGETS = tuple(f"analytics.{act}_target" for act in ("add", "change", "delete"))
_WATCHES = tuple(f"analytics.{act}_watchedmetric" for act in ("add", "change", "delete"))
_MACHINERY = _look_at("kit.delivery", "kit.job", "kit.storedevent", "kit.scheduledjob")

_KEPT_AT_DESK = ("queue", "priorityrule", "rootcause", "tag", "agent", "agentskill", "cannedreply")
_DESK = _look_at("feedback.ticket", "feedback.chat", *(f"feedback.{each}" for each in _KEPT_AT_DESK))
_WRITES_DESK = (
    *(f"feedback.{act}_{each}" for act in ("add", "change") for each in _KEPT_AT_DESK),
    "feedback.delete_agentskill",
)

_ACTS = (
    *_look_at("feedback.ticketaction", "feedback.goodwillday"),
    "feedback.act_for_customer",
    "feedback.give_goodwill",
)
_COMPLAINTS = (*_look_at("feedback.complaint"), "feedback.answer_complaint")

_HELPS = (
    *_MESSAGES,
    *_VOICE,
    *_CUSTOMERS,
    *_look_at("accounts.paymentpin"),
    *_CONSENTS,
    *_CLOSURES,
    *_LESSONS,
    *_REAL_NAMES,
    *_TRADE,
    *_FEES,
    *_WALLETS,
    *_WORDS,
    *_BILLS,
    *_CATEGORIES,
    "accounts.propose_phone_change",
    "payments.propose_top_up_refund",
    "payments.start_orderrefund",
    "payments.review_orderrefund",
    *_COUPONS,
    "coupons.give_coupongrant",
    *_POINTS,
    *_REDEMPTIONS,
    *_MEMBERS,
    "coupons.change_tier",
    "coupons.redeem_mallorder",
    "wallet.propose_adjustment",
    "accounts.view_dataexport",
    "accounts.reveal_pii",
    *_DESK,
    *_ACTS,
    *_COMPLAINTS,
    "feedback.change_ticket",
    *_look_at("feedback.escalation", "feedback.incident"),
)

_PROMISES = (
    *_look_at(
        *(
            f"feedback.{each}"
            for each in ("slapolicy", "businesscalendar", "specialdays", "incidentstep", "slareport")
        )
    ),
    "feedback.add_slapolicy",
    "feedback.approve_slapolicy",
    "feedback.change_businesscalendar",
    "feedback.approve_businesscalendar",
    "feedback.add_specialdays",
    "feedback.approve_specialdays",
    "feedback.add_incidentstep",
    "feedback.change_incidentstep",
    "feedback.delete_incidentstep",
    "feedback.change_incident",
    "feedback.lead_escalation",
)
_LEADS = (
    *_boards("today", "support"),
    "notifications.repeat_delivery",
    *_TARGETS,
    *_ALERTS,
    *_HELPS,
    *_WRITES_DESK,
    *_APPROVALS,
    *_PROMISES,
    *_TOLD_BY_US,
    "notifications.pause_broadcast",
    "notifications.approve_broadcast",
    "feedback.approve_goodwill",
    "feedback.approve_survey",
    *_WRITES_FAQ,
    "feedback.approve_articleversion",
)

# Three duties, three people: 管理员 runs the system and lets staff in, without a look at customers or money;
# 风控 decides with them who may do what; 审计 reads what all of them did.
ADMINISTRATORS = "管理员"
AUDITORS = "审计"  # see everything, change nothing

ROLES: dict[str, tuple[str, ...]] = {
    "运营": (
        *_boards("today", "users", "growth", "habits", "support"),
        *_WATCHES_SEGMENTS,
        *_FLAGS,
        *_TARGETS,
        *_WRITES_TARGETS,
        *_ALERTS,
        *_WATCHES,
        *_CUSTOMERS,
        *_CONSENTS,
        *_TRADE,
        *_FEES,
        "wallet.add_feeschedule",
        *_STORES,
        *_BILLS,
        *_APPROVALS,
        "accounts.change_agreementversion",
        *_CLOSURES,
        *_LESSONS,
        *_WRITES_LESSONS,
        *_WRITES_FAQ,
        "accounts.add_saveoffer",
        "accounts.change_saveoffer",
        "accounts.delete_quizoption",
        *_CATEGORIES,
        "wallet.add_category",
        "wallet.change_category",
        "wallet.add_categoryrule",
        "wallet.change_categoryrule",
        "wallet.start_categoryrule",
        "payments.add_store",
        "payments.change_store",
        "payments.change_shopsystem",
        "payments.resend_shopnotification",
        "payments.upload_shipment",
        "wallet.add_topuppackage",
        "wallet.change_topuppackage",
        *_LIMITS,
        "wallet.add_limitpolicy",
        *_WORDS,
        *_WRITES_WORDS,
        "payments.add_biller",
        "payments.change_biller",
        *_POINTS,
        *_REDEMPTIONS,
        *_WRITES_POINTS,
        *_CAMPAIGNS,
        *_REFERRALS,
        *_WRITES_CAMPAIGNS,
        *_WRITES_REFERRALS,
        "coupons.pause_campaign",
        *_AUDIENCES,
        *_WRITES_AUDIENCES,
        *_COUPONS,
        "coupons.add_coupontemplate",
        "coupons.change_coupontemplate",
        "coupons.give_coupongrant",
        "coupons.export_codebatch",
        "coupons.void_coupon",
        *_MEMBERS,
        *_WRITES_MEMBERS,
        *_PARTNERS,
        *_WRITES_PARTNERS,
        *_STORIES,
        *_WRITES_STORIES,
        "coupons.redeem_mallorder",
        *_VOICE,
        *_WRITES_VOICE,
        *_MESSAGES,
        *_WRITES_MESSAGES,
        *_WRITES_TO_MANY,
    ),
    "财务": (
        *_boards("today", "money", "growth"),
        *_TARGETS,
        *_ALERTS,
        *_TRADE,
        *_FEES,
        "wallet.approve_feeschedule",
        *_WALLETS,
        *_BOOKS,
        *_GUARDS_MONEY,
        *_WECHAT,
        *_STORES,
        *_BILLS,
        *_APPROVALS,
        "payments.change_exceptioncase",
        "payments.open_callbackreceipt",
        "payments.add_caserule",
        "payments.approve_caserule",
        *_CLOSES,
        "payments.run_dailyclose",
        "payments.propose_dailyclose",
        "payments.approve_dailyclose",
        "payments.change_difference",
        "payments.approve_case_refund",
        "payments.approve_top_up_refund",
        "payments.start_orderrefund",
        "payments.review_orderrefund",
        "payments.approve_order_refund",
        "payments.stop_merchanttransfer",
        "payments.propose_transfer_outcome",
        "payments.approve_transfer_outcome",
        "wallet.approve_top_up_package",
        "wallet.review_withdrawal",
        "wallet.approve_adjustment",
        *_LIMITS,
        "wallet.approve_limitpolicy",
        *_POINTS,
        *_REDEMPTIONS,
        *_APPROVES_POINTS,
        *_PARTNERS,
        "coupons.approve_jointpromotion",
        *_STORIES,
        "coupons.approve_story",
        "coupons.add_partnerpayment",
        "coupons.approve_partnerpayment",
        *_CAMPAIGNS,
        *_REFERRALS,
        "coupons.pause_campaign",
        "coupons.approve_campaign",
        "coupons.approve_referralprogram",
        *_COUPONS,
        "coupons.approve_coupon_template",
        "coupons.approve_coupon_grant",
        "coupons.approve_code_batch",
        *_MEMBERS,
        *_APPROVES_MEMBERS,
    ),
    "风控": (
        *_boards("today", "users", "risk"),
        *_ALERTS,
        *_WATCHES,
        *_CUSTOMERS,
        *_CLOSES,
        "payments.change_difference",
        *_CONSENTS,
        *_REAL_NAMES,
        *_TRADE,
        *_FEES,
        *_WALLETS,
        *_BILLS,
        *_GUARDS_MONEY,
        *_WECHAT,
        *_RISK,
        "payments.open_callbackreceipt",
        "payments.approve_caserule",
        *_COMPLIANCE,
        *_APPROVALS,
        *_STAFF,
        "accounts.approve_staff_change",
        "accounts.freeze_user",
        "accounts.approve_unfreeze_user",
        "accounts.approve_phone_change",
        "accounts.publish_agreementversion",
        "accounts.view_dataexport",
        "wallet.change_wallet",
        "wallet.approve_unfreeze",
        "wallet.review_withdrawal",
        "payments.stop_merchanttransfer",
        "payments.approve_transfer_outcome",
        *_LIMITS,
        "wallet.add_limitpolicy",
        "wallet.approve_limitpolicy",
        *_WORDS,
        *_WRITES_WORDS,
        "accounts.reveal_pii",
        *_PROOFS,
        "accounts.change_stepuppolicy",
        "accounts.approve_step_up_policy",
        "accounts.review_kycapplication",
        "accounts.lower_realname",
        "accounts.approve_kyc_downgrade",
        "audit.view_auditentry",
    ),
    "客服": _HELPS,
    "客服主管": _LEADS,
    "客服经理": (*_LEADS, "feedback.manage_escalation"),
    ADMINISTRATORS: (
        *_ALERTS,
        *_STAFF,
        *_MACHINERY,
        *_APPROVALS,
        "accounts.add_staffmember",
        "accounts.change_staffmember",
        "accounts.approve_staff_change",
        "kit.change_delivery",
        "kit.change_job",
        "kit.run_scheduledjob",
        *_FLAGS,
        "flags.approve_release",
    ),
}


def make_groups() -> dict[str, Group]:
    """
    Every role's group, with exactly the permissions above; safe to repeat after a new version.

    :raises LookupError: a role names a model that is gone
    """
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    groups = {}
    with transaction.atomic():
        for name, wanted in ROLES.items():
            groups[name] = _group(name, [known[label] for label in wanted])
        looks = [permission for permission in known.values() if permission.codename.startswith("view_")]
        groups[AUDITORS] = _group(AUDITORS, looks)
    return groups


def _group(name: str, permissions: list[Permission]) -> Group:
    group, _made = Group.objects.get_or_create(name=name)
    group.permissions.set(permissions)
    return group
