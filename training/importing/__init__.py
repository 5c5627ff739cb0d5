"""Bring a model that was trained elsewhere: convert it in the caller's process, compare, calibrate, ask for approval."""
