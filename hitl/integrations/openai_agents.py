"""People's votes on the tool calls of the OpenAI Agents SDK that have ``needs_approval`` (extra ``openai-agents``)."""

import json
import os
from pathlib import Path
from typing import Any

from hitl.client.async_human_layer import AsyncHumanLayer
from hitl.client.human_layer_types import HumanApprovalRequest


async def run_until_done(agent: Any, input: Any, people: AsyncHumanLayer, run_id: str, saved: Path | None = None) -> Any:
    """Return the result of the agent's run, whose approvals people gave here.

    ``run_id`` names the run: its approvals are found again after a restart of either side. ``saved`` is a file for the state of
    the run while it waits: where it exists the run goes on from there, whatever ``input`` is. Run an id in one process at a time.

    A call that people reject, or that nobody approves in time, is rejected with what they said. Raises ApiError and
    ServiceUnreachable: then no call was approved, and the run can go on from ``saved``.
    """
    from agents import Runner  # only here: the package of the other side

    state = await _saved_state(agent, saved)
    while True:
        if state is not None:
            for item in state.get_interruptions():
                await _decide(state, item, people, run_id)
        result = await Runner.run(agent, input if state is None else state)
        if not result.interruptions:
            _forget(saved)
            return result
        state = result.to_state()
        _save(state, saved)


async def _decide(state: Any, item: Any, people: AsyncHumanLayer, run_id: str) -> None:
    """Ask for exactly this call, and note the answer in the state."""
    shown = {"name": str(item.name), "args": _arguments_of(item)}
    name = f"openai:{run_id}:{_call_id_of(item)}:q"
    request = HumanApprovalRequest("custom", f"Call {item.name}?"[:200], context=shown, urgency="low", id=name)
    answer = await people.request_approval(request)
    if answer.approved:
        state.approve(item)
        return
    said = "; ".join(answer.comments) or answer.reason or f"{answer.status}: nobody approved it"
    state.reject(item, rejection_message=f"People did not approve the call: {said}")


def _arguments_of(item: Any) -> Any:
    """Return the arguments as JSON where they are JSON, else as the text that they are."""
    text = _raw(item, "arguments")
    try:
        return json.loads(text)
    except (TypeError, ValueError):
        return str(text)


def _call_id_of(item: Any) -> str:
    return str(_raw(item, "call_id") or _raw(item, "id"))


def _raw(item: Any, name: str) -> Any:
    raw = item.raw_item
    return raw.get(name) if isinstance(raw, dict) else getattr(raw, name, None)


async def _saved_state(agent: Any, saved: Path | None) -> Any:
    from agents import RunState

    kept = _read(saved)
    return None if kept is None else await RunState.from_json(agent, kept)


def _read(saved: Path | None) -> Any:
    return json.loads(saved.read_text()) if saved is not None and saved.exists() else None


def _forget(saved: Path | None) -> None:
    if saved is not None:
        saved.unlink(missing_ok=True)


def _save(state: Any, saved: Path | None) -> None:
    """The file is whole at every moment, and its owner's alone: it holds what the agent was told."""
    if saved is None:
        return
    beside = saved.with_name(f"{saved.name}.new")
    beside.touch(mode=0o600)
    beside.write_text(json.dumps(state.to_json()))
    os.replace(beside, saved)
