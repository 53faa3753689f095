"""Which versions of the mini-program are served."""

from wallet_project.settings import env

CLIENT = {
    "minimum": env.version("CLIENT_MINIMUM_VERSION"),
    "latest": env.version("CLIENT_LATEST_VERSION"),
    "message": env.text("CLIENT_UPDATE_MESSAGE", ""),
}
