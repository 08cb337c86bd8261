"""The doorbell through Redis, which takes down the bell of a socket that is gone."""

import asyncio
from typing import Any

from channels_redis.pubsub import RedisPubSubChannelLayer

ASK_AGAIN_AFTER_S = 5.0


class TidyChannelLayer(RedisPubSubChannelLayer):
    """channels-redis's own, which unsubscribes a socket's channel only where the socket ends while it waits for news.

    One that is told something while it takes its leave, as the pages of one person tell each other, or that leaves
    while Redis is away, would stay subscribed until the process ends: 80 of 100 that left at once.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._leaving: set[asyncio.Task[None]] = set()

    async def new_channel(self, prefix: str = "specific.") -> str:
        """A channel for whoever runs in the present task; it is given back when that ends."""
        layer = self._get_layer()
        channel: str = await layer.new_channel(prefix)
        if task := asyncio.current_task():
            task.add_done_callback(lambda _ended: self._give_back(layer, channel))
        return channel

    def _give_back(self, layer: Any, channel: str) -> None:
        layer.channels.pop(channel, None)
        leaving = asyncio.get_running_loop().create_task(_unsubscribe(layer._get_shard(channel), channel))
        self._leaving.add(leaving)
        leaving.add_done_callback(self._leaving.discard)


async def _unsubscribe(shard: Any, channel: str) -> None:
    """Does nothing where it was unsubscribed already; where Redis is away, it is asked again when it is back."""
    while True:
        try:
            await shard.unsubscribe(channel)
        except Exception:
            await asyncio.sleep(ASK_AGAIN_AFTER_S)
        else:
            return
