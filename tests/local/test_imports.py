"""What the processes of an idle service carry: a library that few of their requests need is imported when one comes."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

LOADS_SHIPPED = """
from pathlib import Path
from hitl.inference.families import import_libraries
from hitl.tasks import load_tasks
import_libraries((spec.model.family for spec in load_tasks(Path("configs/tasks").glob("*.yaml")).values()), "cpu")
"""
NEVER = ("torch", "mlflow", "onnxruntime", "optuna", "matplotlib", "transformers", "skl2onnx", "xgboost", "lightgbm")
"""Training's, tracking's, and of models that run in processes of their own."""
FIRST_FIGURE = ("scipy.stats", "scipy.optimize", "scipy.sparse", "scipy.linalg")
"""What the first figure that needs them waits for, and no recovery."""

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("module", "more", "without"),
    [
        ("hitl.adapters.ray.shard_actor", "", (*NEVER, "scipy", "sklearn", "skops", "pandas", "pyarrow", "fastapi", "apprise")),
        ("serve_app.decisions.gateway_deployment", LOADS_SHIPPED, (*NEVER, "apprise")),
        ("serve_app.api.deployment", "", (*NEVER, *FIRST_FIGURE, "sklearn", "skops", "apprise")),
        ("serve_app.reconcilers.deployment", "", (*NEVER, *FIRST_FIGURE, "sklearn", "skops")),
    ],
)
def test_a_process_imports_nothing_heavy_that_it_does_not_need(module: str, more: str, without: tuple[str, ...]) -> None:
    """In a process of its own: this one has imported everything."""
    code = f"import sys, {module}\n{more}\nprint(*sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not set(without) & set(told.stdout.split())
    assert module in told.stdout.split()
