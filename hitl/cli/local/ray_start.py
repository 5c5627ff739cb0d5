"""Settings that ``ray start`` has no option for. Ray calls this through RAY_START_HOOK."""

from typing import Any


def without_client_server(parameters: Any, head: bool) -> None:
    """No Ray Client server: another door that runs code, and nobody of ours uses it."""
    parameters.ray_client_server_port = None
