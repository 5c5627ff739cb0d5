"""Ray: shards as actors, training jobs and bulk scoring."""
