"""Customers change hands: in one commit, with the leaver's access; briefing, answers, terms."""
import os
import signal
import threading
import time

import pytest

from tests.support import proto
from tests.support.client import Client, Silence, placed
from tests.support.stack import until
from tests.support.staff import People

LEAVER_CUSTOMERS = 500


def number(enum, name):
    return proto.enum_number(f'kehu.customers.v1.{enum}', name)


@pytest.fixture
def people(stack, client, source):
    return People(stack, client, source)


@pytest.fixture
def handed(client):
    """handed(li, to=wang, leaves=True): the answer to MakeHandover."""
    def make(giver, to=None, **more):
        return client.ask(proto.MakeHandover(**{'from': giver.code, 'to': to.code if to else '',
                                                **more}))
    return make


def give(client, source, person, count, first=0):
    """So many customers of one order each, whose owner he is. → their GetCustomer refs"""
    refs = [f'{source}:C{n}' for n in range(first, first + count)]
    for batch in range(first, first + count, 100):
        client.publish(*[placed(f'O{n}', source, customer=f'C{n}')
                         for n in range(batch, min(batch + 100, first + count))])
    for ref in refs:
        reply = client.ask(proto.AssignOwner(ref=ref, staff=person.code))
        assert reply.status == 'OK', reply
    return refs


def opened(event):
    message = proto.contract[event.type]()
    event.proto_data.Unpack(message)
    return message


def told(client, after, *names):
    events = client.fetch_all(after, types=[f'kehu.customers.v1.{n}' for n in names])[0]
    return [opened(e) for e in events]


def owner_of(client, ref):
    return [o.staff for o in client.ask(proto.GetOwners(ref=ref)).payload.owners]


class Watcher(threading.Thread):
    """Reads in one snapshot after another: who is owned by nobody who works here, and whether
    somebody has left who still looks after customers or waits with a handover."""
    QUESTION = """
        select (select count(*) from customer c where c.owner_state = 'owned' and not exists (
                    select from ownership o join staff s on s.id = o.staff_id
                    where o.customer_id = c.id and o.role = 'owner' and o.to_at is null
                    and s.state = 'active')),
               (select count(*) from ownership o join staff s on s.id = o.staff_id
                    where o.to_at is null and s.state = 'left'),
               (select count(*) from handover_item i join staff s on s.id = i.receiver_id
                    where i.state in ('pending', 'objected') and s.state = 'left'),
               (select count(*) from staff where state = 'left')"""

    def __init__(self, stack):
        super().__init__()
        self.stack = stack
        self.seen, self.wrong, self.is_over = 0, [], False

    def run(self):
        with self.stack.database() as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                while not self.is_over:
                    cursor.execute(self.QUESTION)
                    row = cursor.fetchone()
                    self.seen += 1
                    if any(row[:3]):
                        self.wrong.append(row)

    def stop(self):
        until(lambda: self.seen > 3 or not self.is_alive())
        self.is_over = True
        self.join()
        assert self.seen > 3 and not self.wrong, (self.seen, self.wrong[:3])


def insist_through_kill(stack, client, body, seconds):
    """Sends, kills the service so much later, and sends the same until it is answered."""
    client.send(body)
    time.sleep(seconds)
    os.kill(stack.pid(), signal.SIGKILL)
    for _ in range(60):
        client.send(body)
        try:
            reply = client.answer_to(body, timeout=2)
        except Silence:
            continue
        if reply.status not in ('UNAVAILABLE', 'ABORTED'):
            return reply
        time.sleep(0.1)
    raise AssertionError('no answer')


