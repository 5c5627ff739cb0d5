"""What a command about an account does: it says all that the account may do, or all that its person prefers, from then on."""

from dataclasses import fields, replace

from hitl.access.commands import AccountCommand, ChangeAccount, ChangePreferences
from hitl.access.events import AccountChanged, PreferencesChanged
from hitl.access.preferences import Preferences
from hitl.access.state import AccessState, AccountRecord
from hitl.errors import Forbidden
from hitl.identity.views import AccountView
from hitl.machine.machine import Outcome


def change_of_account(state: AccessState, command: AccountCommand) -> Outcome:
    """Raises the HitlError that refuses the command."""
    if isinstance(command, ChangePreferences):
        return _change_preferences(state, command)
    return _change_account(state, command)


def _change_preferences(state: AccessState, command: ChangePreferences) -> Outcome:
    """What says the same again is not journalled. Saved views that the command leaves out stay as they are: who chooses a theme
    in a window may not know of those that another one saved."""
    wanted, known = command.preferences, state.preferences.get(command.account, Preferences())
    if wanted.views is None:
        wanted = replace(wanted, views=known.views)
    if known == wanted:
        return Outcome([], wanted)
    said = {each.name: getattr(wanted, each.name) for each in fields(wanted)}
    chosen = {name: value for name, value in said.items() if value is not None}
    return Outcome([PreferencesChanged(account=command.account, **chosen)], wanted)


def _change_account(state: AccessState, command: ChangeAccount) -> Outcome:
    """Raises Forbidden: an admin cannot lock themselves out, somebody else must."""
    account = command.account
    if account.account == command.by and (account.is_disabled or "admin" not in account.roles):
        raise Forbidden(command.by, "take their own rights away")
    known = state.accounts.get(account.account)
    if known is not None and account == shown_account(account.account, known):
        return Outcome([], account)
    return Outcome([account_changed(account, command.by)], account)


def account_changed(account: AccountView, by: str) -> AccountChanged:
    """Return the event that makes the account this."""
    return AccountChanged(
        account=account.account,
        roles=account.roles,
        tasks=account.tasks,
        queues=account.queues,
        skills=account.skills,
        is_disabled=account.is_disabled,
        by=by,
    )


def shown_account(account_id: str, known: AccountRecord) -> AccountView:
    """Return the account as the journal has it."""
    return AccountView(account_id, known.roles, known.tasks, known.queues, known.skills, known.is_disabled)
