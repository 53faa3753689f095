"""What workers do for notifications."""