def test_row_28_an_employee_leaves_and_no_open_item_is_without_owner_at_any_minute(new_stack):
    """Four leave, one after the other, each with the 500 of the one before, and the service is
    killed in the middle of each; at every commit the customers have an owner who works here."""
    stack = new_stack(only='customers')
    with Client(stack, source='leaver') as client:
        people = People(stack, client, 'leaver')
        boss = people.add('boss', 'manager')
        staff = [people.add(f'p{n}', 'salesperson', manager=boss) for n in range(5)]
        refs = give(client, 'leaver', staff[0], LEAVER_CUSTOMERS)
        after = client.end()
        watcher = Watcher(stack)
        watcher.start()
        made = []
        for giver, taker, seconds in zip(staff, staff[1:], (0.01, 0.05, 0.1, 0.3)):
            body = client.request(proto.MakeHandover(**{
                'from': giver.code, 'to': taker.code, 'leaves': True}))
            reply = insist_through_kill(stack, client, body, seconds)
            assert reply.status == 'OK', reply
            assert reply.payload.customers == LEAVER_CUSTOMERS and reply.payload.leaves
            made.append(reply.payload)
        until(stack.is_ready)
        watcher.stop()
        li, last = staff[-2], staff[-1]
        assert stack.value('select count(*) from ownership where to_at is null and staff_id = %s',
                           last.id) == LEAVER_CUSTOMERS
        # One commit: one transaction wrote the leaving, the intervals, the items and the events.
        assert stack.value(
            'select count(distinct x) from (select xmin::text as x from staff where code = %s'
            ' union all select xmin::text from ownership where handover_id = %s'
            ' union all select xmin::text from handover_item where handover_id = %s'
            " union all select xid::text from log where type like '%%HandoverMade'"
            ' and subject = %s) t', li.code, made[-1].id, made[-1].id, made[-1].id) == 1
        changes = told(client, after, 'OwnerChanged')
        for handover, giver, taker in zip(made, staff, staff[1:]):
            mine = [c for c in changes if c.handover_id == handover.id]
            assert len(mine) == LEAVER_CUSTOMERS
            assert {(c.staff_id, c.from_staff_id) for c in mine} == {(taker.id, giver.id)}
        left = told(client, after, 'StaffLeft')
        assert [e.staff_id for e in left] == [p.id for p in staff[:-1]]
        assert {e.manager_id for e in left} == {boss.id}
        # His access is gone; that of the receiver is there.
        assert li.ask(proto.GetCustomer(ref=refs[0])).status == 'PERMISSION_DENIED'
        assert last.ask(proto.GetCustomer(ref=refs[0])).status == 'OK'
        # Every past moment still answers with who it was.
        history = client.ask(proto.GetOwners(ref=refs[-1], history=True)).payload.owners
        assert [(o.staff, o.end_reason) for o in history] == [
            (p.code, '' if p is last else 'left') for p in reversed(staff)]


def test_twenty_thousand_customers_are_one_commit_too(new_stack):
    stack = new_stack(only='customers')
    with Client(stack, source='many') as client:
        people = People(stack, client, 'many')
        li, wang = people.add('li', 'salesperson'), people.add('wang', 'salesperson')
        stack.sql("insert into customer (id, number, is_incomplete, registered_at, is_historic,"
                  " name, owner_state) select gen_random_uuid(), 1000000 + n, false, now(), false,"
                  " 'N' || n, 'owned' from generate_series(1, 20000) n")
        stack.sql("insert into ownership (customer_id, id, staff_id, from_at, made_by, reason)"
                  " select id, gen_random_uuid(), %s, now() - interval '1 day', 'test', 'manual'"
                  " from customer where number > 1000000", li.id)
        stack.sql('analyze customer, ownership')
        watcher = Watcher(stack)
        watcher.start()
        begun = time.monotonic()
        reply = client.ask(proto.MakeHandover(**{'from': li.code, 'to': wang.code, 'leaves': True}),
                           timeout=60)
        print(f'20,000 customers in {time.monotonic() - begun:.1f} s')
        assert reply.status == 'OK' and reply.payload.customers == 20000, reply
        watcher.stop()
        assert stack.value('select count(*) from ownership where staff_id = %s and to_at is null',
                           wang.id) == 20000


