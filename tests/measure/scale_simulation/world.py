"""The product on machines: gateways with their micro-batches, stores, review shards, the keeper, and the people who review."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.measure.scale_simulation.costs import QUESTIONS, US, Costs
from tests.measure.scale_simulation.engine import Action, Bulk, Clock, Cores, Process, varied

MAX_ROWS = 64
"""Cases of a micro-batch (serve_app.decisions.batcher.MAX_ROWS)."""

STAGES = 4
"""Pieces of work vary by half of their mean: an assumption."""

TICK_S = 0.01
KEEPER_EVERY_S = 0.02
"""The product looks every half second; here a short run shall see many looks."""

PAGE = 20
"""Cases that the keeper reads in one piece: a system with fewer cores than work would interrupt a longer one."""

MACHINE, STORE_NODE = "machine", "store"


@dataclass(frozen=True, slots=True)
class Layout:
    """What is where. Each machine has its gateways, one review replica and its part of the ``partitions``; the stores stand on
    machines of their own unless ``is_store_beside``. ``other_cores`` are what other work takes of each machine."""

    machines: int = 1
    cores: int = 4
    gateways: int = 3
    partitions: int = 1
    stores: int = 1
    has_keeper: bool = True
    is_store_beside: bool = False
    other_cores: float = 0.0


@dataclass(slots=True)
class Told:
    """What happened after the warm-up: seconds from request to answer, cases that were asked for, reviews that were done."""

    took_s: list[float] = field(default_factory=list)
    claims_s: list[float] = field(default_factory=list)
    asked: int = 0
    reviewed: int = 0


class Product:
    """All processes on their machines. ``stages`` says how much each piece of work varies (engine.varied)."""

    def __init__(self, clock: Clock, layout: Layout, costs: Costs, stages: int = STAGES) -> None:
        self.clock, self.layout, self.costs, self._stages = clock, layout, costs, stages
        self.machines = [Cores(clock, layout.cores) for _ in range(layout.machines)]
        beside = self.machines[0]
        homes = [beside if layout.is_store_beside else Cores(clock, layout.cores) for _ in range(layout.stores)]
        self.stores = [Process("store", home) for home in homes]
        self.ingresses = [Process("review ingress", each) for each in self.machines]
        self.shards = [Process("review shard", self._machine_of(n)) for n in range(layout.partitions)]
        self.keeper = Process("keeper", beside)
        self.gateways = [_Gateway(self, machine) for machine in self.machines for _ in range(layout.gateways)]
        self.unread = 0
        self._appends = [Bulk(each, self._append_s, costs.fsync * US) for each in self.stores]
        self._openings = [Bulk(each, lambda _, cases: self.work(cases * costs.shard_case)) for each in self.shards]
        self._begin_background()

    @property
    def processes(self) -> list[Process]:
        keeper = [self.keeper] if self.layout.has_keeper else []
        return [*(each.process for each in self.gateways), *self.stores, *self.ingresses, *self.shards, *keeper]

    def work(self, microseconds: float) -> float:
        """Return the seconds of one piece of work with this mean."""
        return varied(self.clock.rng, microseconds * US, self._stages)

    def ask(self, partition: int, answered: Action) -> None:
        """Ask for a decision: through the proxy of a machine, by any of the gateways."""
        number, chosen = self.clock.rng.randrange(len(self.machines)), self.clock.rng.randrange(len(self.gateways))
        through = self.work(self.costs.proxy_case + self.costs.ray_case)
        self.machines[number].run(through, lambda: self.gateways[chosen].accept(partition, answered))

    def append(self, partition: int, cases: int, done: Action) -> None:
        """One durable append of a micro-batch; the store takes all that wait, and pays one fsync for them."""
        self._appends[partition % len(self.stores)].add(cases, done)

    def stored(self, partition: int, cases: int) -> None:
        """What follows the append of these cases: the shard opens reviews and writes them, the keeper has more to read."""
        self.unread += cases
        self._openings[partition].add(cases, lambda: self._write(partition))

    def claim(self, leased: Callable[[int], None]) -> None:
        """Ask all shards and take of one; ``leased`` is told which."""
        partition, shards = self.clock.rng.randrange(self.layout.partitions), self.layout.partitions
        asking = QUESTIONS * shards * self.costs.ingress_ask if shards > 1 else 0.0
        self._through(asking, lambda: self._ask_all(lambda: self._take(partition, lambda: leased(partition))))

    def answer(self, partition: int, done: Action) -> None:
        """Answer what was claimed of this shard; the keeper tells MLflow and counts it."""
        self._through(0.0, lambda: self._take(partition, done))
        if self.layout.has_keeper:
            self.keeper.do(lambda: self.work(self.costs.keeper_review), lambda: None)

    def _through(self, asking: float, done: Action) -> None:
        """A proxy and a review replica: half of what a claim and its answer take of them, and ``asking`` more."""
        ingress = self.ingresses[self.clock.rng.randrange(len(self.ingresses))]
        proxied = self.work(self.costs.proxy_review / 2.0)
        ingress.cores.run(proxied, lambda: ingress.do(lambda: self.work(self.costs.ingress_review / 2.0 + asking), done))

    def _ask_all(self, done: Action, rounds: int = QUESTIONS) -> None:
        if self.layout.partitions == 1 or not rounds:
            return done()
        left = len(self.shards)

        def answered() -> None:
            nonlocal left
            left -= 1
            if not left:
                self._ask_all(done, rounds - 1)

        for shard in self.shards:
            shard.do(lambda: self.work(self.costs.shard_ask), answered)

    def _take(self, partition: int, done: Action) -> None:
        """A claim or an answer at its shard, durable before it is told."""
        cost = self.costs.shard_review / 2.0
        self.shards[partition].do(lambda: self.work(cost), lambda: self._write(partition, done, self.costs.store_review / 2.0))

    def _write(self, partition: int, done: Action = lambda: None, microseconds: float = 0.0) -> None:
        """An append to the journal of a shard: as a case's, in what the store takes, where nothing else was measured."""
        cases = microseconds / self.costs.store_case if self.costs.store_case else 0.0
        self._appends[partition % len(self.stores)].add(cases, done)

    def _append_s(self, batches: int, cases: float) -> float:
        return self.work(batches * self.costs.store_batch + cases * self.costs.store_case)

    def _machine_of(self, number: int) -> Cores:
        return self.machines[number % len(self.machines)]

    def _begin_background(self) -> None:
        """What takes cores whatever comes: the fixed part of every machine, and other work."""
        for machine in self.machines:
            self._repeat(machine, self.costs.fixed_node)
            for part in _parts(self.layout.other_cores):
                self._repeat(machine, part)
        if self.layout.has_keeper:
            self._repeat(self.machines[0], self.costs.fixed_keeper)
            self._read()

    def _repeat(self, cores: Cores, share: float) -> None:
        def again() -> None:
            cores.run(share * TICK_S, lambda: None)
            self.clock.after(TICK_S, again)

        if share:
            self.clock.after(self.clock.rng.random() * TICK_S, again)

    def _read(self) -> None:
        """The keeper reads what was appended since, page by page, and looks again a little after the last."""
        read = min(self.unread, PAGE)
        self.unread -= read
        pause_s = 0.0 if self.unread else KEEPER_EVERY_S
        self.keeper.do(lambda: self.work(read * self.costs.keeper_case), lambda: self.clock.after(pause_s, self._read))


