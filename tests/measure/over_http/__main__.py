"""``python -m tests.measure.over_http [TASK ...]``: the example domains through one running service.

Writes build/bench/domains_over_http.json as the tasks end: labels used, automation, errors and cost beside the fixed band's on
the same stream, the certificates, and what happened to held-out rows. Named tasks replace their own part of the file.
"""

import json
import signal
import sys
from typing import Any

from hitl.settings import Settings
from tests.measure.command_line import command_line
from tests.measure.over_http.measuring import OUTPUT, measured
from tests.measure.over_http.plans import PLANS, available


def main() -> None:
    parser = command_line(__doc__)
    parser.add_argument("task", nargs="*", help=f"some of {', '.join(PLANS)}; all where none is named")
    wanted: list[str] = parser.parse_args().task
    if strange := sorted(set(wanted) - set(PLANS)):
        parser.error(f"no such task: {', '.join(strange)}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # who ends this ends its service too
    names = available(wanted or list(PLANS), Settings().datasets_dir)
    for name in sorted(set(wanted or PLANS) - set(names)):
        sys.stderr.write(f"{name}: its rows are not under HITL_DATASETS_DIR\n")
    measured({name: PLANS[name] for name in names}, told=_write)


def _write(name: str, report: dict[str, Any]) -> None:
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    kept = json.loads(OUTPUT.read_text(encoding="utf-8")) if OUTPUT.is_file() else {}
    OUTPUT.write_text(json.dumps(kept | {name: report}, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(json.dumps({name: report}, indent=1) + "\n")


if __name__ == "__main__":
    main()
