"""The checks: each looks for one kind of contradiction and tells it as remarks.

A check is a function ``(material) -> Iterator[Remark]``; ``CHECKS`` names them all in the order a reviewer works.
"""
