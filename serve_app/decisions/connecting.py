"""Connect the models that are behind an endpoint as they are loaded."""

from hitl.canonical import digest_of
from hitl.errors import ArtifactRejected
from hitl.inference.classifier import Classifier
from hitl.inference.remote.model import RemoteModel
from hitl.inference.remote.ports import Endpoints
from serve_app.decisions.serving_models import Load
from serve_app.http.telemetry import json_log

log = json_log()


def connecting(load: Load, endpoints: Endpoints) -> Load:
    """Return ``load``, with each remote model connected to the endpoint that its card names. Raises ArtifactRejected for one that
    the operator's file does not have."""

    def loaded(data: bytes, labels: tuple[str, ...], width: int) -> Classifier:
        model = load(data, labels, width)
        if not isinstance(model, RemoteModel):
            return model
        name = model.card.endpoint
        if name not in endpoints:
            raise ArtifactRejected(digest_of(data), f"no endpoint {name!r} in the operator's file (HITL_ENDPOINTS_FILE)")
        return model.connected(endpoints[name], lambda why: log.warning("remote model", endpoint=name, why=why[:500]))

    return loaded
