"""Files inside cases: bytes among the features of a case, as the service reads them."""

import base64
from collections.abc import Mapping


def with_inline_files(features: object) -> object:
    """Return ``features`` with the bytes among its members as base64; the service takes at most 1 MiB so.

    >>> with_inline_files({"image": b"some bytes"})
    {'image': {'base64': 'c29tZSBieXRlcw=='}}
    """
    if not isinstance(features, Mapping):
        return features
    return {name: _inline(value) if isinstance(value, bytes) else value for name, value in features.items()}


def _inline(data: bytes) -> dict[str, str]:
    return {"base64": base64.b64encode(data).decode("ascii")}
