"""The history room: the past goes in, from recorded pages or another house's export, and out, as files for anyone."""
