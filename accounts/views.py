"""What a person opens and does about who they are: the way in and out, one's own switches."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, PasswordChangeView, redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh, trigger_client_event
from django_htmx.middleware import HtmxDetails

from accounts import actions, events
from accounts.forms import AvailabilityForm, LanguageForm, OwnPasswordForm, SetupForm, SignInForm, ThemeForm
from accounts.models import Technician

ROWS_PER_PAGE = 50


class PortalRequest(HttpRequest):
    """What the middleware hands to a page behind the sign-in."""

    user: Technician
    htmx: HtmxDetails


class SignIn(LoginView):
    """Django's own, which checks where `next` leads; it locks after five wrong tries (django-axes)."""

    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_success_url(self) -> str:
        """Where `next` leads, but not here: that would send who is signed in round in circles."""
        address: str = super().get_success_url()
        return settings.LOGIN_REDIRECT_URL if address == self.request.path else address

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"is_empty": not Technician.objects.exists()}


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this browser's session; its open pages are told at once, because a socket knows its person from its start."""
    technician = request.user
    logout(request)
    if isinstance(technician, Technician):
        events.rights_changed(technician)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@login_not_required
@sensitive_post_parameters("password", "code")
@never_cache
@require_http_methods(["GET", "POST"])
def setup(request: HttpRequest) -> HttpResponse:
    """Make the first admin with the code that the server printed; 404 once anybody can sign in."""
    if Technician.objects.exists():
        raise Http404
    form = SetupForm(request.POST or None)
    admin = _first_admin(form) if form.is_valid() else None
    if admin is None:
        return render(request, "accounts/setup.html", {"form": form}, status=422 if form.is_bound else 200)
    login(request, admin, backend="django.contrib.auth.backends.ModelBackend")
    return redirect(settings.LOGIN_REDIRECT_URL)


def _first_admin(form: SetupForm) -> Technician | None:
    """The admin that was made; or nothing, with the reason beside its field."""
    try:
        return actions.make_first_admin(**form.cleaned_data)
    except actions.SetupClosed:
        raise Http404 from None
    except actions.WrongCode:
        form.add_error("code", _("This code is not right. The server prints a new one each time it starts."))
    except ValidationError as error:
        form.add_error("password", error)
    return None


@login_not_required
@require_GET
def admin_door(request: HttpRequest) -> HttpResponse:
    """There is one sign-in for the portal and the admin; who may not enter the admin is told so."""
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(request.GET.get("next") or settings.LOGIN_REDIRECT_URL)


class ChangePassword(PasswordChangeView):
    """One's own password. Elsewhere this person is signed out, and their pages close."""

    template_name = "accounts/password.html"
    form_class = OwnPasswordForm
    success_url = settings.LOGIN_REDIRECT_URL

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, _("Your password is changed."))
        return super().form_valid(form)


@require_POST
def availability(request: PortalRequest) -> HttpResponse:
    """S13: whether new requests ring for me."""
    form = AvailabilityForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=400)
    actions.set_availability(request.user, **form.cleaned_data)
    return _stored(request, "hd:me", form.cleaned_data)


@require_POST
def theme(request: PortalRequest) -> HttpResponse:
    """Light, dark, or as the system is."""
    form = ThemeForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=400)
    actions.set_theme(request.user, **form.cleaned_data)
    return _stored(request, "hd:theme", form.cleaned_data)


@require_POST
def language(request: PortalRequest) -> HttpResponse:
    """In which language I read; the page is loaded again in it."""
    form = LanguageForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=400)
    actions.set_language(request.user, **form.cleaned_data)
    return HttpResponseClientRefresh() if request.htmx else redirect(settings.LOGIN_REDIRECT_URL)


def _stored(request: PortalRequest, event: str, facts: dict[str, Any]) -> HttpResponse:
    """Tell the page's script what holds now, or show a page where no script asked."""
    if not request.htmx:
        return redirect(settings.LOGIN_REDIRECT_URL)
    return trigger_client_event(HttpResponse(status=204), event, facts)
