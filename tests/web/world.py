"""Two vendors, three workers and everybody who might look: whom the access matrix is tried on.

Rows come in four variants. `mine` is an account of the first vendor, of the worker who asks, within
the auditor's period; `early` is the same account's before that period; `colleague` another worker's
at the same vendor; `foreign` the other vendor's. Ids, names and accounts are unlike anything else,
so that one that turns up in a body was meant.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from django.utils import timezone

from payouts.statements.data import to_json
from tests import factories, paying
from tests.factories import AT
from tests.payouts.statements.builders import month
from workers import claims

IN_PERIOD = datetime(2026, 10, 14, 12, tzinfo=UTC)
BEFORE = datetime(2026, 7, 8, 12, tzinfo=UTC)

ANONYMOUS = "anonymous"
VENDOR = "vendor"
OTHER_VENDOR = "other vendor"
WORKER = "worker"
COLLEAGUE = "colleague"
OTHER_WORKER = "worker of the other vendor"
FORMER_WORKER = "worker who took the account back"
AUDITOR = "auditor"
EXPIRED_AUDITOR = "auditor whose grant is over"
STRANGER = "user without a role"

# Which variants of a row each visitor's role reaches, where the address is open to the role at all.
PRIVATE = ("entry", "draft")  # rows of nobody but the worker
REACH = {
    ANONYMOUS: set(),
    VENDOR: {"mine", "early", "colleague", "vendor of mine"},
    OTHER_VENDOR: {"foreign", "vendor of foreign"},
    WORKER: {"mine", "early", "vendor of mine", "private mine", "private early"},
    COLLEAGUE: {"colleague", "vendor of mine", "private colleague"},
    OTHER_WORKER: {"foreign", "vendor of foreign", "private foreign"},
    FORMER_WORKER: set(),
    AUDITOR: {"mine", "colleague", "vendor of mine"},
    EXPIRED_AUDITOR: set(),
    STRANGER: set(),
}
ROLE = {
    VENDOR: "vendor",
    OTHER_VENDOR: "vendor",
    WORKER: "worker",
    COLLEAGUE: "worker",
    OTHER_WORKER: "worker",
    FORMER_WORKER: "worker",
    AUDITOR: "auditor",
}


@dataclass
class World:
    """Who is there, the rows by kind and variant, and what nobody else may read."""

    users: dict = field(default_factory=dict)
    rows: dict = field(default_factory=dict)  # kind -> variant -> row
    secrets: dict = field(default_factory=dict)  # variant -> what only its own may read


def build():
    """Return the world, written to the test database."""
    first = factories.vendor("Aster Labelling")
    second = factories.vendor("Birch Imaging")
    accounts = {
        "mine": factories.engagement(first, "ACCMINE7731"),
        "colleague": factories.engagement(first, "ACCPEER8842"),
        "foreign": factories.engagement(second, "ACCFOREIGN9953"),
    }
    world = World(users=_people(first, second, accounts))
    factories.floor()
    for variant, of in (("mine", first), ("foreign", second)):
        _of_vendor(world, variant, of)
    for number, (variant, account) in enumerate(accounts.items(), start=1):
        _rows_of(world, variant, account, IN_PERIOD, 7_310_000_000 + number * 1_000_000)
    _rows_of(world, "early", accounts["mine"], BEFORE, 7_390_000_000)
    for variant, of in (("mine", first), ("foreign", second)):
        _runs_of(world, variant, of, accounts[variant])
    return world


def _people(first, second, accounts):
    over = timezone.now()
    return {
        VENDOR: factories.staff(first, "vera-of-the-test"),
        OTHER_VENDOR: factories.staff(second, "otto-of-the-test"),
        WORKER: factories.worker(accounts["mine"], name="wanja-of-the-test"),
        COLLEAGUE: factories.worker(accounts["colleague"], name="carlos-of-the-test"),
        FORMER_WORKER: factories.worker(accounts["mine"], name="fatima-of-the-test", ended_at=over),
        OTHER_WORKER: factories.worker(accounts["foreign"], name="greta-of-the-test"),
        AUDITOR: factories.auditor(first, name="ada-of-the-test"),
        EXPIRED_AUDITOR: factories.auditor(first, name="edgar-of-the-test", expires_at=over),
        STRANGER: factories.user("sven-of-the-test"),
    }


def _rows_of(world, variant, account, at, pk):
    """Write one row of each kind for an account, with ids from `pk` on."""
    on = at.date()
    work = factories.work(account, pk=pk + 1, ended_at=at, external_id=f"WORK{pk}")
    sunday = date.fromordinal(on.toordinal() + 6 - on.weekday())
    rows = {
        "work": work,
        "transfer": factories.transfer(work, pk=pk + 2),
        "week": factories.week(
            account, pk=pk + 3, starts_on=date.fromordinal(sunday.toordinal() - 6)
        ),
        "flag": factories.flag(account, pk=pk + 4, since_at=at, subject=f"FLAG{pk}"),
        "statement": factories.statement(
            account, pk=pk + 5, last_on=sunday, data=to_json(month(pieces=3, name=f"PAPER{pk}"))
        ),
        "payment": factories.payment(account, pk=pk + 6, sent_at_ms=work.ended_at_ms),
        "account": account,
        "link": account.links.get(ended_at=None),
        "entry": factories.entry(account, ended_at=at),
        "draft": factories.draft(account, about=f"work-{work.pk}"),
        "question": factories.dispute(account, about_on=on, about=f"WORD{pk}"),
    }
    rows["flag page"] = rows["flag"]
    file = world.rows["settlement file"]["foreign" if variant == "foreign" else "mine"]
    rows["settlement entry"] = paying.settlement_entry(
        file, pk=pk + 7, end_to_end_id=f"BANK{pk}", lies_on=on, name=f"Holder {pk}"
    )
    for kind, row in rows.items():
        world.rows.setdefault(kind, {})[variant] = row
    kept = ("link", "account", *PRIVATE)
    secrets = [str(row.pk) for kind, row in rows.items() if kind not in kept]
    world.secrets[f"private {variant}"] = [str(rows[kind].pk) for kind in PRIVATE]
    secrets += [f"WORK{pk}", f"FLAG{pk}", f"PAPER{pk}", f"BANK{pk}", f"Holder {pk}"]
    secrets += [rows["statement"].number, rows["payment"].reference]
    if variant == "early":
        secrets.append(str(rows["week"].starts_on))
    else:
        secrets += [account.account, str(account.pseudonym)]
    world.secrets[variant] = secrets


def _of_vendor(world, variant, of):
    imported = factories.imported(of, name=f"FILE-{variant}-{of.slug}.csv")
    factories.remark(imported, value=f"REJECT-{variant}", cells={"Reward": f"CELL-{variant}"})
    world.rows.setdefault("import", {})[variant] = imported
    world.rows.setdefault("vendor", {})[variant] = of
    file = paying.settlement_file(of, name=f"BANKFILE-{variant}.xml")
    world.rows.setdefault("settlement file", {})[variant] = file
    world.secrets[f"vendor of {variant}"] = [
        of.name,
        of.slug,
        str(of.uuid),
        str(imported.uuid),
        imported.name,
        imported.sha256,
        str(file.uuid),
        file.name,
        f"REJECT-{variant}",
        f"CELL-{variant}",
    ]


def _runs_of(world, variant, of, account):
    """Write a draft and a run that was sent; whoever could approve them did not draft them."""
    maker = factories.user(f"maker-{variant}-of-the-test")
    draft = paying.run(of, account, drafted_by=maker)
    sent = paying.run(
        of, account, state="sent", one_person=True, approved_at=AT, sent_at=AT, drafted_by=maker
    )
    sent.items.update(method="iban", address="DE89370400440532013000", holder=f"HOLDER{variant}")
    world.rows.setdefault("draft run", {})[variant] = draft
    world.rows.setdefault("sent run", {})[variant] = sent
    world.secrets[f"vendor of {variant}"] += [draft.items.get().reference, f"HOLDER{variant}"]
    world.secrets[f"vendor of {variant}"].append(sent.items.get().reference)


def forbidden(world, visitor):
    """Return what no body may contain that this visitor gets: others' rows, and who people are."""
    texts = [
        text for group in world.secrets.keys() - REACH[visitor] for text in world.secrets[group]
    ]
    own = world.users.get(visitor)
    return texts + [one.username for one in world.users.values() if one != own]


def marks(kind, row):
    """Return what a list must show of a row that it contains."""
    account = getattr(row, "engagement", None)
    return {
        "work": lambda: [row.external_id],
        "transfer": lambda: [str(row.pk)],
        "payment": lambda: [row.reference],
        "account": lambda: [row.account],
        "week": lambda: [account.account, str(row.starts_on)],
        "flag": lambda: [row.subject],
        "flag page": lambda: [f"/flags/{row.pk}/"],
        "statement": lambda: [row.number],
        "import": lambda: [row.name],
        "draft run": lambda: [row.items.get().reference],
        "sent run": lambda: [row.items.get().reference],
        "settlement file": lambda: [row.name],
        "settlement entry": lambda: [row.end_to_end_id],
        "link": lambda: [account.account],
        "vendor": lambda: [row.name],
        "entry": lambda: [str(row.pk)],
        "draft": lambda: [str(row.pk)],
        "question": lambda: [str(row.pk)],
    }[kind]()


def new_code(world):
    """Return a fresh code, for an account of the first vendor that nobody has claimed."""
    account = factories.engagement(world.rows["vendor"]["mine"])
    return claims.make_code(engagement=account, at=timezone.now())
