"""Figures of the service: counters folded from the journals and the intake, and ratios of them. Pure."""

from hitl.metrics.cases import Smoothed, count_cases
from hitl.metrics.events import count_events
from hitl.metrics.figures import MetricFigure, figures
from hitl.metrics.gains import Gains, Start

__all__ = ["Gains", "MetricFigure", "Smoothed", "Start", "count_cases", "count_events", "figures"]
