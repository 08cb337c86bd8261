"""The fewest settings that this chat runs with; what is not here is Django's or Channels' default."""

import os

SECRET_KEY = "only-for-the-measurement-0d6b1c5e9f2a4738"  # noqa: S105 - it guards nothing
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
INSTALLED_APPS = [
    "daphne",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "bench.plain",
]
ASGI_APPLICATION = "bench.plain.asgi.application"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "plain",
        "USER": "helpdesk",
        "HOST": "127.0.0.1",
        "PORT": os.environ["PLAIN_POSTGRES_PORT"],
    }
}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        "CONFIG": {"hosts": [("127.0.0.1", int(os.environ["PLAIN_REDIS_PORT"]))]},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
