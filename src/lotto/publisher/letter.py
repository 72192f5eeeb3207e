"""Letters: what subscribers to a newsletter are sent, as text and as HTML with the picture in it."""

import re
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from html import escape
from urllib.parse import quote

from lotto.publisher.dialects.subscribed import Receiver
from lotto.publisher.networks.network import Sheet
from lotto.words import Words, speak

_LINK = re.compile(r"https?://[^\s<>\"]+")

_HTML = """<!doctype html>
<html lang="{lang}" dir="{direction}"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"></head>
<body style="margin:0;padding:24px;font:16px/1.5 system-ui,sans-serif"><div style="max-width:600px;margin:0 auto">
{picture}<p style="font-size:18px">{text}</p>
<hr style="border:0;border-top:1px solid #8884;margin:24px 0">
<p style="font-size:13px;opacity:.75">{why} <a href="{leave}" style="color:inherit">{leaving}</a></p>
</div></body></html>
"""


def result(sender: Address, site: str, receiver: Receiver, sheet: Sheet, lang: str) -> EmailMessage:
    """The letter that tells a post to him; sent again, it has the same Message-ID.

    It says how to leave, by a header that mail programs follow with one click (RFC 8058), and in words.
    """
    words, own = speak(lang), speak(receiver.lang)
    subject = sheet.text.partition("\n")[0]
    leave = page(site, receiver, "unsubscribe")
    letter = _letter(sender, receiver, subject, sheet.planned_at, f"{sheet.key}.{receiver.id}")
    letter["List-Unsubscribe"] = f"<{leave}>"
    letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    letter["List-Id"] = f"<newsletter.{sender.domain}>"
    why, leaving = own.say("letter.why"), own.say("letter.leave")
    letter.set_content(f"{sheet.text}\n\n-- \n{why}\n{leaving}: {leave}\n")
    picture = f'<img src="cid:{sheet.key}" alt="{escape(sheet.alt)}" width="600" style="max-width:100%;height:auto">'
    html = _HTML.format(
        lang=escape(lang),
        direction=words.direction,
        title=escape(subject),
        picture=f"{picture}\n" if sheet.image is not None else "",
        text=_linked(sheet.text),
        why=escape(why),
        leave=escape(leave),
        leaving=escape(leaving),
    )
    letter.add_alternative(html, subtype="html")
    if sheet.image is not None:
        kind, _, form = sheet.media.partition("/")
        whole = letter.get_payload()[1]  # type: ignore[index] # the alternative just added
        whole.add_related(  # type: ignore[union-attr]
            sheet.image, kind, form, cid=f"<{sheet.key}>", filename=sheet.file, disposition="inline"
        )
    return letter


def confirmation(sender: Address, site: str, receiver: Receiver, now: datetime) -> EmailMessage:
    """The letter that asks whether it was he who subscribed; nothing else is sent to him before he says so."""
    words = speak(receiver.lang)
    letter = _letter(sender, receiver, words.say("letter.confirm.subject"), now, f"confirm.{receiver.id}")
    letter.set_content(_confirming(words, page(site, receiver, "confirm")))
    return letter


def page(site: str, receiver: Receiver, what: str) -> str:
    """Where he confirms or leaves."""
    return f"{site}/{receiver.lang}/newsletter/{what}?token={quote(receiver.token)}"


def _confirming(words: Words, link: str) -> str:
    return f"{words.say('letter.confirm.text')}\n\n{link}\n\n{words.say('letter.confirm.else')}\n"


def _letter(sender: Address, receiver: Receiver, subject: str, at: datetime, name: str) -> EmailMessage:
    letter = EmailMessage()
    letter["From"] = sender
    letter["To"] = receiver.address["email"]
    letter["Subject"] = subject
    letter["Date"] = format_datetime(at)
    letter["Message-ID"] = f"<{name}@{sender.domain}>"
    letter["Auto-Submitted"] = "auto-generated"
    return letter


def _linked(text: str) -> str:
    """The text as HTML: escaped, with its lines, and links that can be followed."""
    made, last = [], 0
    for found in _LINK.finditer(text):
        link = escape(found[0])
        made += [escape(text[last : found.start()]), f'<a href="{link}">{link}</a>']
        last = found.end()
    return "".join([*made, escape(text[last:])]).replace("\n", "<br>\n")
