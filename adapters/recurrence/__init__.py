"""When the events of iCalendar files take place."""
