"""`python -m rhetoric` is the command `rhetoric`."""

from rhetoric.cli import main

main()
