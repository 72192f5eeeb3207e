"""What stands in a page, for any source to read: tables, markup, documents, archives, days, money. Pure.

All of it is loud: what is too long, cut short, broken or somebody else's is PageChanged with a sentence.
"""

from lotto.scraper.contents.archive import members
from lotto.scraper.contents.dates import day, instant, months, written_day
from lotto.scraper.contents.document import document, documents
from lotto.scraper.contents.draws import once
from lotto.scraper.contents.markup import only, place, stranger, text, tree
from lotto.scraper.contents.money import amount
from lotto.scraper.contents.table import rows
from lotto.scraper.contents.text import decoded
from lotto.scraper.contents.workbook import sheet

__all__ = [
    "amount",
    "day",
    "decoded",
    "document",
    "documents",
    "instant",
    "members",
    "months",
    "once",
    "only",
    "place",
    "rows",
    "sheet",
    "stranger",
    "text",
    "tree",
    "written_day",
]
