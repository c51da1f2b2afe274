"""How many jobs a process runs at once unless told otherwise."""

THREADS = 8
