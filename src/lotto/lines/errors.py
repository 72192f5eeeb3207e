"""What can be wrong with a file of history."""


class BadExport(ValueError):
    """A file cannot be read as an export, or not be written; the message is a sentence with the file and its line."""
