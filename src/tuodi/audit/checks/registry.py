"""All checks, in the order a reviewer works."""

from collections.abc import Callable, Iterator

from tuodi.audit.material import Material
from tuodi.audit.remark import Remark

CHECKS: tuple[Callable[[Material], Iterator[Remark]], ...] = ()
