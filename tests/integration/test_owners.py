"""Who looks after whom: assigning, teams, history, owner rules, the queue, service plans."""
import datetime

import pytest

from tests.support import proto
from tests.support.client import now, placed, timestamp
from tests.support.stack import until
from tests.support.staff import People


def number(enum, name):
    return proto.enum_number(f'kehu.customers.v1.{enum}', name)


OWNER_ROLE_OWNER = number('OwnerRole', 'OWNER_ROLE_OWNER')
OWNER_ROLE_TEAM = number('OwnerRole', 'OWNER_ROLE_TEAM')
OWNER_STATE_OWNED = number('OwnerState', 'OWNER_STATE_OWNED')
OWNER_STATE_UNASSIGNED = number('OwnerState', 'OWNER_STATE_UNASSIGNED')
PARTY_TYPE_SUPPLIER = number('PartyType', 'PARTY_TYPE_SUPPLIER')
PARTY_TYPE_CUSTOMER = number('PartyType', 'PARTY_TYPE_CUSTOMER')
OWNER_RULE_CHOICE_ROUND_ROBIN = number('OwnerRuleChoice', 'OWNER_RULE_CHOICE_ROUND_ROBIN')


@pytest.fixture
def people(stack, client, source):
    return People(stack, client, source)


@pytest.fixture
def customer(client, source):
    """customer('C1', region='云南'): a customer who bought; → its GetCustomer."""
    def make(external_id, **given):
        client.publish(placed(f'O-{external_id}', source, customer=external_id, **given))
        return client.customer(f'{source}:{external_id}')
    return make


def assign(client, ref, staff, **more):
    return client.ask(proto.AssignOwner(ref=ref, staff=staff, **more))


def owners(client, ref, **more):
    reply = client.ask(proto.GetOwners(ref=ref, **more))
    assert reply.status == 'OK', reply
    return reply.payload


def opened(event):
    message = proto.contract[event.type]()
    event.proto_data.Unpack(message)
    return message


def told(client, after, *names):
    """What was published since, opened."""
    events = client.fetch_all(after, types=[f'kehu.customers.v1.{n}' for n in names])[0]
    return [opened(e) for e in events]


def test_an_owner_is_assigned_changed_and_ended_and_every_moment_has_its_answer(
        people, client, customer):
    li, wang = people.add('li', 'salesperson'), people.add('wang', 'salesperson')
    one = customer('C1')
    after = client.end()
    first = assign(client, one.number, li.code, note='老客户').payload
    assert [(o.staff, o.role, o.reason, o.note) for o in first.owners] == [
        (li.code, OWNER_ROLE_OWNER, 'manual', '老客户')]
    assert first.state == OWNER_STATE_OWNED
    between = now()
    assert assign(client, one.number, wang.code).status == 'OK'
    assert [o.staff for o in owners(client, one.number).owners] == [wang.code]
    assert [o.staff for o in owners(client, one.number, at=timestamp(between)).owners] == [li.code]
    assert not owners(client, one.number, at=timestamp(3600)).owners
    assert client.ask(proto.EndOwnership(ref=one.number, reason='moved')).status == 'OK'
    history = owners(client, one.number, history=True)
    assert [o.staff for o in history.owners] == [wang.code, li.code]
    assert history.owners[1].to == getattr(history.owners[0], 'from')
    assert history.state == OWNER_STATE_UNASSIGNED
    changes = told(client, after, 'OwnerChanged')
    assert [(c.staff_id, c.from_staff_id) for c in changes] == [
        (li.id, ''), (wang.id, li.id), ('', wang.id)]
    assert client.ask(proto.EndOwnership(ref=one.number,
                                         reason='x')).status == 'FAILED_PRECONDITION'


def test_who_may_not_be_the_owner_is_refused_with_the_field(people, client, customer):
    li, boss = people.add('li', 'salesperson'), people.add('boss', 'manager')
    gone = people.add('gone', 'salesperson', manager=boss)
    assert client.ask(proto.MakeHandover(**{'from': gone.code, 'to': li.code, 'leaves': True})
                      ).status == 'OK'
    one = customer('C1')
    for staff, status, field in ((gone.code, 'FAILED_PRECONDITION', 'staff'),
                                 (people.code('nobody'), 'NOT_FOUND', 'staff'),
                                 ('Li Na', 'INVALID_ARGUMENT', 'staff'),
                                 ('', 'INVALID_ARGUMENT', 'staff')):
        reply = assign(client, one.number, staff)
        assert (reply.status, list(reply.fields)) == (status, [field]), reply
    assert assign(client, 'KH999999999', li.code).status == 'NOT_FOUND'
    reply = client.ask(proto.AssignOwner(ref=one.number, staff=li.code, note='长' * 501))
    assert list(reply.fields) == ['note']
    assert assign(client, one.number, li.code).status == 'OK'
    again = assign(client, one.number, li.code)
    assert again.status == 'FAILED_PRECONDITION' and list(again.fields) == ['staff']
    supplier = client.ask(proto.RegisterCustomer(
        party_type=PARTY_TYPE_SUPPLIER,
        facts=[proto.Fact(field='name', value='昆明包装厂')])).payload
    assert assign(client, supplier.number, li.code).status == 'FAILED_PRECONDITION'
    # What becomes a customer waits for an owner.
    assert client.ask(proto.UpdateCustomer(ref=supplier.number,
                                           party_type=PARTY_TYPE_CUSTOMER)).status == 'OK'
    assert assign(client, supplier.number, li.code).status == 'OK'


