"""Put together the sources of ``ray-hitl-client`` in an empty folder: ``python deploy/client/stage.py build/client``.

The client is a part of ``hitl``, so its distribution is built from a copy that holds that part and nothing else.
"""

import shutil
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PACKAGES = ("hitl/client", "hitl/integrations")
FILES = ("hitl/__init__.py", "hitl/py.typed", "LICENSE")
LEFT_OUT = shutil.ignore_patterns("__pycache__")


def stage(target: Path) -> None:
    """Write the sources to ``target``; what was there goes."""
    shutil.rmtree(target, ignore_errors=True)
    for name in PACKAGES:
        shutil.copytree(ROOT / name, target / name, ignore=LEFT_OUT)
    for name in FILES:
        shutil.copyfile(ROOT / name, target / name)
    for name in ("pyproject.toml", "README.md"):
        shutil.copyfile(HERE / name, target / name)


if __name__ == "__main__":
    stage(Path(sys.argv[1]))
