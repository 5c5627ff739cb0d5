"""``python -m hitl.cli``: the command without an installed script."""

from hitl.cli.main import main

main()
