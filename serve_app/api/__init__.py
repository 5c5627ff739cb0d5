"""The review application: routes, request bodies and live updates."""
