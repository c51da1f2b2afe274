"""iCalendar feeds: one file behind one secret address."""
