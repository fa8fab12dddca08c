"""``python -m tuodi`` is the same as the command ``tuodi``."""

import sys

from tuodi.commands.main import main

sys.exit(main())
