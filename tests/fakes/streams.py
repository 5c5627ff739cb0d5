"""A store's streams in memory, with the calls that a reader of the journal needs."""

from fnmatch import fnmatchcase

from hitl.journal import GENESIS, Entry, chain_hash

Fields = dict[bytes, bytes]


class Streams:
    """``entries[key][seq]`` are the fields of an entry."""

    def __init__(self) -> None:
        self.entries: dict[str, dict[int, Fields]] = {}

    def add_journal(self, shard: str, entries: list[Entry]) -> None:
        fields = {entry.seq: {b"b": entry.body, b"h": entry.hash.encode()} for entry in entries}
        self.entries[f"hitl:{{{shard}}}:journal"] = fields

    def add_case(self, partition: int, gateway: str, body: bytes) -> None:
        stream = self.entries.setdefault(f"hitl:{{intake-{partition}}}:cases", {})
        mine = [fields for fields in stream.values() if fields[b"g"] == gateway.encode()]
        number, before = len(mine) + 1, mine[-1][b"h"].decode() if mine else GENESIS
        link = chain_hash(before, number, body).encode()
        stream[max(stream, default=0) + 1] = {b"b": body, b"g": gateway.encode(), b"n": b"%d" % number, b"h": link}

    def hget(self, key: str, field: str) -> None:
        """Nothing has left for the archive."""

    def scan_iter(self, pattern: str) -> list[bytes]:
        return [key.encode() for key in self.entries if fnmatchcase(key, pattern)]

    def xrange(self, key: str, min: str, count: int) -> list[tuple[bytes, Fields]]:
        after = 0 if min == "-" else int(min.removeprefix("(").split("-")[0])
        stream = sorted(self.entries.get(key, {}).items())
        return [(b"%d-0" % seq, fields) for seq, fields in stream if seq > after][:count]
