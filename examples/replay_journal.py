"""Replay the journal without the product: verify every hash chain, fold the events, compare with the live state.

Written from docs/journal.md alone, with the standard library, a Redis client and a Parquet reader; it imports nothing of the
product.

    python examples/replay_journal.py --redis-url redis://127.0.0.1:6379/0 --api http://127.0.0.1:8000 --key "$HITL_API_KEY" \
        --archive data/archive

Exits 0 when every chain holds and every shard's folded state is the live one, and 1 otherwise.
"""

import argparse
import hashlib
import json
import os
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import pyarrow.parquet as pq
import redis
from access_folds import fold_access
from journal_folds import fold_approvals
from learning_folds import fold_learning
from review_folds import Difference, fold_reviews
from workflow_folds import fold_workflows

GENESIS = "0" * 64
FOLDS = {"approval": fold_approvals, "workflow": fold_workflows, "learning": fold_learning, "access": fold_access}
"""By shard; all others hold reviews."""

PAGE = 1000
"""Entries a read."""

Reviews: TypeAlias = dict[int, dict[str, Any]]
"""The events that opened the reviews of a partition, by the position of their case: the last one of each."""


# --- the streams ----------------------------------------------------------------------------------


def read_stream(store: Any, key: str) -> Iterator[tuple[int, dict[str, bytes]]]:
    """Every entry as (sequence number, fields)."""
    start = "-"
    while page := store.xrange(key, min=start, count=PAGE):
        for name, fields in page:
            yield int(name.split(b"-")[0]), {field.decode(): value for field, value in fields.items()}
        start = f"({page[-1][0].decode()}"


def chain_hash(previous: str, number: int, body: bytes) -> str:
    return hashlib.sha256(f"{previous}\n{number}\n".encode() + body).hexdigest()


def read_journal(store: Any, shard: str, archive: Path | None) -> Iterator[tuple[int, bytes, str]]:
    """Every entry as (number, body, hash): what left the stream for the archive, then the stream. Entries may leave meanwhile."""
    seq = 0
    while page := read_page(store, shard, archive, seq):
        yield from page
        seq = page[-1][0]


def read_page(store: Any, shard: str, archive: Path | None, after: int) -> list[tuple[int, bytes, str]]:
    """What comes next in the stream; or in the archive, where the stream begins later."""
    rows = store.xrange(f"hitl:{{{shard}}}:journal", min=f"({after}-0", count=PAGE)
    page = [(int(name.split(b"-")[0]), fields[b"b"], fields[b"h"].decode()) for name, fields in rows]
    if archive is None or not page or page[0][0] == after + 1:
        return page
    return read_archived(archive / "journal" / shard, after) or page


def read_archived(folder: Path, after: int) -> list[tuple[int, bytes, str]]:
    """The rest of the first file that goes beyond entry ``after``."""
    for file in sorted(folder.glob("*.parquet")):
        if int(file.stem.split("-")[1]) > after:
            rows = pq.read_table(file, columns=["seq", "hash", "body"]).to_pylist()
            return [(row["seq"], row["body"].encode(), row["hash"]) for row in rows if row["seq"] > after]
    return []


def read_commits(store: Any, shard: str, last_seq: int, last_hash: str, archive: Path | None = None) -> Iterator[dict[str, Any]]:
    """The commits 1 … ``last_seq``, each checked against the one before; the last one must have ``last_hash``."""
    seq, head, epoch = 0, GENESIS, 0
    for number, body, link in read_journal(store, shard, archive):
        if number > last_seq:
            break
        if number != seq + 1 or link != chain_hash(head, number, body):
            raise Difference(f"{shard}: the chain breaks at entry {seq + 1}")
        seq, head = number, link
        commit = json.loads(body)
        if commit["epoch"] < epoch:
            raise Difference(f"{shard}: entry {seq} was written by an old epoch")
        epoch = commit["epoch"]
        yield commit
    if (seq, head) != (last_seq, last_hash):
        raise Difference(f"{shard}: the journal ends at {seq} {head}, the live state is at {last_seq} {last_hash}")


def check_intake(store: Any, key: str, reviews: Reviews) -> int:
    """Check the chain of each gateway in one partition's intake, that each input is the one of its record, and that each
    review is of the case at its position; returns the number of cases."""
    ends: dict[bytes, tuple[int, str]] = {}
    count, before = 0, 0
    left = int(store.hget(key.removesuffix(":cases") + ":border", "archived_to") or 0)
    for seq, fields in read_stream(store, key):
        if seq <= left:  # in the archive, and here only until people have finished with it
            continue
        is_whole = seq - count == 1
        if before and seq != before + 1:
            raise Difference(f"{key}: entry {before + 1} is missing")
        known = ends.get(fields["g"], (0, GENESIS) if is_whole else None)
        ends[fields["g"]] = check_link(key, seq, fields, known)
        record = json.loads(fields["b"])
        if "p" in fields and record["payload_digest"] != hashlib.sha256(record["salt"].encode() + fields["p"]).hexdigest():
            raise Difference(f"{key}: the input of entry {seq} was changed")
        if seq in reviews and any(record[name] != reviews[seq][name] for name in ("case_id", "payload_digest")):
            raise Difference(f"{key}: entry {seq} is not the case of review {reviews[seq]['review_id']}")
        count, before = count + 1, seq
    return count