def test_an_ownership_may_begin_in_the_past_only_where_nobody_was_the_owner(
        people, client, customer):
    li, wang = people.add('li', 'salesperson'), people.add('wang', 'salesperson')
    one = customer('C1')

    def begins(person, at):
        return client.ask(proto.AssignOwner(ref=one.number, staff=person.code,
                                            **{'from': timestamp(at)}))
    for at in (-3600, 11 * 366 * 86400):
        reply = begins(li, at)
        assert reply.status == 'FAILED_PRECONDITION' and list(reply.fields) == ['from'], reply
    assert begins(li, 90 * 86400).status == 'OK'
    assert [o.staff for o in owners(client, one.number, at=timestamp(30 * 86400)).owners] == [
        li.code]
    for at in (100 * 86400, 60):  # before him, and in his time
        reply = begins(wang, at)
        assert reply.status == 'FAILED_PRECONDITION' and list(reply.fields) == ['from'], reply
    client.ask(proto.EndOwnership(ref=one.number, reason='x'))
    assert begins(wang, 60).status == 'FAILED_PRECONDITION'


def test_a_team_is_set_as_a_whole_and_its_members_see_the_customer(people, client, customer):
    li, a, b = (people.add(name, 'salesperson') for name in ('li', 'a', 'b'))
    one = customer('C1')
    assign(client, one.number, li.code)
    first = client.ask(proto.SetTeam(ref=one.number, staff=[a.code])).payload
    assert [o.staff for o in first.owners] == [li.code, a.code]
    assert a.ask(proto.GetCustomer(ref=one.number)).status == 'OK'
    second = client.ask(proto.SetTeam(ref=one.number, staff=[b.code])).payload
    assert [o.staff for o in second.owners] == [li.code, b.code]
    assert a.ask(proto.GetCustomer(ref=one.number)).status == 'PERMISSION_DENIED'
    reply = client.ask(proto.SetTeam(ref=one.number, staff=[li.code]))
    assert reply.status == 'FAILED_PRECONDITION' and list(reply.fields) == ['staff[0]']
    # Who becomes the owner is in the team no more.
    assert assign(client, one.number, b.code).status == 'OK'
    assert [o.staff for o in owners(client, one.number).owners] == [b.code]


def rule(name, staff, **more):
    return proto.OwnerRule(name=name, staff=[s.code for s in staff], **more)


@pytest.fixture
def apply(client):
    """apply(owners=OwnerPolicy(...)): a new version in force; afterwards the rules are off."""
    def put(**document):
        kind = next(iter(document))
        version = client.ask(proto.GetPolicy(kind=kind)).payload.version
        return client.ask(proto.ApplyPolicy(policy=proto.Policy(reason='test', **document),
                                            expected_version=version))
    yield put
    put(owners=proto.OwnerPolicy())
    put(pool=proto.PoolPolicy())


def test_the_rules_give_new_customers_to_people_in_sets(stack, people, client, source, apply):
    a, b, boss = (people.add(n, r) for n, r in (('a', 'salesperson'), ('b', 'salesperson'),
                                                ('boss', 'manager')))
    region = f'{source}云南'
    reply = apply(owners=proto.OwnerPolicy(rules=[
        rule('yunnan', [a, b], regions=[region], choice=OWNER_RULE_CHOICE_ROUND_ROBIN,
             capacity=40, team=[boss.code])]))
    assert reply.status == 'OK', reply
    for batch in range(0, 100, 50):
        client.publish(*[placed(f'O{n}', source, customer=f'C{n}', region=region)
                         for n in range(batch, batch + 50)])

    def states():
        return dict(stack.sql(
            'select c.owner_state, count(*) from customer c join customer_ref r'
            ' on r.customer_id = c.id where r.source = %s group by 1', source))
    until(lambda: states() == {'owned': 80, 'unassigned': 20})
    counts = dict(stack.sql(
        'select s.code, count(*) from ownership o join staff s on s.id = o.staff_id'
        " where o.to_at is null and o.role = 'owner' and s.code like %s group by 1", f'{source}.%'))
    assert counts == {a.code: 40, b.code: 40}
    owned = [o for n in range(100) for o in owners(client, f'{source}:C{n}').owners]
    assert {o.rule for o in owned if o.role == OWNER_ROLE_OWNER} == {'yunnan'}
    assert sum(o.role == OWNER_ROLE_TEAM for o in owned) == 80
    # Other rules look at the unassigned again.
    assert apply(owners=proto.OwnerPolicy(rules=[rule('all', [boss], regions=[region])])
                 ).status == 'OK'
    until(lambda: states() == {'owned': 100})


