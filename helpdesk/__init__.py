"""How the product is put together. This room may see every other; none may see it."""

from helpdesk.celery import app as celery_app

__all__ = ["celery_app"]
