"""What training may learn from and how a candidate is judged: frozen data sets, splits, evidence."""

from hitl.learning.dataset import DataSet, Example, freeze
from hitl.learning.split import DataSplit, split_rows

__all__ = ["DataSet", "DataSplit", "Example", "freeze", "split_rows"]
