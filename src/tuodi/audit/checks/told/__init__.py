"""Things told twice: values, targets, names and sentences that return in other words or figures."""
