"""Compare where a request by cookie went, and where it came from, with this service's own sites: scheme, host and port.

A browser sends the cookie with whatever any page makes it send. So ``Host`` must be a name of this service (what is configured,
or a loopback name), and a change must come from one of its own sites.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from hitl.errors import CrossSite, InvalidRequest

MARK = "x-hitl-request"
"""A header that only a page of ours can set: another site's would need our leave first."""

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
PORTS = {"http": 80, "https": 443}


class Site(NamedTuple):
    """What browsers call an origin."""

    scheme: str
    host: str
    port: int


def site_of(url: str) -> Site | None:
    """Return the site of a URL, its default port filled in; None for what names none.

    >>> site_of("HTTPS://Hitl.example.org/inbox")
    Site(scheme='https', host='hitl.example.org', port=443)
    """
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS[parts.scheme]
    except (ValueError, KeyError):
        return None
    return Site(parts.scheme, parts.hostname, port) if parts.hostname and "@" not in parts.netloc else None


def own_sites(headers: Mapping[str, str], scheme: str, configured: Iterable[str | None]) -> frozenset[Site]:
    """The sites that a page of this service may stand on: those that are configured, and the loopback name that the request went
    to over ``scheme``. Raises InvalidRequest where ``Host`` is none of them: DNS rebinding brings somebody else's name."""
    host, known = headers.get("host", ""), frozenset(filter(None, map(site_of, filter(None, configured))))
    gone_to = site_of(f"{scheme}://{host}")
    if gone_to is not None and gone_to.host in LOOPBACK:
        return known | {gone_to}
    if any(site_of(f"{each.scheme}://{host}") == each for each in known):
        return known
    raise InvalidRequest("Host", "this service's name in HITL_PUBLIC_URL, or a loopback name")


def check_same_site(headers: Mapping[str, str], own: Collection[Site]) -> None:
    """Raises CrossSite for a change that a page outside ``own`` may have made the browser send."""
    origin = headers.get("origin")
    if origin is None:
        if headers.get(MARK) or headers.get("sec-fetch-site") == "same-origin":
            return
        raise CrossSite
    if site_of(origin) not in own:
        raise CrossSite