def test_an_unassigned_customer_is_looked_at_again_when_his_grade_changes(
        stack, people, client, source, apply, customer):
    li = people.add('li', 'salesperson')
    region = f'{source}等级'
    assert apply(owners=proto.OwnerPolicy(rules=[
        rule('graded', [li], regions=[region], grades=['A'])])).status == 'OK'
    one = customer('C1', region=region)

    def state():
        return stack.value('select owner_state from customer where id = %s', one.id)
    until(lambda: state() == 'unassigned')
    stack.sql("""with run as (insert into grade_run (id, as_of, window_from, policy_version, policy,
        method, long_term_days, is_dry, holds_demotions, state, asked_by, started_at, total)
        values (gen_random_uuid(), '2026-01-01', '2025-01-01', 1, '', 1, 0, false, false,
                'finished', 'test', now(), 0) returning id)
        insert into grade_current (customer_id, version, grade, computed, run_id, as_of, region,
            numerator_micros, denominator_micros, is_long_term, flags, place_rank,
            accumulated_before_micros, since, runs_below) select %s, 1, 'C', 'C', id, '2026-01-01',
            %s, 1, 1, true, 0, 1, 0, '2026-01-01', 0 from run""", one.id, region)
    until_day = (datetime.date.today() + datetime.timedelta(days=30)).isoformat()
    for grade, becomes in (('B', 'unassigned'), ('A', 'owned')):
        reply = client.ask(proto.OverrideGrade(ref=one.number, grade=grade, reason='试',
                                               until=until_day))
        assert reply.status == 'OK', reply
        until(lambda: state() == becomes)
    assert [o.rule for o in owners(client, one.number).owners] == ['graded']


def test_absent_and_left_people_are_passed_over(stack, people, client, source, apply):
    boss = people.add('boss', 'manager')
    gone, away, here = (people.add(n, 'salesperson', manager=boss) for n in ('g', 'away', 'here'))
    region = f'{source}r'
    assert apply(owners=proto.OwnerPolicy(rules=[rule('r', [gone, away, here], regions=[region])])
                 ).status == 'OK'
    client.ask(proto.MakeHandover(**{'from': gone.code, 'to': here.code, 'leaves': True}))
    people.away(away, here)
    client.publish(placed('O1', source, customer='C1', region=region))
    until(lambda: [o.staff for o in owners(client, f'{source}:C1').owners] == [here.code])


def test_rules_that_name_nobody_are_refused_with_the_place(people, client, apply):
    li = people.add('li', 'salesperson')
    for wrong, field in (
            (dict(name='R 1'), 'rules[0].name'), (dict(staff=[]), 'rules[0].staff'),
            (dict(grades=['D']), 'rules[0].grades[0]'),
            (dict(party_types=['supplier']), 'rules[0].party_types[0]'),
            (dict(staff=[li.code, li.code]), 'rules[0].staff[1]'),
            (dict(staff=[people.code('nobody')]), 'rules[0].staff[0]')):
        reply = apply(owners=proto.OwnerPolicy(rules=[proto.OwnerRule(
            **{'name': 'r', 'staff': [li.code], **wrong})]))
        assert reply.status in ('INVALID_ARGUMENT', 'FAILED_PRECONDITION'), reply
        assert list(reply.fields) == [f'policy.owners.{field}'], reply


def test_a_dry_run_of_the_rules_says_what_would_be(people, client, source, apply, customer):
    li = people.add('li', 'salesperson', capacity=1)
    region = f'{source}dry'
    for n in range(3):
        customer(f'C{n}', region=region)
    assert apply(owners=proto.OwnerPolicy(rules=[rule('nothing', [li], regions=['nowhere'])])
                 ).status == 'OK'
    reply = client.ask(proto.RunOwnerRules(dry=True))
    assert reply.status == 'OK' and reply.payload.waiting >= 3
    by_rule = {o.rule: o for o in reply.payload.outcomes}
    assert by_rule['nothing'].customers == 0 and by_rule[''].customers >= 3
    assert client.ask(proto.RunOwnerRules()).status == 'OK'


