"""What a process tells of the course of its requests and jobs."""
