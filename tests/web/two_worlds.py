"""All that a vendor can fetch, gathered of two worlds that differ in what workers did alone.

Both worlds begin with the same database, clock and chance. In one of them workers then log time,
read, claim, complain to themselves and fail to sign in; afterwards the vendor goes on in both
alike: brings in a file, scans, issues statements, answers a question. Whatever took a number, a row
or a byte that the vendor can see would show.
"""

import os
import random
import re
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.db.models import Value
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ledger import jobs
from ledger.models import Import, Job, Payment, Work
from payouts import scanning
from payouts.disputes import answering
from payouts.flag_life import answering as flags
from payouts.models import Dispute, Draft, Entry, Flag, Scan, Statement
from payouts.statements import issue
from tests import bringing, factories
from tests.payouts import exports
from tests.web.access_table import ADDRESSES, VENDOR
from tests.web.matrix import routes
from workers import claims
from workers.models import Engagement

NOW = datetime(2026, 11, 3, 10, tzinfo=UTC)
PASSWORD = factories.PASSWORD
LINK = re.compile(rb'(?:(?:href|action|src)=|:\s*)"(?:http://testserver)?([/?][^"#\s]*)"')
TOKEN = re.compile(rb'(name="csrfmiddlewaretoken" value=")[^"]*')
GUESSED = {"uuid": uuid.UUID(int=7), "int": 123_456_789, "str": "nothing", "slug": "nothing"}
SECRET = ("session", "csrf")  # cookies whose value is a secret of the visitor's own
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE")


class Chance:
    """Randomness that is the same each time: what the system would draw, drawn from a seed."""

    def __init__(self, monkeypatch):
        self.random = random.Random(0)
        monkeypatch.setattr(os, "urandom", self.draw)
        monkeypatch.setattr(random, "_urandom", self.draw)

    def draw(self, size):
        return self.random.randbytes(size)

    def seed(self, number):
        self.random.seed(number)


def freeze_the_database(monkeypatch):
    """Have the database's own clock say what the frozen one says."""

    def as_sql(self, compiler, using, **kwargs):
        return Value(timezone.now(), output_field=self.output_field).resolve_expression(
            compiler.query
        ).as_sql(compiler, using)  # fmt: skip

    for name in ("as_sql", "as_sqlite", "as_postgresql"):
        monkeypatch.setattr(Now, name, as_sql, raising=False)


@dataclass
class Seen:
    """What came back: by vendor's request, all of the answer as bytes."""

    answers: dict[str, bytes] = field(default_factory=dict)

    @property
    def bytes(self):
        return sum(len(answer) for answer in self.answers.values())

    def differences(self, other):
        """Return the requests whose answers are not the same, byte for byte."""
        keys = self.answers.keys() | other.answers.keys()
        return sorted(key for key in keys if self.answers.get(key) != other.answers.get(key))


