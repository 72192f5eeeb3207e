"""Prints the API's description for the client made of it: its shapes, without the examples, which change oftener."""

import json

from lotto.api.app import addresses
from lotto.api.description import answered, operations


def main() -> None:
    document = addresses().openapi()
    for _, _, operation in operations(document):
        for content in answered(operation).get("content", {}).values():
            content.pop("example", None)
    print(json.dumps(document, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
