"""`@name` in words about a case: only who may see the case can be named, and each of them is told, without the words."""

import re

from hitl.errors import InvalidInput
from hitl.identity import Role
from hitl.review.views import ReviewView
from serve_app.api.services.account_rights import known_accounts
from serve_app.api.services.context import ApiPorts, Caller
from serve_app.api.services.finding import works_on
from serve_app.http.strict_body import Body

MENTION = re.compile(r"(?<![^\s(\[{,;:\"'])@([A-Za-z0-9](?:[A-Za-z0-9._~+-]{0,98}[A-Za-z0-9])?)(?![A-Za-z0-9@])")
"""`@name` at the beginning of a word, as the console's `mentions.ts` reads it; ann@example.org names nobody."""

WORDS = ("comment", "reason")
KIND = "case.mention"
MOST = 20
"""Names in one text: nobody writes to more at once."""


def names_in(text: str) -> list[str]:
    """Return the names in order, each once.

    >>> names_in("@ada: like the one of @ben-2, or ask ann@example.org. @ada?")
    ['ada', 'ben-2']
    """
    return list(dict.fromkeys(MENTION.findall(text)))


async def people_of_case(ports: ApiPorts, task: str) -> list[str]:
    """Return who may see the cases of ``task`` and can be named about them, in order of names. Raises StoreUnavailable."""
    people = [account.principal() for account in (await known_accounts(ports)).values() if not account.is_out]
    return sorted(who.id for who in people if works_on(who, task) and who.may(Role.REVIEWER, Role.EXPERT, Role.OPERATOR))


async def check_mentions(ports: ApiPorts, review: ReviewView, body: Body) -> list[str]:
    """Return who is named in the words of ``body``. Raises InvalidInput for who may not see the case, in the same words as for
    who does not exist; StoreUnavailable where nobody could be told."""
    said = body.model_dump(include=set(WORDS))
    found = [(member, name) for member, text in said.items() if isinstance(text, str) for name in names_in(text)]
    if not found:
        return []
    _ = ports.records  # raises StoreUnavailable before anything of the request takes effect
    known = set(await people_of_case(ports, review.task))
    for member, name in found:
        if name not in known:
            raise InvalidInput(f"/{member}", f"mentions of people who may see this case: nobody of them is called {name}")
    if len(found) > MOST:
        raise InvalidInput(f"/{found[MOST][0]}", f"at most {MOST} mentions")
    return list(dict.fromkeys(name for _, name in found))


async def tell_mentioned(ports: ApiPorts, caller: Caller, review: ReviewView, names: list[str]) -> None:
    """Hand one notice for each of ``names`` to the outbox; a repeated request changes nothing.

    Raises StoreUnavailable, Overloaded."""
    about = {"task": review.task, "case_id": review.case_id, "review_id": review.review_id, "by": caller.principal.id}
    for name in names:
        if name != caller.principal.id:
            await ports.records.outgoing.put(f"{KIND}:{caller.command_id()}:{name}", KIND, {**about, "person": name})
