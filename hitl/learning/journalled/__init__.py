"""What learning must not forget or do twice, as one pure machine: retrainings that were triggered, and overrides."""

from hitl.learning.journalled.machine import LearningMachine

__all__ = ["LearningMachine"]
