"""An import as its page tells it: which step it is at, how it ended, what was not taken."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ledger.jobs import GOES_ON
from ledger.models import Import, Job

STEPS = (_("Checking"), _("Posting"), _("Done"))
STATES = {
    "checking": _("being checked"),
    "checked": _("checked, nothing kept"),
    "dry run": _("being checked"),
    "posting": _("being posted"),
    "done": _("done"),
    "refused": _("refused, nothing kept"),
    "undone": _("undone"),
    "failed": _("stopped"),
}
OUTCOMES = (
    ("new", _("new")),
    ("rejected", _("rejected")),
    ("changed", _("changed")),
    ("unchanged", _("unchanged")),
    ("no_work", _("without work")),
    ("conflict", _("in conflict")),
)


@dataclass(frozen=True, slots=True)
class Story:
    """One import, and the job that reads it or takes it back."""

    imported: Import
    job: Job | None
    undoing: Job | None = None

    @property
    def is_moving(self) -> bool:
        """Whether something goes on: the page loads itself again."""
        return any(job is not None and job.state in GOES_ON for job in (self.job, self.undoing))

    @property
    def has_stopped(self) -> str:
        """Why the reading stopped, where it did."""
        stopped = [job.error for job in (self.job, self.undoing) if job and job.state == "failed"]
        return stopped[0] if stopped else ""

    @property
    def state(self) -> str:
        """The state in words."""
        if self.undoing is not None and self.undoing.state in GOES_ON:
            return str(_("being undone"))
        if self.has_stopped:
            return str(STATES["failed"])
        return str(STATES.get(self.imported.state, self.imported.state))

    @property
    def at_step(self) -> int:
        """The place in STEPS; beyond the last one when all is done."""
        return {"checking": 0, "posting": 1}.get(self.imported.state, len(STEPS))

    @property
    def steps(self) -> list[tuple[str | Promise, str]]:
        """Each step with "did", "now" or nothing; what was refused was never posted."""
        if self.imported.state in ("refused", "checked"):
            return [(STEPS[0], "did"), (self.state.capitalize(), "end")]
        names = STEPS if self.imported.state != "undone" else (*STEPS[:-1], _("Undone"))
        marks = ["did" if n < self.at_step else "now" if n == self.at_step else ""
                 for n in range(len(STEPS))]  # fmt: skip
        return list(zip(names, marks, strict=True))

    @property
    def percent(self) -> int | None:
        """How much of the step is done, where that is known."""
        job = self.undoing if self.undoing and self.undoing.state in GOES_ON else self.job
        return job.done * 100 // job.total if job and job.total else None

    @property
    def outcomes(self) -> list[tuple[int, str | Promise]]:
        """Rows by how they ended; new, rejected and changed are said also when there are none."""
        counts = {**self.imported.counts, **self.imported.counts.get("ended", {})}
        return [
            (counts.get(name, 0), word)
            for name, word in OUTCOMES
            if counts.get(name) or name in ("new", "rejected", "changed")
        ]

    @property
    def may_be_undone(self) -> bool:
        """Whether taking it back can be asked for."""
        return self.imported.state == "done" and not self.is_moving


def stories(imports: list[Import], jobs: dict[str, Job]) -> list[Story]:
    """Return imports with their jobs. jobs: by key."""
    return [
        Story(one, jobs.get(f"import:{one.uuid}"), jobs.get(f"undo:{one.uuid}")) for one in imports
    ]


def keys(imports: list[Import]) -> list[str]:
    """Return the keys of the jobs that these imports can have."""
    return [f"{kind}:{one.uuid}" for one in imports for kind in ("import", "undo")]
