"""``hitl keys``: issue, list, rotate and revoke API keys; rotate the master key."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from hitl.adapters.files.signers import open_signer
from hitl.cli.commands import accounts, master_key, show
from hitl.cli.commands.connection import JsonOutput, tell
from hitl.cli.local import control
from hitl.cli.local.place import place_of
from hitl.errors import NotFound
from hitl.identity import Role
from hitl.identity.keys import KeyRecord
from hitl.sealing import Keyring, parse_masters
from hitl.settings import Settings

keys_app = typer.Typer(no_args_is_help=True, help="The keys of callers: their texts are shown once and kept nowhere.")
console = Console()


def store_url() -> str:
    """Return the store of the settings, or of the service that runs here. Raises NotStarted."""
    settings = Settings()
    return settings.external_redis_url or control.running(place_of(settings.data_dir)).redis_url


def signing_key_file(settings: Settings) -> Path | None:
    """Return the file of the settings, else the data directory's own; None where there is neither."""
    own = place_of(settings.data_dir).signing_key
    return settings.signing_key_file or (own if own.exists() else None)


@keys_app.command("public")
def public_key(as_json: JsonOutput = False) -> None:
    """Print the public half of the key that signs the journals: 'hitl verify --offline' needs it. Keep it apart from them."""
    signer = open_signer(signing_key_file(Settings()))
    if signer is None:
        raise NotFound("signing key", "HITL_SIGNING_KEY_FILE")
    tell({"public_key": signer.public}, signer.public, as_json)


@keys_app.command("issue")
def issue_key(
    account: str,
    role: Annotated[list[Role], typer.Option(help="May come several times.")],
    task: Annotated[list[str], typer.Option(help="Only for these tasks.")] = [],  # noqa: B006 - typer reads the default
    as_json: JsonOutput = False,
) -> None:
    """Issue a key for ACCOUNT and print it, once. Where 'hitl accounts set' has said what the account may do, that counts.
    The roles approver and admin take a second person, or 'hitl accounts recover'."""
    show.new_keys(console, accounts.issue_one(store_url(), account, role, task), as_json)


@keys_app.command("list")
def list_keys(as_json: JsonOutput = False) -> None:
    """Every key, without its secret."""
    records = accounts.list_keys(store_url())
    if as_json:
        console.print_json(data={"keys": [_plain(record) for record in records]})
        return
    table = Table("key", "account", "roles", "tasks", "until")
    for record in records:
        who = record.principal
        table.add_row(
            record.key_id, who.id, ", ".join(sorted(who.roles)), ", ".join(sorted(who.tasks)) or "all", _validity(record)
        )
    console.print(table)


def _plain(record: KeyRecord) -> dict[str, object]:
    who = record.principal
    about = {"key_id": record.key_id, "account": who.id, "roles": sorted(who.roles), "tasks": sorted(who.tasks)}
    return {**about, "expires_at": record.expires_at, "is_held": record.is_held}


def _validity(record: KeyRecord) -> str:
    """Say until when the key is valid, or what holds it back."""
    if record.is_held:
        return f"held since a restore: 'hitl keys resume {record.key_id}'"
    if record.expires_at is None:
        return "no end: until somebody revokes it"
    return datetime.fromtimestamp(record.expires_at, UTC).isoformat(" ", "minutes")


@keys_app.command("rotate")
def rotate_key(
    key_id: str,
    grace_s: Annotated[float, typer.Option(min=0, help="How long the old one still works.")] = 86400.0,
    as_json: JsonOutput = False,
) -> None:
    """Issue the next key of the same account and print it, once; the old one ends after a grace."""
    show.new_keys(console, accounts.rotate(store_url(), key_id, grace_s), as_json)


@keys_app.command("revoke")
def revoke_key(key_id: str, as_json: JsonOutput = False) -> None:
    """Make a key worthless within two seconds, with all keys that it follows and that follow it."""
    gone = accounts.revoke(store_url(), key_id)
    tell({"revoked": gone}, f"revoked {', '.join(gone)}", as_json)


@keys_app.command("resume")
def resume_keys(key_id: list[str], as_json: JsonOutput = False) -> None:
    """Let keys that a restored backup brought back work again: those alone that were not revoked since it was taken."""
    for each in key_id:
        accounts.resume(store_url(), each)
    tell({"resumed": key_id}, "\n".join(f"{each} works again" for each in key_id), as_json)


@keys_app.command("rotate-master")
def rotate_master(as_json: JsonOutput = False) -> None:
    """Wrap every sealed input's key with a new master key, while the service runs. With HITL_MASTER_KEY="new,old" in the
    environment: with the new one of the two."""
    settings = Settings()
    if settings.master_key is not None:
        ring = Keyring(parse_masters(settings.master_key.get_secret_value(), "HITL_MASTER_KEY"))
        count = master_key.rewrap(store_url(), ring, settings.archive)
        tell({"wrapped": count}, f"{count} keys wrapped anew: the old master key may go", as_json)
        return
    path: Path = settings.master_key_file or place_of(settings.data_dir).master_key
    count = master_key.rotate_file(store_url(), path, settings.archive)
    told = {"wrapped": count, "file": str(path)}
    tell(told, f"{count} keys wrapped anew with the new master key in {path}", as_json)
