"""What an address asks for: a language of ours, and of all lotteries those of a country or a collection."""

from starlette.requests import Request

from lotto.web.choice import Choice
from lotto.web.page import reader_language
from lotto.words import LANGUAGES, Words, speak


class NoSuchPage(Exception):
    """No page has this address."""


def words_of(request: Request) -> Words:
    """The language of the address; raises NoSuchPage where it is none of ours."""
    lang = request.path_params["lang"]
    if lang not in LANGUAGES:
        raise NoSuchPage
    return speak(lang)


def words_or_guess(request: Request) -> Words:
    """The language of the address, else the reader's own."""
    first = request.url.path.lstrip("/").partition("/")[0]
    return speak(first) if first in LANGUAGES else reader_language(request)


def choice_of(request: Request) -> Choice:
    """The country and the collection of the query, empty where none is asked for."""
    asked = request.query_params
    return Choice(asked.get("country", "").upper(), asked.get("collection", ""))
