"""The program's one entrance: find the command, run it, turn its answer into an exit status."""

import sys
from collections.abc import Sequence

from tuodi.commands import assess
from tuodi.commands.parser import Command, build_parser

COMMANDS: tuple[Command, ...] = (assess.COMMAND,)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 done, 1 done with findings or refused, 2 wrong use."""
    args = build_parser(COMMANDS).parse_args(argv)
    status: int = args.run(args)
    return status


if __name__ == "__main__":
    sys.exit(main())
