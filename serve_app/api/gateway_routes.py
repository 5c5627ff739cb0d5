"""The gateway's routes as the OpenAPI document shows them. The gateway itself is bare ASGI: nothing here is ever called."""

from dataclasses import dataclass
from typing import Annotated, NoReturn

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from hitl.blobs.file_types import FILE_TYPES, content_type_of
from hitl.errors import NotFound
from serve_app.api.services.context import keyed_caller
from serve_app.api.views.blobs import TakenFile
from serve_app.api.views.decisions import FirstAnswer
from serve_app.decisions.blob_route import BYTES
from serve_app.decisions.decision_body import MAX_METADATA_KEYS, MAX_NAME_CHARACTERS, MAX_TEXT_CHARACTERS
from serve_app.decisions.declared_body import MAX_PREDICTIONS, MAX_WORD
from serve_app.decisions.definition_route import DefinitionInForce
from serve_app.decisions.many import MAX_ROWS
from serve_app.decisions.task_views import TaskList, TaskView
from serve_app.http.described_answer import described
from serve_app.http.problems import ProblemDocument
from serve_app.setup.definitions import DefinitionProposal

router = APIRouter(tags=["decisions"])

Name = Annotated[str, Field(min_length=1, max_length=MAX_NAME_CHARACTERS)]
Text = Annotated[str, Field(max_length=MAX_TEXT_CHARACTERS)]
BINARY = {"type": "string", "format": "binary"}
CONTENT_TYPES = [BYTES, *map(content_type_of, FILE_TYPES)]
WAITS = described(202, "People decide: the answer comes later", FirstAnswer)


class FieldBoxBody(BaseModel):
    """Where a field was read: ``box`` is left, top, right and bottom, each as a share of the page's width or height."""

    model_config = ConfigDict(extra="forbid")

    page: Annotated[int, Field(ge=1)]
    box: Annotated[list[Annotated[float, Field(ge=0, le=1)]], Field(min_length=4, max_length=4)]


class DeclaredBody(BaseModel):
    """What the client's own model says, in a task whose predictions clients bring: by the ``model`` and ``version`` of its card,
    ``probabilities`` (in the order of the labels, or by label), or a ``label`` with its ``score``. Where answers are values a
    ``value`` with its ``score``, and with ``parts``, the score of each field, where fields go one by one; ``boxes`` says where on
    the pages of the case's file fields were read, for people to see."""

    model_config = ConfigDict(extra="forbid")

    model: Annotated[str, Field(min_length=1, max_length=MAX_WORD)]
    version: Annotated[str, Field(min_length=1, max_length=MAX_WORD)]
    probabilities: list[float] | dict[str, float] | None = None
    label: str | None = None
    score: Annotated[float, Field(ge=0, le=1)] | None = None
    value: dict[str, object] | None = None
    parts: dict[str, Annotated[float, Field(ge=0, le=1)]] | None = None
    boxes: dict[str, FieldBoxBody] | None = None


class NewCaseBody(BaseModel):
    """A case. ``features`` is what the model reads, by the ``input`` of `GET /v1/tasks/{task}`; ``metadata`` travels with it. A
    file is named there by the ``blob`` of `PUT /v1/tasks/{task}/blobs`. In a request for one case a file of at most 1 MiB may
    stand there itself, as in ``{"image": {"base64": "…", "media_type": "image/png"}}``, of which ``media_type`` may be left out.
    ``prediction``, or ``predictions`` of several versions, is for tasks whose ``predictions_by`` is the client."""

    model_config = ConfigDict(extra="forbid")

    features: object
    prediction: DeclaredBody | None = None
    predictions: Annotated[list[DeclaredBody], Field(max_length=MAX_PREDICTIONS)] | None = None
    metadata: Annotated[dict[Name, bool | int | float | Text], Field(max_length=MAX_METADATA_KEYS)] = {}


class NewCasesBody(BaseModel):
    """Cases that are decided one by one."""

    model_config = ConfigDict(extra="forbid")

    cases: Annotated[list[NewCaseBody], Field(min_length=1, max_length=MAX_ROWS)]


@dataclass(frozen=True, slots=True)
class RowAnswer:
    """The status and the answer that a request of its own would have got."""

    status: int
    body: FirstAnswer | ProblemDocument


@dataclass(frozen=True, slots=True)
class RowAnswers:
    """In the order of the cases."""

    results: list[RowAnswer]


class DefinitionBody(BaseModel):
    """The whole definition of a task: the keys of a task file, of which ``task`` repeats the name in the path."""

    model_config = ConfigDict(extra="allow")

    task: str


@router.get("/v1/tasks", summary="The tasks that the caller may see")
def list_tasks() -> TaskList:
    _refuse()


@router.get("/v1/tasks/{task}", summary="A task: its labels, its input, its policy, and what serves")
def show_task(task: str) -> TaskView:
    _refuse()


@router.get("/v1/tasks/{task}/definition", summary="The definition in force, and what waits (anybody of the task)")
def show_definition(task: str) -> DefinitionInForce:
    _refuse()


@router.put(
    "/v1/tasks/{task}/definition",
    summary="Propose a task's definition: voted on, then adopted without a restart (operator)",
    responses=described(202, "It waits for votes", DefinitionProposal),
)
def propose_definition(task: str, body: DefinitionBody) -> DefinitionProposal:
    """The body is the whole definition, with the keys of a task file. 200: it is in force already. The same one again finds the
    approval that it opened. 422 names a key that is wrong, or that cannot be changed while the service runs."""
    _refuse()


@router.delete(
    "/v1/tasks/{task}/definition",
    summary="Propose that a task is taken away: voted on, then it takes no more cases (operator)",
    responses=described(202, "It waits for votes", DefinitionProposal),
)
def propose_removal(task: str) -> DefinitionProposal:
    """200: it was taken away already. What is stored stays readable, and what waits can be answered; new cases get 410."""
    _refuse()


@router.put(
    "/v1/tasks/{task}/blobs",
    summary="Bring a picture, a document or a recording, to name it in a case (client)",
    openapi_extra={"requestBody": {"required": True, "content": {kind: {"schema": BINARY} for kind in CONTENT_TYPES}}},
)
def put_blob(task: str) -> TakenFile:
    """The body is the file itself. It is decoded in a process with limits before it is stored, under a name and a key of its own
    each time. Its answer's ``blob`` is what ``features`` of a case name. 507: no room is left where files are kept."""
    _refuse()


@router.post(
    "/v1/tasks/{task}/decisions", summary="Decide a case (client)", responses=WAITS, dependencies=[Depends(keyed_caller)]
)
def decide_case(task: str, body: NewCaseBody) -> FirstAnswer:
    """200 where the model decides, 202 where people do: their answer is at ``decision_url``. A file in base64 is stored as an
    upload is, and the case has its handle; the same request with the same bytes gets the same answer. 413: it is too large to
    come inside its case."""
    _refuse()


@router.post(
    "/v1/tasks/{task}/decisions:batch", summary="Decide many cases in one request (client)", dependencies=[Depends(keyed_caller)]
)
def decide_cases(task: str, body: NewCasesBody) -> RowAnswers:
    """Each case has its own status. The same request with the same key does what is left of it, and answers the same. Files are
    named by their handles: none comes inside a batch."""
    _refuse()


def _refuse() -> NoReturn:
    raise NotFound("route", "another deployment answers it")
