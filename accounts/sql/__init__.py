"""The SQL that migrations of accounts ran."""
