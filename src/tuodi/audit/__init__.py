"""Reading a finished paper as a careful reviewer: figures understood, contradictions told with their arithmetic.

The flow: ``paper`` (a file becomes headings, sentences and tables) > ``figures`` (numbers, days and citations in them)
> ``statements`` (what the paper says of its indicators, money and questions) > ``checks`` > ``auditor``.
"""

from tuodi.audit.auditor import audited

__all__ = ["audited"]
