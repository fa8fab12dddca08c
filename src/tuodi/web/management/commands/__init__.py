"""Each module is one command, as Django finds them; ``tuodi.commands.with_database`` calls them."""
