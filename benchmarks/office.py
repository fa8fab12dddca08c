"""The office at the size of a large county: pages and searches, imports, verification, backup and restore.

    .venv/bin/python benchmarks/office.py --home FOLDER [--people 500000] [--settlements 1000000] [PART …]

PART is one of fill, pages, import, unpaid, roster, verify, backup; all of them if none is named.

``DATABASE_URL`` chooses PostgreSQL. FOLDER must be empty or one this program filled before with the same sizes.
"""

import argparse
import os
import platform
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src"), str(Path(__file__).parent)]


def main() -> None:
    """Fill if need be, then measure and print."""
    options = _options()
    os.environ["TUODI_HOME"] = str(options.home)
    (options.home / "static").mkdir(parents=True, exist_ok=True)
    os.environ["TUODI_DEMO"] = "1"
    os.environ["TUODI_HOSTS"] = "testserver"
    os.environ["DJANGO_SETTINGS_MODULE"] = "tuodi.web.settings"
    import django

    django.setup()
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{machine}, load {os.getloadavg()[0]:.1f}")
    import office_measures

    office_measures.run(
        options.people, options.settlements, options.rounds, options.rows, set(options.only), options.page
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--people", type=int, default=500_000)
    parser.add_argument("--settlements", type=int, default=1_000_000)
    parser.add_argument("--rows", type=int, default=100_000, help="rows of the import")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--page", default="", help="only pages whose name holds this text")
    parser.add_argument(
        "only", nargs="*", help="fill, pages, import, unpaid, roster, verify, backup; all if none is named"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
