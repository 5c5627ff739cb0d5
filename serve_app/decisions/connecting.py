"""Connect models as they are loaded: those behind an endpoint with it, those that read pictures with where pictures lie."""

from hitl.canonical import digest_of
from hitl.errors import ArtifactRejected
from hitl.inference.classifier import Classifier
from hitl.inference.pictures import PictureSource, SeesPictures
from hitl.inference.remote.model import RemoteModel
from hitl.inference.remote.ports import Endpoints
from serve_app.decisions.serving_models import Load
from serve_app.http.telemetry import json_log

log = json_log()


def connecting(load: Load, endpoints: Endpoints, pictures: PictureSource | None = None) -> Load:
    """Return ``load``, with each remote model connected to the endpoint that its card names, and each that reads pictures to
    ``pictures``. Raises ArtifactRejected for an endpoint that the operator's file does not have."""

    def loaded(data: bytes, labels: tuple[str, ...], width: int) -> Classifier:
        model = load(data, labels, width)
        if isinstance(model, RemoteModel):
            return _connected(model, data, endpoints)
        return model if pictures is None else seeing(model, pictures)

    return loaded


def seeing(model: Classifier, pictures: PictureSource) -> Classifier:
    """Return ``model``, with ``pictures`` where it reads some."""
    if isinstance(model, SeesPictures):
        return model.seeing(pictures, lambda why: log.warning("a picture was not read", why=why[:500]))
    return model


def _connected(model: RemoteModel, data: bytes, endpoints: Endpoints) -> Classifier:
    name = model.card.endpoint
    if name not in endpoints:
        raise ArtifactRejected(digest_of(data), f"no endpoint {name!r} in the operator's file (HITL_ENDPOINTS_FILE)")
    return model.connected(endpoints[name], lambda why: log.warning("remote model", endpoint=name, why=why[:500]))
