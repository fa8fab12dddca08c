"""What a paper says, gathered from all its places: tables understood, indicators, money, questions."""
