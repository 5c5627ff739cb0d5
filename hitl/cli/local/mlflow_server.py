"""Run MLflow's server in the process that prepares it: its own command would wait beside it, and import MLflow once more."""

import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

import mlflow
import mlflow.server
import uvicorn
from mlflow.cli import cli

STARTS_SERVER = "_exec_cmd"
"""How ``mlflow.server`` starts the server that it prepared."""

UVICORN = ("-m", "uvicorn")

WAITS = f"there is no mlflow.server.{STARTS_SERVER}, so that MLflow's own command waits beside the server"


def main(arguments: Sequence[str]) -> None:
    """Run ``mlflow server`` with ``arguments``. Under an MLflow that starts its server in another way the waiting process stays,
    and standard error says so."""
    if hasattr(mlflow.server, STARTS_SERVER):
        setattr(mlflow.server, STARTS_SERVER, _become)
    else:
        print(f"MLflow {mlflow.__version__}: {WAITS}", file=sys.stderr, flush=True)
    cli(["server", *arguments])


def _become(command: Sequence[str], *, extra_env: Mapping[str, str], **_: Any) -> NoReturn:
    """Run what ``command`` would start: uvicorn here, anything else in the place of this process."""
    os.environ.update(extra_env)
    if tuple(command[1:3]) != UVICORN:
        os.execvp(command[0], list(command))
    uvicorn.main(list(command[3:]))  # exits the process
    raise SystemExit


if __name__ == "__main__":
    main(sys.argv[1:])
