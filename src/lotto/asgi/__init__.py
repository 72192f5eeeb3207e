"""What stands around an app that answers, whoever wrote it: compression, conditional requests, ready bytes."""
