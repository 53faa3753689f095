"""What people hear of their accounts."""

from wallet_project.notifications.rules.notices import Category, ChannelKind, NoticeRow
from wallet_project.notifications.rules.variables import day, moment, text

_SEEN = (ChannelKind.INBOX,)
_PUSHED = (ChannelKind.INBOX, ChannelKind.SUBSCRIBE)
_TEXTED = (ChannelKind.INBOX, ChannelKind.SMS, ChannelKind.SUBSCRIBE)

ROWS = (
    NoticeRow(
        code="accounts.new_device",
        category=Category.SECURITY,
        title="新设备登录",
        channels=_TEXTED,
        sms="new_device",
        variables={"device": text("设备类型", "iPhone"), "at": moment("登录时间")},
        zh=(
            "新设备登录",
            "您的账户于 {at} 在新设备（{device}）上登录。若非本人操作，请移除该设备并修改支付密码。",
        ),
        en=(
            "Signed in on a new device",
            "Your account was used on a new device ({device}) at {at}. If it was not you, remove the device"
            " and change your payment PIN.",
        ),
        link="pages/account/devices",
    ),
    NoticeRow(
        code="accounts.phone_changed",
        category=Category.SECURITY,
        title="手机号已更换",
        channels=_SEEN,
        zh=("手机号已更换", "您的绑定手机号已更换，24 小时内暂停提现。若非本人操作，请立即联系客服。"),
        en=(
            "Phone number changed",
            "Your phone number was changed; withdrawals are paused for 24 hours. If it was not you, contact"
            " us now.",
        ),
        link="pages/account/security",
    ),
    NoticeRow(
        code="accounts.pin_changed",
        category=Category.SECURITY,
        title="支付密码已修改",
        channels=_SEEN,
        zh=("支付密码已修改", "您的支付密码已修改，其他设备已退出登录。若非本人操作，请立即联系客服。"),
        en=(
            "Payment PIN changed",
            "Your payment PIN was changed and other devices were signed out. If it was not you, contact us"
            " now.",
        ),
        link="pages/account/security",
    ),
    NoticeRow(
        code="accounts.pin_reset",
        category=Category.SECURITY,
        title="支付密码已重置",
        channels=_SEEN,
        zh=("支付密码已重置", "您的支付密码已重置，24 小时内暂停提现。若非本人操作，请立即联系客服。"),
        en=(
            "Payment PIN reset",
            "Your payment PIN was reset; withdrawals are paused for 24 hours. If it was not you, contact us"
            " now.",
        ),
        link="pages/account/security",
    ),
    NoticeRow(
        code="accounts.merged",
        category=Category.SECURITY,
        title="账户已合并",
        channels=_SEEN,
        zh=("账户已合并", "您名下的两个账户已合并为当前账户，另一个账户不再使用。"),
        en=("Accounts merged", "Your two accounts are now this one; the other one is no longer in use."),
        link="pages/account/index",
    ),
    NoticeRow(
        code="accounts.frozen",
        category=Category.SECURITY,
        title="账户已暂停使用",
        channels=_SEEN,
        zh=("账户已暂停使用", "您的账户已暂停使用。如有异议，可在登录页面提出申诉。"),
        en=(
            "Account suspended",
            "Your account was suspended. If you object, you can appeal on the sign-in page.",
        ),
    ),
    NoticeRow(
        code="accounts.unfrozen",
        category=Category.SECURITY,
        title="账户已恢复使用",
        channels=_SEEN,
        zh=("账户已恢复使用", "您的账户已恢复使用，感谢您的配合。"),
        en=("Account restored", "Your account can be used again. Thank you for your patience."),
    ),
    NoticeRow(
        code="accounts.export_ready",
        category=Category.SERVICE,
        title="个人信息副本可下载",
        channels=_PUSHED,
        zh=("个人信息副本已生成", "您申请的个人信息副本已生成，请在 7 天内下载。"),
        en=(
            "Your data is ready",
            "The copy of your personal data is ready. Please download it within 7 days.",
        ),
        link="pages/account/exports",
    ),
    NoticeRow(
        code="accounts.agreement_published",
        category=Category.LEGAL,
        title="协议更新（须重新同意）",
        channels=_SEEN,
        variables={"title": text("协议名称", "用户服务协议"), "at": moment("生效时间")},
        zh=("{title}更新", "{title}有重要更新，将于 {at} 生效。生效后请阅读并重新确认，方可继续使用。"),
        en=(
            "{title} is changing",
            "{title} changes in important points on {at}. From then on, please read it and agree again to"
            " go on.",
        ),
        link="pages/account/agreements",
    ),
    NoticeRow(
        code="accounts.consent_lapses",
        category=Category.LEGAL,
        title="单独同意书更新（须重新同意）",
        channels=_SEEN,
        variables={"title": text("协议名称", "营销信息接收同意书"), "at": moment("生效时间")},
        zh=(
            "{title}更新",
            "您同意过的{title}有重要更新，将于 {at} 生效。届时原同意失效；如仍愿意，请阅读后重新同意。",
        ),
        en=(
            "{title} is changing",
            "{title}, which you agreed to, changes in important points on {at}. Your consent ends then; if"
            " you are still willing, please read it and agree again.",
        ),
        link="pages/account/agreements",
    ),
    NoticeRow(
        code="accounts.agreement_amended",
        category=Category.LEGAL,
        title="协议更新（无须重新同意）",
        channels=_SEEN,
        variables={"title": text("协议名称", "用户服务协议"), "at": moment("生效时间")},
        zh=("{title}更新", "{title}已更新，将于 {at} 生效，欢迎查阅。"),
        en=(
            "{title} is changing",
            "{title} was updated and takes effect on {at}. You are welcome to read it.",
        ),
        link="pages/account/agreements",
    ),
    NoticeRow(
        code="accounts.real_name_passed",
        category=Category.SERVICE,
        title="实名认证通过",
        channels=_PUSHED,
        variables={"level": text("实名等级", "二类：已实名认证")},
        zh=("实名认证已通过", "您的实名等级已升级为“{level}”，可用额度已同步调整。"),
        en=("Identity verified", "Your real-name level is now “{level}”, and your limits have been raised."),
        link="pages/account/real-name",
    ),
    NoticeRow(
        code="accounts.real_name_lowered",
        category=Category.SERVICE,
        title="实名等级下调",
        channels=_PUSHED,
        variables={"level": text("实名等级", "未认证"), "reason": text("原因", "证件已过期")},
        zh=("实名等级已调整", "您的实名等级已调整为“{level}”，原因：{reason}。重新认证后可恢复。"),
        en=(
            "Real-name level lowered",
            "Your real-name level is now “{level}”: {reason}. Verify again to restore it.",
        ),
        link="pages/account/real-name",
    ),
    NoticeRow(
        code="accounts.real_name_rejected",
        category=Category.SERVICE,
        title="实名认证未通过",
        channels=_PUSHED,
        variables={"reason": text("原因", "无法核实证件")},
        zh=("实名认证未通过", "您的实名认证未通过。{reason}。"),
        en=("Identity not verified", "Your identity could not be verified. {reason}"),
        link="pages/account/real-name",
    ),
    NoticeRow(
        code="accounts.id_card_expiring",
        category=Category.SERVICE,
        title="身份证即将到期",
        channels=_PUSHED,
        variables={"until": day("有效期至")},
        zh=("身份证即将到期", "您登记的身份证有效期至 {until}，请及时更新，以免影响使用额度。"),
        en=(
            "Your ID card is expiring",
            "The ID card you registered ends on {until}. Update it to keep your limits.",
        ),
        link="pages/account/real-name",
    ),
    NoticeRow(
        code="accounts.closure_confirmed",
        category=Category.SECURITY,
        title="账户将注销",
        channels=_SEEN,
        variables={"at": moment("注销时间")},
        zh=(
            "账户将于冷静期后注销",
            "您的账户将于 {at} 注销，在此之前可随时撤回。若非本人操作，请立即撤回并修改支付密码。",
        ),
        en=(
            "Your account will be closed",
            "Your account closes at {at}; until then you can change your mind. If it was not you, cancel it"
            " and change your PIN.",
        ),
        link="pages/account/closure",
    ),
    NoticeRow(
        code="accounts.closure_cancelled",
        category=Category.SERVICE,
        title="注销已撤回",
        channels=_SEEN,
        zh=("注销申请已撤回", "您的注销申请已撤回，账户照常使用。"),
        en=("Closure cancelled", "Your account will not be closed and can be used as before."),
    ),
    NoticeRow(
        code="accounts.closure_refused",
        category=Category.SERVICE,
        title="账户未能注销",
        channels=_PUSHED,
        zh=("账户未能注销", "您的账户还有未了结的事项，未能注销。处理完成后可重新申请。"),
        en=(
            "Account not closed",
            "Something is still open in your account, so it was not closed. Please ask again later.",
        ),
        link="pages/account/closure",
    ),
)
