"""Refuse work for nobody: who is named when something is handed on must exist, and be able to take it."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from hitl.canonical import Json
from hitl.errors import InvalidInput
from hitl.identity import Principal, Role
from hitl.identity.accounts import Account
from serve_app.api.services.account_rights import known_accounts
from serve_app.api.services.claims import keys_of
from serve_app.api.services.context import ApiPorts

PEOPLE_KEYS = ("stakeholders", "approvers", "assignees")
"""Of a pattern's configuration: the ids of people."""


async def require_takers(ports: ApiPorts, task: str, to: str | None) -> None:
    """Raises InvalidInput where nobody could take a review of ``task`` that is handed to ``to``."""
    kind, _, name = (to or "").partition(":")
    if to is None or ports.accounts is None or not name:  # what is no person, role or skill is refused by the shard
        return
    takers: dict[str, Callable[[Principal], bool]] = {
        "person": lambda who: who.id == name,
        "role": lambda who: to in keys_of(who),
        "skill": lambda who: to in keys_of(who),
    }
    takes, everybody = takers.get(kind), (await known_accounts(ports)).values()
    if takes is not None and everybody and not any(takes(who) for who in _reviewers(everybody, task)):
        raise InvalidInput("/to", f"a {kind} that can take reviews of {task}: nobody answers to this {kind}")


async def require_people(ports: ApiPorts, config: Mapping[str, Json], place: str = "/config") -> None:
    """Raises InvalidInput for an id in ``config`` that is no account's, or one's that may not work."""
    named = [(key, at, name) for key in PEOPLE_KEYS for at, name in _names_of(config.get(key))]
    if not named or ports.accounts is None:
        return
    known = {account.id for account in (await known_accounts(ports)).values() if not account.is_out}
    if not known:  # people are authenticated by something else: an empty directory says nothing of them
        return
    for key, at, name in named:
        if name not in known:
            raise InvalidInput(f"{place}/{key}/{at}", "the id of an account that is in use")


def _names_of(value: Any) -> Iterable[tuple[int, str]]:
    return [(at, name) for at, name in enumerate(value) if isinstance(name, str)] if isinstance(value, list | tuple) else []


def _reviewers(accounts: Iterable[Account], task: str) -> list[Principal]:
    people = [account.principal() for account in accounts if not account.is_out]
    return [who for who in people if who.sees(task) and (who.may(Role.REVIEWER) or who.may(Role.EXPERT))]
