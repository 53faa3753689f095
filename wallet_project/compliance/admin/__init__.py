from wallet_project.compliance.admin.retention import RetentionRuleAdmin

__all__ = ["RetentionRuleAdmin"]
