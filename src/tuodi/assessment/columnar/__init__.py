"""The columnar engine: the same step, compiled, over Arrow columns with bounded memory."""
