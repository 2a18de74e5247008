"""Stacks for the tests in Python. Most share one; each names its sources anew and stands alone."""
import itertools
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from tests.support.client import Client  # noqa: E402
from tests.support.company import Company  # noqa: E402
from tests.support.stack import Stack  # noqa: E402

_numbers = itertools.count(1)


@pytest.fixture(scope='session')
def stack(tmp_path_factory):
    """The shared stack, in Shanghai. Not for tests that stop, kill or change it for others."""
    it = Stack(tmp_path_factory.mktemp('shared'))
    try:
        yield it.up()
    finally:
        it.down()


@pytest.fixture
def new_stack(tmp_path_factory):
    """new_stack(timezone='Europe/London', KEHU_MAX_REQUESTS=8): a stack for one test."""
    made = []

    def make(**options):
        made.append(Stack(tmp_path_factory.mktemp('own'), **options))
        return made[-1].up()

    yield make
    for it in made:
        it.down()


@pytest.fixture
def source():
    """A source of events that no other test uses."""
    return f's{next(_numbers)}'


@pytest.fixture
def client(stack, source):
    """The administrator, speaking to the shared stack."""
    with Client(stack, source=source) as it:
        yield it


@pytest.fixture
def company(new_stack):
    """A company of its own, whose clock can be moved."""
    stack = new_stack(KEHU_INSTALLATION='test')
    with Client(stack, source='shop') as client:
        yield Company(stack, client)
