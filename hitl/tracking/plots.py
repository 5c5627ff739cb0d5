"""Draw agents at work as SVG: causal chains, call graphs, and key figures over time."""

from collections.abc import Mapping, Sequence
from html import escape
from math import cos, pi, sin

_W, _H = 170, 60
"""Distance of two layers and of two nodes in one, in pixels."""


def causal_chain(edges: Sequence[tuple[str, str, float]]) -> str:
    """Causes on the left, effects on the right; a line is as thick as its effect, red where it lowers.

    ``edges`` are (cause, effect, strength in [-1, 1]). A cycle is cut where it would run back.
    """
    layers = _layers([(a, b) for a, b, _ in edges])
    at = _grid(layers)
    lines = "".join(_line(at[a], at[b], 1 + 5 * abs(s), "#b03030" if s < 0 else "#3060b0", f"{s:+.2f}") for a, b, s in edges)
    depth = 1 + max(layers.values(), default=0)
    tall = max((list(layers.values()).count(layer) for layer in layers.values()), default=1)
    return _svg(_W * depth + 20, _H * tall + 20, lines + "".join(_node(name, *place) for name, place in at.items()))


def collaboration(calls: Mapping[tuple[str, str], int]) -> str:
    """Agents on a circle; a line for each pair that called each other, with the number of calls."""
    names = sorted({name for pair in calls for name in pair})
    radius = 60 + 18 * len(names)
    turn = 2 * pi / max(len(names), 1)
    at = {name: (radius + 80 + radius * cos(i * turn), radius + 40 + radius * sin(i * turn)) for i, name in enumerate(names)}
    lines = "".join(_line(at[a], at[b], 1 + min(count, 8) / 2, "#3060b0", str(count)) for (a, b), count in calls.items())
    return _svg(2 * radius + 160, 2 * radius + 80, lines + "".join(_node(name, *place) for name, place in at.items()))


def kpi_dashboard(courses: Mapping[str, Sequence[float]]) -> str:
    """Return one line chart for each figure, with its first and last value."""
    charts = "".join(_course(name, values, 20 + 90 * i) for i, (name, values) in enumerate(courses.items()))
    return _svg(640, 90 * len(courses) + 20, charts)


def _layers(edges: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Return each name's longest way from a first cause; at most as many rounds as names, so that a cycle ends."""
    layer = {name: 0 for edge in edges for name in edge}
    for _ in range(len(layer)):
        moved = {b: layer[a] + 1 for a, b in edges if layer[b] <= layer[a] and layer[a] + 1 < len(layer)}
        if not moved:
            break
        layer |= moved
    return layer


def _grid(layers: Mapping[str, int]) -> dict[str, tuple[float, float]]:
    seen: dict[int, int] = {}
    at = {}
    for name, layer in layers.items():
        at[name] = (80.0 + _W * layer, 35.0 + _H * seen.get(layer, 0))
        seen[layer] = seen.get(layer, 0) + 1
    return at


def _course(name: str, values: Sequence[float], top: float) -> str:
    label = f'<text x="10" y="{top + 10}">{escape(name)}</text>'
    if not values:
        return label
    low, wide = min(values), (max(values) - min(values)) or 1.0
    step = 400 / max(len(values) - 1, 1)
    points = " ".join(f"{150 + i * step:.1f},{top + 60 - 50 * (value - low) / wide:.1f}" for i, value in enumerate(values))
    ends = f'<text x="10" y="{top + 30}">{values[0]:.4g} → {values[-1]:.4g}</text>'
    return label + ends + f'<polyline points="{points}" fill="none" stroke="#3060b0" stroke-width="2"/>'


def _line(a: tuple[float, float], b: tuple[float, float], width: float, colour: str, label: str) -> str:
    x, y = (a[0] + b[0]) / 2, (a[1] + b[1]) / 2
    drawn = (
        f'<line x1="{a[0]:.0f}" y1="{a[1]:.0f}" x2="{b[0]:.0f}" y2="{b[1]:.0f}" stroke="{colour}" stroke-width="{width:.1f}"/>'
    )
    return drawn + f'<text x="{x:.0f}" y="{y - 4:.0f}">{escape(label)}</text>'


def _node(name: str, x: float, y: float) -> str:
    box = f'<rect x="{x - 62:.0f}" y="{y - 15:.0f}" width="124" height="30" rx="6" fill="#f2f5fa" stroke="#3060b0"/>'
    return box + f'<text x="{x:.0f}" y="{y + 4:.0f}" text-anchor="middle">{escape(name[:20])}</text>'


def _svg(width: float, height: float, inside: str) -> str:
    style = "<style>text{font:12px system-ui,sans-serif;fill:#1a1a1a}</style>"
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}">{style}{inside}</svg>'
