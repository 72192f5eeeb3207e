"""Spans of the ticket checker; frontend/test/span.test.ts claims the same of the browser's."""

from datetime import date

import pytest

from lotto.web.spans import Span

NEWEST, RULES = date(2024, 3, 1), date(2021, 8, 23)


@pytest.mark.parametrize(
    ("query", "since", "until"),
    [
        ({}, NEWEST, NEWEST),
        ({"span": "newest"}, NEWEST, NEWEST),
        ({"span": "month"}, date(2024, 1, 31), NEWEST),
        ({"span": "year"}, date(2023, 3, 2), NEWEST),
        ({"span": "rules"}, RULES, None),
        ({"span": "all"}, None, None),
        ({"span": "days", "from": "2020-01-02", "to": "2020-02-03"}, date(2020, 1, 2), date(2020, 2, 3)),
        ({"span": "days", "from": "yesterday"}, None, None),
        ({"span": "nonsense"}, NEWEST, NEWEST),
    ],
)
def test_a_span_of_an_address_is_a_stretch_of_days(query, since, until):
    assert Span.read(query).days(NEWEST, RULES) == (since, until)
