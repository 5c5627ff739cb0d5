"""Run the command line as ``python -m hitl.cli``, without an installed script."""

from hitl.cli.main import main

main()
