"""Telling programs what happens."""
