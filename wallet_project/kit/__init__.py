"""The foundation: knows no app."""
