"""What programs say of a request before people see it: its code, its content."""

import asyncio
from typing import Any

from hitl.adapters.checkers.bandit import bandit
from hitl.adapters.checkers.secrets import find_secrets
from hitl.approval import Kind
from hitl.checks import POLICIES, Report, check_code, check_content
from hitl.checks.content import SECRETS, require_policies
from hitl.errors import InvalidInput

MAX_CHARACTERS = 200_000


async def code_report(code: str, language: str) -> Report:
    """Of ``language`` python also what bandit says."""
    found = await bandit(code) if language == "python" else []
    return await asyncio.to_thread(check_code, code, found)


async def content_report(content: str, policies: list[str]) -> Report:
    """Raises InvalidInput for a policy that there is none of."""
    require_policies(policies)
    secrets = await find_secrets(content) if SECRETS in policies else []
    return await asyncio.to_thread(check_content, content, policies, secrets)


async def checks_of(kind: Kind, context: dict[str, Any]) -> list[dict[str, Any]]:
    """The reports that belong to a request: of ``context.code`` (or ``script``), or of ``context.content``. Raises InvalidInput
    where that is missing: nobody can approve what is not shown."""
    if kind is Kind.CODE_EXECUTION:
        code = _text(context, "script" if "script" in context else "code")
        return [(await code_report(code, str(context.get("language", "python")))).plain()]
    if kind is Kind.CONTENT_PUBLISHING:
        policies = context.get("policies", list(POLICIES))
        if not isinstance(policies, list):
            raise InvalidInput("/context/policies", f"some of {', '.join(POLICIES)}")
        return [(await content_report(_text(context, "content"), policies)).plain()]
    return []


def _text(context: dict[str, Any], name: str) -> str:
    text = context.get(name)
    if not isinstance(text, str) or not text.strip() or len(text) > MAX_CHARACTERS:
        raise InvalidInput(f"/context/{name}", f"a text of at most {MAX_CHARACTERS} characters, which the approvers see")
    return text
