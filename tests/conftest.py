"""Stacks for the tests in Python. Most share one; each names its sources anew and stands alone."""
import itertools
import os
import pathlib
import re
import shutil
import sys
import tempfile

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from tests.support.client import Client  # noqa: E402
from tests.support.company import Company  # noqa: E402
from tests.support.stack import Stack  # noqa: E402

_numbers = itertools.count(1)
_CLUSTERS = 'KEHU_TEST_CLUSTERS'  # see tests/support/stack.py; further test processes inherit it


_GIB = 1 << 30


def _quick_folder():
    """Where the stacks of the tests write: memory, when there is plenty; None: the usual place.
    They wait for the disk at each commit; what a test kills is a process, never the machine."""
    try:
        free = os.statvfs('/dev/shm')
        available = int(re.search(r'MemAvailable:\s+(\d+)',
                                  pathlib.Path('/proc/meminfo').read_text())[1]) * 1024
    except (OSError, TypeError):
        return None
    is_roomy = free.f_bavail * free.f_frsize >= 4 * _GIB and available >= 6 * _GIB
    return '/dev/shm' if is_roomy and os.access('/dev/shm', os.W_OK) else None


def pytest_configure(config):
    if not config.option.basetemp and _quick_folder():
        os.environ.setdefault('PYTEST_DEBUG_TEMPROOT', _quick_folder())
    if _CLUSTERS not in os.environ:
        made = tempfile.mkdtemp(prefix='kehu-clusters-',
                                dir=os.environ.get('PYTEST_DEBUG_TEMPROOT'))
        config.made_clusters = os.environ[_CLUSTERS] = made


def pytest_unconfigure(config):
    if hasattr(config, 'made_clusters'):
        shutil.rmtree(config.made_clusters, ignore_errors=True)
        del os.environ[_CLUSTERS]


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
    """A company of its own, whose clock can be moved; it has no complaints service."""
    stack = new_stack(only='customers', KEHU_INSTALLATION='test')
    with Client(stack, source='shop') as client:
        yield Company(stack, client)
