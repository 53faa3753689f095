"""`manage.py import_scan`: put a scanner's report on the desk."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from wallet_project.compliance.errors import ReportUnreadable
from wallet_project.compliance.rules.scans import Tool
from wallet_project.compliance.services.scans import import_report


class Command(BaseCommand):
    help = "导入安全扫描的 JSON 报告 Put a scanner's JSON report on the compliance desk."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("tool", choices=Tool.values)
        parser.add_argument("file", type=Path)

    def handle(self, *_args: Any, tool: str, file: Path, **_options: Any) -> None:
        try:
            report = import_report(tool=Tool(tool), raw=file.read_bytes(), file_name=file.name, by_id=None)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from None
        except ReportUnreadable as error:
            raise CommandError(f"{error.message}：{error.detail['reason']}") from None
        self.stdout.write(f"{report.source}：{report.seen} 个问题，新 {report.new}，已修复 {report.fixed}")
