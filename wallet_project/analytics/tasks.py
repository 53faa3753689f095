"""What workers do for analytics."""
