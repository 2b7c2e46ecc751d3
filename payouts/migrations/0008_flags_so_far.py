"""Flags from before there were events get theirs.

Those that are open are told and asked now, as nobody was given a day before; those that were
resolved are closed on the day on which they were, with the reason that was written then.
"""

from datetime import timedelta

from django.db import migrations
from django.utils import timezone

ANSWER_DAYS = 14
ROWS = 500


def give_events(apps, schema_editor):
    Flag, FlagEvent = (apps.get_model("payouts", name) for name in ("Flag", "FlagEvent"))
    now = timezone.now()
    flags, events = [], []
    for flag in Flag.objects.order_by("pk").iterator(chunk_size=ROWS):
        events += closing(FlagEvent, flag) if flag.resolved_at else asking(FlagEvent, flag, now)
        flags.append(flag)
        if len(flags) == ROWS:
            write(Flag, FlagEvent, flags, events)
            flags, events = [], []
    write(Flag, FlagEvent, flags, events)


def write(Flag, FlagEvent, flags, events):
    FlagEvent.objects.bulk_create(events)
    Flag.objects.bulk_update(
        flags, ["state", "closed_as", "answer_due_at", "changed_at", "events"]
    )


def closing(FlagEvent, flag):
    new_version = flag.resolution.startswith("Version ")
    flag.closed_as = "superseded" if new_version else "closed"
    flag.changed_at, flag.events = flag.resolved_at, 1
    return [
        FlagEvent(flag=flag, position=1, happening=flag.closed_as, at=flag.resolved_at,
                  role="scan", stake_micros=flag.stake_micros,
                  reason=flag.resolution or "It was not found any more.")
    ]  # fmt: skip


def asking(FlagEvent, flag, now):
    told = [("notified", None)] if flag.for_worker and flag.engagement_id else []
    if flag.for_vendor:
        told.append(("asked", now + timedelta(days=ANSWER_DAYS)))
    for happening, due_at in told:
        flag.state, flag.changed_at, flag.answer_due_at = happening, now, due_at
    flag.events = len(told)
    return [
        FlagEvent(flag=flag, position=number, happening=happening, at=now, role="scan",
                  due_at=due_at, stake_micros=flag.stake_micros)
        for number, (happening, due_at) in enumerate(told, start=1)
    ]  # fmt: skip


class Migration(migrations.Migration):

    dependencies = [("payouts", "0007_flag_life")]

    operations = [migrations.RunPython(give_events, migrations.RunPython.noop)]
