"""`python -m haedap` is the `haedap` command."""

from haedap.cli import main

main()
