"""A bucket of any S3: how its URL is read, and what its refusals mean."""

from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote

from obstore.exceptions import BaseError
from obstore.store import S3Store

from lotto.store.errors import StoreError

if TYPE_CHECKING:  # obstore has its types for checkers only
    from obstore.store import S3Config

PATIENCE = timedelta(seconds=20)
"""How long one call may take with all its tries: whoever waits has tries of its own."""

NO_BUCKET = "NoSuchBucket"

REFUSALS = {
    NO_BUCKET: "there is no such bucket; make it, or correct the store's URL",
    "169.254.169.254": "there are no keys for the bucket; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    "InvalidAccessKeyId": "the bucket does not know our key; correct AWS_ACCESS_KEY_ID",
    "SignatureDoesNotMatch": "the bucket does not take our secret; correct AWS_SECRET_ACCESS_KEY",
    "403 Forbidden": "the bucket refuses our keys; let them read, write, list and delete there, or give others",
    "error sending request": "the server of the bucket cannot be reached; it is away, or the store's URL is wrong",
}
"""What stands in an error, and what it means for whoever set the store up; the first that is found tells most."""


def bucket(name: str, path: str, query: str) -> S3Store:
    """The bucket below a prefix, as the store's URL names it; its keys come from AWS_* of the environment."""
    asked = parse_qs(query, keep_blank_values=True)
    unknown = asked.keys() - {"endpoint", "region"}
    if unknown:
        raise StoreError(f"The store's URL says {min(unknown)}; it may say endpoint and region.")
    endpoint, region = (asked.get(word, [""])[-1] for word in ("endpoint", "region"))
    config: S3Config = {}
    if endpoint:
        config["endpoint"] = endpoint
    if region:
        config["region"] = region
    try:
        return S3Store(
            name,
            prefix=unquote(path).strip("/") or None,
            config=config,
            client_options={"allow_http": endpoint.startswith("http://"), "timeout": PATIENCE},
            retry_config={"retry_timeout": PATIENCE},
        )
    except BaseError as error:
        raise StoreError(f"The bucket {name} cannot be opened: {meaning(error)}.") from error


def meaning(error: Exception) -> str:
    """What an error of a store means, without a full stop; never what was sent, so no key and no signature."""
    said = str(error)
    for word, words in REFUSALS.items():
        if word in said:
            return words
    return (said.partition(": <?xml")[0].splitlines() or [type(error).__name__])[0].rstrip(".")


def is_gone(error: Exception) -> bool:
    """It is the whole bucket that is missing, and not one object."""
    return NO_BUCKET in str(error)
