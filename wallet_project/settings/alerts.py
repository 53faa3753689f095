"""Who is told when something goes wrong; empty: nobody is, and alerts stand on their page."""

from wallet_project.settings import env

# A group robot's address, its key included; a receiver of our own may be given a secret, to know us by.
ALERT_WEBHOOK_URL = env.text("ALERT_WEBHOOK_URL", "")
ALERT_WEBHOOK_SECRET = env.text("ALERT_WEBHOOK_SECRET", "")

# Mainland mobiles of whoever is on call, for what is critical.
ALERT_PHONES = env.words("ALERT_PHONES", "")
