"""Answer with a part of bytes that a player asks for (RFC 9110, section 14).

Without that a browser cannot go back and forth in a recording.
"""

import re
from collections.abc import Mapping

from starlette.responses import Response

ONE_RANGE = re.compile(r"bytes=(?:([0-9]{1,18})-([0-9]{0,18})|-([0-9]{1,18}))")


def span_of(asked: str | None, length: int) -> tuple[int, int] | None:
    """Return the first byte and the end of what a Range header asks for; None for all of it, which is also the answer to several
    ranges at once and to one that lies behind the end: a service may do without.

    >>> span_of("bytes=2-", 10), span_of("bytes=2-3", 10), span_of("bytes=-4", 10), span_of("bytes=10-", 10)
    ((2, 10), (2, 4), (6, 10), None)
    """
    found = ONE_RANGE.fullmatch(asked or "")
    if found is None:
        return None
    first, last, most = found.groups()
    if most is not None:
        start, end = max(0, length - int(most)), length
    else:
        start, end = int(first), min(length, int(last) + 1) if last else length
    return (start, end) if start < end else None


def ranged_answer(data: bytes, media_type: str, headers: Mapping[str, str], asked: str | None) -> Response:
    """Return all of ``data``, or the part that ``asked``, the Range header of the request, wants."""
    span = span_of(asked, len(data))
    if span is None:
        return Response(data, media_type=media_type, headers={**headers, "accept-ranges": "bytes"})
    start, end = span
    place = f"bytes {start}-{end - 1}/{len(data)}"
    return Response(data[start:end], 206, {**headers, "accept-ranges": "bytes", "content-range": place}, media_type)
