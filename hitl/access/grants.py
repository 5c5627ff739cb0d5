"""Rights that take two people: one asks, another confirms. So that nobody makes a voter alone, nor an admin who could."""

from hitl.access.accounts import account_changed
from hitl.access.commands import AskGrant, RecoverAccount, SettleGrant
from hitl.access.events import AccountChanged
from hitl.access.grant_events import AccountRecovered, GrantAsked, GrantSettled
from hitl.access.state import GRANT_S, AccessState, GrantRecord
from hitl.access.views import GrantView, Noted
from hitl.errors import Forbidden, GrantClosed, NotFound, TooManyRequests
from hitl.machine.machine import Outcome

MAX_OPEN = 50
"""Open wishes of one person."""


def ask_grant(state: AccessState, command: AskGrant, now: float) -> Outcome:
    """Raises TooManyRequests."""
    known = state.grants.get(command.grant_id)
    if known is not None:
        return Outcome([], shown_grant(command.grant_id, known, now))
    if sum(grant.by == command.by and grant.status_at(now) == "open" for grant in state.grants.values()) >= MAX_OPEN:
        raise TooManyRequests(command.by, f"{MAX_OPEN} open grants of one person", 3600)
    wish = command.account
    event = GrantAsked(
        grant_id=command.grant_id,
        kind=command.kind,
        account=wish.account,
        roles=wish.roles,
        tasks=wish.tasks,
        queues=wish.queues,
        skills=wish.skills,
        is_disabled=wish.is_disabled,
        by=command.by,
    )
    asked = GrantView(command.grant_id, command.kind, wish, "open", command.by, now, now + GRANT_S, None)
    return Outcome([event], asked)


def settle_grant(state: AccessState, command: SettleGrant, now: float) -> Outcome:
    """Raises NotFound, GrantClosed; Forbidden for who asked, and for whom it is for."""
    grant = state.grants.get(command.grant_id)
    if grant is None:
        raise NotFound("grant", command.grant_id)
    _check_open(state, command, grant, now)
    status = "confirmed" if command.is_confirmed else "refused"
    settled = GrantSettled(grant_id=command.grant_id, status=status, by=command.by)
    told = shown_grant(command.grant_id, grant, now, status, command.by)
    return Outcome([settled, *_change(grant, command)], told)


def recover_account(command: RecoverAccount) -> Outcome:
    """On the record, whatever the store holds."""
    event = AccountRecovered(account=command.account, roles=list(command.roles), by=command.by, reason=command.reason)
    return Outcome([event], Noted())


def shown_grant(grant_id: str, grant: GrantRecord, now: float, status: str = "", by: str | None = None) -> GrantView:
    """Return the grant as it stands, or as it will with ``status`` and ``by``."""
    shown, settled_by = status or grant.status_at(now), by or grant.settled_by
    return GrantView(grant_id, grant.kind, grant.wish, shown, grant.by, grant.at, grant.at + GRANT_S, settled_by)


def _check_open(state: AccessState, command: SettleGrant, grant: GrantRecord, now: float) -> None:
    """Who asked may take it back."""
    if command.is_confirmed and command.by in (grant.by, grant.wish.account):
        raise Forbidden(command.by, "confirm what they asked for, or what is for them: a second person does")
    if (status := grant.status_at(now)) != "open":
        raise GrantClosed(command.grant_id, status)
    known = state.accounts.get(grant.wish.account)
    if command.is_confirmed and known is not None and known.changed_at > grant.at:
        raise GrantClosed(command.grant_id, "overtaken by a later change of the account")


def _change(grant: GrantRecord, command: SettleGrant) -> list[AccountChanged]:
    if grant.kind != "account" or not command.is_confirmed:
        return []
    return [account_changed(grant.wish, grant.by)]
