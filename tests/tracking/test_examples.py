"""The examples run offline, as written."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLES = {
    "tracking_basics": "stored: True",
    "agent_with_mlflow": "stored: True",
    "rag_with_mlflow": "best: {'strategy':",
    "prompt_versioning": "winner:",
    "compare_experiments": "best: {'family': 'linear'",
}


@pytest.mark.slow
@pytest.mark.covers("002-25", "002-26", "002-27", "002-28", "004-24")
def test_every_example_runs_offline_and_stores_what_it_says(tmp_path: Path) -> None:
    for name, said in EXAMPLES.items():
        own = {
            "EXAMPLES_DIR": str(tmp_path),
            "PYTHONPATH": str(ROOT),
            "HITL_TRACKING_CONFIG": str(ROOT / "configs/tracking.yaml"),
        }
        env = {key: value for key, value in os.environ.items() if not key.startswith("MLFLOW_")} | own
        command = [sys.executable, str(ROOT / "examples" / f"{name}.py")]
        done = subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr[-2000:]
        assert said in done.stdout
