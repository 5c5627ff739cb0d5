"""Writes ``docs/console-operations.md``: each operation of the review application with its place in the console, or why not.

Run it after a change of a route or of a call in ``serve_app/console/web/src``; a test compares, and fails for an operation that
has neither a place nor a reason here.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from serve_app.api.schema import openapi_document

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "serve_app" / "console" / "web" / "src"
LIST_FILE = ROOT / "docs" / "console-operations.md"

METHODS = ("get", "post", "put", "patch", "delete")

FOREIGN = "a protocol of another product's clients: programs call it, people answer the same request on its page"
PROGRAM = "programs call it with what they computed; a person would type what nobody types"
BESIDE = "what it answers stands on the page of the same object already, from another operation"

REASONS: dict[str, str] = {
    r"\w+ /a2i/.*": FOREIGN,
    r"\w+ /humanlayer/.*": FOREIGN,
    r"\w+ /hitl/.*": FOREIGN,
    r"\w+ /label-studio/.*": FOREIGN,
    r"POST /v1/chat/.*": "Slack and Teams call it when somebody presses a button there; here the same request has its page",
    r"\w+ /v1/votes/.*": "the page of a link in a message: it needs no session, so it stands outside the console",
    r"GET /api/v1/mlflow/.*": "MLflow's own readers; the models page lists the runs that belong to a task",
    r"GET /(ready|v1/metrics/prometheus)": "for probes and scrapers",
    r"GET /v1/interactions/events": "the page hears of the same changes on its socket",
    r"GET /v1/oidc/callback": "where the identity provider sends the browser; the sign-in page leads there",
    r"\w+ /v1/session": "signing in and out, in `session.ts`",
    r"POST /v1/tasks/.*": PROGRAM,
    r"PUT /v1/tasks/.*/blobs": PROGRAM,
    r"GET /v1/reviews/.*/image": "the view of a case shows it, as the source of an image in `case/photo.tsx`",
    r"GET /v1/reviews/.*/sound": "the view of a case plays it, as the source of an audio element in `case/recording.tsx`",
    r"GET /v1/tasks.*": BESIDE,
    r"DELETE /v1/tasks/\S+/definition": "`hitl tasks remove`; its approval has its page",
    r"PUT /v1/artifacts/.*": PROGRAM,
    r"POST /v1/checks/.*": "the checks run by themselves on what is asked; their findings stand in the request",
    r"POST /v1/interactions": PROGRAM,
    r"POST /v1/workflows(/cases)?": PROGRAM,
    r"POST /v1/workflows/\S+/(prediction|failure|stages/\S+)": PROGRAM,
    r"POST /v1/keys/\S+/signing-secret": "shown once to the program that signs with it",
    r"GET /v1/journal/\S+/state": "for comparing a replay with the state; `hitl replay` does it",
    r"GET /v1/models/\S+/at": "what served at a time stands in the deployment history",
    r"GET /v1/interactions": "the workflows page lists what waits for the person; the rest belongs to its workflow",
    r"GET /v1/metrics/figures": BESIDE,
    r"GET /v1/(approvals/metrics|approvals/\S+/audit|workflows/templates|quality/\S+/agreement)": BESIDE,
}
"""Patterns of whole operations that have no place in the console, each with the reason."""


def operations() -> list[str]:
    """Every operation of the document, by path and method."""
    paths = openapi_document()["paths"]
    return [f"{method.upper()} {path}" for path, found in sorted(paths.items()) for method in METHODS if method in found]


def place_of(operation: str, sources: dict[str, str]) -> list[str]:
    """The files of the console that call the operation."""
    method, path = operation.split(" ", 1)
    parts = [r"\$?\{[^}]*\}" if part.startswith("{") else re.escape(part) for part in re.split(r"(\{\w+\})", path)]
    # A call by `act` may leave the last word open: `act("POST /v1/grants/{grant_id}/${what}")`.
    named = rf'"{re.escape(path if method == "GET" else operation)}"'
    left_open = rf"`{re.escape(operation.rpartition('/')[0])}/\$\{{"
    typed = rf"[\"`'(]{''.join(parts)}[?\"`'$]"
    called = r"(?:lines|fetch|EventSource|href)\W+" if method == "GET" else r"(?:post\(|path=\{)"
    return [name for name, text in sources.items() if any(re.search(each, text) for each in (named, left_open, called + typed))]


def reason_of(operation: str) -> str | None:
    """Why the console has no place for it; None where nobody has said."""
    return next((reason for pattern, reason in REASONS.items() if re.fullmatch(pattern, operation)), None)


def sources() -> dict[str, str]:
    """The console's own code by file, without the generated types."""
    files = sorted(file for file in SOURCE.rglob("*.ts*") if file.name != "api-types.ts")
    return {file.relative_to(SOURCE).as_posix(): file.read_text(encoding="utf-8") for file in files}


def homeless() -> list[str]:
    """Operations that have neither a place nor a reason."""
    known = sources()
    return [each for each in operations() if not place_of(each, known) and reason_of(each) is None]


def operation_list() -> str:
    """The document."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    known = sources()
    rows = [(operation, place_of(operation, known)) for operation in operations()]
    placed = sum(bool(files) for _, files in rows)
    yield "# Operations and the console"
    yield ""
    yield "Written by `python docs/make_console_operations.py` from the OpenAPI document and the console's code."
    yield f"Of {len(rows)} operations {placed} have a place in the console; the others have a reason."
    yield ""
    yield "| operation | in the console |"
    yield "|---|---|"
    for operation, files in rows:
        where = ", ".join(f"`{name}`" for name in files[:3]) if files else f"no: {reason_of(operation)}"
        yield f"| `{operation}` | {where} |"


if __name__ == "__main__":
    LIST_FILE.write_text(operation_list(), encoding="utf-8")
