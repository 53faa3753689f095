from wallet_project.compliance.models.checklists import (
    Checklist,
    ChecklistItem,
    ChecklistRun,
    Result,
    RunItem,
    RunState,
)
from wallet_project.compliance.models.licences import Licence
from wallet_project.compliance.models.reminders import Reminder
from wallet_project.compliance.models.retention import RetentionRule, RetentionRun
from wallet_project.compliance.models.risks import RiskAssessment
from wallet_project.compliance.models.scans import Finding, FindingState, ScanReport
from wallet_project.compliance.models.trainings import TrainingCourse, TrainingRecord

__all__ = [
    "Checklist",
    "ChecklistItem",
    "ChecklistRun",
    "Finding",
    "FindingState",
    "Licence",
    "Reminder",
    "Result",
    "RetentionRule",
    "RetentionRun",
    "RiskAssessment",
    "RunItem",
    "RunState",
    "ScanReport",
    "TrainingCourse",
    "TrainingRecord",
]
