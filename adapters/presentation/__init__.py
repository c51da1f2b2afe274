"""Presentation: facts become sentences, in the reader's language, for pages and mails alike."""
