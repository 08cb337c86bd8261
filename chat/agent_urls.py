"""The addresses of the contact's page, all below /agent/, where its cookie is sent."""

from django.urls import path

from chat.agent_views import chat, doors, files, home, identity, language, live, ticket_files, tickets

app_name = "agent"
urlpatterns = [
    path("", home.home, name="home"),
    path("open/", doors.open_page, name="open"),
    path("demo/<str:name>/", doors.demo, name="demo"),
    path("start/", chat.start, name="start"),
    path("chats/<int:pk>/", chat.chat, name="chat"),
    path("chats/<int:pk>/accept/", chat.accept, name="accept"),
    path("chats/<int:pk>/decline/", chat.decline, name="decline"),
    path("chats/<int:pk>/cancel/", chat.cancel, name="cancel"),
    path("chats/<int:pk>/end/", chat.end, name="end"),
    path("chats/<int:pk>/keep-open/", chat.keep_open, name="keep_open"),
    path("chats/<int:pk>/messages/", live.post_message, name="post"),
    path("chats/<int:pk>/seen/", live.seen, name="seen"),
    path("chats/<int:pk>/history/", live.history, name="history"),
    path("chats/<int:pk>/files/", files.announce, name="files"),
    path("chats/<int:pk>/files/<uuid:key>/", files.file, name="file"),
    path("language/", language.language, name="language"),
    path("sync/", live.sync, name="sync"),
    path("identity/", identity.identity, name="identity"),
    path("identity/token/", identity.token, name="token"),
    path("identity/change/", identity.change, name="change"),
    path("files/", ticket_files.announce, name="ticket_files"),
    path("files/<uuid:key>/", ticket_files.upload, name="upload"),
    path("tickets/", tickets.tickets, name="tickets"),
    path("tickets/new/", tickets.new_ticket, name="new_ticket"),
    path("tickets/<int:number>/", tickets.ticket, name="ticket"),
    path("tickets/<int:number>/reply/", tickets.reply, name="reply"),
    path("tickets/<int:number>/files/<uuid:key>/", ticket_files.file, name="ticket_file"),
]
