"""The console: built from ``web/`` into ``dist/``, served by the review application itself."""
