"""What Prometheus is told, and who may ask."""

from pathlib import Path

from wallet_project.settings import env

METRICS_TOKEN = env.text("METRICS_TOKEN", "")
METRICS_FOLDER = env.text("PROMETHEUS_MULTIPROC_DIR", "")  # read by prometheus_client itself, too
if METRICS_FOLDER:
    Path(METRICS_FOLDER).mkdir(parents=True, exist_ok=True)
