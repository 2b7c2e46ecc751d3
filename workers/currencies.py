"""The currencies in which somebody can be paid.

ISO 4217 also has codes for what is no money: metals, units of account, testing, and none at all.
"""

import re
from functools import cache

from babel.numbers import list_currencies

NO_MONEY = re.compile(r"X(AG|AU|B[A-D]|DR|FO|FU|PD|PT|RE|SU|TS|UA|XX)")


@cache
def known() -> frozenset[str]:
    """Return the codes of ISO 4217 that are money.

    >>> "KES" in known(), "XAU" in known()
    (True, False)
    """
    return frozenset(code for code in list_currencies() if not NO_MONEY.fullmatch(code))
