"""The commands of ``hitl``, one file for each group."""
