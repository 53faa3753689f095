"""`python -m wallet_project.launcher run | test [ARGUMENTS] | bench [ARGUMENTS] | exec COMMAND | clean`."""

import sys

from wallet_project.launcher.processes import Stopped
from wallet_project.launcher.run import clean, execute, run
from wallet_project.launcher.screen import LaunchError
from wallet_project.launcher.suite import bench, test

MODES = {"run": run, "test": test, "bench": bench, "exec": execute, "clean": clean}


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0] not in MODES:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        return MODES[arguments[0]](arguments[1:])
    except LaunchError as error:
        error.show()
    except PermissionError as problem:
        LaunchError(
            f"没有权限访问 {problem.filename}；它可能是用另一个账户（例如 root）创建的",
            f"No permission for {problem.filename}; perhaps another account (root?) has made it",
        ).show()
    except Stopped:
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
