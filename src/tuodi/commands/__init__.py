"""The command line: parse, call, print. No rule of money lives here."""
