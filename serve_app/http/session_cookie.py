"""The session in a request's cookie: somebody who signed in on a page of ours.

A request by cookie must go to a name of this service; a change by cookie must say where it comes from: an ``Origin`` of our
own, or, without one, a mark that only a page of ours can set.
"""

from collections.abc import Iterable, Mapping

from hitl.identity import Principal
from serve_app.http.same_site import check_same_site, own_sites
from serve_app.http.sessions import SignIn

COOKIE, SECURE_COOKIE = "hitl_session", "__Host-hitl_session"
READS = frozenset({"GET", "HEAD", "OPTIONS"})


def session_token(headers: Mapping[str, str]) -> str | None:
    """Return the token in the cookie, or None. Cookies of other applications on the host come along, in any form: only those with
    our names are looked at, and the first of a name counts (RFC 6265, section 5.4: the most specific path)."""
    found: dict[str, str] = {}
    for pair in headers.get("cookie", "").split(";"):
        name, _, value = pair.partition("=")
        found.setdefault(name.strip(), value.strip().removeprefix('"').removesuffix('"'))
    return found.get(SECURE_COOKIE) or found.get(COOKIE) or None


async def person_of_session(
    door: SignIn, token: str, method: str, headers: Mapping[str, str], scheme: str, configured: Iterable[str | None]
) -> Principal:
    """Return who has ``token``. Raises Unauthenticated; InvalidRequest where ``Host`` is not ours (``configured`` has our URLs);
    CrossSite for a change that another site may have made."""
    own = own_sites(headers, scheme, configured)
    if method not in READS:
        check_same_site(headers, own)
    return await door.by_cookie(token)
