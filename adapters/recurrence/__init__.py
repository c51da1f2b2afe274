"""The occurrences of events in iCalendar files."""
