"""The commands of `lotto`, one file a subject; `cli` collects them. Each error they raise is a sentence."""
