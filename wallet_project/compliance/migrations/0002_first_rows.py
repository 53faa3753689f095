"""The checklists and courses that every merchant with a wallet needs; colleagues change them in the admin."""

from django.db import migrations
from django.utils import timezone

from wallet_project.kit.migrating import first_rows

# title, basis, months, days to do, [(what is looked at, what evidence stays)]
CHECKLISTS = [
    (
        "个人信息保护影响评估",
        "个人信息保护法第五十五、五十六条",
        12,
        30,
        [
            ("处理目的、方式与隐私政策一致，没有超出范围的收集", "字段分类清单、隐私政策版本号"),
            ("敏感个人信息取得单独同意，撤回后停止处理", "同意记录抽样"),
            ("对个人权益的影响和安全风险已评估，措施相称", "风险评估编号"),
            ("导出、更正、注销请求按时完成", "请求台账"),
        ],
    ),
    (
        "等级保护年度自查",
        "GB/T 22239-2019 第三级",
        12,
        45,
        [
            ("身份鉴别：双因素、口令策略、失败锁定有效", "后台登录抽查记录"),
            ("访问控制：权限最小化，系统、安全、审计三员分立", "角色权限清单"),
            ("安全审计：审计记录完整，封条校验通过", "verify_audit 输出"),
            ("数据备份：备份可恢复，异地保存", "最近恢复演练记录"),
            ("入侵防范：漏洞扫描已处置", "扫描报告编号"),
        ],
    ),
    (
        "短信内容审查",
        "通信短信息服务管理规定",
        3,
        10,
        [
            ("验证码短信写明用途、有效期和勿转告提示", "模板截图"),
            ("营销短信只发给同意的人，并可退订", "退订抽样"),
            ("签名与模板均已报备", "服务商后台截图"),
        ],
    ),
    (
        "单用途预付卡备案核对",
        "单用途商业预付卡管理办法（试行）",
        3,
        15,
        [
            ("预收资金余额与账簿一致，存管比例达标", "试算平衡、存管银行回单"),
            ("季度业务报告已按期填报", "填报回执"),
            ("单客余额未超过限额，实名要求已执行", "抽样记录"),
        ],
    ),
    (
        "密钥轮换演练",
        "GB/T 39786、密钥管理制度",
        6,
        15,
        [
            ("加密密钥轮换后旧数据可读、新数据用新密钥", "rotate_keys 输出"),
            ("微信支付 API 证书与 APIv3 密钥在有效期内", "wechat_selftest 输出"),
            ("旧密钥按规定销毁并留有双人记录", "销毁记录"),
        ],
    ),
    (
        "恢复演练",
        "等保 2.0 备份恢复、业务连续性制度",
        3,
        15,
        [
            ("从备份恢复到独立环境，账簿与审计封条校验通过", "check_ledger 与 verify_audit 输出"),
            ("恢复点与恢复时间达到目标", "演练计时"),
        ],
    ),
    (
        "权限复核",
        "等保 2.0 访问控制",
        3,
        10,
        [
            ("每个后台账号都有在职使用人，离职账号已停用", "账号清单"),
            ("角色与岗位相符，没有多余权限", "角色清单"),
            ("查看明文与导出记录无异常", "审计记录抽查"),
        ],
    ),
    (
        "供应商与受托处理清单",
        "个人信息保护法第二十一条",
        12,
        20,
        [
            ("受托处理个人信息的供应商均有协议并约定用途", "协议编号"),
            ("供应商资质在有效期内", "资质扫描件"),
            ("对其处理活动进行过监督检查", "检查记录"),
        ],
    ),
]
COURSES = [
    ("个人信息保护", "个人信息保护法第五十一条：定期对从业人员进行安全教育和培训", 12),
    ("反洗钱与反电信网络诈骗", "反洗钱法、反电信网络诈骗法：从业人员培训", 12),
    ("信息安全意识", "等保 2.0 安全管理人员：安全意识教育和培训", 12),
]


def checklists(_apps):
    today = timezone.localdate()
    for title, basis, months, days, _items in CHECKLISTS:
        yield {"title": title, "basis": basis, "cycle_months": months, "days_to_do": days, "next_on": today}


def items(apps):
    for title, *_terms, listed in CHECKLISTS:
        checklist = apps.get_model("compliance.Checklist").objects.get(title=title)
        for position, (text, hint) in enumerate(listed, start=1):
            yield {"checklist": checklist, "position": position, "text": text, "evidence_hint": hint}


def courses(_apps):
    for title, basis, months in COURSES:
        yield {"title": title, "basis": basis, "valid_months": months}


class Migration(migrations.Migration):
    dependencies = [("compliance", "0001_first")]

    operations = [
        first_rows("compliance.Checklist", checklists),
        first_rows("compliance.ChecklistItem", items),
        first_rows("compliance.TrainingCourse", courses),
    ]