class Worlds:
    """The common beginning, and what happens in each world after it."""

    def __init__(self, folder, chance):
        self.folder, self.chance = folder, chance
        chance.seed(1)
        bringing.floor_since_2010()
        self.vendor = factories.vendor()
        rows = [exports.work("ada", number) for number in range(1, 6)]
        rows += [exports.pending("bea", number) for number in range(1, 4)]
        rows += [exports.work("cem", 1, status="rejected", status_reason="blurred", due_at="")]
        rows += [exports.work("dua", number) for number in range(1, 3)]
        exports.bring_work(self.vendor, folder, *rows)
        exports.bring_payouts(self.vendor, folder, exports.payment("ada", "40.00"))
        self.accounts = {one.account: one for one in Engagement.objects.all()}
        self.people = {
            name: factories.worker(self.accounts[name], name=f"{name}-a-worker")
            for name in ("ada", "bea", "cem")
        }
        self.staff = factories.staff(self.vendor, "vera")
        self.auditor = factories.auditor(self.vendor, name="ada-an-auditor")
        self.code = claims.make_code(engagement=self.accounts["dua"], at=NOW)
        issue.issue_all(vendor=self.vendor, period="2026-10", by=None, at=NOW)
        scanning.scan(vendor=self.vendor, as_of=NOW, at=NOW)
        asked = self.signed_in(self.people["cem"])
        self.ask(asked, "cem", send=True)
        self.sequences = sequences()

    def world(self, *, private, methods=METHODS):
        """Return what the vendor sees of a world; all that happens in it is rolled back."""
        cache.clear()
        with transaction.atomic():
            restore(self.sequences)
            if private:
                self.chance.seed(2)
                self.workers_alone()
            self.chance.seed(3)
            self.vendor_goes_on()
            seen = Crawl(self.vendor, self.staff).all(methods)
            transaction.set_rollback(True)
        return seen

    def signed_in(self, user, address="10.0.0.9"):
        client = Client(REMOTE_ADDR=address)
        client.force_login(user)
        return client

    def ask(self, client, name, *, send):
        root = Work.objects.filter(engagement=self.accounts[name]).earliest("pk").root_id
        client.post(reverse("ask-about", args=[f"work-{root}"]), {"choice": "refused"})
        draft = Draft.objects.latest("changed_at")
        client.post(
            reverse("draft", args=[draft.pk]),
            {"words": "I do not trust them.", "act": "send" if send else "save"},
        )

    def disagree(self, client, name):
        """Read what was found of an account, and write a question about it that is not sent."""
        flag = Flag.objects.filter(engagement=self.accounts[name]).earliest("pk")
        assert client.get(reverse("flag", args=[flag.pk])).status_code == 200
        about = reverse("ask-about", args=[f"flag-{flag.pk}"])
        assert client.post(about, {"choice": "not_paid"}).status_code == 302

    def workers_alone(self):
        """What workers and an auditor do that is nobody else's business."""
        for name in ("ada", "bea"):
            client = self.signed_in(self.people[name])
            self.log(client, self.people[name].worker)
            self.read(client)
            self.ask(client, name, send=False)
            self.disagree(client, name)
        auditor = self.signed_in(self.auditor)
        for address in ("audit", "audit-questions", "audit-flags"):
            assert auditor.get(reverse(address)).status_code == 200
        newcomer = Client(REMOTE_ADDR="10.0.0.8")
        for password in ("wrong", "wronger"):
            newcomer.post(reverse("login"), {"username": "vera", "password": password})
        joined = {"pseudonym": "dua-a-worker", "password": PASSWORD, "code": self.code}
        assert newcomer.post(reverse("join"), joined).status_code == 302
        link = self.people["bea"].worker.links.get()
        self.signed_in(self.people["bea"]).post(reverse("take-back", args=[link.pk]))
        assert Entry.objects.count() > 5
        assert Draft.objects.count() == 4

    def log(self, client, worker):
        """Log by hand and by clock, correct, withdraw, note a picture, bring an own export."""
        day = {"started_at": "2026-10-07T18:00", "ended_at": "2026-10-07T19:30"}
        for _ in range(3):
            client.post(reverse("my-log"), {**day, "what": "waiting"})
        entry = Entry.objects.filter(worker=worker).latest("pk")
        client.post(reverse("log-entry", args=[entry.pk]), {**day, "what": "training"})
        entry = Entry.objects.get(corrects=entry.pk)
        picture = SimpleUploadedFile("screen.png", b"what stood there")
        client.post(reverse("log-screenshot", args=[entry.pk]), {"picture": picture})
        client.post(reverse("log-withdraw", args=[entry.pk]))
        client.post(reverse("log-start"), {"what": "boats"})
        running = Entry.objects.get(ended_at_ms=None, corrected_by=None, worker=worker)
        client.post(reverse("log-stop", args=[running.pk]))
        name = entry.engagement.account
        path = exports.written(self.folder, [exports.work(name, n) for n in (1, 90, 91)])
        file = SimpleUploadedFile("kept.csv", path.read_bytes())
        assert client.post(reverse("my-exports"), {"file": file}).status_code == 302
        kept = Entry.objects.filter(corrected_by=None, withdrawn=False, worker=worker)
        client.get(reverse("log-release", args=[kept.earliest("pk").pk]))

    def read(self, client):
        """Read every page that there is for a worker, statements and their PDF included."""
        for name in ("my-pay", "my-flags", "my-log", "my-clocks", "my-exports", "my-questions",
                     "ask", "my-statements", "accounts"):  # fmt: skip
            assert client.get(reverse(name)).status_code == 200
        for statement in Statement.objects.filter(vendor=self.vendor):
            client.get(reverse("statement", args=[statement.pk]))
            client.get(f"/api/v1/statements/{statement.pk}/pdf/")
        for one in ("work", "transfers", "weeks", "flags", "statements"):
            assert client.get(f"/api/v1/{one}/").status_code == 200

    def vendor_goes_on(self):
        """What the vendor does next, by its own pages: each takes new numbers."""
        client = self.signed_in(self.staff, "127.0.0.1")
        slug = self.vendor.slug
        path = exports.written(
            self.folder / "next", [exports.work("eli", 1), exports.work("ada", 9)]
        )
        file = SimpleUploadedFile("next.csv", path.read_bytes())
        client.post(reverse("imports", args=[slug]), {"kind": "work", "file": file})
        run_jobs()
        client.post(reverse("scan-now", args=[slug]))
        run_jobs()
        dispute = Dispute.objects.get()
        client.post(
            reverse("question-answer", args=[dispute.pk]), {"act": "pay", "amount": "3", "seen": 1}
        )
        run_jobs()
        client.post(reverse("issue", args=[slug]), {"period": "2026-10"})
        run_jobs()
        flag = Flag.objects.filter(code="W01").latest("pk")
        words = {"words": "It was sent to the old account.", "seen": flag.events}
        client.post(reverse("flag-explain", args=[flag.pk]), words)
        answering.escalate_overdue(at=NOW + timedelta(days=1))
        flags.escalate_overdue(at=NOW + timedelta(days=15))
        stands = set(Flag.objects.values_list("state", flat=True))
        assert {"explained", "escalated"} <= stands
        assert Import.objects.latest("pk").state == "done"
        assert Scan.objects.latest("pk").finished_at == NOW
        assert Dispute.objects.get().paid_micros == 3_000_000


