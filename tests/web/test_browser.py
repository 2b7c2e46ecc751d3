"""Every page in Chromium, on a phone and on a desk, by day and by night: read, not only loaded."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from ledger.models import Import, Payment
from payouts.models import Flag, SettlementFile, Statement
from tests.factories import PASSWORD
from tests.web import sample_site

pytestmark = pytest.mark.browser

SIZES = {"phone": (390, 800), "desk": (1280, 900)}
LIGHTS = ("light", "dark")
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
OUTLINE = """() => {
  const at = document.activeElement, style = getComputedStyle(at);
  return [at.tagName, style.outlineStyle, parseFloat(style.outlineWidth)];
}"""


class Look:
    """A browser of one size, in which people sign in once."""

    def __init__(self, chromium, url, size):
        self.chromium, self.url = chromium, url
        width, height = SIZES[size]
        self.options = {"viewport": {"width": width, "height": height}}
        self.contexts = {}

    def page(self, user, address):
        """Return the page at an address, opened by a user."""
        page = self.context(user).new_page()
        page.goto(self.url + address)
        return page

    def context(self, user):
        if user not in self.contexts:
            self.contexts[user] = self.chromium.new_context(**self.options)
            if user:
                page = self.page(user, "/sign-in/")
                page.fill("[name=username]", user)
                page.fill("[name=password]", PASSWORD)
                page.click("form:has([name=username]) button")
                page.wait_for_url(lambda url: "/sign-in/" not in url)
                page.close()
        return self.contexts[user]

    def close(self):
        for context in self.contexts.values():
            context.close()


def addresses(site):
    """Return where each page is: the visitor, the address and words that must stand there."""
    low, owed = site.account_of("low"), site.account_of("owed")
    week = site.planted("W28")["week"]
    payment = Payment.objects.filter(engagement=owed).latest("pk")
    statement = Statement.objects.filter(engagement=owed).latest("pk")
    imported = Import.objects.filter(vendor=site.vendor, kind="payouts").latest("pk")
    file = SettlementFile.objects.get(vendor=site.vendor, name="bank-october.xml")
    asked = Flag.objects.filter(vendor=site.vendor, state="asked", closed_as="").earliest("pk")
    v = f"/v/{site.vendor.slug}/"
    return {
        "sign in": ("", "/sign-in/", "Sign in"),
        "join": ("", "/join/", "See your pay"),
        "my pay": ("owed", "/pay/", "You are owed"),
        "one account": ("owed", f"/pay/{owed.pseudonym}/", "Your pay per hour"),
        "several accounts": ("several", "/pay/", "This account by itself"),
        "paid on approval": ("turk", "/pay/", "Paid on approval"),
        "no account yet": ("newcomer", "/pay/", "No account is linked to you yet"),
        "a week": ("low", f"/pay/{low.pseudonym}/weeks/{week}/", "below the floor"),
        "work": ("owed", "/pay/work/payable/", "Owed to you"),
        "a payment": ("owed", f"/pay/payments/{payment.pk}/", "The work that it pays"),
        "my statements": ("owed", "/pay/statements/", "October 2026"),
        "a statement": ("owed", f"/statements/{statement.pk}/", "October 2026"),
        "my accounts": ("owed", "/accounts/", owed.account),
        "my record": ("low", "/pay/log/", "A clock is running"),
        "an entry": ("low", f"/pay/log/{site.entry.pk}/", "A call with the lead"),
        "release": ("low", f"/pay/log/{site.entry.pk}/release/", "What the vendor will see"),
        "both clocks": ("low", "/pay/clocks/", "Only in your record"),
        "my exports": ("low", "/pay/log/exports/", "Read so far"),
        "my questions": ("low", "/pay/questions/", "Not sent"),
        "which line": ("low", "/pay/questions/ask/", "Your newest work"),
        "what is wrong": (
            "low",
            f"/pay/questions/ask/{site.draft.about}/",
            "The amount is too low",
        ),
        "words": ("low", f"/pay/questions/drafts/{site.draft.pk}/", "In your words"),
        "my question": ("low", f"/questions/{site.question.pk}/", "I was on call."),
        "a question put": ("vera", f"/questions/{site.question.pk}/", "Make it right"),
        "questions put": ("vera", f"{v}questions/", "Questions put to you"),
        "questions escalated": ("ada", "/audit/questions/", "escalated"),
        "a question escalated": ("ada", f"/questions/{site.escalated.pk}/", "Decide"),
        "overview": ("vera", v, "of worker-weeks earned the floor or more"),
        "flags": ("vera", f"{v}flags/", "What is wrong with pay"),
        "my flags": ("low", "/pay/flags/", "What was found about your pay"),
        "my flag": ("low", f"/flags/{site.flag.pk}/", "Ask about this flag"),
        "a flag explained": ("vera", f"/flags/{site.flag.pk}/", "You explained it"),
        "a flag": ("vera", f"/flags/{asked.pk}/", "Your answer"),
        "flags that wait": ("vera", f"{v}flags/?state=asked", "Your answer"),
        "flags to audit": ("ada", "/audit/flags/", "Nobody answered by"),
        "a flag to audit": ("ada", f"/flags/{site.silent.pk}/", "Close with this reason"),
        "imports": ("vera", f"{v}imports/", "Bring a file in"),
        "an import": ("vera", f"{v}imports/{imported.uuid}/", "Undo this import"),
        "undo": ("vera", f"{v}imports/{imported.uuid}/undo/", "Take back"),
        "pay runs": ("vera", f"{v}runs/", "Draft, not paid"),
        "a pay run": ("vera", f"{v}runs/1/", "Where the pay goes is not known"),
        "gaps": ("vera", f"{v}top-ups/?period=2026-10", "What will be posted"),
        "statements": ("vera", f"{v}statements/", "Issue the statements of"),
        "settlement": ("vera", f"{v}settlement/", "entries without an answer"),
        "a bank's file": ("vera", f"{v}settlement/{file.uuid}/", "do not agree"),
        "bank entries": ("vera", f"{v}settlement/entries/", "no payment has the reference"),
        "where pay goes out": ("vera", f"{v}settlement/accounts/", "Declare that all pay"),
        "undo a bank's file": ("vera", f"{v}settlement/{file.uuid}/undo/", "Take back"),
        "fees": ("vera", f"{v}fees/", "Declare a fee"),
        "bring a bank's file in": ("vera", f"{v}settlement/add/", "Mapping"),
        "audit": ("ada", "/audit/", "You may read them until"),
        "choice": ("both", "/", "Where to?"),
        "not there": ("owed", "/nothing/", "There is no such page"),
    }


BY_KEYBOARD = ("sign in", "my pay", "flags", "imports")


@pytest.mark.parametrize("size", SIZES)
def test_every_page_can_be_read_by_everybody(chromium, live_server, tmp_path, size):
    """By day and by night, with all that is folded opened, and by keyboard."""
    pages = addresses(sample_site.build(tmp_path))
    look = Look(chromium, live_server.url, size)
    wrong = []
    for name, (user, address, words) in pages.items():
        print(name, flush=True)
        page = look.page(user, address)
        open_all(page)
        assert words in page.inner_text("main"), name
        if page.evaluate(OVERFLOW) > 0:
            wrong.append(f"{name} scrolls sideways")
        for light in LIGHTS:
            page.emulate_media(color_scheme=light)
            wrong += [f"{name}, {light}: {rule}" for rule in broken(Axe().run(page))]
        if name in BY_KEYBOARD:
            wrong += [f"{name}: {lost}" for lost in lost_by_keyboard(page)]
        page.close()
    look.close()

    assert len(pages) > len(BY_KEYBOARD)
    assert wrong == []


def open_all(page):
    """Open what is folded, so that it is looked at, too."""
    for fold in page.query_selector_all("details:not([open]) > summary"):
        fold.click()


def broken(results):
    """Return the rules that axe finds broken, each with where."""
    return [
        f"{rule['id']}: {node['html'][:160]}"
        for rule in results.response["violations"]
        for node in rule["nodes"]
    ]


def lost_by_keyboard(page):
    """Return on which of the first stops of the Tab key nobody sees where they are."""
    page.evaluate("document.activeElement.blur()")
    stops = []
    for _ in range(12):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(OUTLINE))
    reached = [stop for stop in stops if stop[0] != "BODY"]
    hidden = [f"no outline on {stop[0]}" for stop in reached if stop[1] == "none" or stop[2] < 2]
    return hidden if len(reached) >= 5 else ["the Tab key reaches nothing"]
