"""`python -m orchestration` is `ax`."""

from orchestration.cli import main

main()