def test_what_may_not_be_handed_over_is_refused_with_the_field(people, client, source, handed):
    boss = people.add('boss', 'manager')
    li, wang, away = (people.add(n, 'salesperson', manager=boss) for n in ('li', 'wang', 'away'))
    refs = give(client, source, li, 2)
    people.away(away, wang)
    people.stack.sql('update staff set deputy_id = null where id = %s', away.id)
    others = give(client, source, wang, 1, first=10)

    def refused(reply, status, field):
        assert (reply.status, list(reply.fields)) == (status, [field]), reply
    refused(handed(li, li), 'INVALID_ARGUMENT', 'to')
    refused(handed(li), 'INVALID_ARGUMENT', 'to')
    refused(handed(li, wang, by_rule=True), 'INVALID_ARGUMENT', 'by_rule')
    refused(handed(li, wang, leaves=True, refs=refs), 'INVALID_ARGUMENT', 'refs')
    refused(handed(li, away), 'FAILED_PRECONDITION', 'to')
    refused(handed(li, wang, refs=[others[0]]), 'FAILED_PRECONDITION', 'refs[0]')
    refused(handed(li, wang, refs=['KH999999999']), 'FAILED_PRECONDITION', 'refs[0]')
    refused(client.ask(proto.MakeHandover(**{'from': people.code('nobody'), 'to': li.code})),
            'NOT_FOUND', 'from')
    refused(handed(boss, li), 'FAILED_PRECONDITION', 'from')
    assert handed(li, wang, leaves=True).status == 'OK'
    refused(handed(wang, li), 'FAILED_PRECONDITION', 'to')
    refused(handed(li, wang, leaves=True), 'FAILED_PRECONDITION', 'leaves')
    # Only a manager above him.
    other = people.add('other', 'manager')
    zhao = people.add('zhao', 'salesperson', manager=boss)
    reply = other.ask(proto.MakeHandover(**{'from': wang.code, 'to': zhao.code}))
    assert reply.status == 'PERMISSION_DENIED'
    assert boss.ask(proto.MakeHandover(**{'from': wang.code, 'to': zhao.code})).status == 'OK'


@pytest.fixture
def alone(new_stack):
    """(people, client, source) of a stack where the owner rules find nobody else's customers."""
    stack = new_stack(only='customers')
    with Client(stack, source='alone') as client:
        yield People(stack, client, 'alone'), client, 'alone'


def test_by_rule_and_what_has_no_taker_goes_to_the_manager(alone):
    people, client, source = alone
    boss = people.add('boss', 'manager')
    top = people.add('top', 'manager')
    gone = people.add('gone', 'manager', manager=top)
    li = people.add('li', 'salesperson', manager=gone)
    wang = people.add('wang', 'salesperson', manager=boss, capacity=2)
    refs = give(client, source, li, 3)
    client.ask(proto.MakeHandover(**{'from': gone.code, 'to': boss.code, 'leaves': True}))
    version = client.ask(proto.GetPolicy(kind='owners')).payload.version
    rules = proto.OwnerPolicy(rules=[proto.OwnerRule(name='r', staff=[li.code, wang.code])])
    assert client.ask(proto.ApplyPolicy(policy=proto.Policy(reason='test', owners=rules),
                                        expected_version=version)).status == 'OK'
    try:
        reply = client.ask(proto.MakeHandover(**{'from': li.code, 'by_rule': True, 'leaves': True}))
    finally:
        client.ask(proto.ApplyPolicy(policy=proto.Policy(
            reason='test', owners=proto.OwnerPolicy()), expected_version=version + 1))
    assert reply.status == 'OK', reply
    got = {r.staff: (r.customers, r.as_manager) for r in reply.payload.receivers}
    # The manager above him has left too: the next one above works here.
    assert got == {wang.code: (2, False), top.code: (1, True)}
    assert sorted(o for ref in refs for o in owner_of(client, ref)) == sorted(
        [wang.code, wang.code, top.code])


