"""`python -m calcinosis_kg` is the command line."""

from calcinosis_kg.cli import main

main()
