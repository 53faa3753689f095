"""Write docs/metrics.md: every number of the catalogue, what it counts and how days are put together."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from wallet_project.analytics.rules.metrics import Metric, Topic
from wallet_project.analytics.selectors.cuts import PARTS
from wallet_project.analytics.selectors.metrics.catalogue import METRICS, metrics, ratios

HEAD = """# 指标 · Metrics

<!-- Written by `manage.py metrics_doc`; `make lint` notices when it is out of date. -->

每个数字按上海时间的一天汇总，今天每 5 分钟一次。金额以分保存、以元显示。小时：另按小时保存。
人群：可只看关注人群里的人。拆分：数字由哪些部分组成。

Each number is rolled up for a day in Shanghai, today's every five minutes; how and where is in
[the flow](flows/metrics.md). 小时: also kept by hour. 人群: can be asked about a watched segment alone.
拆分: by what it is cut.
"""
_METRICS = ("代码 Code", "名称", "定义", "单位", "几天合计", "小时", "人群", "拆分")
_RATIOS = ("代码 Code", "名称", "定义", "分子", "分母")


class Command(BaseCommand):
    help = "Write docs/metrics.md, or check that it is current."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail when out of date")

    def handle(self, *_args: Any, **options: Any) -> None:
        path = settings.BASE_DIR / "docs" / "metrics.md"
        wanted = document()
        if options["check"]:
            if not path.exists() or path.read_text(encoding="utf-8") != wanted:
                raise CommandError("docs/metrics.md is out of date: run manage.py metrics_doc")
            return
        path.write_text(wanted, encoding="utf-8")


def document() -> str:
    return "\n".join([HEAD, *(line for topic in Topic for line in _section(topic))]) + "\n"


def _section(topic: Topic) -> Iterator[str]:
    yield f"## {topic.label}\n"
    yield from _table(_METRICS, (_columns(each) for each in metrics(topic)))
    rows = [
        (f"`{each.code}`", each.name, each.definition, METRICS[each.over].name, METRICS[each.under].name)
        for each in ratios(topic)
    ]
    if rows:
        yield ""
        yield from _table(_RATIOS, rows)
    yield ""


def _columns(metric: Metric) -> tuple[str, ...]:
    return (
        f"`{metric.code}`",
        metric.name,
        " ".join(metric.definition.split()),
        metric.unit.label,
        metric.adds.label,
        "✓" if metric.hourly else "",
        "✓" if metric.by_person else "",
        "、".join(PARTS[part].title for part in metric.parts),
    )


def _table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    headings = tuple(headings)
    for columns in (headings, ["---"] * len(headings), *rows):
        yield "| " + " | ".join(column.replace("|", "\\|") for column in columns) + " |"
