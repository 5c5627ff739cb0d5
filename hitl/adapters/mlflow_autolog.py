"""MLflow's own integrations, switched on by name."""

from importlib import import_module

from hitl.errors import InvalidConfig


def enable_autolog(flavours: str) -> list[str]:
    """Switch on ``sklearn,openai,…``; returns the names. Raises InvalidConfig for one that MLflow does not have or that is
    not installed."""
    names = [name.strip() for name in flavours.split(",") if name.strip()]
    for name in names:
        try:
            if not name.isidentifier():
                raise ImportError(name)
            import_module(f"mlflow.{name}").autolog()
        except (ImportError, AttributeError) as error:
            raise InvalidConfig("HITL_TRACKING_AUTOLOG", name, f"no such MLflow integration here: {error}") from error
    return names
