"""Files that come in: read by their kind, compared with the tables, applied as a whole, undone as a whole.

``kinds`` is what a kind of file must be able to do, ``registry`` lists them, ``recorder`` writes records and keeps what
stood there before, ``files`` keeps the uploaded bytes. The way of a batch is in ``operations.imports``.
"""
