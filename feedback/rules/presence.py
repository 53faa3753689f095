"""How long a sign of somebody lasts."""

from datetime import timedelta

SIGN_EVERY = timedelta(seconds=30)
LOOK_LASTS = timedelta(minutes=1)  # a page that is open gives a sign every fifteen seconds
LOOKS_ARE_KEPT = timedelta(days=1)
