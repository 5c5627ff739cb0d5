"""Call an MLflow server directly, with MLflow's authentication settings but without its long retries."""

import requests
from mlflow.exceptions import MlflowException
from mlflow.utils.credentials import get_default_host_creds
from mlflow.utils.rest_utils import http_request

from hitl.errors import SinkAway
from hitl.tracking.views import without_password

PROBE_S = 2.0
"""How long a server may take to say that it is there."""


def is_server(uri: str) -> bool:
    """Tell whether ``uri`` names a server and not a store that the client opens itself."""
    return uri.startswith(("http://", "https://"))


def get(uri: str, path: str) -> str:
    """Return the text at ``path`` of the server. Raises SinkAway: it is silent, wants other credentials, or fails."""
    try:
        answer = http_request(get_default_host_creds(uri.rstrip("/")), path, "GET", timeout=PROBE_S, max_retries=0)
        answer.raise_for_status()
    except (MlflowException, requests.RequestException) as error:
        raise SinkAway(without_password(uri), (str(error).splitlines() or ["?"])[0][:300]) from error
    return str(answer.text)


def probe(uri: str) -> None:
    """Ask a server for its health: quicker to fail than a request with its retries. Raises SinkAway."""
    if is_server(uri):
        get(uri, "/health")
