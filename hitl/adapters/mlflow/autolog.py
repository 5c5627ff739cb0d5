"""Switch on MLflow's own autologging integrations by name."""

from importlib import import_module

import mlflow

from hitl.errors import InvalidConfig


def enable_autolog(flavours: str, uri: str) -> list[str]:
    """Switch on ``sklearn,openai,…``, writing to ``uri``; returns the names. Raises InvalidConfig for one that MLflow does not
    have or that is not installed."""
    names = [name.strip() for name in flavours.split(",") if name.strip()]
    mlflow.set_tracking_uri(uri)
    for name in names:
        try:
            if not name.isidentifier():
                raise ImportError(name)
            import_module(f"mlflow.{name}").autolog()
        except (ImportError, AttributeError) as error:
            raise InvalidConfig("HITL_TRACKING_AUTOLOG", name, f"no such MLflow integration here: {error}") from error
    return names
