"""
What the actions are called: each app contributes the Chinese of what it records.

    name_actions("登录与会话", {"accounts.staff.login": "员工登录"})
"""

_words: dict[str, str] = {}
_topics: dict[str, list[str]] = {}


def name_actions(topic: str, words: dict[str, str]) -> None:
    """Under this topic the trail can be filtered; an action has one topic."""
    _words.update(words)
    _topics.setdefault(topic, []).extend(words)


def in_words(action: str) -> str:
    """An action that has gone out of use keeps its name."""
    return _words.get(action, action)


def topics() -> list[str]:
    return list(_topics)


def actions_of(topic: str) -> list[str]:
    return _topics.get(topic, [])


name_actions(
    "后台修改",
    {"admin.row.added": "新增记录", "admin.row.changed": "修改记录", "admin.row.deleted": "删除记录"},
)
