"""Writes ``docs/errors.md``, the reference of the problems that the service answers, from the table of errors.

Run it after a change of an error; a test compares.
"""

import inspect
from pathlib import Path

from serve_app.http.errors import INTERNAL, TABLE, ErrorAnswer

FILE = Path(__file__).parent / "errors.md"
HEAD = """# Errors

Written by `python docs/make_errors.py` from `serve_app/http/errors.py`.

Every refusal is a problem document (RFC 9457, `application/problem+json`) with `type`, `title`, `status`, `detail`,
`request_id` and, for a wrong field, `errors` with its JSON pointer. `type` ends with one of the names below; it is
stable, so programs read it and not the words. A refusal changes nothing.

| status | what to do |
|---|---|
| 400, 404, 405, 413, 415, 422 | Mend the request. The same request is refused again. |
| 401 | Send a valid key, or sign in again. |
| 403 | Ask an administrator for the right, or another person to do it. |
| 408, 429, 503 | Repeat with the same `Idempotency-Key` after `Retry-After` seconds: what was done already is done once. |
| 409, 410 | Read the present state, and decide again. |
| 500 | Repeat with the same `Idempotency-Key`; if it comes again, give the operator the `request_id`. |
| 502 | Another system refused. Its words are in `detail`. |
| 507 | The operator must make room. |

| status | name | title | when |
|---|---|---|---|
"""


def page() -> str:
    """Return the whole page."""
    rows = [(answer, _when(kind)) for kind, answer in TABLE.items()] + [(INTERNAL, "What nobody foresaw.")]
    ordered = sorted(rows, key=lambda row: (row[0].status, row[0].slug))
    return HEAD + "".join(_line(answer, when) for answer, when in ordered)


def _when(kind: type[Exception]) -> str:
    return " ".join(inspect.cleandoc(kind.__doc__ or "").split("\n\n")[0].split()).replace("``", "`")


def _line(answer: ErrorAnswer, when: str) -> str:
    return f"| {answer.status} | `{answer.slug}` | {answer.title} | {when.replace('|', '/')} |\n"


if __name__ == "__main__":
    FILE.write_text(page(), encoding="utf-8")
