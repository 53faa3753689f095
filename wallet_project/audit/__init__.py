"""What was done, by whom, from where: append-only and sealed. Stores plain ids, knows no app."""