def run_jobs():
    """Do what was queued, as the worker process would."""
    for job in Job.objects.exclude(state__in=["done", "failed"]).order_by("pk"):
        jobs.run(job_id=job.pk, at=NOW)


class Crawl:
    """Fetches all that a vendor's staff can: by the table of addresses, and by every link."""

    def __init__(self, vendor, staff):
        self.vendor, self.staff = vendor, staff
        self.client = Client(REMOTE_ADDR="127.0.0.1", raise_request_exception=False)
        self.client.force_login(staff)
        self.seen = Seen()
        # Where more than GET would change what is crawled, or end the visit.
        self.acting = ("/sign-", "/join", f"/v/{vendor.slug}", "/api/v1/imports")

    def all(self, methods):
        queue = [*self.own(), *self.guessed()]
        fetched = set()
        while queue:
            address = queue.pop()
            if address in fetched:
                continue
            fetched.add(address)
            queue += self.fetch("GET", address)
        for address in sorted(fetched):
            for method in methods[1:]:
                if method == "HEAD" or not address.startswith(self.acting):
                    self.fetch(method, address)
        return self.seen

    def own(self):
        """Return the addresses of the vendor's own rows, for every route open to vendors."""
        rows = {
            "slug": [self.vendor.slug],
            "uuid": list(Import.objects.values_list("uuid", flat=True)),
            "question": list(Dispute.objects.values_list("pk", flat=True)),
            "int": [
                pk
                for model in (Work, Payment, Flag, Statement)
                for pk in model.objects.order_by("pk").values_list("pk", flat=True)
            ],
        }
        for route, methods in ADDRESSES.items():
            if VENDOR not in methods.get("GET", ((),))[0]:
                continue
            for values in _fillings(route, rows):
                yield "/" + values

    def guessed(self):
        """Return every address there is, with ids that nobody has."""
        for route in routes():
            if not route.startswith("^"):
                yield "/" + re.sub(
                    r"<(?:(\w+):)?\w+>", lambda part: str(GUESSED.get(part[1], "nothing")), route
                )

    def fetch(self, method, address):
        """Keep the whole answer: status, headers, cookies and body. Returns the links in it."""
        response = getattr(self.client, method.lower())(address)
        body = response.getvalue() if response.streaming else response.content
        headers = sorted(f"{name}: {value}" for name, value in response.headers.items())
        cookies = sorted(
            f"{name}={'' if name in SECRET else morsel.value} {sorted(morsel.items())}"
            for name, morsel in response.cookies.items()
        )
        body = TOKEN.sub(rb"\1", body)
        head = "\n".join([str(response.status_code), *headers, *cookies])
        self.seen.answers[f"{method} {address}"] = head.encode() + b"\n\n" + body
        found = [link.decode().replace("&amp;", "&") for link in LINK.findall(body)]
        place = response.headers.get("Location", "")
        links = []
        for link in [*found, place] if method == "GET" else ():
            if link.startswith("?"):
                link = address.partition("?")[0] + link
            if link.startswith("/") and not link.startswith(("/static", "/sign-out", "//")):
                links.append(link)
        return links


def _fillings(route, rows):
    """Yield a route with every row that could be meant in each of its places."""
    place = re.search(r"<(\w+):(\w+)>", route)
    if place is None:
        yield route
        return
    kind = "question" if route.startswith("questions/") else place[1]
    for value in rows.get(kind, ()):
        yield from _fillings(route.replace(place[0], str(value), 1), rows)


def sequences():
    """Return where PostgreSQL's sequences stand; SQLite takes its own back with a rollback."""
    if connection.vendor != "postgresql":
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname='public'"
        )
        return dict(cursor.fetchall())


def restore(there):
    """Put PostgreSQL's sequences back to where both worlds begin."""
    with connection.cursor() as cursor:
        for name, value in there.items():
            cursor.execute("SELECT setval(%s, %s, %s)", [name, value or 1, value is not None])
