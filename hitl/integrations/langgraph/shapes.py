"""What an interrupt asks, and the value that resumes it: the shapes of LangChain's middleware, of Agent Inbox, and any other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeAlias

Decision: TypeAlias = dict[str, Any]
"""As LangChain's middleware reads it: ``type`` approve, edit (``edited_action``), reject or respond (``message``)."""

APPROVE, EDIT, REJECT, RESPOND = "approve", "edit", "reject", "respond"
ALL = (APPROVE, EDIT, REJECT, RESPOND)
INBOX = {"allow_accept": APPROVE, "allow_edit": EDIT, "allow_respond": RESPOND, "allow_ignore": REJECT}


class Shape(Enum):
    BATCHED = "batched"
    """HumanInTheLoopMiddleware's default: several actions, one answer with a decision for each."""

    PER_CALL = "per_call"
    """HumanInTheLoopMiddleware(interrupt_mode="per_call"): one action, one decision."""

    INBOX = "inbox"
    """langgraph.prebuilt's HumanInterrupt, which Agent Inbox reads."""

    FORM = "form"
    """Anything else: people give the value itself."""


@dataclass(frozen=True, slots=True)
class ToolQuestion:
    """May this tool be called with these arguments? ``allowed`` are the types of decisions."""

    action: str
    args: Mapping[str, Any]
    description: str
    allowed: tuple[str, ...]

    @property
    def is_a_vote(self) -> bool:
        """Approve or reject, and nothing else: then people vote."""
        return set(self.allowed) <= {APPROVE, REJECT} and APPROVE in self.allowed


@dataclass(frozen=True, slots=True)
class FormQuestion:
    """What is the value? ``schema`` is its JSON Schema; None: a text."""

    prompt: str
    schema: Mapping[str, Any] | None


Question: TypeAlias = ToolQuestion | FormQuestion


def shape_of(value: Any) -> Shape:
    if isinstance(value, dict) and isinstance(value.get("action_requests"), list):
        return Shape.BATCHED
    if isinstance(value, dict) and value.get("type") == "tool_approval":
        return Shape.PER_CALL
    if all(isinstance(each, dict) and "action_request" in each for each in _listed(value)) and value:
        return Shape.INBOX
    return Shape.FORM


def questions_of(value: Any, schema: Any = None) -> list[Question]:
    """Return the questions of an interrupt with this value, in the order in which it wants its answers.

    >>> questions_of({"type": "tool_approval", "name": "pay", "args": {"n": 1}, "description": ""})[0].allowed
    ('approve', 'reject')
    """
    match shape_of(value):
        case Shape.BATCHED:
            configs = {each["action_name"]: each for each in value.get("review_configs", [])}
            return [_tool(each, _allowed(configs.get(each["name"], {}))) for each in value["action_requests"]]
        case Shape.PER_CALL:
            return [_tool(value, _allowed_by(schema))]
        case Shape.INBOX:
            return [_inbox(each) for each in _listed(value)]
        case Shape.FORM:
            return [FormQuestion(_prompt(value), schema if isinstance(schema, dict) else None)]


def resume_of(value: Any, answers: Sequence[Any]) -> Any:
    """Return the value that resumes the interrupt, from the answer to each of its questions."""
    match shape_of(value):
        case Shape.BATCHED:
            return {"decisions": list(answers)}
        case Shape.INBOX:
            return [_inbox_answer(each) for each in answers]
        case _:
            return answers[0]


def _tool(action: Mapping[str, Any], allowed: tuple[str, ...]) -> ToolQuestion:
    return ToolQuestion(str(action["name"]), dict(action.get("args") or {}), str(action.get("description") or ""), allowed)


def _inbox(request: Mapping[str, Any]) -> ToolQuestion:
    action, config = request["action_request"], request.get("config") or {}
    allowed = tuple(ours for theirs, ours in INBOX.items() if config.get(theirs))
    named = {"name": action["action"], "args": action.get("args"), "description": request.get("description")}
    return _tool(named, allowed)


def _allowed(config: Mapping[str, Any]) -> tuple[str, ...]:
    """Approve and reject where nothing is said: the fewest that can say no."""
    return tuple(each for each in ALL if each in config.get("allowed_decisions", (APPROVE, REJECT)))


def _allowed_by(schema: Any) -> tuple[str, ...]:
    """Return the decisions that the schema of a single tool's answer names."""
    if not isinstance(schema, dict):
        return _allowed({})
    mapped = schema.get("discriminator", {}).get("mapping", {})
    single = schema.get("properties", {}).get("type", {}).get("const")
    return _allowed({"allowed_decisions": list(mapped) or ([single] if single else [APPROVE, REJECT])})


def _inbox_answer(decision: Decision) -> dict[str, Any]:
    """HumanResponse: accept, ignore, response or edit."""
    match decision["type"]:
        case "approve":
            return {"type": "accept", "args": None}
        case "edit":
            edited = decision["edited_action"]
            return {"type": "edit", "args": {"action": edited["name"], "args": edited["args"]}}
        case "respond":
            return {"type": "response", "args": decision["message"]}
        case _:
            return {"type": "ignore", "args": None}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _prompt(value: Any) -> str:
    if isinstance(value, str):
        return value
    asked = (
        next((value[name] for name in ("question", "prompt", "message", "query") if name in value), None)
        if isinstance(value, dict)
        else None
    )
    return asked if isinstance(asked, str) else "The program asks for a value"
