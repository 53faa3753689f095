"""Liveness and readiness, and the small home page that shows both."""

import time
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import Error as DatabaseFailure
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wallet_project.kit import clock
from wallet_project.kit.cache import CacheUnavailable, cache
from wallet_project.kit.models import Heartbeat

LIFE = timedelta(seconds=60)
CLOCK_SKEW = timedelta(seconds=60)

_migrated = False


@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """This process answers."""
    return JsonResponse({"status": "ok"})


@require_safe
def readyz(_request: HttpRequest) -> HttpResponse:
    """Everything that a payment needs is there; 503 names what is not."""
    results = _results()
    ready = all(result == "ok" for result in results.values())
    return JsonResponse(
        {"status": "ok" if ready else "unready", "checks": results}, status=200 if ready else 503
    )


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """For people: what this is, where to go, is it well."""
    names = {
        "database": _("数据库"),
        "migrations": _("数据库结构"),
        "valkey": _("消息队列"),
        "clock": _("时钟"),
        "worker": _("后台任务与调度"),
        "wechat": _("微信查询任务"),
        "relay": _("事件投递"),
    }
    results = _results()
    health = [(names[name], result == "ok") for name, result in results.items()]
    wechat = settings.WECHAT["api_url"]
    console = "" if wechat.endswith(".weixin.qq.com") else f"{wechat}/sandbox/"
    return render(request, "home.html", {"health": health, "sandbox_console": console})


def _results() -> dict[str, str]:
    checks: dict[str, Callable[[], str]] = {
        "database": _database,
        "migrations": _migrations,
        "valkey": _valkey,
        "clock": _clock,
        "worker": lambda: _alive("worker"),
        "wechat": lambda: _alive("wechat"),
        "relay": lambda: _alive("relay"),
    }
    results: dict[str, str] = {}
    for name, check in checks.items():
        if name != "valkey" and results.get("database", "ok") != "ok":
            results[name] = results["database"]  # asking again would only wait again
            continue
        try:
            results[name] = check()
        except DatabaseFailure:
            results[name] = "no database"
    return results


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def _migrations() -> str:
    global _migrated
    if not _migrated:  # once applied they stay applied while this process lives
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return "ok" if _migrated else "migrations are waiting"


def _valkey() -> str:
    try:
        cache.count("readyz", window=60)
    except CacheUnavailable:
        return "no answer"
    return "ok"


def _clock() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
        skew = abs(float(cursor.fetchone()[0]) - time.time())
    return "ok" if skew < CLOCK_SKEW.total_seconds() else f"{skew:.0f} s away from the database"


def _alive(name: str) -> str:
    seen = Heartbeat.objects.filter(name=name, at__gte=clock.now() - LIFE).exists()
    return "ok" if seen else "no heartbeat"