class _Gateway:
    """One replica with a micro-batch at a time for each partition."""

    def __init__(self, product: Product, cores: Cores) -> None:
        self.product, self.process = product, Process("gateway", cores)
        self._waiting: list[list[Action]] = [[] for _ in range(product.layout.partitions)]
        self._runs = [False] * product.layout.partitions

    def accept(self, partition: int, answered: Action) -> None:
        def parsed() -> None:
            self._waiting[partition].append(answered)
            if not self._runs[partition]:
                self._runs[partition] = True
                self._decide(partition)

        half = self.product.costs.gateway_case / 2.0
        self.process.do(lambda: self.product.work(half), parsed)

    def _decide(self, partition: int) -> None:
        batch: list[Action] = []

        def begin() -> float:
            waiting, costs = self._waiting[partition], self.product.costs
            batch.extend(waiting[:MAX_ROWS])
            del waiting[:MAX_ROWS]
            return self.product.work(costs.gateway_batch + len(batch) * costs.gateway_case / 2.0)

        self.process.do(begin, lambda: self.product.append(partition, len(batch), lambda: self._answer(partition, batch)))

    def _answer(self, partition: int, batch: list[Action]) -> None:
        for answered in batch:
            answered()
        self.product.stored(partition, len(batch))
        self._runs[partition] = bool(self._waiting[partition])
        if self._runs[partition]:
            self._decide(partition)


def _parts(cores: float) -> list[float]:
    """Whole cores, and what is left."""
    return [1.0] * int(cores) + ([cores % 1.0] if cores % 1.0 else [])
