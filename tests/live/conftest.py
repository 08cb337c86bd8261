"""Live pages of the cast: `async with tina() as page`, `async with ann() as page`."""

import pytest
from django.utils import timezone

from tests.cast import page_on
from tests.sockets import Page, agent_cookie, portal_cookie


@pytest.fixture
def now():
    """The real moment: sockets look at the clock by themselves."""
    return timezone.now()


@pytest.fixture
def tina(desk):
    cookie = portal_cookie(desk.tina)
    return lambda: Page("/ws/", cookie)


@pytest.fixture
def ann(desk, now):
    cookie = agent_cookie(page_on(desk.pc, now).cookie)
    return lambda **more: Page("/agent/ws/", cookie, **more)
