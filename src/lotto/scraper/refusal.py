"""How a site says that it does not let us in: by its status, or by a page that asks for proof of a person."""

from lotto.door import Answer

SHUT = frozenset({401, 403, 407, 429, 451})
"""Statuses that mean us, not the page."""

SIGNS = {
    b"/cdn-cgi/challenge-platform/": "Cloudflare",
    b"cf-chl-": "Cloudflare",
    b"attention required! | cloudflare": "Cloudflare",
    b"captcha-delivery.com": "DataDome",
    b"_incapsula_resource": "Imperva",
    b"px-captcha": "HUMAN",
    b"errors.edgesuite.net": "Akamai",
    b"awswafcookiedomainlist": "AWS WAF",
    b"sucuri website firewall": "Sucuri",
    b"hcaptcha.com/1/api.js": "hCaptcha",
    b"recaptcha/api.js": "reCAPTCHA",
    b"web page blocked": "a web filter",
    b"access denied": "a firewall",
}
"""What stands on a page that was put in the place of another, in small letters → whose page it is."""

HEADERS = {"cf-mitigated": "Cloudflare", "x-amzn-waf-action": "AWS WAF", "x-datadome": "DataDome"}

LOOKED_AT = 200_000
"""So many bytes of a page are looked at; such pages are short."""


def refusal(answer: Answer, *, is_page: bool) -> str:
    """A sentence if this answer is a refusal, else nothing.

    Ordinary pages carry some of the signs too: of an answer that was read without trouble nobody asks (`is_page`
    tells that the status says there is a page and that its reader did not know it).
    """
    if answer.status in SHUT:
        whose = _whose(answer)
        return f"It does not let us in: it answered {answer.status}" + (f", by {whose}." if whose else ".")
    if (is_page or answer.status >= 500) and (whose := _whose(answer)):
        return f"It does not let us in: {whose} answered in its place."
    return ""


def _whose(answer: Answer) -> str:
    # DataDome marks every answer of a site that it guards, so its header tells something of a refused one alone.
    marked = (whose for name, whose in HEADERS.items() if name in answer.headers and answer.status != 200)
    body = answer.body[:LOOKED_AT].lower()
    return next(marked, "") or next((whose for sign, whose in SIGNS.items() if sign in body), "")
