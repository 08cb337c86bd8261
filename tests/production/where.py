"""On what a test runs: `@both`, `@embedded`, and the production stack alone where nothing is said."""

import pytest

from tests.production.embedded import Embedded
from tests.production.stack import Stack

KINDS = {"production": Stack, "embedded": Embedded}

both = pytest.mark.parametrize("whole", list(KINDS), indirect=True)
embedded = pytest.mark.parametrize("whole", ["embedded"], indirect=True)
