"""Command line: one module a command; `openmeso --help` lists them."""
