"""The queue room: what one service says, the others hear, also those that were asleep when it was said.

Transport only: an entry is an event's id and its document, opaque here, and PostgreSQL stays the truth. Whatever the
broker loses, be it by a wipe, an eviction or a cut tail, the reconciler says again, so a loss is a delay.

What lies in the broker (Redis 7 or later, or Valkey), all of it:

- `new_result`, `image_ready`: streams, one entry an event. Fields: `id` (the event's id, text) and `event` (its
  CloudEvents document, bytes). Trimmed behind the slowest enrolled group, never by length.
- on each stream one consumer group for each service that hears it, bearing the service's name (`imaker`, `publisher`):
  how far it has read, and what it took and has not finished. Consumers in a group bear the names `house` gives them.
- Pub/Sub channels, which hold nothing: they only wake live pages, who then look for themselves. A channel belongs to
  the whole server, not to one of its numbered databases.

The contract of every consumer: delivery is at least once; `handle` must be safe to hear twice.
"""
