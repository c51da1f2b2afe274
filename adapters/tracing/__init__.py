"""Tracing of a process's requests and jobs."""
