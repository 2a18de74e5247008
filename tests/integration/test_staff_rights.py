"""Every right that a role does not have is tried through `call` and refused; every other is not.

Made from the table of messages: a message that comes is tried here without anybody's doing.
"""
import concurrent.futures
import re

import pytest

from tests.support.handlers import MAY, ROLES, served
from tests.support.stack import ROOT
from tests.support.staff import People

HANDLERS = list(served())
PERSONS = [h for h in HANDLERS if not h.is_for_systems]
# Messages for which it takes no role: what they tell is of no customer.
FOR_ANYBODY = {'DescribeFields', 'DescribeImport', 'DescribePersonalColumns', 'ListRegions',
               'ListPolicies', 'GetPolicy'}


@pytest.fixture(scope='module')
def cast(stack):
    """One person of each role, and one without any."""
    from tests.support.client import Client
    with Client(stack, source='rights') as client:
        people = People(stack, client, 'rights')
        yield {role: people.add(str(role).replace('_', '.').lower(), *([role] if role else []))
               for role in (*ROLES, None)}


def test_every_message_says_which_right_it_takes():
    assert {h.act for h in HANDLERS} <= set(MAY)
    assert {h.method.split('.')[1] for h in PERSONS if h.act == 'ANYBODY'} <= FOR_ANYBODY
    assert [h.method for h in HANDLERS if h.is_for_systems] == ['customers.Publish']


@pytest.mark.parametrize('role', [*ROLES, None])
def test_what_a_role_may_not_is_refused_through_call(stack, cast, role):
    refused = [h for h in HANDLERS if h.is_for_systems or role not in MAY[h.act]]
    assert refused

    def call(handler):
        return handler, stack.kehuctl('call', handler.method, '{}', '--as', cast[role].code)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for handler, answer in pool.map(call, refused):
            assert answer.returncode == 1, (handler.method, role)
            assert 'PERMISSION_DENIED' in answer.stderr, (handler.method, role, answer.stderr)


@pytest.mark.parametrize('role', [*ROLES, None])
def test_what_a_role_may_passes_the_door(cast, role):
    for handler in PERSONS:
        if role not in MAY[handler.act]:
            continue
        reply = cast[role].ask(handler.message())
        assert not (reply.status == 'PERMISSION_DENIED' and 'takes one of' in reply.message), \
            (handler.method, role, reply)


def test_a_refusal_says_which_roles_would_be_right(cast):
    from tests.support import proto
    reply = cast['salesperson'].ask(proto.ReadAudit())
    assert reply.message == ('rights.salesperson has salesperson and may not read the audit; '
                             'it takes one of: auditor')
    assert 'has no role' in cast[None].ask(proto.ReadAudit()).message


def test_no_key_as_itself_reads_the_audit(client):
    from tests.support import proto
    reply = client.ask(proto.ReadAudit())
    assert reply.status == 'PERMISSION_DENIED' and 'auditor' in reply.message


def test_the_documented_table_of_rights_is_the_one_in_force():
    text = (ROOT / 'docs/security.md').read_text()
    text = text[text.index('<!-- rights of customers -->'):].split('<!-- -->')[0]
    head = re.search(r'^\| act \|(.*)\|$', text, re.M)
    roles = [cell.strip().replace(' ', '_') for cell in head[1].split('|')]
    assert roles == list(ROLES)
    rows = {cells[0].strip(): {r for r, c in zip(roles, cells[1:]) if c.strip()} for cells in
            (line.strip('|').split('|') for line in text[head.end():].splitlines()
             if line.startswith('| `')) if len(cells) == len(roles) + 1}
    assert {name.strip('`'): may for name, may in rows.items()} == {
        act.lower(): may for act, may in MAY.items() if act != 'ANYBODY'}
