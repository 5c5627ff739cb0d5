"""Where the examples write: the MLflow of MLFLOW_TRACKING_URI, or a local sqlite file under build/examples."""

import os
from pathlib import Path


def use_local_mlflow() -> str:
    """Set the environment of an example and return the tracking URI. Call it before anything is decorated."""
    home = Path(os.environ.get("EXAMPLES_DIR", "build/examples")).absolute()
    home.mkdir(parents=True, exist_ok=True)
    if "MLFLOW_TRACKING_URI" not in os.environ:
        os.environ["MLFLOW_TRACKING_URI"] = f"sqlite:///{home}/mlflow.db"
        os.environ.setdefault("MLFLOW_ARTIFACT_LOCATION", f"{home}/artifacts")
    os.environ.setdefault("HITL_TRACKING_BUFFER_DIR", f"{home}/buffer")
    return os.environ["MLFLOW_TRACKING_URI"]
