"""The command line. It composes all other packages, and none of them imports it."""
