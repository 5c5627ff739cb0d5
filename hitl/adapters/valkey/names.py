"""Names of all keys in the store. Keys of one shard share a hash tag, so that one script may touch them in a cluster."""


def journal(shard: str) -> str:
    return f"hitl:{{{shard}}}:journal"


def epoch(shard: str) -> str:
    return f"hitl:{{{shard}}}:epoch"


def kept_cases(shard: str) -> str:
    """Return the hash case id -> the settled case, compressed; of the approval and the workflow shard,
    the same of what is over."""
    return f"hitl:{{{shard}}}:archived"


def settled_files(shard: str) -> str:
    """Return the hash that maps the number of each file of settled cases, approvals or workflows to its digest; of workflows with
    the spans of time that lists are made by. ``last`` is the newest number."""
    return f"hitl:{{{shard}}}:settled-files"


def cases(partition: int) -> str:
    """Return the stream of all routed cases, ids ``<seq>-0``."""
    return f"{_intake(partition)}:cases"


def refs(partition: int) -> str:
    """Return the stream of the ids of cases that people decide, at the same positions."""
    return f"{_intake(partition)}:refs"


def case_seq(partition: int) -> str:
    return f"{_intake(partition)}:seq"


def case(partition: int, case_id: str) -> str:
    """Return the key of a case's position: its seq."""
    return f"{_intake(partition)}:case:{case_id}"


def serving(partition: int) -> str:
    """Return the hash task -> serving pointer, as JSON."""
    return f"{_intake(partition)}:serving"


def gateway_heads(partition: int) -> str:
    """Return the hash gateway incarnation -> position, number and chain hash of its last record."""
    return f"{_intake(partition)}:heads"


def border(partition: int) -> str:
    """Return the hash with ``archived_to``, the last position that is in the archive, ``epoch``, the number of its writer, and
    ``added``, how often partitions were added to the store: what writers of cases must know."""
    return f"{_intake(partition)}:border"


def segments(partition: int) -> str:
    """Return the hash archived segment -> its digest."""
    return f"{_intake(partition)}:segments"


def deletions(partition: int) -> str:
    """Return the hash place of an archived file -> the digest of the deletion of its cases."""
    return f"{_intake(partition)}:deletions"


def unfinished_deletions(partition: int) -> str:
    """Return the set of the places whose deletion is on the record and not done yet."""
    return f"{_intake(partition)}:deleting"


def key_files(partition: int) -> str:
    """Return the hash that maps each segment of archived cases to the digest of the file of their wrapped keys and the key that
    opens it, or to ``-`` where no case has a key."""
    return f"{_intake(partition)}:key-files"


def wrapped_keys(partition: int) -> str:
    """Return the hash case id -> what opens the case's sealed input."""
    return f"{_intake(partition)}:wrapped"


def approval_keys() -> str:
    """The hash subject -> what opens an approval's sealed values."""
    return "hitl:{approval}:wrapped"


def definitions() -> str:
    """Return the hash ``task:generation`` -> the entry of the approval journal that put the task's definition in force."""
    return "hitl:{approval}:definitions"


def identity_keys() -> str:
    """Return the hash key id -> what is known of the key, as JSON."""
    return "hitl:{identity}:keys"


def identity_accounts() -> str:
    """Return the hash account id -> what it may do, as JSON."""
    return "hitl:{identity}:accounts"


def identity_sessions() -> str:
    """Return the hash digest of a session's token -> the session, as JSON."""
    return "hitl:{identity}:sessions"


def identity_once(digest: str) -> str:
    """Return a ticket, or a sign-in under way: it ends by itself."""
    return f"hitl:{{identity}}:once:{digest}"


def identity_recoveries() -> str:
    """Return the hash id -> what the machine's owner asked for and the journal does not have yet, as JSON."""
    return "hitl:{identity}:recoveries"


def identity_installation() -> str:
    """Whose the store is."""
    return "hitl:{identity}:installation"


def identity_partitions() -> str:
    """Return the key of the number of intake partitions: that the store was made with, and what it became since, and when."""
    return "hitl:{identity}:partitions"


def identity_ownership() -> str:
    """Return the hash of the cluster that owns the store, and of the one that asks for its place."""
    return "hitl:{identity}:ownership"


def identity_cluster(cluster: str) -> str:
    """Return the key of a cluster's age: how many came before it. It ends by itself."""
    return f"hitl:{{identity}}:cluster:{cluster}"


def identity_secret() -> str:
    """Return the secret that case ids are derived with."""
    return "hitl:{identity}:secret"


def outbox(part: str) -> str:
    """Return a part of the outbox: ``cursors``, ``deliveries``, ``due``, ``dead``, ``done``, ``log``, ``counts``, ``puts`` …"""
    return f"hitl:{{outbox}}:{part}"


def metrics(part: str) -> str:
    """Return a part of the counters: ``cursors``, ``starts``, ``averages``, ``all``, ``day:<UTC day>``."""
    return f"hitl:{{metrics}}:{part}"


def _intake(partition: int) -> str:
    return f"hitl:{{intake-{partition}}}"
