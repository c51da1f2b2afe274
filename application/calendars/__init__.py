"""Calendars that are kept elsewhere, whose busy times nobody can book."""