def test_a_receiver_acknowledges_or_objects_and_the_manager_decides(people, client, source, handed):
    boss = people.add('boss', 'manager')
    li, wang, zhao = (people.add(n, 'salesperson', manager=boss) for n in ('li', 'wang', 'zhao'))
    refs = give(client, source, li, 4)
    made = handed(li, wang).payload
    after = client.end()
    assert made.pending == 4 and made.receivers[0].due.seconds > 0
    # Only the receiver answers.
    assert zhao.ask(proto.AcknowledgeHandover(id=made.id)).status == 'FAILED_PRECONDITION'
    first = wang.ask(proto.AcknowledgeHandover(id=made.id, refs=refs[:1])).payload
    assert (first.pending, first.acknowledged) == (3, 1)
    reply = wang.ask(proto.ObjectHandover(id=made.id, refs=refs[:1], reason='zu weit'))
    assert reply.status == 'FAILED_PRECONDITION' and list(reply.fields) == ['refs']
    second = wang.ask(proto.ObjectHandover(id=made.id, refs=refs[1:3], reason='太远')).payload
    assert (second.pending, second.objected) == (1, 2)
    # He stays the owner meanwhile.
    assert owner_of(client, refs[1]) == [wang.code]
    objected = told(client, after, 'HandoverObjected')
    assert [(e.staff_id, e.manager_id) for e in objected] == [(wang.id, boss.id)] * 2
    assert wang.ask(proto.DecideHandover(id=made.id, reason='x')).status == 'PERMISSION_DENIED'
    other = people.add('other', 'manager')
    assert other.ask(proto.DecideHandover(id=made.id, reason='x')).status == 'PERMISSION_DENIED'
    kept = boss.ask(proto.DecideHandover(id=made.id, refs=refs[1:2], reason='近的')).payload
    assert (kept.objected, kept.decided) == (1, 1)
    given = boss.ask(proto.DecideHandover(id=made.id, to=zhao.code,
                                          reason='zhao is nearer')).payload
    assert (given.objected, given.decided) == (0, 2)
    assert owner_of(client, refs[1]) == [wang.code] and owner_of(client, refs[2]) == [zhao.code]
    done = wang.ask(proto.AcknowledgeHandover(id=made.id)).payload
    assert done.state == number('HandoverState', 'HANDOVER_STATE_DONE')
    page = wang.ask(proto.GetHandover(id=made.id)).payload
    assert sorted(i.decision for i in page.items) == ['', '', 'zhao is nearer', '近的']
    assert zhao.ask(proto.GetHandover(id=made.id)).status == 'PERMISSION_DENIED'
    assert [h.id for h in wang.ask(proto.ListHandovers()).payload.handovers] == [made.id]
    assert not other.ask(proto.ListHandovers(staff=wang.code)).payload.handovers


def test_an_item_is_overtaken_when_he_has_another_owner_first(people, client, source, handed):
    li, wang, zhao = (people.add(n, 'salesperson') for n in ('li', 'wang', 'zhao'))
    refs = give(client, source, li, 2)
    made = handed(li, wang).payload
    assert client.ask(proto.AssignOwner(ref=refs[0], staff=zhao.code)).status == 'OK'
    items = client.ask(proto.GetHandover(id=made.id)).payload.items
    assert {i.state for i in items} == {
        number('HandoverItemState', f'HANDOVER_ITEM_STATE_{s}') for s in ('OVERTAKEN', 'PENDING')}
    done = wang.ask(proto.AcknowledgeHandover(id=made.id)).payload
    assert (done.pending, done.acknowledged) == (0, 1)


def test_what_is_not_answered_within_five_working_days_is_taken_as_accepted(new_stack):
    stack = new_stack(only='customers', KEHU_INSTALLATION='test')
    with Client(stack, source='term') as client:
        people = People(stack, client, 'term')
        li, wang = people.add('li', 'salesperson'), people.add('wang', 'salesperson')
        give(client, 'term', li, 3)
        made = client.ask(proto.MakeHandover(**{'from': li.code, 'to': wang.code})).payload
        after = client.end()
        client.advance(4 * 86400)
        assert client.ask(proto.GetHandover(id=made.id)).payload.handover.pending == 3
        client.advance(12 * 86400)
        handover = client.ask(proto.GetHandover(id=made.id)).payload.handover
        assert (handover.pending, handover.accepted) == (0, 3)
        said = told(client, after, 'HandoverAcknowledged')
        assert len(said) == 3 and all(e.by_term for e in said)


