"""Helpdesk's own settings, and what a test run wants otherwise: a place of its own, and less patience.

Every pytest worker has its own data folder, its own database and its own corner of Redis, so that
none hears of another's chats.
"""

import os
import tempfile
from urllib.parse import urlsplit

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")

# The rest of a developer's environment must not change what is tested.
for name in ("DEMO", "DEBUG", "HOST", "PORT", "PUBLIC_URL", "ALLOWED_HOSTS", "EMAIL_URL"):
    os.environ.pop(name, None)
os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="helpdesk-test-")
if os.environ.get("REDIS_URL"):
    os.environ["REDIS_URL"] = urlsplit(os.environ["REDIS_URL"])._replace(path="/" + WORKER.removeprefix("gw")).geturl()
os.environ.setdefault("SECRET_KEY", "only-for-tests")

from helpdesk.settings import *  # noqa: E402, F403 - the environment above is read by it
from helpdesk.settings import CHANNEL_LAYERS, DATABASES, PRODUCTION  # noqa: E402

# Argon2 is slow on purpose; a suite signs in a thousand times.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

if "sqlite" in DATABASES["default"]["ENGINE"]:
    # What a power cut would do to a test's database is nobody's worry.
    DATABASES["default"]["OPTIONS"]["init_command"] += "; PRAGMA synchronous=OFF"
else:
    # The transaction around a test stays open for as long as the test takes.
    DATABASES["default"]["OPTIONS"]["options"] += " -c idle_in_transaction_session_timeout=0"
if PRODUCTION:
    # Redis keeps its database numbers apart for keys only: what is published is heard in all of them.
    CHANNEL_LAYERS["default"]["CONFIG"]["prefix"] = f"test-{WORKER}"
