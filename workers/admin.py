"""The stock admin: people can be edited where that is safe, facts can only be looked at."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest
from knox.models import AuthToken

from workers.models import AuditGrant, Engagement, Link, Membership, User, Vendor, Worker


class ReadOnly(admin.ModelAdmin):
    """Rows to look at: nobody adds, changes or deletes them here, administrators included."""

    list_per_page = 50
    show_full_result_count = False  # counting a million rows is not worth the wait

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Never."""
        return False


class Lasting(admin.ModelAdmin):
    """Rows that are edited, and never deleted: others point to them."""

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Never."""
        return False


admin.site.register(User, UserAdmin)


@admin.register(Vendor)
class VendorAdmin(Lasting):
    """A vendor's name can be mended. Its zone and currency cannot: past weeks hang on them."""

    list_display = ("name", "slug", "currency", "zone")
    readonly_fields = ("uuid", "slug", "currency", "zone", "created_at")

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Use `manage.py add_vendor`, which checks zone and currency."""
        return False


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):
    """Who works for which vendor."""

    list_display = ("user", "vendor")
    list_select_related = ("user", "vendor")
    autocomplete_fields = ("user",)


@admin.register(Worker)
class WorkerAdmin(ReadOnly):
    """People under a pseudonym."""

    list_display = ("pseudonym", "uuid")


@admin.register(Engagement)
class EngagementAdmin(ReadOnly):
    """Accounts, without their keys."""

    list_display = ("account", "source", "vendor")
    list_select_related = ("vendor",)
    search_fields = ("account",)
    exclude = ("who_key", "money_key")


@admin.register(Link)
class LinkAdmin(ReadOnly):
    """Who claimed which account: only the person links and takes back."""

    list_display = ("worker", "engagement", "began_at", "ended_at")
    list_select_related = ("worker", "engagement")


@admin.register(AuditGrant)
class AuditGrantAdmin(admin.ModelAdmin):
    """What an auditor may read; deleting a grant ends it at once."""

    list_display = ("auditor", "first_on", "last_on", "expires_at", "purpose")
    list_select_related = ("auditor",)
    autocomplete_fields = ("auditor",)
    filter_horizontal = ("vendors",)


admin.site.unregister(AuthToken)


@admin.register(AuthToken)
class TokenAdmin(ReadOnly):
    """API tokens, of which only the hash is there; deleting one ends it at once."""

    list_display = ("user", "created", "expiry")
    list_select_related = ("user",)
    fields = ("user", "created", "expiry")
    readonly_fields = fields

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """As the administrator's own permissions say."""
        return admin.ModelAdmin.has_delete_permission(self, request, obj)
