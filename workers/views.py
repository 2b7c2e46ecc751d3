"""Signing in and out, and claiming accounts."""

from typing import Any, cast

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.views import LoginView, LogoutView
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views import View
from django.views.generic import FormView

from config.headers import is_loopback
from workers import claims, patience, people
from workers.forms import CodeForm, JoinForm, SignInForm
from workers.models import Link, User
from workers.roles import Permission
from workers.scoping import Scoped

MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"


class Patient(FormView):
    """A form that guesses could be made with waits longer and longer (patience.py)."""

    http_method_names = ["get", "head", "post"]  # Django's form views would take PUT as well
    limit = patience.ONE_ACCOUNT

    def tried(self) -> tuple[str, ...]:
        """Return what is being tried; the network is added to it."""
        raise NotImplementedError

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Judge the form, or ask to wait: 429 with Retry-After."""
        wait_s = patience.try_once(self.limit, *self.key(), at=timezone.now())
        if not wait_s:
            return super().post(request, *args, **kwargs)
        form = self.get_form_class()(initial=request.POST.dict())  # no password is shown again
        context = self.get_context_data(form=form, wait_s=wait_s)
        response = self.render_to_response(context, status=429)
        response.headers["Retry-After"] = str(wait_s)
        return response

    def key(self) -> tuple[str, ...]:
        """Return what patience keeps count of."""
        return (*self.tried(), patience.network_of(self.request.META))


class SignIn(Patient, LoginView):
    """Name and password; in the demo, and only there, one click instead."""

    template_name = "workers/sign_in.html"
    authentication_form = SignInForm

    def tried(self) -> tuple[str, ...]:
        """Return the name, in whatever case it was typed."""
        return ("sign-in", self.request.POST.get("username", "").strip().casefold()[:150])

    def get_form_class(self) -> Any:
        """Return the form of this page."""
        return SignInForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add whom the demo signs in."""
        users = demo_users() if may_sign_in_by_click(self.request) else []
        return super().get_context_data(demo_users=users, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """Sign in, and forget the tries."""
        patience.forgive(*self.key())
        return super().form_valid(form)


class SignOut(LogoutView):
    """Sign out, and have the browser forget what it kept of these pages."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Add the header to the answer."""
        response = super().post(request, *args, **kwargs)
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response


class DemoSignIn(View):
    """Sign in by one click: only in the demo, only on this machine, never as an administrator."""

    http_method_names = ["post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Be there in the demo only."""
        if not may_sign_in_by_click(request):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Sign in as the user named by `name`."""
        chosen = [user for user in demo_users() if user.username == request.POST.get("name")]
        if not chosen:
            raise Http404
        login(request, chosen[0], backend=MODEL_BACKEND)
        return redirect(settings.LOGIN_REDIRECT_URL)


class Join(Patient):
    """A worker signs up with a code: a name, a password, no e-mail."""

    template_name = "workers/join.html"
    form_class = JoinForm
    limit = patience.ONE_NETWORK

    def tried(self) -> tuple[str, ...]:
        """Return what all who join from one network share: names are theirs to choose."""
        return ("join",)

    def form_valid(self, form: JoinForm) -> HttpResponse:
        """Make the user, sign them in; or say what to mend."""
        try:
            user = claims.sign_up(**form.cleaned_data, at=timezone.now())
        except claims.CodeRefused as error:
            form.add_error("code", str(error))
            return self.form_invalid(form)
        except people.NameTaken as error:
            form.add_error("pseudonym", str(error))
            return self.form_invalid(form)
        login(self.request, user, backend=MODEL_BACKEND)
        return redirect("accounts")


class Accounts(Scoped, Patient):
    """The accounts that somebody claimed, and a form to claim another one."""

    model = Link
    permission = Permission.ACCOUNT_CLAIM
    template_name = "workers/accounts.html"
    form_class = CodeForm

    def tried(self) -> tuple[str, ...]:
        """Return who claims."""
        return ("claim", str(self.request.user.pk))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the accounts that are linked now."""
        links = self.get_queryset().filter(ended_at=None).select_related("engagement__vendor")
        return super().get_context_data(links=links.order_by("began_at", "pk"), **kwargs)

    def form_valid(self, form: CodeForm) -> HttpResponse:
        """Claim the account; or say that the code does not work."""
        try:
            claims.claim(
                user=cast(User, self.request.user),
                code=form.cleaned_data["code"],
                at=timezone.now(),
            )
        except claims.CodeRefused as error:
            form.add_error("code", str(error))
            return self.form_invalid(form)
        patience.forgive(*self.key())
        return redirect("accounts")


class TakeBack(Scoped, View):
    """End a link to an account. To see it again takes a new code."""

    http_method_names = ["post"]
    model = Link
    permission = Permission.ACCOUNT_CLAIM

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """End the link, and show what is left."""
        link = get_object_or_404(self.get_queryset(), pk=pk, ended_at=None)
        claims.take_back(link=link, at=timezone.now())
        return redirect("accounts")


def may_sign_in_by_click(request: HttpRequest) -> bool:
    """Tell whether this is the demo, asked from the machine that it runs on."""
    return settings.PAID_DEMO and is_loopback(request.META)


def demo_users() -> list[User]:
    """Return whom the demo signs in, with what they are; see people.cast."""
    return people.cast(at=timezone.now())
