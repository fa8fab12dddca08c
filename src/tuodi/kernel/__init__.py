"""The vocabulary every other package speaks: money, dates, identities, findings. Imports nothing of ours."""