def test_the_queue_shows_grade_region_and_manager_page_by_page(
        stack, people, client, source, customer):
    root, sub = f'{source}-yn', f'{source}-km'
    for code, parent in ((root, ''), (sub, root)):
        assert client.ask(proto.SaveRegion(region=proto.Region(
            code=code, name=code, parent_code=parent))).status == 'OK'
    boss = people.add('boss', 'manager', regions=[root])
    made = [client.ask(proto.RegisterCustomer(
        region=sub, facts=[proto.Fact(field='name', value=f'客户{n}')])).payload for n in range(5)]
    found, token = [], ''
    while True:
        page = client.ask(proto.ListUnassigned(region=root, page_size=2, page_token=token)).payload
        found += page.customers
        token = page.next_page_token
        if not token:
            break
    assert [c.number for c in found] == [m.number for m in made]
    assert {(c.manager, c.region, c.grade) for c in found} == {(boss.code, sub, 'none')}
    # A manager's own scope holds: a salesperson may not.
    li = people.add('li', 'salesperson')
    assert li.ask(proto.ListUnassigned()).status == 'PERMISSION_DENIED'
    assert boss.ask(proto.ListUnassigned(region=root)).payload.customers


def test_an_a_customer_without_owner_is_told_once_within_a_minute(
        stack, people, client, source, customer):
    boss = people.add('boss', 'manager')
    li = people.add('li', 'salesperson', manager=boss)
    one = customer('C1', region=f'{source}alert')
    assert assign(client, one.number, li.code).status == 'OK'
    after = client.end()
    stack.sql("insert into grade_run (id, as_of, window_from, policy_version, policy, method,"
              " long_term_days, is_dry, holds_demotions, state, asked_by, started_at, total)"
              " values (gen_random_uuid(), '2026-01-01', '2025-01-01', 1, '', 1, 0, false, false,"
              " 'finished', 'test', now(), 0)")
    stack.sql("insert into grade_current (customer_id, version, grade, computed, run_id, as_of,"
              " region, numerator_micros, denominator_micros, is_long_term, flags, place_rank,"
              " accumulated_before_micros, since, runs_below) select %s, 1, 'A', 'A', id,"
              " '2026-01-01', %s, 1, 1, true, 0, 1, 0, '2026-01-01', 0 from grade_run limit 1",
              one.id, f'{source}alert')
    assert client.ask(proto.EndOwnership(ref=one.number, reason='x')).status == 'OK'

    def alerts():
        return [e for e in told(client, after, 'CustomerUnowned') if e.customer_id == one.id]
    until(alerts, seconds=60, every=0.5)
    found = alerts()
    assert len(found) == 1 and found[0].grade == 'A' and found[0].manager_id == ''
    plan = client.ask(proto.GetServicePlan(ref=one.number)).payload
    assert (plan.plan, plan.cadence_months, plan.deep_only) == ('A', 1, True)
    assert '专属团队' in {m.chinese for m in plan.measures}
    # With an owner the alert is over.
    assign(client, one.number, li.code)
    assert stack.value('select count(*) from owner_alert where customer_id = %s', one.id) == 0


def test_the_service_plan_follows_grade_and_policy(people, client, customer, apply):
    one = customer('C1')
    first = client.ask(proto.GetServicePlan(ref=one.number)).payload
    assert (first.grade, first.plan, first.cadence_months) == ('', 'none', 0)
    reply = apply(service_plan=proto.ServicePlanPolicy(plans=[proto.ServicePlan(
        grade='none', measures=['call_soon'], cadence_months=6)]))
    assert reply.status == 'OK', reply
    second = client.ask(proto.GetServicePlan(ref=one.number)).payload
    assert [m.code for m in second.measures] == ['call_soon'] and second.cadence_months == 6
    assert apply(service_plan=proto.ServicePlanPolicy()).status == 'OK'


def test_owners_by_kehuctl(stack, people, customer):
    li = people.add('li', 'salesperson')
    one = customer('C1')
    shown = stack.kehuctl_json('owner', 'set', one.number, li.code, '--note', '转入')
    assert shown['owners'][0]['staff'] == li.code
    assert stack.kehuctl_json('owner', 'show', one.number)['state'] == 'owned'
    text = stack.kehuctl('owner', 'history', one.number).stdout
    assert li.code in text and '转入' in text
    assert stack.kehuctl('owner', 'end', one.number, '--reason', 'moved').returncode == 0
    queue = stack.kehuctl_json('owner', 'unassigned', '--all')
    assert one.number in {c['number'] for c in queue}
    assert stack.kehuctl('owner', 'rules').returncode == 0
    refused = stack.kehuctl('owner', 'set', one.number, 'nobody.here')
    assert refused.returncode == 1 and 'staff' in refused.stderr
    plan = stack.kehuctl('owner', 'plan', one.number)
    assert plan.returncode == 0 and 'first_contact' in plan.stdout
