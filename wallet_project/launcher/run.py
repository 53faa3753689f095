"""`run`: the whole system until Ctrl-C. `exec`: one command inside the running system."""

import json
import os
import sys
from pathlib import Path
from typing import NoReturn

from wallet_project.launcher.environment import common_environment, read_dotenv
from wallet_project.launcher.places import CHECKOUT, is_held, lasting_place, remove_lasting_place
from wallet_project.launcher.processes import Interruptions, Stopped, Supervisor, stop_orphans
from wallet_project.launcher.screen import LaunchError, say
from wallet_project.launcher.system import System, environment_file


def run(_arguments: list[str]) -> int:
    """Start, watch until told to stop, stop in reverse order."""
    read_dotenv()
    interruptions = Interruptions()
    interruptions.listen()
    with lasting_place("run") as place:
        supervisor = Supervisor(register=place.register, interruptions=interruptions)
        system = System(place=place, supervisor=supervisor)
        try:
            system.start()
            while True:
                supervisor.watch()
                interruptions.pause(0.3)
        except Stopped:
            say("正在停止……", "stopping …")
        finally:
            system.stop()
    say("已全部停止，数据保留在 var/", "everything has stopped, the data stays in var/")
    return 0


def clean(_arguments: list[str]) -> int:
    """
    Remove the data of the stopped system.

    :raises LaunchError: it is running
    """
    remove_lasting_place("run", stop_orphans=stop_orphans)
    return 0


def execute(command: list[str]) -> NoReturn:
    """
    Become the command, with the environment of the running system.

    :raises LaunchError: nothing runs here, or there is no such command
    """
    if not command or not (is_held("run") and environment_file().exists()):
        raise LaunchError(
            "系统没有在运行：请先在另一个终端执行 make run", "Nothing runs here: start it with make run first"
        )
    product = json.loads(environment_file().read_text(encoding="utf-8"))
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    os.chdir(CHECKOUT)
    try:
        os.execvpe(command[0], command, {**common_environment(), **product, "PATH": path})  # noqa: S606 - its job
    except FileNotFoundError:
        raise LaunchError(f"找不到命令 {command[0]}", f"There is no command {command[0]}") from None
