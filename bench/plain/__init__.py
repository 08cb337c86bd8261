"""A chat as Channels' own tutorial leads to: the yardstick. Stored by the ORM, pushed with group_send, all defaults."""
