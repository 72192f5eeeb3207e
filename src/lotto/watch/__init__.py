"""The watch over the sources: when each is to be asked, and what each is up to. Its rules are pure."""
