"""The report as numbers for Prometheus; units stand in the names."""

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from lotto.report.figures import Report
from lotto.report.verdict import concerns
from lotto.watch.state import State


def written(report: Report, draws: Mapping[str, int], position: int) -> bytes:
    """The exposition text. A figure that nobody can tell now (the queue is away, nothing waits) is left out."""
    registry = CollectorRegistry()

    def gauge(name: str, says: str, *labels: str) -> Gauge:
        return Gauge(f"lotto_{name}", says, labels, registry=registry)

    known = gauge("draws", "Draws the ledger knows", "lottery")
    for lottery, count in draws.items():
        known.labels(lottery).set(count)
    gauge("position", "Number of the event said last").set(position)
    gauge("concerns", "Things that need a person").set(len(concerns(report)))
    gauge("relay_up", "Whether a relay speaks").set(report.speaker)
    gauge("queue_up", "Whether the queue answers").set(report.queue_away is None)

    gauge("outbox_waiting", "Events that wait to be said").set(sum(one.waiting for one in report.outbox))
    age = gauge("outbox_oldest_seconds", "Since the oldest of them was written; 0 when none waits")
    age.set(max((one.oldest_seconds for one in report.outbox), default=0.0))

    at = ("stream", "group")
    lag = gauge("stream_lag", "Entries a group has not read", *at)
    pending = gauge("stream_pending", "Entries a group has in hand", *at)
    in_hand = gauge("stream_oldest_pending_seconds", "Since the oldest of those was said; 0 when none is in hand", *at)
    oldest = gauge("stream_oldest_waiting_seconds", "Since the oldest entry was said that a group is not through", *at)
    heard = gauge("stream_unheard_seconds", "Since any consumer of a group was heard of", *at)
    for group in report.groups:
        name = (group.stream, group.group)
        if group.lag is not None:
            lag.labels(*name).set(group.lag)
        pending.labels(*name).set(group.pending)
        in_hand.labels(*name).set(group.oldest_pending_seconds or 0.0)
        oldest.labels(*name).set(group.oldest_seconds or 0.0)
        if group.heard_seconds is not None:
            heard.labels(*name).set(group.heard_seconds)

    dead = gauge("dead_letters", "Events that a service gave up on", "consumer")
    for consumer in sorted({one.group for one in report.groups} | report.dead.keys()):
        dead.labels(consumer).set(report.dead.get(consumer, 0))
    posts = gauge("posts", "Posts by account and state", "account", "state")
    overdue = gauge("posts_overdue_seconds", "How late the most overdue of them is", "account", "state")
    for some in report.posts:
        posts.labels(some.account, some.state).set(some.count)
        if some.state in ("planned", "sending", "unknown"):
            overdue.labels(some.account, some.state).set(some.overdue_seconds)
    resting = gauge("account_resting", "Whether nothing is posted at an account for now", "account", "network")
    for account in report.accounts:
        resting.labels(account.name, account.network).set(bool(account.resting))
    webhooks = gauge("webhooks", "Webhooks that are told what happens, and those that rest", "state")
    webhooks.labels("awake").set(report.webhooks.awake)
    webhooks.labels("resting").set(report.webhooks.resting)
    messages = gauge("webhook_messages", "Messages on their way, and those given up that are still kept", "state")
    messages.labels("waiting").set(report.webhooks.waiting)
    messages.labels("failed").set(report.webhooks.failed)
    gauge("webhook_overdue_seconds", "How late the most overdue message is").set(report.webhooks.overdue_seconds)
    unread = gauge("source_unread_seconds", "Since a source last gave a page that was understood", "source")
    for source in report.sources:
        if source.read_seconds is not None:
            unread.labels(source.name).set(source.read_seconds)
    up_to = gauge("source_state", "What a source is up to: 1 at its state, 0 at the others", "source", "state")
    since = gauge("source_state_seconds", "Since it is in that state, where anyone can tell", "source", "state")
    until = gauge("source_next_ask_seconds", "Until it is asked next; below 0: it is due and was not asked", "source")
    for source in report.sources:
        for state in State:
            up_to.labels(source.name, state.value).set(source.state is state)
        if source.since_seconds is not None:
            since.labels(source.name, source.state.value).set(source.since_seconds)
        if source.next_seconds is not None:
            until.labels(source.name).set(source.next_seconds)
    gauge("lotteries_late", "Lotteries of which no source has shown a draw that should be out").set(len(report.late))
    return generate_latest(registry)
