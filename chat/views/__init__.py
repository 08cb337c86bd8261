"""What a technician does and opens in the room of chats, by noun."""
