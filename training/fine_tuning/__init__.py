"""Train an encoder together with its head: a small network of the product's own, for pictures or for texts."""
