"""What training may learn from and how a candidate is judged: frozen data sets, splits, evidence."""

from hitl.learning.dataset import DataSet, Example, freeze
from hitl.learning.split import Split, split_rows

__all__ = ["DataSet", "Example", "Split", "freeze", "split_rows"]
