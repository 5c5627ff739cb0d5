"""The parts of what is in force for a task that models are named in, as the journal and the pointers keep them."""

from typing_extensions import TypedDict

from hitl.canonical import JsonObject


class ModelThresholds(TypedDict, total=False):
    """The digest of a ``certificate``, the policy that it is about, and by segment the score from which cases are automatic, None
    where none is."""

    certificate: str
    policy_version: str
    segments: dict[str, float | None]


class Watching(TypedDict, total=False):
    """The ``policy`` (a body) and the ``model`` (a digest) that watch; each is absent where none does."""

    policy: JsonObject
    model: str
