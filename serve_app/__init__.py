"""The HTTP and WebSocket service on Ray Serve: the gateway, the review application and the reconcilers.

The imports of one process make a million objects and hardly any garbage. Python's default searches all of them for some again and
again, a fifth of the time of the imports."""

import gc

gc.set_threshold(100_000, 50, 100)
