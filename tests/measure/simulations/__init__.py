"""Worlds whose truth is known, to measure whether the statistics keep their promises. All are seeded."""
