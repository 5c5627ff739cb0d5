"""The durable, ordered, hash-chained record of one shard's events."""

from hitl.journal.entry import GENESIS, Commit, Effect, Entry, chain_hash, follow
from hitl.journal.ports import Journal

__all__ = ["GENESIS", "Commit", "Effect", "Entry", "Journal", "chain_hash", "follow"]
