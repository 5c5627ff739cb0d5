"""Call MLflow's functions that know one tracking URI a process."""

from collections.abc import Iterator
from contextlib import contextmanager

import mlflow

from hitl.adapters.mlflow.errors import asking


@contextmanager
def at(uri: str, kind: str = "", name: str = "") -> Iterator[None]:
    """Inside, MLflow's functions speak to ``uri``, and their errors are ours. Not for several threads at once."""
    before = mlflow.get_tracking_uri() if mlflow.is_tracking_uri_set() else None
    mlflow.set_tracking_uri(uri)
    try:
        with asking(uri, kind, name):
            yield
    finally:
        mlflow.set_tracking_uri(before)
