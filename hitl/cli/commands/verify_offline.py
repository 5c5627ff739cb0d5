"""``hitl verify --offline``: check copied journals by the public key of their writer, without a store or a service."""

import gzip
import json
from base64 import b64decode
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypedDict

from hitl.adapters.files.segments import SUFFIX, unpacked
from hitl.cli.commands.verify import Verified
from hitl.errors import ChainBroken, EntryForged, InvalidInput
from hitl.journal.entry import GENESIS, Entry, check_link
from hitl.journal.signature import KEY_BYTES, SignatureCheck

Copied = dict[int, Entry]
"""The entries of one journal by seq."""


def verify_copies(files: Sequence[Path], public_keys: Sequence[str]) -> list[Verified]:
    """Return every journal in ``files``, which are backups of the product, parts of one, or an archive's segments.

    Each journal must be there from its first entry on, and from its first signed entry on each batch must be signed with
    one of ``public_keys``. Raises InvalidInput, also where no file holds an entry, ChainBroken, and EntryForged, also for a
    journal without any signature."""
    keys = [_key(text) for text in public_keys]
    journals: dict[str, Copied] = defaultdict(dict)
    for path in files:
        for shard, entries in _read(path):
            if entries:  # a backup's other files have none: keys, cases
                _add(shard, journals[shard], entries)
    if not journals:
        raise InvalidInput("/files", f"at least one entry of a journal: {', '.join(map(str, files))} has none")
    return [_verified(shard, entries, keys) for shard, entries in sorted(journals.items())]


def _key(text: str) -> str:
    """Return a key in hexadecimal, or a file that holds one."""
    found = Path(text).read_text().strip() if Path(text).is_file() else text
    if len(found) != 2 * KEY_BYTES or any(each not in "0123456789abcdef" for each in found):
        raise InvalidInput("/public-key", f"{2 * KEY_BYTES} hexadecimal characters, or a file that holds them")
    return found


def _read(path: Path) -> Iterator[tuple[str, list[Entry]]]:
    """Yield the journals in ``path``, by shard."""
    if path.is_dir():
        for inside in sorted([*path.rglob(f"journal/*/*{SUFFIX}"), *path.rglob("store/*.gz"), *path.glob(f"*{SUFFIX}")]):
            yield from _read(inside)
    elif path.suffix == SUFFIX:
        shard = path.absolute().parent.name
        yield shard, unpacked(shard, int(path.name.split("-")[0]), path.read_bytes())
    elif path.suffix == ".gz":
        yield path.name.removesuffix(".gz"), _journal_lines(path)
    else:
        raise InvalidInput("/files", f"a backup, store/<shard>.gz or journal/<shard>/*{SUFFIX}, not {path}")


def _journal_lines(path: Path) -> list[Entry]:
    """Return the entries of the journal among the lines of a backup (hitl.adapters.valkey.store_copy)."""
    with gzip.open(path) as rows:
        lines = [json.loads(row) for row in rows]
    return [_entry(line) for line in lines if line["key"].endswith("}:journal")]


class _JournalLine(TypedDict):
    """An entry as a backup writes it; the values of ``fields`` are base64."""

    key: str
    id: str
    fields: dict[str, str]


def _entry(line: _JournalLine) -> Entry:
    fields = {name: b64decode(value) for name, value in line["fields"].items()}
    seq = int(line["id"].split("-")[0])
    return Entry(seq, fields["b"], fields["h"].decode(errors="replace"), fields.get("s", b"").decode(errors="replace"))


def _add(shard: str, known: Copied, entries: Sequence[Entry]) -> None:
    """Raises ChainBroken where two copies of an entry differ."""
    for entry in entries:
        if known.setdefault(entry.seq, entry) != entry:
            raise ChainBroken(shard, entry.seq)


def _verified(shard: str, entries: Copied, keys: Sequence[str]) -> Verified:
    check, seq, head = SignatureCheck(shard, lambda _: keys, None), 0, GENESIS
    for entry in (entries[number] for number in sorted(entries)):
        check_link(shard, head, seq + 1, entry)
        check.take(entry)
        seq, head = entry.seq, entry.hash
    signed_from = check.finish()
    if signed_from is None:
        raise EntryForged(shard, 1, "the copy has no signature at all")
    return Verified(f"journal of {shard}", seq, head, signed_from)
