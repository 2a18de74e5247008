"""What the tests of cases stand on: a stack of the module's own, whose clock can be moved, the desk
they speak to the complaints service from, and the people who handle complaints there."""
import pytest

from tests.support.cases import Desk
from tests.support.stack import Stack


@pytest.fixture(scope='module')
def house(request, tmp_path_factory):
    name = request.module.__name__.rpartition('.')[2]
    stack = Stack(tmp_path_factory.mktemp(name), KEHU_INSTALLATION='test').up()
    yield stack
    stack.down()


@pytest.fixture
def desk(house, source):
    it = Desk(house, source)
    yield it
    it.close()


@pytest.fixture
def head(desk):
    return desk.person('head', 'manager')


@pytest.fixture
def zhao(desk, head):
    return desk.person('zhao', 'manager', manager=head)


@pytest.fixture
def li(desk, zhao):
    return desk.person('li', 'complaint_handler', manager=zhao)


@pytest.fixture
def wang(desk, zhao):
    return desk.person('wang', 'complaint_handler', manager=zhao)
