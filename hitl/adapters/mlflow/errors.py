"""Translate MLflow's exceptions into the product's errors."""

from collections.abc import Iterator
from contextlib import contextmanager

import requests
from mlflow.exceptions import MlflowException

from hitl.errors import InvalidInput, NotFound, SinkAway
from hitl.tracking.views import without_password

_AWAY = (401, 403, 408, 429, 500, 502, 503, 504)


@contextmanager
def asking(uri: str, kind: str = "", name: str = "") -> Iterator[None]:
    """Inside, what MLflow lacks is NotFound, what it refuses is InvalidInput, and silence is SinkAway."""
    try:
        yield
    except MlflowException as error:
        text = (str(error).splitlines() or [""])[0][:300]
        if error.error_code == "RESOURCE_DOES_NOT_EXIST":
            raise NotFound(kind or "MLflow object", name or text) from error
        if error.get_http_status_code() in _AWAY or "Max retries exceeded" in text:
            raise SinkAway(without_password(uri), text) from error
        raise InvalidInput(f"/{kind}", text) from error
    except (requests.RequestException, OSError) as error:
        raise SinkAway(without_password(uri), str(error)[:300]) from error
