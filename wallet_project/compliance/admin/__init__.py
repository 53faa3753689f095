from wallet_project.compliance.admin import words
from wallet_project.compliance.admin.checklists import ChecklistAdmin, ChecklistRunAdmin
from wallet_project.compliance.admin.licences import LicenceAdmin
from wallet_project.compliance.admin.retention import RetentionRuleAdmin
from wallet_project.compliance.admin.risks import RiskAssessmentAdmin
from wallet_project.compliance.admin.scans import FindingAdmin, ScanReportAdmin
from wallet_project.compliance.admin.trainings import TrainingCourseAdmin, TrainingRecordAdmin

__all__ = [
    "ChecklistAdmin",
    "ChecklistRunAdmin",
    "FindingAdmin",
    "LicenceAdmin",
    "RetentionRuleAdmin",
    "RiskAssessmentAdmin",
    "ScanReportAdmin",
    "TrainingCourseAdmin",
    "TrainingRecordAdmin",
    "words",
]