def test_the_briefing_says_what_is_known_of_each_customer(people, client, source, handed, stack):
    boss = people.add('boss', 'manager')
    li, wang, zhao = (people.add(n, 'salesperson', manager=boss) for n in ('li', 'wang', 'zhao'))
    made = [client.ask(proto.RegisterCustomer(facts=[
        proto.Fact(field='name', value=f'大理茶行{n}')])).payload for n in range(3)]
    for one in made:
        assert client.ask(proto.AssignOwner(ref=one.number, staff=li.code)).status == 'OK'
    client.ask(proto.UpdateCustomer(ref=made[0].number, major_changes=[proto.MajorChange(
        kind='relocation', description='迁往下关', happened_on='2026-03-01')]))
    need = client.ask(proto.SaveNeed(customer_ref=made[0].number, need=proto.Need(
        kind='explicit', description='春茶两百斤')))
    assert need.status == 'OK', need
    handover = handed(li, wang).payload
    found, token = [], ''
    while True:
        page = wang.ask(proto.GetBriefing(handover_id=handover.id, page_size=2, page_token=token))
        assert page.status == 'OK', page
        found += page.payload.briefings
        token = page.payload.next_page_token
        if not token:
            break
    assert [b.number for b in found] == [m.number for m in made]
    first = found[0]
    assert first.previous_owner == li.code and first.name == '大理茶行0'
    assert any('迁往下关' in n.text for n in first.last_contacts)
    assert '春茶两百斤' in {p.text for p in first.promises}
    risks = {n.kind: n for n in first.risks}
    assert risks['never_bought'].chinese == '尚未成交' and 'incomplete' in risks
    # Only of what one may see.
    assert wang.ask(proto.GetBriefing(ref=made[0].number)).status == 'OK'
    assert zhao.ask(proto.GetBriefing(ref=made[0].number)).status == 'PERMISSION_DENIED'
    assert zhao.ask(proto.GetBriefing(handover_id=handover.id)).status == 'FAILED_PRECONDITION'
    text = stack.kehuctl('--as', wang.code, 'handover', 'briefing', handover.id).stdout
    assert '尚未成交' in text and '迁往下关' in text
    card = wang.ask(proto.GetCards(refs=[made[0].number])).payload.cards[0]
    assert wang.code in card.owner


def test_handover_by_kehuctl(stack, people, client, source):
    boss = people.add('boss', 'manager')
    li, wang = (people.add(n, 'salesperson', manager=boss) for n in ('li', 'wang'))
    refs = give(client, source, li, 3)
    made = stack.kehuctl_json('handover', 'now', '--from', li.code, '--to', wang.code, '--leaves')
    assert made['customers'] == 3
    text = stack.kehuctl('handover', 'show', made['id']).stdout
    assert wang.code in text and 'pending' in text
    assert made['id'] in stack.kehuctl('handover', 'list', '--staff', wang.code).stdout
    objected = stack.kehuctl('handover', 'object', made['id'], refs[0], '--reason', '太远',
                             '--receiver', wang.code)
    assert objected.returncode == 0, objected.stderr
    assert stack.kehuctl('--as', wang.code, 'handover', 'ack', made['id'], refs[1]).returncode == 0
    decided = stack.kehuctl_json('handover', 'decide', made['id'], '--to', boss.code, '--reason',
                                 'closer')
    assert decided['decided'] == 1
    assert owner_of(client, refs[0]) == [boss.code]
    refused = stack.kehuctl('handover', 'now', '--from', li.code, '--to', wang.code)
    assert refused.returncode == 1 and 'from' in refused.stderr
