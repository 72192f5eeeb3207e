"""The figures of the practice world: what each source said of each draw, one CSV a source. Dates and numbers, no page.

`make.py` took them once from recorded answers of the sources. Nothing is put right here: New York says Mega Ball 6 of
the Mega Millions of 2022-05-10 and Texas 9, New York writes 79 where 079 was drawn, a board leaves a third badge empty
(`-`), another shows two numbers a minute before the third. Draws that nobody recorded are not invented: the boards of
9 August 2025 are missing, and so is one board's evening of the 6th.

They are cut to what the chapters need: games drawn two or three times a week from June 2021 to 18 August 2023 (where
the recorded New York file of Mega Millions ends), daily ones from January 2023 to the same day; of New York's Numbers,
Win 4 and Lotto once more from the end of July to the end of September 2025; and the Dominican boards whole, 4 to 14
August 2025.
"""

import csv
from collections.abc import Iterator
from importlib.resources import files


def rows(source: str) -> Iterator[dict[str, str]]:
    """The rows of that source's file, in the order of the file."""
    with (files(__name__) / f"{source}.csv").open(encoding="utf-8") as file:
        yield from csv.DictReader(file)
