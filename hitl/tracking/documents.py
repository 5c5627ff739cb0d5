"""The tracker's names for existing code: ``mlflow_tracker`` and ``log_experiment_result``."""

from collections.abc import Mapping
from typing import Any

from hitl.tracking.process import active


class _ProcessTracker:
    """This process's tracker, looked up at each use: a module may import it before the environment is set."""

    @property
    def enabled(self) -> bool:
        """Whether anything is tracked."""
        return active().enabled

    @property
    def tracking_uri(self) -> str:
        """The MLflow server or store."""
        return active().tracking_uri

    def log_experiment_result(
        self,
        feature: str,
        operation: str,
        params: Mapping[str, Any] | None = None,
        metrics: Mapping[str, Any] | None = None,
        tags: Mapping[str, Any] | None = None,
    ) -> str | None:
        """Record a result by hand. Returns its id, None while disabled."""
        return active().log_experiment_result(feature, operation, params, metrics, tags)

    def flush(self, timeout_s: float = 30.0) -> bool:
        """Wait until MLflow has everything."""
        return active().flush(timeout_s)


mlflow_tracker = _ProcessTracker()
log_experiment_result = mlflow_tracker.log_experiment_result
