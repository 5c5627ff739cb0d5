"""What the routes add to the views of the machines: one answer over all shards, with the input of its cases."""
