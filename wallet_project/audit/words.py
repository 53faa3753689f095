"""
What the actions are called: each app contributes the Chinese of what it records.

    name_actions("登录与会话", {"accounts.staff.login": "员工登录"})
"""

_words: dict[str, str] = {}
_topics: dict[str, list[str]] = {}
# What a fact is called: the same word for the same name, whichever app wrote it.
_FACTS = {
    "about": "关联业务",
    "amount": "金额（分）",
    "answer": "答复",
    "attempt": "微信退款单",
    "because": "原因",
    "before": "原来",
    "by": "处理人编号",
    "case": "支付异常",
    "cause": "根因",
    "channel": "渠道",
    "codes": "受阻项目",
    "comment": "意见",
    "count": "个数",
    "device": "设备",
    "employee_no": "工号",
    "findings": "线索编号",
    "from": "原来",
    "gives_up": "放弃",
    "kind": "类型",
    "level": "等级",
    "maker": "申请人编号",
    "odd": "异常之处",
    "origin": "发起方",
    "page": "页面",
    "phone": "手机号",
    "priority": "优先级",
    "proposal": "申请编号",
    "queue": "队列编号",
    "reason": "原因",
    "refund": "退款单",
    "remark": "说明",
    "resolution": "处理结果",
    "role": "角色",
    "row": "记录",
    "second_factor": "已双重验证",
    "session_id": "会话编号",
    "sessions_ended": "结束的会话",
    "state": "状态",
    "status": "状态",
    "tags": "标签",
    "tail": "卡号尾号",
    "to": "现在",
    "user": "用户编号",
    "was": "原来",
    "what": "内容",
    "whom": "对方用户编号",
}


def name_actions(topic: str, words: dict[str, str]) -> None:
    """Under this topic the trail can be filtered; an action has one topic."""
    _words.update(words)
    _topics.setdefault(topic, []).extend(words)


def in_words(action: str) -> str:
    """An action that has gone out of use keeps its name."""
    return _words.get(action, action)


def fact_in_words(name: str) -> str:
    return _FACTS.get(name, name)


def topics() -> list[str]:
    return list(_topics)


def actions_of(topic: str) -> list[str]:
    return _topics.get(topic, [])


name_actions(
    "后台修改",
    {"admin.row.added": "新增记录", "admin.row.changed": "修改记录", "admin.row.deleted": "删除记录"},
)
