"""Terms about pay beside the task: bonuses that were promised, and what has to be read for work."""

from django.db import models
from django.db.models import F, Q

from workers.models import Engagement, User, Vendor
from workers.scoping import ScopedManager


class Promise(models.Model):
    """A bonus was promised to whoever meets a condition. `text` is how it was promised.

    The condition is data: at least so many pieces of a project (and type of task, "" for any) that
    ended from `first_on` to `last_on` on the vendor's clock. counting: approved, or submitted.
    Where the words of the promise do not say how much is enough, there is no number, and it is "".
    """

    APPEND_ONLY = True
    SCOPES = {"vendor": "vendor", "auditor": "vendor"}

    vendor = models.ForeignKey(Vendor, models.PROTECT, related_name="promises")
    engagement = models.ForeignKey(
        Engagement, models.PROTECT, null=True, related_name="promises"
    )  # None: to everybody
    name = models.CharField(max_length=120)  # its award carries it as type of task
    text = models.CharField(max_length=1000)
    project = models.CharField(max_length=120)
    task_type = models.CharField(max_length=120, blank=True)
    pieces_at_least = models.PositiveIntegerField(null=True)
    counting = models.CharField(max_length=10, blank=True)
    first_on = models.DateField()
    last_on = models.DateField()
    amount_micros = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    due_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "name"], name="promise_once_per_name"),
            models.CheckConstraint(
                condition=Q(amount_micros__gt=0)
                & (Q(pieces_at_least__isnull=True) | Q(pieces_at_least__gt=0)),
                name="promise_is_of_something_for_something",
            ),
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on"), due_on__gte=F("last_on")),
                name="promise_is_due_after_its_days",
            ),
            models.CheckConstraint(
                condition=Q(counting__in=["approved", "submitted"], pieces_at_least__isnull=False)
                | Q(counting="", pieces_at_least__isnull=True),
                name="promise_counts_what_is_known",
            ),
        ]


class Course(models.Model):
    """One version of what has to be read or learnt for a project: instructions, or a course.

    Its length is words or pages. `fresh_words` are those that are new or changed since the version
    before; None where nobody counted them: then all of it is to be read again.
    """

    APPEND_ONLY = True
    SCOPES = {"vendor": "vendor", "auditor": "vendor"}

    vendor = models.ForeignKey(Vendor, models.PROTECT, related_name="courses")
    project = models.CharField(max_length=120)
    task_type = models.CharField(max_length=120, blank=True)  # "": whatever the type
    name = models.CharField(max_length=120)
    version = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20)  # instructions or training
    words = models.PositiveIntegerField(null=True)
    pages = models.PositiveIntegerField(null=True)
    fresh_words = models.PositiveIntegerField(null=True)
    required = models.BooleanField()
    from_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vendor", "project", "name", "version"], name="course_once_per_version"
            ),
            models.CheckConstraint(
                condition=Q(words__isnull=False, words__gt=0, pages__isnull=True)
                | Q(pages__isnull=False, pages__gt=0, words__isnull=True),
                name="course_has_words_or_pages",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["instructions", "training"]), name="course_is_of_a_known_kind"
            ),
        ]
