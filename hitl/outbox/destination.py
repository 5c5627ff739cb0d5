"""Allow webhooks to public addresses and to those that the configuration names. Names are resolved elsewhere.

A destination inside would let whoever sets a webhook talk to the store, to Ray or to a cloud's metadata service.
"""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TypeAlias
from urllib.parse import urlsplit

import idna

from hitl.errors import ForbiddenDestination, InvalidConfig

Network: TypeAlias = IPv4Network | IPv6Network

EMBEDDING = tuple(ip_network(text) for text in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))
"""IPv6 ranges that carry an IPv4 address (NAT64, 6to4, Teredo): they reach what they carry."""


def networks_of(texts: Sequence[str]) -> tuple[Network, ...]:
    """Return the allowed networks. Raises InvalidConfig."""
    try:
        return tuple(ip_network(text) for text in texts)
    except ValueError as error:
        raise InvalidConfig("notifications", "allow_networks", "expected networks like 10.1.0.0/16") from error


def host_and_port(url: str) -> tuple[str, int]:
    """Return the host and port of ``url``. Raises ForbiddenDestination unless it is http or https, without a user in it."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ForbiddenDestination("the URL is malformed") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
        raise ForbiddenDestination("expected http(s)://host[:port]/path without a user")
    return ascii_host(parts.hostname), port or (443 if parts.scheme == "https" else 80)


def ascii_host(host: str) -> str:
    """``host`` as the name system knows it (IDNA 2008). Raises ForbiddenDestination for what is no name.

    >>> ascii_host("b\u00fccher.example"), ascii_host("hook.example")
    ('xn--bcher-kva.example', 'hook.example')
    """
    if host.isascii():
        return host
    try:
        return idna.encode(host, uts46=True).decode()
    except idna.IDNAError as error:
        raise ForbiddenDestination("the host is no valid international name") from error


def check_address(text: str, allowed: Sequence[Network]) -> None:
    """Raises ForbiddenDestination unless the address is public or allowed."""
    address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if any(address in network for network in allowed):
        return
    if not address.is_global or address.is_multicast or any(address in network for network in EMBEDDING):
        raise ForbiddenDestination("the address is not a public one, and not allowed")
