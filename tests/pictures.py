"""Pictures in their sizes, each made once by a run's worker: most tests show the one picture of the factories, and
making its sizes took three quarters of their time.
"""

from collections.abc import Iterator
from contextlib import nullcontext
from hashlib import sha256

import pytest
from wagtail.images.models import Filter


@pytest.fixture(scope="session", autouse=True)
def _sizes_made_once() -> Iterator[None]:
    """The same bytes, asked for in the same way, come out as the same bytes. What is done with them is as ever."""
    run, made = Filter.run, {}

    def run_once(self, image, output, source=None):
        with nullcontext(source) if source else image.open_file() as file:
            content = file.read()
            file.seek(0)
        asked = sha256(content).digest(), self.spec, self.get_cache_key(image)
        if asked in made:
            kind, size = made[asked]
            output.write(size)
            return kind(output)
        result = run(self, image, output, source)
        result.f.seek(0)
        made[asked] = type(result), result.f.read()
        return result

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Filter, "run", run_once)
        yield
