"""Joins the pieces into one settings module."""

from wallet_project.settings.admin import *  # noqa: F403 - this module is the sum of the others
from wallet_project.settings.alerts import *  # noqa: F403
from wallet_project.settings.api import *  # noqa: F403
from wallet_project.settings.billers import *  # noqa: F403
from wallet_project.settings.client import *  # noqa: F403
from wallet_project.settings.documents import *  # noqa: F403
from wallet_project.settings.identity import *  # noqa: F403
from wallet_project.settings.installed import *  # noqa: F403
from wallet_project.settings.logs import *  # noqa: F403
from wallet_project.settings.metrics import *  # noqa: F403
from wallet_project.settings.money import *  # noqa: F403
from wallet_project.settings.queues import *  # noqa: F403
from wallet_project.settings.security import *  # noqa: F403
from wallet_project.settings.sms import *  # noqa: F403
from wallet_project.settings.sockets import *  # noqa: F403
from wallet_project.settings.storage import *  # noqa: F403
from wallet_project.settings.wechat import *  # noqa: F403

DEBUG = False
