"""The signing secrets of API keys: sealed under the master key, with the rights and the life of the key that they belong to."""

from secrets import token_bytes, token_urlsafe

from hitl.errors import KeyShown, StoreUnavailable, Unauthenticated
from hitl.identity.sigv4 import REFUSED
from hitl.sealing import Keys
from serve_app.api.services.context import ApiPorts

SECRET_BYTES = 30


async def make_secret(ports: ApiPorts, key_id: str) -> str:
    """Make the new secret of a key, which is shown this once. Raises KeyShown for a key that has one: rotate it."""
    secret = token_urlsafe(SECRET_BYTES)
    subject = _subject(key_id)
    wrapped = _masters(ports).wrap(secret.encode(), subject, token_bytes)
    if await ports.approval_vault.store.keep(subject, wrapped) != wrapped:
        raise KeyShown(key_id)
    return secret


async def secret_of(ports: ApiPorts, key_id: str) -> str:
    """Raises Unauthenticated for a key without one."""
    wrapped = await ports.approval_vault.store.find(_subject(key_id))
    if wrapped is None:
        raise Unauthenticated(REFUSED)
    return _masters(ports).unwrap(wrapped, _subject(key_id)).decode()


def _masters(ports: ApiPorts) -> Keys:
    if ports.masters is None:
        raise StoreUnavailable("signing secrets need a master key")
    return ports.masters


def _subject(key_id: str) -> str:
    """Return where it stands, and what it is sealed for: no other key's secret opens in its place."""
    return f"signing:{key_id}"
