"""How an operation or a query says no: with a sentence, or as if there were nothing."""


class Refused(Exception):
    """An operation that is not done, with the sentence a user reads: what, why, and who can or what to do."""


class Absent(Exception):
    """What is asked for does not exist, or not for this actor: pages answer 404 to both."""
