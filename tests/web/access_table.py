"""Every address, every method, and who may use it. What is not here is refused to everybody.

To add a page, add a line: its route as the resolver writes it, and for each method a Rule. The
matrix (test_access_matrix.py) tries each visitor of world.py on each variant of a row; an address
that is missing here fails, and so does one that is here and nowhere else.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.core.files.uploadedfile import SimpleUploadedFile

from payouts.models import Flag
from tests.factories import PASSWORD
from tests.web import world as worlds

VENDOR, WORKER, AUDITOR = "vendor", "worker", "auditor"
ANYBODY = frozenset({"anybody"})  # strangers too, who have not signed in
SIGNED_IN = frozenset({"signed in"})
NOBODYS = "00000000-0000-4000-8000-000000000000"
TO_SIGN_IN, UNAUTHORISED, FORBIDDEN, NOT_THERE = 302, 401, 403, 404


class Rule(NamedTuple):
    """Who may use a method of an address, and what comes back.

    who: roles, ANYBODY or SIGNED_IN; another role is answered 403, a stranger 401 or by sign-in.
    row: the kind of row that the address names; a row out of reach is 404.
    arg: the row's attribute in the address; or, from the row (None where the address names none),
        each part of the route by its name.
    lists: the kind of row that the body lists: all in reach, no other.
    rows_for: the roles that have such rows, where `who` is wider.
    data: the form or body to send. ok: the status when all is well.
    """

    who: frozenset[str]
    row: str = ""
    arg: str | Callable[[Any], dict[str, Any]] = "pk"
    lists: str = ""
    rows_for: frozenset[str] = frozenset()
    data: Callable[[Any], dict[str, Any]] = lambda world: {}
    ok: int = 200


def of(*roles: str) -> frozenset[str]:
    return frozenset(roles)


def leads_back(*roles: str, **values: Any) -> Rule:
    """An address that forms are sent to leads to its page, which alone tells what there is."""
    return Rule(of(*roles), arg=lambda row: values, ok=302)


def to_join(world: Any) -> dict[str, Any]:
    return {"pseudonym": "newcomer", "password": PASSWORD, "code": worlds.new_code(world)}


def an_export(world: Any) -> dict[str, Any]:
    header = "external_id,worker_external_id,source_system,project,task_type,status,ended_at\n"
    row = "x1,w1,mturk,boats,boxes,submitted,2026-10-14T12:00:00Z\n"
    return {"kind": "work", "file": SimpleUploadedFile("export.csv", (header + row).encode())}


def of_run(row: Any) -> dict[str, Any]:
    return {"slug": row.vendor.slug, "number": row.number}


def an_hour(world: Any) -> dict[str, Any]:
    return {"started_at": "2026-10-05T09:00", "ended_at": "2026-10-05T10:00"}


def a_picture(world: Any) -> dict[str, Any]:
    return {"picture": SimpleUploadedFile("screen.png", b"a picture")}


def some_words(world: Any) -> dict[str, Any]:
    return {"words": "The receipt of that day says so.", "seen": 1, "act": "answer"}


def a_reason(world: Any) -> dict[str, Any]:
    return {"words": "It was paid in cash that day.", "seen": 0}


def a_decision(world: Any) -> dict[str, Any]:
    Flag.objects.update(state="escalated")
    return a_reason(world)


def a_choice(world: Any) -> dict[str, Any]:
    return {"choice": "not_paid"}


def about_work(row: Any) -> dict[str, Any]:
    return {"about": f"work-{row.root_id}"}


def an_amount(world: Any) -> dict[str, Any]:
    return {"micros": 1, "seen": 2}


def of_import(row: Any) -> dict[str, Any]:
    return {"slug": row.vendor.slug, "uuid": row.uuid}


def some_accounts(world: Any) -> dict[str, Any]:
    return {"accounts": "DE89370400440532013000/EUR", "from_on": "2026-10-01", "reason": "so"}


def a_fee(world: Any) -> dict[str, Any]:
    return {"method": "iban", "currency": "EUR", "from_on": "2026-10-01", "reason": "so",
            "fixed": "0"}  # fmt: skip


def a_bank_file(world: Any) -> dict[str, Any]:
    text = "settled_reference,amount,currency,status\nPAY-9,1.00,USD,booked\n"
    return {"file": SimpleUploadedFile("bank.csv", text.encode())}


EVERY_METHOD_LEADS_ELSEWHERE = {
    method: Rule(ANYBODY, ok=302) for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
}

ADDRESSES: dict[str, dict[str, Rule]] = {
    "": {"GET": Rule(SIGNED_IN, ok=302)},  # to the first page of each
    # People
    "sign-in/": {
        "GET": Rule(ANYBODY),
        "POST": Rule(ANYBODY, data=lambda world: {"username": "nobody", "password": "wrong"}),
    },
    "sign-in/demo/": {},  # of the demo only: test_sign_in.py
    "sign-out/": {"POST": Rule(ANYBODY, ok=302)},
    "join/": {"GET": Rule(ANYBODY), "POST": Rule(ANYBODY, data=to_join, ok=302)},
    "accounts/": {
        "GET": Rule(SIGNED_IN, lists="link", rows_for=of(WORKER)),
        "POST": Rule(SIGNED_IN, data=lambda world: {"code": worlds.new_code(world)}, ok=302),
    },
    "accounts/<int:pk>/take-back/": {
        "POST": Rule(SIGNED_IN, row="link", rows_for=of(WORKER), ok=302),
    },
    # Pay, for workers
    "pay/": {"GET": Rule(of(WORKER))},
    "pay/<uuid:account>/": {
        "GET": Rule(of(WORKER), row="account", arg=lambda row: {"account": row.pseudonym}),
    },
    "pay/<uuid:account>/weeks/<str:monday>/": {
        "GET": Rule(
            of(WORKER),
            row="week",
            arg=lambda row: {"account": row.engagement.pseudonym, "monday": row.starts_on},
        ),
    },
    "pay/work/<slug:state>/": {
        "GET": Rule(of(WORKER), arg=lambda row: {"state": "pending"}, lists="work"),
    },
    "pay/payments/<int:pk>/": {"GET": Rule(of(WORKER), row="payment")},
    "pay/statements/": {"GET": Rule(of(WORKER), lists="statement")},
    # The worker's own record, and questions that are not sent: for nobody else
    "pay/log/": {
        "GET": Rule(of(WORKER), lists="entry"),
        "POST": Rule(of(WORKER), data=an_hour, ok=302),
    },
    "pay/log/start/": {"GET": leads_back(WORKER), "POST": Rule(of(WORKER), ok=302)},
    "pay/log/exports/": {
        "GET": Rule(of(WORKER)),
        "POST": Rule(of(WORKER), data=an_export, ok=302),
    },
    "pay/log/<uuid:pk>/": {
        "GET": Rule(of(WORKER), row="entry"),
        "POST": Rule(of(WORKER), row="entry", data=an_hour, ok=302),
    },
    "pay/log/<uuid:pk>/stop/": {"POST": Rule(of(WORKER), row="entry", ok=302)},
    "pay/log/<uuid:pk>/withdraw/": {"POST": Rule(of(WORKER), row="entry", ok=302)},
    "pay/log/<uuid:pk>/picture/": {
        "GET": leads_back(WORKER, pk=NOBODYS),
        "POST": Rule(of(WORKER), row="entry", data=a_picture, ok=302),
    },
    "pay/log/<uuid:pk>/release/": {
        "GET": Rule(of(WORKER), row="entry"),
        "POST": Rule(of(WORKER), row="entry", ok=302),
    },
    "pay/clocks/": {"GET": Rule(of(WORKER))},
    "pay/questions/": {"GET": Rule(of(WORKER), lists="question")},
    "pay/questions/ask/": {"GET": Rule(of(WORKER), lists="payment")},
    "pay/questions/ask/<slug:about>/": {
        "GET": Rule(of(WORKER), row="work", arg=about_work),
        "POST": Rule(of(WORKER), row="work", arg=about_work, data=a_choice, ok=302),
    },
    "pay/questions/drafts/<uuid:pk>/": {
        "GET": Rule(of(WORKER), row="draft"),
        "POST": Rule(of(WORKER), row="draft", data=lambda world: {"words": "why?"}, ok=302),
    },
    "pay/questions/drafts/<uuid:pk>/discard/": {
        "GET": Rule(of(WORKER), row="draft"),
        "POST": Rule(of(WORKER), row="draft", ok=302),
    },
    "pay/flags/": {"GET": Rule(of(WORKER), lists="flag page")},
    # Flags, each with its life
    "flags/<int:pk>/": {"GET": Rule(of(VENDOR, WORKER, AUDITOR), row="flag")},
    "flags/<int:pk>/explain/": {
        "GET": leads_back(VENDOR, pk=1),
        "POST": Rule(of(VENDOR), row="flag", data=a_reason, ok=302),
    },
    "flags/<int:pk>/asked-worker/": {
        "GET": leads_back(VENDOR, pk=1),
        "POST": Rule(of(VENDOR), row="flag", data=a_reason),  # refused: no payment came back
    },
    "flags/<int:pk>/pay/": {
        "GET": leads_back(VENDOR, pk=1),
        "POST": Rule(of(VENDOR), row="flag", data=an_amount),  # refused: it asks for no money
    },
    "flags/<int:pk>/decide/": {
        "GET": leads_back(AUDITOR, pk=1),
        "POST": Rule(of(AUDITOR), row="flag", data=a_decision, ok=302),
    },
    "audit/flags/": {"GET": Rule(of(AUDITOR), lists="flag page")},
    # Questions that were sent
    "questions/<uuid:pk>/": {"GET": Rule(of(VENDOR, WORKER, AUDITOR), row="question")},
    "questions/<uuid:pk>/say/": {
        "GET": leads_back(WORKER, pk=NOBODYS),
        "POST": Rule(of(WORKER), row="question", data=some_words, ok=302),
    },
    "questions/<uuid:pk>/answer/": {
        "GET": leads_back(VENDOR, pk=NOBODYS),
        "POST": Rule(of(VENDOR), row="question", data=some_words, ok=302),
    },
    "questions/<uuid:pk>/decide/": {
        "GET": leads_back(AUDITOR, pk=NOBODYS),
        "POST": Rule(of(AUDITOR), row="question", data=some_words, ok=302),
    },
    "v/<slug:slug>/questions/": {
        "GET": Rule(
            of(VENDOR, WORKER, AUDITOR), row="vendor", arg="slug", rows_for=of(VENDOR, AUDITOR)
        ),
    },
    "audit/questions/": {"GET": Rule(of(AUDITOR), lists="question")},
    "statements/<int:pk>/": {"GET": Rule(of(VENDOR, WORKER, AUDITOR), row="statement")},
    # For vendors
    "v/<slug:slug>/": {"GET": Rule(of(VENDOR), row="vendor", arg="slug")},
    "v/<slug:slug>/flags/": {
        "GET": Rule(
            of(VENDOR, WORKER, AUDITOR), row="vendor", arg="slug", rows_for=of(VENDOR, AUDITOR)
        ),
    },
    "v/<slug:slug>/flags/scan/": {"POST": Rule(of(VENDOR), row="vendor", arg="slug", ok=302)},
    "v/<slug:slug>/statements/": {
        "GET": Rule(
            of(VENDOR, WORKER, AUDITOR), row="vendor", arg="slug", rows_for=of(VENDOR, AUDITOR)
        ),
    },
    "v/<slug:slug>/statements/issue/": {
        "GET": leads_back(VENDOR, slug="any"),
        "POST": Rule(
            of(VENDOR), row="vendor", arg="slug", data=lambda world: {"period": "2026-10"}, ok=302
        ),
    },
    "v/<slug:slug>/imports/": {
        "GET": Rule(of(VENDOR), row="vendor", arg="slug"),
        "POST": Rule(of(VENDOR), row="vendor", arg="slug", data=an_export, ok=302),
    },
    "v/<slug:slug>/imports/<uuid:uuid>/": {"GET": Rule(of(VENDOR), row="import", arg=of_import)},
    "v/<slug:slug>/imports/<uuid:uuid>/undo/": {
        "GET": Rule(of(VENDOR), row="import", arg=of_import),
        "POST": Rule(of(VENDOR), row="import", arg=of_import, ok=302),
    },
    "v/<slug:slug>/runs/": {"GET": Rule(of(VENDOR), row="vendor", arg="slug")},
    "v/<slug:slug>/runs/draft/": {
        "GET": leads_back(VENDOR, slug="any"),
        "POST": Rule(  # the form comes back: another run is under way
            of(VENDOR), row="vendor", arg="slug", data=lambda world: {"period": "2026-10"}
        ),
    },
    "v/<slug:slug>/runs/<int:number>/": {"GET": Rule(of(VENDOR), row="draft run", arg=of_run)},
    "v/<slug:slug>/runs/<int:number>/change/": {
        "GET": leads_back(VENDOR, slug="any", number=1),
        "POST": Rule(
            of(VENDOR), row="draft run", arg=of_run, data=lambda world: {"do": "cancel"}, ok=302
        ),
    },
    "v/<slug:slug>/runs/<int:number>/approve/": {
        "POST": Rule(of(VENDOR), row="draft run", arg=of_run, ok=302),
    },
    "v/<slug:slug>/runs/<int:number>/files/<slug:form>/": {
        "GET": Rule(
            of(VENDOR), row="sent run", arg=lambda row: {**of_run(row), "form": "recipient"}
        ),
    },
    "v/<slug:slug>/top-ups/": {"GET": Rule(of(VENDOR), row="vendor", arg="slug")},
    "v/<slug:slug>/top-ups/close/": {
        "POST": Rule(
            of(VENDOR), row="vendor", arg="slug", data=lambda world: {"period": "2026-10"}, ok=302
        ),
    },
    "v/<slug:slug>/fees/": {"GET": Rule(of(VENDOR), row="vendor", arg="slug")},
    "v/<slug:slug>/fees/set/": {
        "GET": leads_back(VENDOR, slug="any"),
        "POST": Rule(of(VENDOR), row="vendor", arg="slug", data=a_fee, ok=302),
    },
    "v/<slug:slug>/settlement/": {
        "GET": Rule(of(VENDOR, AUDITOR), row="vendor", arg="slug", lists="settlement file"),
    },
    "v/<slug:slug>/settlement/add/": {
        "GET": Rule(of(VENDOR), row="vendor", arg="slug"),
        "POST": Rule(of(VENDOR), row="vendor", arg="slug", data=a_bank_file, ok=302),
    },
    "v/<slug:slug>/settlement/entries/": {
        "GET": Rule(of(VENDOR, AUDITOR), row="vendor", arg="slug", lists="settlement entry"),
    },
    "v/<slug:slug>/settlement/accounts/": {
        "GET": Rule(of(VENDOR, AUDITOR), row="vendor", arg="slug"),
    },
    "v/<slug:slug>/settlement/accounts/declare/": {
        "GET": leads_back(VENDOR, slug="any"),
        "POST": Rule(of(VENDOR), row="vendor", arg="slug", data=some_accounts, ok=302),
    },
    "v/<slug:slug>/settlement/<uuid:uuid>/": {
        "GET": Rule(of(VENDOR, AUDITOR), row="settlement file", arg=of_import),
    },
    "v/<slug:slug>/settlement/<uuid:uuid>/undo/": {
        "GET": Rule(of(VENDOR), row="settlement file", arg=of_import),
        "POST": Rule(of(VENDOR), row="settlement file", arg=of_import, ok=302),
    },
    # For auditors
    "audit/": {"GET": Rule(of(AUDITOR), lists="statement")},
    # The API
    "api/v1/imports/": {
        "GET": Rule(of(VENDOR), lists="import"),
        "POST": Rule(of(VENDOR), data=an_export, ok=202),
    },
    "api/v1/imports/<uuid:uuid>/": {"GET": Rule(of(VENDOR), row="import", arg="uuid")},
    "api/v1/imports/<uuid:uuid>/rejects/": {"GET": Rule(of(VENDOR), row="import", arg="uuid")},
    "api/v1/work/": {"GET": Rule(of(VENDOR, WORKER, AUDITOR), lists="work")},
    "api/v1/work/<int:pk>/": {"GET": Rule(of(VENDOR, WORKER, AUDITOR), row="work")},
    "api/v1/transfers/": {"GET": Rule(of(VENDOR, WORKER, AUDITOR), lists="transfer")},
    "api/v1/transfers/<int:pk>/": {"GET": Rule(of(VENDOR, WORKER, AUDITOR), row="transfer")},
    "api/v1/weeks/": {"GET": Rule(of(VENDOR, WORKER, AUDITOR), lists="week")},
    "api/v1/flags/": {"GET": Rule(of(VENDOR, WORKER, AUDITOR), lists="flag")},
    "api/v1/flags/<int:pk>/": {"GET": Rule(of(VENDOR, WORKER, AUDITOR), row="flag")},
    "api/v1/flags/<int:pk>/answer/": {"POST": Rule(of(VENDOR), row="flag", data=a_reason)},
    "api/v1/settlement/": {"GET": Rule(of(VENDOR, AUDITOR), lists="settlement entry")},
    "api/v1/statements/": {"GET": Rule(of(VENDOR, WORKER, AUDITOR), lists="statement")},
    "api/v1/statements/<int:pk>/": {"GET": Rule(of(VENDOR, WORKER, AUDITOR), row="statement")},
    "api/v1/statements/<int:pk>/pdf/": {
        "GET": Rule(of(VENDOR, WORKER, AUDITOR), row="statement"),
    },
    "api/v1/schema/": {"GET": Rule(ANYBODY)},
    "api/v1/<path:rest>": {},
    # Administration: what is below admin/ is one group, refused to all of these visitors.
    "admin/login/": EVERY_METHOD_LEADS_ELSEWHERE,
    "admin/logout/": EVERY_METHOD_LEADS_ELSEWHERE,
}
ADMIN = "admin/"
