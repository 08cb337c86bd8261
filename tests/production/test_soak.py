"""A minute of `make soak`: fewer chats than there, because they share two cores with everything that carries them."""

import pytest

from tests.production.soak import report
from tests.production.soak.run import Options, soak

A_MINUTE = Options(seed=1, minutes=1, chats=60)


@pytest.mark.timeout(420)
async def test_nothing_is_lost_or_doubled_in_a_minute_of_trouble(stack, tmp_path):
    found = await soak(stack, A_MINUTE)
    report.write(found, stack, tmp_path)
    print(report.as_text(found))
    assert not report.has_failed(found)
    # Something went on, and something was at fault.
    assert found["counts"]["delivered"] > 2 * A_MINUTE.chats
    assert len(found["faults"]) >= 3
