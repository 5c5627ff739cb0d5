"""What routes share: the caller, the ports and the operations behind several routes."""
