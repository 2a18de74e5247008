"""Fault tests: real servers, real harm. Small inside `make test`; `make faults` is full."""
import os
import subprocess
import threading
import time

import pytest

from tests.support.stack import Stack

FULL = os.environ.get('KEHU_FAULTS') == 'full'


@pytest.fixture(scope='session')
def full():
    return FULL


@pytest.fixture(scope='session')
def size():
    """size(small, full) → the one that holds."""
    return lambda small, large: large if FULL else small


@pytest.fixture
def only_full():
    if not FULL:
        pytest.skip('takes long: only in make faults')


@pytest.fixture
def new_stack(tmp_path):
    """new_stack(**settings) → a running stack, ended with the test; sanitizers must not have
    complained."""
    made = []

    def make(**settings):
        stack = Stack(tmp_path / f'stack{len(made)}', **settings)
        made.append(stack)
        return stack.up()

    yield make
    complaints = []
    for stack in made:
        try:
            stack.down()
        except AssertionError as error:
            complaints.append(str(error))
    assert not complaints, complaints


@pytest.fixture(scope='module')
def stack(tmp_path_factory):
    """One stack for the tests of a file: each speaks for sources of its own."""
    it = Stack(tmp_path_factory.mktemp('stack')).up()
    yield it
    it.down()


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 200 MB."""
    folder = tmp_path / 'disk'
    folder.mkdir()
    mounted = subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=200m,mode=755', 'tmpfs', folder],
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if mounted.returncode != 0:
        pytest.skip(f'cannot mount a small file system here: {mounted.stdout.strip()}')
    yield folder
    subprocess.run(['umount', '-l', folder], check=True)


class Harm:
    """Does something again and again, with pauses, while the block runs."""

    def __init__(self, act, pause):
        self.act, self.pause, self.times, self.error = act, pause, 0, None
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)

    def _run(self):
        try:
            pause = 0.05  # at first: there must be some harm however short the work
            while not self.ending.wait(pause):
                pause = self.pause() if callable(self.pause) else self.pause
                self.act()
                self.times += 1
        except BaseException as error:  # noqa: B902  shown at the end of the block
            self.error = error

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ending.set()
        self.thread.join(60)
        if self.error:
            raise self.error


@pytest.fixture
def harm():
    return Harm


@pytest.fixture
def stopwatch():
    begun = time.monotonic()
    return lambda: time.monotonic() - begun
