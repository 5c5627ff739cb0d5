"""Run the static checks on a request before people see it."""

import asyncio

from hitl.adapters.checkers.bandit import NOT_PYTHON, bandit
from hitl.approval import ApprovalKind
from hitl.approval.sealable import CODE
from hitl.canonical import JsonObject
from hitl.checks import POLICIES, ContentReport, check_code, check_content
from hitl.checks.content import require_policies
from hitl.errors import InvalidInput

MAX_CHARACTERS = 200_000
PYTHON = frozenset({"python", "py", "python2", "python3", "ipython", "jupyter", ""})


async def code_report(code: str, language: str) -> ContentReport:
    """Also what bandit says of everything that reads as Python, whatever ``language`` says: it is the caller's word. Only code
    that is said to be Python must read as Python."""
    found = await bandit(code)
    if language.strip().lower() not in PYTHON:
        found = [finding for finding in found if finding.reason != NOT_PYTHON]
    return await asyncio.to_thread(check_code, code, found)


async def content_report(content: str, policies: list[str]) -> ContentReport:
    """Raises InvalidInput for a policy that there is none of."""
    require_policies(policies)
    return await asyncio.to_thread(check_content, content, policies)


async def checks_of(kind: ApprovalKind, context: JsonObject) -> list[JsonObject]:
    """Return the reports that belong to a request: of ``context.code`` and ``script``, or of ``context.content``. Raises
    InvalidInput where that is missing: nobody can approve what is not shown."""
    if kind is ApprovalKind.CODE_EXECUTION:
        names = [name for name in CODE if name in context] or ["code"]
        language = str(context.get("language", "python"))
        return [{**(await code_report(_text(context, name), language)).plain(), **_of(name, names)} for name in names]
    if kind is ApprovalKind.CONTENT_PUBLISHING:
        policies = context.get("policies", list(POLICIES))
        if not isinstance(policies, list):
            raise InvalidInput("/context/policies", f"some of {', '.join(POLICIES)}")
        require_policies([str(each) for each in policies])
        # All of them, whatever the request names: who asks would choose what is not found.
        return [(await content_report(_text(context, "content"), list(POLICIES))).plain()]
    return []


def _of(name: str, names: list[str]) -> dict[str, str]:
    """Return which text a report is about, where there are several."""
    return {"of": name} if len(names) > 1 else {}


def _text(context: JsonObject, name: str) -> str:
    text = context.get(name)
    if not isinstance(text, str) or not text.strip() or len(text) > MAX_CHARACTERS:
        raise InvalidInput(f"/context/{name}", f"a text of at most {MAX_CHARACTERS} characters, which the approvers see")
    return text
