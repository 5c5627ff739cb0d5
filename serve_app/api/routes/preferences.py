"""What the caller has chosen of the console: the same on every machine that they sign in at."""

from fastapi import APIRouter

from hitl.access import ChangePreferences, PreferencesOf
from hitl.access.preferences import Preferences
from hitl.machine.shards import ACCESS
from serve_app.api.bodies.identity import PreferencesBody
from serve_app.api.services.context import AnyCaller, KeyedCaller, PortsOf
from serve_app.api.services.strict_route import StrictRoute

router = APIRouter(prefix="/v1/me/preferences", tags=["accounts"], route_class=StrictRoute)


@router.get("", summary="What the caller has chosen of the console (anybody, their own)")
async def show_preferences(ports: PortsOf, caller: AnyCaller) -> Preferences:
    return await ports.shards.ask(ACCESS, PreferencesOf(caller.principal.id))


@router.put("", summary="Keep what the caller chooses of the console (anybody, their own)")
async def put_preferences(body: PreferencesBody, ports: PortsOf, caller: KeyedCaller) -> Preferences:
    """They are these from now on, all of them: what is left out is chosen no more. Saved views that are left out stay: an empty
    list has none."""
    command = ChangePreferences(caller.principal.id, body.preferences())
    return await ports.shards.submit(ACCESS, caller.envelope(command, body.model_dump()))
