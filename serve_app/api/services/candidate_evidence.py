"""Put the service's own figures into the evidence of a candidate, whoever asks for its approval."""

from hitl.canonical import JsonObject
from hitl.errors import StoreUnavailable
from hitl.inference.families import family_named
from hitl.learning.claims import NOT_MEASURED, measured_evidence
from hitl.machine.shards import APPROVAL
from hitl.serving.questions import ServingOf
from hitl.tasks import TaskSpec
from serve_app.api.services.context import ApiPorts

NOT_ASKED = "the model runs elsewhere: its figures here come from people's answers, once it serves or watches"


async def candidate_evidence(ports: ApiPorts, spec: TaskSpec, digest: str, claimed: JsonObject) -> JsonObject:
    """``claimed`` with the figures that the service measured on the held-out rows. Raises EvidenceMismatch where they differ,
    ArtifactRejected where there is nothing to measure."""
    if family_named(spec.model.family).is_carded:
        return await _card_evidence(ports, spec, digest, claimed)
    if ports.measure is None:
        return claimed
    measured = await ports.measure(spec, digest, await _champion(ports, spec.task))
    return {**measured_evidence(claimed, measured), "measured": {"by": "service", "not_measured": list(NOT_MEASURED)}}


async def _card_evidence(ports: ApiPorts, spec: TaskSpec, digest: str, claimed: JsonObject) -> JsonObject:
    """Return the card, and apart from it what the request says: figures of a model that runs elsewhere are its makers' own."""
    if ports.read_card is None:
        raise StoreUnavailable("cards are not read here")
    card = await ports.read_card(spec, digest)
    return {"card": card, "claimed": claimed, "measured": {"by": "nobody", "why": NOT_ASKED}}


async def _champion(ports: ApiPorts, task: str) -> str | None:
    """Return what serves the largest share of the task now; None: nothing does."""
    versions = (await ports.shards.ask(APPROVAL, ServingOf(task))).versions
    return max(versions, key=lambda version: version[1])[0] if versions else None
