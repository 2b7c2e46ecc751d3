"""The first page: it sends everybody to their own, and lets those with several choose."""

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import View

from workers import people
from workers.roles import Role
from workers.scoping import roles_now


class Home(LoginRequiredMixin, View):
    """Whose page is it? Somebody without any role begins with a claim."""

    http_method_names = ["get", "head"]
    nav = None  # whose pages to list is what is being asked

    def get(self, request: HttpRequest) -> HttpResponse:
        """Go to the only page there is, or list them."""
        user = request.user
        roles = roles_now(user)
        choices = []
        if Role.WORKER in roles:
            choices.append(
                (_("My pay"), _("what you earned, received and are owed"), reverse("my-pay"))
            )
        if Role.VENDOR in roles:
            choices += [
                (one.name, _("as its staff"), reverse("overview", args=[one.slug]))
                for one in people.employers_of(user)
            ]
        if Role.AUDITOR in roles:
            choices.append((_("Statements"), _("as an auditor"), reverse("audit")))
        if len(choices) > 1:
            return render(request, "payouts/home.html", {"choices": choices})
        return redirect(choices[0][2] if choices else "accounts")
