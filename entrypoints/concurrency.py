"""The number of jobs that a process runs at once, and how long they may take to end."""

THREADS = 8
"""Unless told otherwise."""

STOP_WITHIN_MS = 9_000
"""For the jobs under way, and once more for what fetches new ones. Those that take longer are left to their lease."""
