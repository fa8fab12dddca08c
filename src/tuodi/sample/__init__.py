"""The sample county: where its files lie, which of its settlements tell most. Everybody in it is made up."""
