"""What the support desk hears."""
