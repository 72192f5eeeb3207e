"""The audit room: what all sources ever said of a lottery, compared; what contradicts, and what is missing."""

from lotto.audit.compare import Audited, compare
from lotto.audit.finding import Finding, Kind, Tally

__all__ = ["Audited", "Finding", "Kind", "Tally", "compare"]
