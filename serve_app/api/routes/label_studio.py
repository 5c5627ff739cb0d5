"""Label Studio's ML backend: predictions for its projects, and annotations of what was handed over back as answers.

The backend's URL is ``<here>/label-studio/<task>``, its password a key of this service (the user name is not looked at).
"""

from typing import Any

from fastapi import APIRouter

from hitl.errors import InvalidInput, StoreUnavailable
from hitl.identity import Role
from hitl.machine.shards import APPROVAL, WORKFLOW
from hitl.routing.action import Action
from hitl.routing.prediction import Prediction
from hitl.routing.steering import Request, Steering, steering_of
from hitl.serving.questions import ServingOf
from hitl.tasks import TaskSpec, vector_from
from hitl.workflow.commands import AnswerInteraction
from serve_app.api.bodies.label_studio import PredictBody, SetupBody, VersionsBody, WebhookBody
from serve_app.api.services.basic_route import BasicRoute
from serve_app.api.services.context import AnyCaller, ApiPorts, Caller, PortsOf, keyed_as
from serve_app.api.views.label_studio import (
    BackendHealth,
    BackendSetup,
    BackendVersions,
    LabelPrediction,
    LabelPredictions,
    WebhookTaken,
)

router = APIRouter(prefix="/label-studio/{task}", tags=["Label Studio"], route_class=BasicRoute)

MARK = "ray_hitl"
"""The key of a task's data with the interaction that was handed over."""

CREATED = frozenset({"ANNOTATION_CREATED", "ANNOTATIONS_CREATED"})
FROM, TO = "label", "input"
"""Names of the control and of the object in our projects (hitl.integrations.labelling.label_studio)."""


@router.get("/health", summary="The backend answers (trainer, operator)")
async def show_backend_health(task: str, ports: PortsOf, caller: AnyCaller) -> BackendHealth:
    _spec(ports, caller, task)
    return BackendHealth("UP", "ray-hitl")


@router.post("/setup", summary="Begin with a project (trainer, operator)")
async def begin_labelling(task: str, body: SetupBody, ports: PortsOf, caller: AnyCaller) -> BackendSetup:
    _spec(ports, caller, task)
    serving = await ports.shards.ask(APPROVAL, ServingOf(task))
    return BackendSetup(serving.versions[0][0] if serving.versions else "")


@router.get("/versions", summary="The versions that serve (trainer, operator)")
async def list_backend_versions(task: str, ports: PortsOf, caller: AnyCaller) -> BackendVersions:
    """Label Studio asks by GET; the package label-studio-ml serves the same list by POST."""
    _spec(ports, caller, task)
    serving = await ports.shards.ask(APPROVAL, ServingOf(task))
    return BackendVersions([digest for digest, _ in serving.versions])


@router.post("/versions", summary="The versions that serve, as older Label Studios ask (trainer, operator)")
async def list_backend_versions_by_post(task: str, body: VersionsBody, ports: PortsOf, caller: AnyCaller) -> BackendVersions:
    return await list_backend_versions(task, ports, caller)


@router.post("/predict", summary="What the serving model says of tasks; opens no case (trainer, operator)")
async def suggest_annotations(task: str, body: PredictBody, ports: PortsOf, caller: AnyCaller) -> LabelPredictions:
    """A task's input is ``data.features``, or ``data`` itself."""
    spec = _spec(ports, caller, task)
    serving = await ports.shards.ask(APPROVAL, ServingOf(task))
    if not serving.versions or ports.predict is None:
        raise StoreUnavailable(f"no model of {task} serves here")
    digest, steering = serving.versions[0][0], steering_of(serving, ports.policies[task], list(spec.labels))
    inputs = [each.data.get("features", each.data) for each in body.tasks]
    vectors = [_vector(spec, features) for features in inputs]
    asked = [vector for vector in vectors if vector is not None]
    said = iter(await ports.predict(spec, digest, asked, steering.policy.policy.uncertainty) if asked else [])
    found = [None if vector is None else next(said) for vector in vectors]
    results = [_result(steering, caller, features, each, digest) for features, each in zip(inputs, found, strict=True)]
    return LabelPredictions(results, digest)


@router.post("/webhook", summary="An annotation of what was handed over comes back (who is asked)", status_code=201)
async def send_annotation(task: str, body: WebhookBody, ports: PortsOf, caller: AnyCaller) -> WebhookTaken:
    """Answers as the account of the key: it must be one of those who are asked. The same annotation again has one effect."""
    ports.task(task, caller.principal)
    name = None if body.task is None else body.task.data.get(MARK)
    if body.action not in CREATED or body.annotation is None or body.annotation.was_cancelled or not isinstance(name, str):
        return WebhookTaken("ignored", None)
    made = body.annotation
    given = {"annotation": made.result, "annotation_id": made.id, "completed_by": made.completed_by}
    command = AnswerInteraction(name, caller.principal, given)
    keyed = keyed_as(caller, f"annotation:{name}:{made.id}")
    await ports.shards.submit(WORKFLOW, keyed.envelope(command, given))
    return WebhookTaken("answered", name)


def _spec(ports: ApiPorts, caller: Caller, task: str) -> TaskSpec:
    """A model's answers without a case are for those who train and run it. Raises Forbidden, NotFound."""
    caller.principal.require("ask a model without a case", Role.TRAINER, Role.OPERATOR)
    return ports.task(task, caller.principal)


def _vector(spec: TaskSpec, features: Any) -> Any:
    """None for what is no input of the task: a project may hold other tasks too."""
    try:
        return vector_from(spec, features)
    except InvalidInput:
        return None


def _result(steering: Steering, caller: Caller, features: Any, said: Prediction | None, digest: str) -> LabelPrediction:
    if said is None:
        return LabelPrediction([], 0.0, f"{digest[:12]}:people")
    steered = steering.steer(Request(features, {}, caller.principal.id), said)
    verdict = "automatic" if steered.route.action is Action.AUTOMATIC else "people"
    region = {"from_name": FROM, "to_name": TO, "type": "choices", "value": {"choices": [said.label]}}
    return LabelPrediction([region], said.confidence, f"{digest[:12]}:{verdict}")
