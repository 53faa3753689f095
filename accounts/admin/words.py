"""What accounts does, in the words of the audit trail."""

from wallet_project.audit.words import name_actions

name_actions(
    "员工登录",
    {
        "accounts.staff.login": "员工登录",
        "accounts.staff.logout": "员工退出",
        "accounts.staff.login_failed": "员工登录失败",
        "accounts.staff.locked_out": "员工登录被锁定",
        "accounts.staff.password_changed": "员工修改密码",
        "accounts.second_factor.enrolled": "启用双重验证",
        "accounts.second_factor.recovery_code_used": "使用恢复码",
        "accounts.second_factor.recovery_codes_renewed": "重新生成恢复码",
    },
)
name_actions(
    "员工与权限",
    {
        "accounts.agreement.published": "发布协议",
        "accounts.staff.hired": "新建员工",
        "accounts.staff.role_given": "调整员工角色",
        "accounts.staff.shut_out": "停用员工",
        "accounts.staff.password_reset": "重置员工密码",
        "accounts.second_factor.removed": "重置双重验证",
    },
)
name_actions(
    "个人信息",
    {
        "accounts.pii.unmasked": "查看完整信息",
        "accounts.pii.viewed": "查看顾客页面",
        "accounts.export.requested": "申请导出个人信息",
        "accounts.export.ready": "个人信息已打包",
        "accounts.export.failed": "个人信息打包失败",
        "accounts.export.downloaded": "下载个人信息",
    },
)
name_actions(
    "顾客账户",
    {
        "accounts.phone.bound": "绑定手机号",
        "accounts.phone.changed": "更换手机号",
        "accounts.phone_request.made": "登记换号申请",
        "accounts.phone_request.done": "换号申请已办理",
        "accounts.phone_request.refused": "换号申请未通过",
        "accounts.phone_request.withdrawn": "撤回换号申请",
        "accounts.wechat.linked": "关联微信",
        "accounts.user.merged": "合并账户",
        "accounts.nickname.changed": "修改昵称",
        "accounts.pin.set": "设置支付密码",
        "accounts.pin.changed": "修改支付密码",
        "accounts.pin.reset": "重置支付密码",
        "accounts.pin.locked": "支付密码被锁定",
        "accounts.small_payments.allowed": "开通小额免密",
        "accounts.small_payments.stopped": "关闭小额免密",
        "accounts.device.removed": "移除设备",
        "accounts.session.stolen": "登录凭证被盗用",
        "accounts.consent.withdrawn": "撤回同意",
        "accounts.user.frozen": "冻结账户",
        "accounts.user.unfrozen": "解冻账户",
        "accounts.personal_key.destroyed": "销毁个人密钥",
        "accounts.closure.begun": "申请注销",
        "accounts.closure.confirmed": "确认注销",
        "accounts.closure.cancelled": "取消注销",
        "accounts.closure.refused": "注销受阻",
        "accounts.account.closed": "账户已注销",
    },
)
name_actions(
    "实名",
    {
        "accounts.kyc.submitted": "提交实名申请",
        "accounts.kyc.verifying": "实名核验中",
        "accounts.kyc.review": "实名转人工审核",
        "accounts.kyc.approved": "实名通过",
        "accounts.kyc.rejected": "实名未通过",
        "accounts.kyc.expired": "实名申请失效",
        "accounts.kyc.withdrawn": "撤回实名申请",
        "accounts.kyc.level_changed": "实名等级变更",
    },
)
