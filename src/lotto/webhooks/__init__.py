"""Webhooks: how something is brought to a server of somebody's, and how he knows that it is from us."""
