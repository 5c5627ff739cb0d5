"""Where models answer when they do not run inside the gateway: a deployment of their own, with its own replicas and GPUs."""
