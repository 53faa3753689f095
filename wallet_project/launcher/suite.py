"""`test` and `bench`: fresh private servers for one command, gone when it ends."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wallet_project.launcher.binaries import postgres_programs
from wallet_project.launcher.environment import key_environment
from wallet_project.launcher.keys import keys_in
from wallet_project.launcher.places import CHECKOUT, passing_place
from wallet_project.launcher.postgres import LASTING, PASSING
from wallet_project.launcher.processes import (
    Interruptions,
    Stopped,
    Supervisor,
    end_with_launcher,
    stop_orphans,
)
from wallet_project.launcher.servers import start_servers
