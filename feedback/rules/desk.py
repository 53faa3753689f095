"""The ways to look at the queue that everybody has."""

from dataclasses import dataclass


@dataclass(frozen=True)
class View:
    """`query` stands in the address of the queue; `counted` names its number in the desk's figures."""

    name: str
    query: str
    counted: str = ""


VIEWS = (
    View("全部待办", "", "todo"),
    View("我的", "owner=me", "mine"),
    View("待领取", "owner=nobody", "free"),
    View("已超时", "due=late", "late"),
    View("等待顾客", "stage=waiting", "waiting"),
    View("已解决", "stage=resolved"),
)
