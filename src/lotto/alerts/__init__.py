"""The alerts: what needs a person is told to the operator when it begins, daily while it lasts, and when it is over."""