def check_link(key: str, seq: int, fields: dict[str, bytes], known: tuple[int, str] | None) -> tuple[int, str]:
    """The counter and hash that the gateway's next record follows on; ``known`` are those before this one, None after a trim."""
    number, link = int(fields["n"]), fields["h"].decode()
    if known and (number != known[0] + 1 or link != chain_hash(known[1], number, fields["b"])):
        raise Difference(f"{key}: the chain of gateway {fields['g'].decode()} breaks at entry {seq}")
    return number, link


# --- the comparison -------------------------------------------------------------------------------


def replay(store: Any, get: Callable[[str], Any], archive: Path | None = None) -> dict[str, Any]:
    """What was found, by shard and partition. ``get`` fetches a path of the API."""
    report: dict[str, Any] = {"shards": {}, "intake": {}, "problems": []}
    reviews: dict[str, Reviews] = {}
    live = {found["shard"] for found in get("/v1/journal")["shards"]}
    for shard in sorted(live | tags(store, "hitl:{*}:journal")):
        with noted(report, "shards", shard) as found:
            found["seq"], reviews[shard] = compare(store, shard, get, archive)
    for partition in sorted(tags(store, "hitl:{intake-*}:cases")):
        with noted(report, "intake", partition) as found:
            mine = reviews.get(partition.replace("intake", "review"), {})
            found["cases"] = check_intake(store, f"hitl:{{{partition}}}:cases", mine)
    report["replay_matches"] = bool(report["shards"]) and not report["problems"]
    return report


def tags(store: Any, pattern: str) -> set[str]:
    """The hash tags of the keys that fit ``pattern``."""
    return {key.decode().split("{")[1].split("}")[0] for key in store.scan_iter(pattern)}


@contextmanager
def noted(report: dict[str, Any], part: str, name: str) -> Iterator[dict[str, Any]]:
    """A place in the report; a Difference becomes one of its problems."""
    found: dict[str, Any] = {"matches": True}
    report[part][name] = found
    try:
        yield found
    except Difference as difference:
        found["matches"] = False
        report["problems"].append(str(difference))


def compare(store: Any, shard: str, get: Callable[[str], Any], archive: Path | None) -> tuple[int, Reviews]:
    """Fold the shard up to where its live state stands; returns that entry's number and the reviews that were opened, also those
    that have left the state. Raises Difference."""
    live = get(f"/v1/journal/{shard}/state")
    fold, opened = FOLDS.get(shard, fold_reviews), Reviews()
    state = fold(noting(read_commits(store, shard, live["seq"], live["hash"], archive), opened))
    for part in sorted(state.keys() | live["state"].keys()):
        if state.get(part) != live["state"].get(part):
            raise Difference(f"{shard}: {part!r} differs from the live state at entry {live['seq']}")
    return live["seq"], opened


def noting(commits: Iterator[dict[str, Any]], opened: Reviews) -> Iterator[dict[str, Any]]:
    """``commits``, with the events that open reviews put into ``opened``."""
    for commit in commits:
        opened.update({event["position"]: event for event in commit["events"] if event["type"] == "ReviewOpened"})
        yield commit


def fetch(api: str, key: str, path: str) -> Any:
    request = urllib.request.Request(f"{api.rstrip('/')}{path}", headers={"Authorization": f"Bearer {key}"})
    with urllib.request.urlopen(request, timeout=60) as response:
        return json.load(response)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--redis-url", default=os.environ.get("REDIS_URL"), required="REDIS_URL" not in os.environ)
    parser.add_argument("--api", default="http://127.0.0.1:8000")
    parser.add_argument("--key", default=os.environ.get("HITL_API_KEY", ""), help="an operator's key, or HITL_API_KEY")
    parser.add_argument("--archive", type=Path, help="the directory to which old entries were moved")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    args = parser.parse_args()
    report = replay(redis.Redis.from_url(args.redis_url), lambda path: fetch(args.api, args.key, path), args.archive)
    print(json.dumps(report) if args.json else as_text(report))
    return 0 if report["replay_matches"] else 1


def as_text(report: dict[str, Any]) -> str:
    lines = [f"{name}: {json.dumps(found)}" for part in ("shards", "intake") for name, found in report[part].items()]
    verdict = "the replay matches the live state" if report["replay_matches"] else "the replay differs"
    return "\n".join([*lines, *report["problems"], verdict])


if __name__ == "__main__":
    sys.exit(main())
