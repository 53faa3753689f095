"""DRF, throttles, OpenAPI."""

from typing import Any

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.api.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["wallet_project.kit.api.access.Denied"],
    "DEFAULT_PARSER_CLASSES": ["wallet_project.kit.api.parsers.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_THROTTLE_CLASSES": ["wallet_project.kit.api.throttling.ScopedThrottle"],
    "DEFAULT_THROTTLE_RATES": {
        "login": "30/min",
        "phone": "20/min",
        "proof": "60/min",
        "read": "600/min",
        "write": "120/min",
        "pay": "60/min",
        "bills": "20/min",  # each asks somebody else about an account or a card
        "red_packet": "30/min",
        "claim": "30/min",
        "upload": "20/min",  # each picture is unpacked and written anew
        "coupon_code": "10/min",  # codes are not to be guessed
        "chat": "120/min",  # a look every three seconds, and what one says by whichever way
        "events": "60/min",  # batches; a phone sends one every few seconds at most
        "merchant": "6000/min",
    },
    "DEFAULT_SCHEMA_CLASS": "wallet_project.kit.api.schema.WalletSchema",
    "DEFAULT_METADATA_CLASS": None,  # OPTIONS is answered 405: what a door does stands in the description
    "EXCEPTION_HANDLER": "wallet_project.kit.api.exceptions.answer_exception",
    "UNAUTHENTICATED_USER": None,
    "NUM_PROXIES": 0,
    "UPLOADED_FILES_USE_URL": False,
}

SPECTACULAR_SETTINGS = {
    "TITLE": "钱包 API · Wallet API",
    "VERSION": "1",
    "DESCRIPTION": (
        "小程序钱包后端接口。金额一律为整数“分”；时间为 ISO 8601（+08:00）；"
        "失败返回 `{code, message, detail, request_id}`；会动钱的 POST 必须带 `Idempotency-Key`。\n\n"
        "The backend behind a WeChat mini-program wallet. Amounts are whole fen, times ISO 8601 (+08:00), "
        "errors `{code, message, detail, request_id}`; a POST that moves money needs an `Idempotency-Key`."
    ),
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "AgreementKind": "accounts.rules.agreements.AgreementKind",
        "CouponKind": "coupons.rules.offers.CouponKind",
        "BillerKind": "payments.rules.bills.BillerKind",
        "BillState": "payments.models.BillPayment.State",
        "ChangeKind": "accounts.rules.agreements.ChangeKind",
        "MerchantTransferState": "payments.models.MerchantTransfer.State",
        "WithdrawalWay": "wallet.rules.withdrawals.WithdrawalWay",
        "WithdrawalState": "wallet.rules.withdrawals.WithdrawalState",
        "KycLevel": "accounts.rules.kyc.KycLevel",
        "KycKind": "accounts.rules.kyc.KycKind",
        "KycState": "accounts.rules.kyc.KycState",
        "PhoneRequestState": "accounts.models.phones.PhoneRequestState",
        "OrderOrigin": "payments.models.Order.Origin",
        "OrderRefundState": "payments.rules.order_refunds.OrderRefundState",
        "OrderState": "payments.models.Order.State",
        "RefundOrigin": "payments.rules.order_refunds.RefundOrigin",
        "RefundReason": "payments.rules.order_refunds.RefundReason",
        "PayMethod": "payments.models.Payment.Method",
        "PopupAnswer": "wallet_project.notifications.rules.quotas.PopupAnswer",
        "CampaignKind": "coupons.rules.campaigns.CampaignKind",
        "GoodKind": "coupons.rules.mall.GoodKind",
        "RewardKind": "coupons.rules.rewards.RewardKind",
        "RewardState": "coupons.rules.rewards.RewardState",
        "ReferralEvent": "coupons.rules.referrals.ReferralEvent",
        "ReferralStepState": "coupons.rules.referrals.StepState",
        "DiscountObstacle": "coupons.rules.eligibility.Reason",
        "MoveKind": "wallet.rules.kinds.MoveKind",
        "RecordKind": "wallet.rules.kinds.RecordKind",
        "ShipmentState": "payments.rules.shipping.ShipmentState",
        "ShippingWay": "payments.rules.shipping.ShippingWay",
        "SplitState": "wallet.rules.splits.SplitState",
        "RequestState": "wallet.rules.money_requests.RequestState",
        "TransferState": "wallet.rules.transfers.TransferState",
        "MallOrderState": "coupons.rules.mall.MallOrderState",
        "PointsHistoryKind": "coupons.rules.points.HistoryKind",
        "EarnEvent": "coupons.rules.point_rules.EarnEvent",
        "ChatState": "feedback.rules.chats.ChatState",
        "ChatEnd": "feedback.rules.chats.ChatEnd",
        "CardKind": "coupons.rules.recommendations.CardKind",
        "RecommendationSignal": "coupons.rules.recommendations.Signal",
        "GrowthEvent": "coupons.rules.membership.GrowthEvent",
        "TierChangeCause": "coupons.rules.membership.ChangeCause",
        "TicketKind": "feedback.rules.tickets.TicketKind",
        "AskedTicketKind": "feedback.rules.tickets.ASKED_KINDS",
        "TicketState": "feedback.rules.tickets.TicketState",
        "TicketVoice": "feedback.rules.tickets.HEARD_VOICES",
        "SurveyKind": "feedback.rules.surveys.SurveyKind",
        "QuestionKind": "feedback.rules.surveys.QuestionKind",
        "SuggestionState": "feedback.rules.suggestions.SuggestionState",
        "RedPacketKind": "wallet.rules.red_packets.PacketKind",
    },
    "GET_LIB_DOC_EXCLUDES": "wallet_project.kit.api.schema.bases_without_words",
}
