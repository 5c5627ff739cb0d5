"""What a command about an account does: it says all that the account may do from then on."""

from hitl.access.commands import ChangeAccount
from hitl.access.events import AccountChanged
from hitl.access.state import AccessState, AccountRecord
from hitl.errors import Forbidden
from hitl.identity.views import AccountView
from hitl.machine.machine import Outcome


def change_account(state: AccessState, command: ChangeAccount) -> Outcome:
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
