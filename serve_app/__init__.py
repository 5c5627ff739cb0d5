"""The HTTP and WebSocket service on Ray Serve: the gateway, the review application and the reconcilers."""
