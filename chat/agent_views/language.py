"""In which language the page is read (D12)."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from accounts.actions import set_language
from accounts.forms import LanguageForm
from chat.agent_access import PageRequest, for_page
from chat.agent_cookies import set_page_cookie


@require_POST
@for_page
def language(request: PageRequest) -> HttpResponse:
    """Choose one: it is the contact's from then on, or this browser's while nobody is known here."""
    form = LanguageForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=400)
    response: HttpResponse = HttpResponseClientRefresh() if request.htmx else redirect("agent:home")
    if contact := request.page.device.contact:
        set_language(contact, form.cleaned_data["language"])
    else:
        _remember(response, form.cleaned_data["language"])
    return response


def _remember(response: HttpResponse, language: str) -> None:
    """In the cookie that Django's own choice of a language reads, for this page's addresses alone."""
    set_page_cookie(response, settings.LANGUAGE_COOKIE_NAME, language)
