"""Ask people here what an interrupt asks: votes where a tool may be called or not, forms for everything else."""

from collections.abc import Mapping
from typing import Any

from jsonschema import Draft202012Validator

from hitl.client.calls import HttpCall, get, post
from hitl.client.errors import ClientError
from hitl.client.synchronous import Client
from hitl.integrations.langgraph.forms import decision_of, form_of, prompt_of, rejected
from hitl.integrations.langgraph.shapes import APPROVE, REJECT, Decision, FormQuestion, Question, ToolQuestion

WAIT_S = 30.0
"""One long poll."""

LASTS_S = 86_400.0
MOST_TRIES = 10
"""Forms that are opened for one question while the answers do not fit it."""

VALUE = "value"


class NotAnswered(ClientError):
    """People gave no answer that the graph may be resumed with: it stays interrupted, and nothing was called."""

    def __init__(self, what: str, why: str) -> None:
        super().__init__(what, why)
        self.what, self.why = what, why

    def __str__(self) -> str:
        return f"no answer to {self.what}: {self.why}"


class People:
    """Asks with the key of ``client``. Each question has the name of its interrupt: asked again after a restart of either side,
    it is the same question. ``role`` may answer forms about tools, and ``reader`` other forms. ``lasts_s`` bounds a question."""

    def __init__(self, client: Client, role: str = "approver", reader: str = "reviewer", lasts_s: float = LASTS_S) -> None:
        self._client, self._role, self._reader, self._lasts_s = client, role, reader, lasts_s

    def answer(self, name: str, question: Question) -> Any:
        """Open the question unless it is open, and wait for its answer. Raises NotAnswered, ApiError, ServiceUnreachable."""
        if isinstance(question, FormQuestion):
            return self._value(name, question)
        return self._vote(name, question) if question.is_a_vote else self._choice(name, question)

    def open(self, name: str, question: Question) -> None:
        """Ask without waiting, so that people see all questions of one moment at once."""
        if isinstance(question, ToolQuestion) and question.is_a_vote:
            self._ask(name, question)
        elif isinstance(question, ToolQuestion):
            self._open(f"{name}:1", self._tool_body(question, None))
        else:
            self._open(f"{name}:1", self._form_body(question, None))

    def _vote(self, name: str, question: ToolQuestion) -> Decision:
        self._ask(name, question)
        while (found := self._approval(name))["status"] == "pending":
            continue
        if found["status"] == "approved":
            return {"type": APPROVE}
        if REJECT not in question.allowed:
            raise NotAnswered(name, f"it was {found['status']}, and the graph allows no rejection")
        comments = "; ".join(vote["comment"] for vote in found["votes"] if vote["comment"])
        return rejected(comments if found["status"] == "rejected" else f"{found['status']}: nobody approved it")

    def _ask(self, name: str, question: ToolQuestion) -> None:
        shown = {"name": question.action, "args": dict(question.args)}
        title, more = f"Call {question.action}({', '.join(question.args)})?"[:200], {"description": question.description}
        body = {"kind": "custom", "title": title, "id": name, "context": shown, "timeout": self._lasts_s, **more}
        self._client.send(post("v1", "approvals", body=body, key=name))

    def _approval(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self._client.send(get("v1", "approvals", name, wait_s=WAIT_S, wait=WAIT_S))["approval"]
        return found

    def _choice(self, name: str, question: ToolQuestion) -> Decision:
        hint: str | None = None
        for attempt in range(1, MOST_TRIES + 1):
            found = self._answered(f"{name}:{attempt}", self._tool_body(question, hint))
            if found["status"] != "completed":
                return self._unanswered(name, question, found)
            if found["closed_by"] == found["created_by"]:
                raise NotAnswered(name, "who asks cannot approve their own call")
            decision, hint = decision_of(question, found["human_input"])
            if decision is not None:
                return decision
        raise NotAnswered(name, f"{MOST_TRIES} answers did not fit")

    def _unanswered(self, name: str, question: ToolQuestion, found: Mapping[str, Any]) -> Decision:
        if REJECT in question.allowed:
            return rejected(f"{found['status']}: nobody approved it")
        raise NotAnswered(name, f"it is {found['status']}")

    def _value(self, name: str, question: FormQuestion) -> Any:
        hint: str | None = None
        for attempt in range(1, MOST_TRIES + 1):
            found = self._answered(f"{name}:{attempt}", self._form_body(question, hint))
            if found["status"] != "completed":
                raise NotAnswered(name, f"it is {found['status']}")
            value = _value_of(question, found["human_input"])
            hint = _misfit(question, value)
            if hint is None:
                return value
        raise NotAnswered(name, f"{MOST_TRIES} answers did not fit")

    def _answered(self, name: str, body: dict[str, Any]) -> dict[str, Any]:
        """Return the interaction once it is over."""
        self._open(name, body)
        look: HttpCall[dict[str, Any]] = get("v1", "interactions", name, wait_s=WAIT_S, wait=WAIT_S)
        while (found := self._client.send(look))["status"] == "pending":
            continue
        return found

    def _open(self, name: str, body: dict[str, Any]) -> None:
        self._client.send(post("v1", "interactions", body={"id": name, **body}, key=name))

    def _tool_body(self, question: ToolQuestion, hint: str | None) -> dict[str, Any]:
        config = {"prompt": prompt_of(question, hint), "ui_schema": form_of(question), "role": self._role}
        return _step(config | {"timeout": self._lasts_s}, {"name": question.action, "args": dict(question.args)})

    def _form_body(self, question: FormQuestion, hint: str | None) -> dict[str, Any]:
        schema = question.schema if question.schema is not None else {"type": "string", "title": "Your answer"}
        prompt = "\n\n".join(part for part in (hint, question.prompt) if part)
        config = {"prompt": prompt, "json_schema": dict(schema), "role": self._reader, "timeout": self._lasts_s}
        return _step(config, {})


def _step(config: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
    names = {"pipeline_name": "langgraph", "step_name": "interrupt"}
    return {"pattern": "pause_for_input", "config": config, "data": data, **names}


def _value_of(question: FormQuestion, given: Mapping[str, Any]) -> Any:
    """Return the object of the form, or the one value of a schema that is no object."""
    schema = question.schema or {}
    is_object = schema.get("type") == "object" and schema.get("properties")
    return dict(given) if is_object else given.get(VALUE)


def _misfit(question: FormQuestion, value: Any) -> str | None:
    """Return what the graph's schema says against the value; None: it fits."""
    if question.schema is None:
        return None
    errors = sorted(Draft202012Validator(dict(question.schema)).iter_errors(value), key=lambda each: list(map(str, each.path)))
    return f"The answer before did not fit: {errors[0].message[:500]}" if errors else None
