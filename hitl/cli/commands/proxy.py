"""The proxy of a cluster's node, as closed as that of one machine."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from hitl.cli.local.haproxy import ClientPatience, haproxy_binary, ingress_environment
from hitl.cli.local.place import place_of
from hitl.cli.local.tcp_ports import TcpPorts
from hitl.errors import NotStarted
from hitl.settings import Settings

STATISTICS, METRICS, FALLBACK = 8404, 9101, 8500
"""Ray's own ports, on loopback."""

UNUSED = 0

Folder = Annotated[Path, typer.Option(help="Where the proxy's files lie: a directory of this user alone.")]


def proxy_environment(data_dir: Folder = Path("~/.hitl-proxy")) -> None:
    """Print the variables with which `ray start` runs HAProxy without open statistics, metrics and admin sockets, with limits on
    the time of a header, and without HTTP/2: proxy="$(hitl proxy-environment)" && eval "$proxy" && ray start. In one step a
    shell would go on when this command fails, with Ray's open proxy."""
    binary = haproxy_binary()
    if binary is None:
        raise NotStarted("the proxy", "there is no haproxy on this machine: install ray[serve], or haproxy")
    place, settings = place_of(data_dir), Settings()
    place.prepare()
    own = {"proxy_statistics": STATISTICS, "proxy_metrics": METRICS, "fallback_proxy": FALLBACK}
    ports = TcpPorts(**{name: own.get(name, UNUSED) for name in TcpPorts.__dataclass_fields__})
    patience = ClientPatience(settings.ingress_header_s, settings.ingress_idle_s)
    for name, value in ingress_environment(place, ports, binary, patience).items():
        typer.echo(f"export {name}={shlex.quote(value)}")
