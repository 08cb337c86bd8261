"""One group a chat: a message is stored, then sent to the group, and each member passes it to its browser."""

from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.db.models import Q

from bench.plain.models import Chat, Message


class ChatConsumer(AsyncJsonWebsocketConsumer):
    async def connect(self) -> None:
        self.user = self.scope["user"]
        self.chat = self.scope["url_route"]["kwargs"]["chat"]
        self.group = f"chat_{self.chat}"
        if not await self.may_talk():
            await self.close()
            return
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()
        await self.send_json({"type": "ready"})

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive_json(self, content: Any, **_kwargs: Any) -> None:
        message = await self.store(content["body"])
        await self.channel_layer.group_send(self.group, {"type": "chat.message", "message": message})

    async def chat_message(self, event: dict[str, Any]) -> None:
        await self.send_json({"type": "message"} | event["message"])

    @database_sync_to_async
    def may_talk(self) -> bool:
        if not self.user.is_authenticated:
            return False
        return Chat.objects.filter(Q(technician=self.user) | Q(contact=self.user), pk=self.chat).exists()

    @database_sync_to_async
    def store(self, body: str) -> dict[str, Any]:
        message = Message.objects.create(chat_id=self.chat, author=self.user, body=body)
        return {
            "id": message.pk,
            "author": self.user.get_username(),
            "body": message.body,
            "at": message.created_at.isoformat(),
        }
