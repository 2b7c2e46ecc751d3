"""What a vendor delivered to its client, as a manifest says it: it tells which work was used."""

from django.db import models
from django.db.models import Q

from workers.models import User, Vendor
from workers.scoping import ScopedManager


class Manifest(models.Model):
    """One list of what was delivered. Its rows are kept, its file is not."""

    SCOPES = {"vendor": "vendor", "auditor": "vendor"}

    vendor = models.ForeignKey(Vendor, models.PROTECT, related_name="manifests")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vendor", "sha256"], name="manifest_brought_in_once_per_vendor"
            ),
        ]


class Delivered(models.Model):
    """One attempt that was delivered, by its id and worker; or how many of a project were."""

    SCOPES = {"vendor": "vendor", "auditor": "vendor"}

    manifest = models.ForeignKey(Manifest, models.PROTECT, related_name="delivered")
    vendor = models.ForeignKey(
        Vendor, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    external_id = models.CharField(max_length=200, blank=True)
    account = models.CharField(max_length=200, blank=True)
    project = models.CharField(max_length=120, blank=True)
    attempts = models.PositiveIntegerField(default=1)

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(external_id="") & ~Q(account="") | ~Q(project=""),
                name="delivery_says_of_what",
            ),
        ]
        indexes = [
            models.Index(fields=["vendor", "external_id", "account"], name="delivery_by_attempt"),
            models.Index(
                fields=["vendor", "project"],
                name="delivery_by_project",
                condition=Q(external_id=""),
            ),
        ]
