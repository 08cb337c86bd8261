from django.urls import URLPattern, path

from chat.views import console, files, live, panels, requests, tickets

app_name = "chat"
urlpatterns: list[URLPattern] = [
    path("", console.home, name="home"),
    path("chats/", console.console, name="console"),
    path("chats/list/", console.part_list, name="list"),
    path("chats/rings/", console.part_rings, name="rings"),
    path("chats/sync/", live.sync, name="sync"),
    path("chats/<int:pk>/", console.chat, name="chat"),
    path("chats/<int:pk>/messages/", live.post, name="post"),
    path("chats/<int:pk>/seen/", live.seen, name="seen"),
    path("chats/<int:pk>/history/", live.history, name="history"),
    path("chats/<int:pk>/files/", files.announce, name="files"),
    path("chats/<int:pk>/files/<uuid:key>/", files.file, name="file"),
    path("chats/<int:pk>/accept/", requests.accept, name="accept"),
    path("chats/<int:pk>/decline/", requests.decline, name="decline"),
    path("chats/<int:pk>/cancel/", requests.cancel, name="cancel"),
    path("chats/<int:pk>/end/", requests.end, name="end"),
    path("chats/<int:pk>/keep-open/", requests.keep_open, name="keep_open"),
    path("chats/<int:pk>/connecting/", requests.connecting, name="connecting"),
    path("chats/<int:pk>/ticket/", tickets.make_ticket, name="make_ticket"),
    path("chats/<int:pk>/ticket-name/", tickets.name_ticket, name="name_ticket"),
    path("devices/<int:pk>/chat/", requests.connect, name="connect"),
    path("devices/<int:pk>/chats/", panels.of_device, name="of_device"),
    path("contacts/<int:pk>/chats/", panels.of_contact, name="of_contact"),
    path("tickets/<int:number>/chat/", requests.start_from_ticket, name="start_from_ticket"),
    path("tickets/<int:number>/chats/", panels.of_ticket, name="of_ticket"),
]
