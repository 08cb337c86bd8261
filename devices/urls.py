from django.urls import URLPattern, path

from devices import views

app_name = "devices"
urlpatterns: list[URLPattern] = [
    path("devices/", views.devices, name="list"),
    path("devices/new/", views.new_device, name="new"),
    path("devices/<int:pk>/", views.device, name="device"),
    path("devices/<int:pk>/contact/", views.assign_contact, name="assign_contact"),
    path("devices/<int:pk>/launch-link/", views.new_launch_link, name="new_launch_link"),
    path("devices/<int:pk>/revoke/", views.revoke, name="revoke"),
    path("contacts/<int:pk>/", views.contact, name="contact"),
    path("contacts/<int:pk>/agent/", views.select_agent, name="select_agent"),
]
