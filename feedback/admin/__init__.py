from feedback.admin import words

__all__ = ["words"]
