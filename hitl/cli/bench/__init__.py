"""Measurements that `make bench` writes to build/bench."""
