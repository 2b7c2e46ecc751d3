"""Where the invented workers' pay goes: `payees.csv`. Of two accounts it is not known."""

import csv
from pathlib import Path
from random import Random

from ledger.sample.work import CURRENCY, SOURCE

FILE = "payees.csv"
COLUMNS = (
    "worker_external_id", "source_system", "holder", "method", "address", "bic", "currency",
)  # fmt: skip
MISSING = 2  # accounts that never said where their pay should go
BANKS = ("DE", "FR", "NL", "ES", "PT", "IE")
FIRST = ("Amina", "Bayani", "Chidi", "Daria", "Elif", "Farid", "Grace", "Hoa", "Imani", "Joao")
LAST = ("Achieng", "Bello", "Cruz", "Dogan", "Eze", "Ferrer", "Gomes", "Hussein", "Ito", "Kamau")


def write(out: Path, rng: Random, workers: int, further: int) -> None:
    """Write the payees of the ordinary workers, but for the last MISSING of them, and of others.

    further: how many accounts come after the ordinary ones.
    """
    with (out / FILE).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        for number in range(1, workers + further + 1):
            if workers - MISSING < number <= workers:
                continue
            writer.writerow(_payee(rng, f"tg-{number:05d}"))


def _payee(rng: Random, account: str) -> tuple[str, ...]:
    holder = f"{rng.choice(FIRST)} {rng.choice(LAST)}"
    if rng.random() < 0.2:
        phone = f"+2547{rng.randrange(10**8):08d}"
        return account, SOURCE, holder, "wallet", phone, "", CURRENCY
    return account, SOURCE, holder, "iban", _iban(rng), "", CURRENCY


def _iban(rng: Random) -> str:
    """Return an IBAN of no bank that there is, with the check digits of ISO 13616."""
    country, number = rng.choice(BANKS), f"{rng.randrange(10**18):018d}"
    digits = "".join(str(int(character, 36)) for character in f"{number}{country}00")
    return f"{country}{98 - int(digits) % 97:02d}{number}"
