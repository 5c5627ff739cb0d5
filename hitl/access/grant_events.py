"""The events of rights that a second person grants, and of what the machine's owner recovered."""

from hitl.machine.events import Event


class GrantAsked(Event, frozen=True, kw_only=True):
    """``by`` wants the account to be this (``kind`` ``account``), or a key for it as it is (``key``)."""

    grant_id: str
    kind: str
    account: str
    roles: list[str]
    tasks: list[str]
    queues: list[str]
    skills: list[str]
    is_disabled: bool
    by: str


class GrantSettled(Event, frozen=True, kw_only=True):
    """A second person said ``status``: ``confirmed`` or ``refused``."""

    grant_id: str
    status: str
    by: str


class AccountRecovered(Event, frozen=True, kw_only=True):
    """The machine's owner gave ``roles`` to the account without a second person."""

    account: str
    roles: list[str]
    by: str
    reason: str
