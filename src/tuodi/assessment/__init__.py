"""Facts x rules -> lines with reasons: one step function, run for one settlement, a county or more."""
