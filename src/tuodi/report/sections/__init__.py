"""The parts an evaluation report is composed of; each takes the context and gives blocks."""
