"""Databases of earlier versions, as SQL, to prove that this version takes them over; made by ``make.py``."""
