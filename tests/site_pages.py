"""Every type of page of the site by its address below a language: what must hold of each is proved over this list."""

PAGES = {
    "board": "",
    "board of a country": "?country=US",
    "lottery": "us_powerball",
    "draw": "us_powerball/2022-05-07",
    "draw of several a day": "us_ny_numbers/2022-05-07/evening",
    "checker": "check?lottery=us_powerball",
    "checked": "check?lottery=us_powerball&span=year&lines=1+2+3+4+5+%2B+6%0A10+20+30+40+50+60+%2B+6",
    "refused": "check?lottery=us_powerball&lines=1+2+3",
    "not to be checked": "check?lottery=us_ny_numbers",
    "embed": "embed/us_powerball",
    "embed builder": "embed?lottery=us_powerball",
    "statistics": "us_powerball/statistics",
    "collections": "collections",
    "collection": "collections/united_states",
    "calendar": "calendar",
    "search": "search?q=powerball",
    "display": "display",
    "about": "about",
    "developers": "developers",
    "newsletter": "newsletter",
    "wall": "wall",
    "sources": "sources",
    "offline": "offline",
    "missing": "us_nothing",
}
"""Name → address. The practised ledger knows draws of us_powerball and us_ny_numbers until May 2022."""
