from django.urls import path

from tickets import panels, views

app_name = "tickets"
urlpatterns = [
    path("tickets/", views.tickets, name="list"),
    path("tickets/new/", views.new, name="new"),
    path("tickets/files/", views.announce, name="files"),
    path("tickets/files/<uuid:key>/", views.upload, name="upload"),
    path("tickets/<int:number>/", views.ticket, name="ticket"),
    path("tickets/<int:number>/reply/", views.reply, name="reply"),
    path("tickets/<int:number>/files/<uuid:key>/", views.file, name="file"),
    path("tickets/<int:number>/title/", views.rename, name="rename"),
    path("tickets/<int:number>/status/", views.status, name="status"),
    path("tickets/<int:number>/take/", views.take, name="take"),
    path("devices/<int:pk>/tickets/", panels.of_device, name="of_device"),
    path("contacts/<int:pk>/tickets/", panels.of_contact, name="of_contact"),
]
