from wallet_project.compliance.models.retention import RetentionRule, RetentionRun

__all__ = ["RetentionRule", "RetentionRun"]
