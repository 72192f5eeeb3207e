"""How Discord is spoken to, by a bot or by a webhook: its messages and its refusals."""

from collections.abc import Mapping
from typing import Any

import msgspec

from lotto.door import Answer
from lotto.publisher.asking import Body, File, as_json, as_parts, refusal
from lotto.publisher.networks.network import Barred, Refused, Sheet

ALT = 1_024
"""Characters of a picture's description."""


CAROUSEL = 10
"""Pictures in one message. Source: docs.discord.com, “Create Message”: attachments, files[n]."""


def message(sheet: Sheet, more: Mapping[str, Any]) -> Body:
    """A message as Discord wants it, with its pictures where it has some; nobody in it is called by name."""
    told: dict[str, Any] = {"content": sheet.text, "allowed_mentions": {"parse": []}, **more}
    if sheet.image is None:
        return as_json(told)
    files = [
        File(f"files[{at}]", f"{at + 1}-{one.file}", image, one.media) for at, (one, image) in enumerate(sheet.pictures)
    ]
    told["attachments"] = [
        {"id": at, "filename": file.name, "description": one.alt[:ALT]}
        for at, (file, (one, _)) in enumerate(zip(files, sheet.pictures, strict=True))
    ]
    return as_parts({"payload_json": msgspec.json.encode(told).decode()}, *files)


def objection(answer: Answer, told: Any) -> Exception | None:
    """What is wrong with an answer of Discord's."""
    if 200 <= answer.status < 300:
        return None
    code, words = (told.get("code", 0), told.get("message", "")) if isinstance(told, dict) else (0, "")
    if answer.status == 401 or code in (10_003, 50_001, 50_013):
        return Barred(f"Discord does not let the bot into the channel: {words} ({code}).")
    if answer.status == 403:
        return Refused(f"Discord refused: {words} ({code}).")
    return refusal("Discord", answer, f"{words} ({code})")
