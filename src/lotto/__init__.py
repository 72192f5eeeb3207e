"""Lotto publishes lottery results: from the draw to every screen in seconds; never wrong, never lost, never twice."""
