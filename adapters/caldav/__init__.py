"""CalDAV servers: accounts with calendars behind a user name and a password (RFC 4791)."""
