"""The official self-evaluation tables, in the layouts of different places."""
