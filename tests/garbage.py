"""pytest plugin, loaded first: nothing looks for garbage in what is loaded before the first test.

Loading makes objects by the hundred thousand, and all of them stay. Looking through them again and again took four
tenths of the time until the first test begins, and later a part of every look.
"""

import gc

import pytest

gc.disable()


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> None:
    gc.freeze()
    gc.enable()
