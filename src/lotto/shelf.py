"""A shelf: a folder of adapters, one flat file each beside their contract, and packages that add some by entry point.

Nothing is registered by hand: a file is found by being there, and its name is the adapter's name everywhere.
"""

import importlib
import pkgutil
from collections.abc import Iterator
from importlib import metadata
from types import ModuleType
from typing import TypeVar

T = TypeVar("T")


class BadShelf(ValueError):
    """Something that cannot stand on its shelf, or is not on it: a sentence that says why."""


def standing(package: ModuleType, contract: type[T]) -> dict[str, type[T]]:
    """The one subclass of `contract` in every file of the package, by the files' names; raises BadShelf.

    The contract's own file is named like the contract and left out. A package adds to the shelf of `Source` by an
    entry point of the group `lotto.sources`: `<name> = "<module of that name>"`.
    """
    noun = contract.__name__.lower()
    found: dict[str, type[T]] = {}
    for name, module in _modules(package, contract):
        if name in found:
            raise BadShelf(f"Two {noun}s are named {name}: {found[name].__module__} and {module.__name__}; rename one.")
        found[name] = _only(module, contract, noun)
    return dict(sorted(found.items()))


def _modules(package: ModuleType, contract: type) -> Iterator[tuple[str, ModuleType]]:
    for file in pkgutil.iter_modules(package.__path__):
        if file.name != contract.__name__.lower():
            yield file.name, importlib.import_module(f"{package.__name__}.{file.name}")
    group = f"lotto.{contract.__name__.lower()}s"
    for point in metadata.entry_points(group=group):
        try:
            module = point.load()
        except (ImportError, AttributeError) as error:
            raise BadShelf(f"The entry point {point.name} of {group} cannot be loaded: {error}.") from error
        if not isinstance(module, ModuleType) or module.__name__.rpartition(".")[2] != point.name:
            raise BadShelf(f"The entry point {point.name} of {group} is {point.value}; give a module of that name.")
        yield point.name, module


def _only(module: ModuleType, contract: type[T], noun: str) -> type[T]:
    classes = [
        one
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, contract) and one.__module__ == module.__name__
    ]
    if len(classes) != 1:
        raise BadShelf(
            f"{module.__name__} has {len(classes)} {noun}s; a file has one, a subclass of {contract.__name__}."
        )
    return classes[0]
