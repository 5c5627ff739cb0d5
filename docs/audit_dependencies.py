"""Ask PyPI and the npm registry for known weaknesses of every locked package (``make audit``).

Exits with 1 where one has some. Where a registry cannot be reached it says so, and that is no failure.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
WEB = ROOT / "serve_app" / "console" / "web"
WITHIN_S = 300


def weak_python() -> list[str] | None:
    """One line for each weakness of a Python package; None where nobody could be asked."""
    argv = [sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes", "--format", "json"]
    for file in ("locked.txt", "locked-torch-cuda.txt", "locked-node.txt"):
        argv += ["-r", str(ROOT / "configs" / file)]
    told = _told(argv, ROOT)
    return read_pip_audit(told) if told is not None else None


def read_pip_audit(told: dict[str, Any]) -> list[str] | None:
    """What pip-audit told. It skips what the registry does not tell of: then nobody knows that there is nothing."""
    rows = told.get("dependencies", [])
    found = [(each["name"], each.get("version"), weak) for each in rows for weak in each.get("vulns", [])]
    if not found and (not rows or any("skip_reason" in each for each in rows)):
        return None
    return [f"{name} {version}: {weak['id']}, mended in {weak['fix_versions']}" for name, version, weak in found]


def weak_node() -> list[str] | None:
    """The same for the console's packages."""
    told = _told(["npm", "audit", "--package-lock-only", "--json"], WEB)
    if told is None or "vulnerabilities" not in told:
        return None
    return [f"{name}: {each['severity']} ({each['range']})" for name, each in told["vulnerabilities"].items()]


def _told(argv: list[str], folder: Path) -> dict[str, Any] | None:
    """The JSON that a command printed, whatever its status; None for anything else."""
    try:
        ran = subprocess.run(argv, cwd=folder, capture_output=True, text=True, timeout=WITHIN_S, check=False)
        found = json.loads(ran.stdout)
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    return found if isinstance(found, dict) else None


def report(kind: str, found: list[str] | None) -> int:
    """Print what was found about ``kind`` and return the number of weaknesses."""
    if found is None:
        sys.stdout.write(f"{kind}: NOT AUDITED, the registry could not be asked from here\n")
        return 0
    sys.stdout.write("".join(f"{kind}: {line}\n" for line in found) or f"{kind}: no known weakness\n")
    return len(found)


if __name__ == "__main__":
    sys.exit(1 if report("Python", weak_python()) + report("npm", weak_node()) else 0)
