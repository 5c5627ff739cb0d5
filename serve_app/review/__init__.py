"""The review application: what its routes stand on."""
