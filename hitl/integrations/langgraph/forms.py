"""The form of a tool's question, and the decision that a filled-in one says."""

import json
from collections.abc import Mapping
from typing import Any

from hitl.integrations.langgraph.shapes import APPROVE, EDIT, REJECT, RESPOND, Decision, ToolQuestion

DECISION, ARGS, MESSAGE = "decision", "args", "message"
LONGEST_PROMPT = 3_900


def prompt_of(question: ToolQuestion, hint: str | None) -> str:
    """Return what people read. ``hint`` says what was wrong with the answer before."""
    shown = json.dumps(question.args, ensure_ascii=False, indent=2)
    parts = [hint, question.description, f"Call {question.action} with {shown}?"]
    return "\n\n".join(part for part in parts if part)[:LONGEST_PROMPT]


def form_of(question: ToolQuestion) -> dict[str, Any]:
    """Return a choice of the allowed decisions, and what an edit or a response needs."""
    fields: list[dict[str, Any]] = [
        {"name": DECISION, "type": "radio", "label": "Your decision", "options": list(question.allowed), "required": True}
    ]
    if EDIT in question.allowed:
        label = f"Arguments of {question.action}, for edit"
        fields.append({"name": ARGS, "type": "json", "label": label, "default": dict(question.args)})
    if {REJECT, RESPOND} & set(question.allowed):
        fields.append({"name": MESSAGE, "type": "textarea", "label": "Message, for reject or respond"})
    return {"type": "tool_decision", "fields": fields}


def decision_of(question: ToolQuestion, given: Mapping[str, Any]) -> tuple[Decision | None, str]:
    """Return the decision, or None and what was wrong with the answer."""
    said, message = given.get(DECISION), str(given.get(MESSAGE) or "")
    if said == EDIT:
        args = given.get(ARGS)
        if not isinstance(args, dict):
            return None, "The answer before had no object of arguments. Give the arguments as a JSON object."
        return {"type": EDIT, "edited_action": {"name": question.action, "args": args}}, ""
    if said == RESPOND and not message.strip():
        return None, "The answer before was a response without a message. Write the message."
    if said == RESPOND:
        return {"type": RESPOND, "message": message}, ""
    return rejected(message) if said == REJECT else {"type": APPROVE}, ""


def rejected(message: str) -> Decision:
    return {"type": REJECT, **({"message": message} if message else {})}
