"""The currencies in which somebody can be paid.

ISO 4217 also has codes for what is no money: metals, units of account, testing, and none at all.
"""

from functools import cache

from babel.numbers import list_currencies

NO_MONEY = frozenset(
    f"X{rest}"
    for rest in [
        "AG",
        "AU",
        "BA",
        "BB",
        "BC",
        "BD",
        "DR",
        "FO",
        "FU",
        "PD",
        "PT",
        "RE",
        "SU",
        "TS",
        "UA",
        "XX",
    ]
)


@cache
def known() -> frozenset[str]:
    """Return the codes of ISO 4217 that are money.

    >>> "KES" in known(), "XAU" in known()
    (True, False)
    """
    return frozenset(list_currencies()) - NO_MONEY
