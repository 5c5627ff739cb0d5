"""``python -m hitl.cli.bench.over_http [TASK ...]``: the example domains through one running service.

Writes build/bench/domains_over_http.json, task by task: labels used, automation, errors and cost beside the fixed band's on
the same stream, the certificates, and what happened to held-out rows.
"""

import json
import sys

from hitl.cli.bench.over_http.measuring import OUTPUT, measured
from hitl.cli.bench.over_http.plans import PLANS, available
from hitl.settings import Settings


def main(wanted: list[str]) -> int:
    names = available(wanted or list(PLANS), Settings().datasets_dir)
    report = measured({name: PLANS[name] for name in names})
    report["skipped"] = sorted(set(wanted or PLANS) - set(names))
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(json.dumps(report, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
