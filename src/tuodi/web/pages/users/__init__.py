"""Users, roles, delegations, duties."""
