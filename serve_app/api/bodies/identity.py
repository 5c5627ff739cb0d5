"""Request bodies of accounts, keys and sessions."""

from typing import Annotated

from pydantic import Field, field_validator

from hitl.access.preferences import MOST_VIEWS, Density, Language, Preferences, SavedView, Theme, Tour
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


class SavedViewBody(Body):
    """A search under a name; ``query`` is that of its address: `task=digits&status=waiting`."""

    name: Annotated[str, Field(max_length=60, pattern=r"\S")]
    query: Annotated[str, Field(max_length=500)]


class PreferencesBody(Body):
    """All that a person has chosen of the console; null: nothing. ``views`` null: as they are."""

    tour: Tour | None = None
    theme: Theme | None = None
    language: Language | None = None
    density: Density | None = None
    views: Annotated[list[SavedViewBody], Field(max_length=MOST_VIEWS)] | None = None

    @field_validator("views")
    @classmethod
    def _have_names_of_their_own(cls, views: list[SavedViewBody] | None) -> list[SavedViewBody] | None:
        names = [view.name for view in views or ()]
        if len(set(names)) < len(names):
            raise ValueError("expected a name of its own for each view")
        return views

    def preferences(self) -> Preferences:
        views = None if self.views is None else [SavedView(view.name, view.query) for view in self.views]
        return Preferences(self.tour, self.theme, self.language, self.density, views)


class KeyBody(Body):
    """``ttl_s`` is how long the key works, a minute at least; None: until it is revoked."""

    ttl_s: Annotated[float, Field(ge=MINUTE_S, le=3650 * DAY_S)] | None = None


class RotateBody(Body):
    """``grace_s`` is how long the old key works beside the new one."""

    grace_s: Annotated[float, Field(ge=0, le=30 * DAY_S)] = DAY_S
