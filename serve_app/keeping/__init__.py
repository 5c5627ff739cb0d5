"""What runs beside the requests: shard actors kept alive, approved models deployed, the registry's alias following."""
