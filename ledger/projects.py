"""Projects have no list of their own: they are the names under which work was done."""

from ledger.models import Work
from workers import naming
from workers.models import Vendor


def worked_in(vendor: Vendor, project: str, *, else_say: str = "") -> str:
    """Return the name of a project in which somebody has worked. Raises naming.Unknown.

    The error names those that are most like it. else_say: what to do about one that is still to
    begin.
    """
    work = Work.objects.filter(engagement__vendor=vendor)
    if not work.filter(project=project).exists():
        known = work.values_list("project", flat=True).order_by("project").distinct()
        raise naming.Unknown(
            project,
            f"nobody has worked in this project at {vendor.name}.",
            f"{naming.nearest(project, known)} {else_say}".strip() or "Check the name.",
        )
    return project
