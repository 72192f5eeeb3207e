"""The catalogue: every lottery we know, a TOML file each, and the loader that refuses a bad file with its line."""

from lotto.catalogue.collection import Collection
from lotto.catalogue.document import BadFile
from lotto.catalogue.load import Catalogue, load

__all__ = ["BadFile", "Catalogue", "Collection", "load"]
