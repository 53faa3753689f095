"""What workers do for the support desk."""
