"""Calendars: when a scope's lotteries are drawn, and what was drawn, for calendar programs (RFC 5545)."""
