"""Which address belongs to which room; each room's own addresses stand in its urls.py."""

from django.contrib import admin
from django.urls import include, path

from helpdesk.views import outbox

urlpatterns = [
    path("", include("accounts.urls")),
    path("", include("devices.urls")),
    path("", include("tickets.urls")),
    path("", include("chat.urls")),
    path("agent/", include("chat.agent_urls")),
    path("outbox/", outbox, name="outbox"),
    path("admin/", admin.site.urls),
]
handler500 = "helpdesk.views.server_error"
