"""Writes ``docs/events.json``, the catalogue of the events that webhooks tell of.

Run it after a change of an event; a test compares.
"""

from pathlib import Path

from hitl.outbox.catalogue import catalogue_text

FILE = Path(__file__).parent / "events.json"

if __name__ == "__main__":
    FILE.write_text(catalogue_text())
