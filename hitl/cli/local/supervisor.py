"""The process that owns the local service: starts its parts together, restarts what dies, stops all of them.

Run as ``python -m hitl.cli.local.supervisor DATA_DIR``; the settings come from the environment.
"""

import os
import shutil
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from hitl.cli.local.child import Child, adopt_orphans, end_orphans
from hitl.cli.local.drain import drain
from hitl.cli.local.parts import PartsContext, all_parts
from hitl.cli.local.place import OWNER_ALONE, DataLayout, last_line
from hitl.cli.local.tcp_ports import choose_ports
from hitl.cli.local.up_file import DEGRADED, FAILED, STARTING, UP, UpState, locked, write_up
from hitl.errors import HitlError, NotStarted
from hitl.settings import Settings

TICK_S = 0.1
HOPELESS_RESTARTS = 3
"""A part that ended this often before the service was ever up will not come up."""


class Supervisor:
    def __init__(self, stage: PartsContext) -> None:
        self._stage = stage
        self._children = [Child(part) for part in all_parts(stage)]
        self._was_up = False
        self._stopping = False
        self._environment = stage.driver_environment
        self._told: UpState | None = None

    def run(self) -> None:
        """Blocks until SIGTERM or SIGINT. Raises NotStarted when a part does not come up at the first start."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        try:
            while not self._stopping:
                self._tend()
                self._tell()
                time.sleep(TICK_S)
        finally:
            self._end()

    def _tend(self) -> None:
        for child in self._children:
            if child.tend() and child.part.name == "ray" and child.restarts:
                self._deploy_again()
            if not self._was_up and child.restarts >= HOPELESS_RESTARTS:
                raise NotStarted(child.part.name, f"{last_line(child.part.log)} (all of it in {child.part.log})")

    def _deploy_again(self) -> None:
        """A new Ray knows nothing of the applications."""
        for index, child in enumerate(self._children):
            if child.part.name == "applications":
                child.stop()
                self._children[index] = Child(child.part)

    def _tell(self) -> None:
        ready = all(child.ready for child in self._children)
        self._was_up = self._was_up or ready
        phase = UP if ready else DEGRADED if self._was_up else STARTING
        state = up_state(self._stage, phase, self._children, self._environment)
        if state != self._told:
            write_up(self._stage.place, state)
            self._told = state

    def _end(self) -> None:
        """What was accepted is answered first, while everything that it needs still runs."""
        ray = next(child for child in self._children if child.part.name == "ray")
        if self._was_up and ray.pid:
            drain(ray.pid)
        for child in reversed(self._children):
            child.stop(wait=False)
        for child in reversed(self._children):
            child.stop()
        end_orphans()

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True


def up_state(stage: PartsContext, phase: str, children: list[Child], environment: dict[str, str], why: str = "") -> UpState:
    return UpState(
        phase=phase,
        pid=os.getpid(),
        url=stage.http_url,
        mlflow_url=stage.mlflow_url,
        dashboard_url=f"http://127.0.0.1:{stage.ports.dashboard}",
        redis_url=stage.redis_url,
        artifact_uri=stage.artifact_uri,
        environment=environment,
        parts={child.part.name: child.plain() for child in children},
        why=why,
    )


def supervise(place: DataLayout) -> int:
    """Return the exit status: 0 after a stop that was asked for, or when another supervisor is there already."""
    os.umask(OWNER_ALONE)  # all that we start inherits it
    place.prepare()
    with locked(place) as ours:
        if not ours:
            return 0
        place.up_file.unlink(missing_ok=True)  # of a supervisor that was killed: only the owner of the directory may say so
        settings = Settings()
        stage: PartsContext | None = None
        try:
            adopt_orphans()
            shutil.rmtree(place.runtime, ignore_errors=True)
            place.prepare()
            stage = PartsContext(place, choose_ports(place.ports_file, settings.http_host, settings.http_port), settings)
            Supervisor(stage).run()
        except HitlError as error:
            print(error, file=sys.stderr, flush=True)
            if stage is not None:
                write_up(place, up_state(stage, FAILED, [], stage.driver_environment, str(error)))
            return 1
        place.up_file.unlink(missing_ok=True)
    return 0


if __name__ == "__main__":
    sys.exit(supervise(DataLayout(Path(sys.argv[1]))))
