"""What ``ray start`` cannot be told on its command line. Ray calls it through RAY_START_HOOK."""

from typing import Any


def without_client_server(parameters: Any, head: bool) -> None:
    """No Ray Client server: another door that runs code, and nobody of ours uses it."""
    parameters.ray_client_server_port = None
