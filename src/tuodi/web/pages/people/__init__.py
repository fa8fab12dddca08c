"""The registry: people, households, identities, accounts."""
