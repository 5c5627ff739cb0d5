"""Request bodies of accounts, keys and sessions."""

from typing import Annotated

from pydantic import Field

from hitl.access.preferences import Density, Language, Theme, Tour
from hitl.identity import Role
from serve_app.http.strict_body import Body

Names = Annotated[list[Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]], Field(max_length=100)]
RoleName = Annotated[str, Field(json_schema_extra={"enum": [role.value for role in Role]}, max_length=20)]
MINUTE_S = 60.0
DAY_S = 86_400.0


class AccountBody(Body):
    """All of what the account may do from now on; ``tasks`` and ``queues`` empty: every one."""

    roles: Annotated[list[RoleName], Field(max_length=20)]
    tasks: Names = Field(default_factory=list)
    queues: Names = Field(default_factory=list)
    skills: Names = Field(default_factory=list)
    is_disabled: bool = False


class PreferencesBody(Body):
    """All that a person has chosen of the console; null: nothing."""

    tour: Tour | None = None
    theme: Theme | None = None
    language: Language | None = None
    density: Density | None = None


class KeyBody(Body):
    """``ttl_s`` is how long the key works, a minute at least; None: until it is revoked."""

    ttl_s: Annotated[float, Field(ge=MINUTE_S, le=3650 * DAY_S)] | None = None


class RotateBody(Body):
    """``grace_s`` is how long the old key works beside the new one."""

    grace_s: Annotated[float, Field(ge=0, le=30 * DAY_S)] = DAY_S
