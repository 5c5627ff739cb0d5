"""Ports for the servers of the tests: each is given once in a run, also while its server is not up."""

from hitl.cli.local import tcp_ports

_given: set[int] = set()


def free_port() -> int:
    """A port that nobody uses, and that neither the kernel nor this run gives to anybody else."""
    port = tcp_ports.free_port(_given)
    _given.add(port)
    return port
