"""Who may see which customers, through every door; and what is masked."""
import pytest

from tests.support import proto
from tests.support.client import Client, placed
from tests.support.stack import until as wait_until
from tests.support.staff import People


@pytest.fixture
def people(stack, client, source):
    return People(stack, client, source)


@pytest.fixture
def customer(client, source):
    """customer('C1', name='…'): a customer who bought; → its GetCustomer."""
    def make(external_id, name='云南茶叶有限公司', net=100):
        client.publish(placed(f'O-{external_id}', source, customer=external_id, name=name,
                              lines=[('tea', 1, net)]))
        return client.customer(f'{source}:{external_id}')
    return make


def sees(person, ref):
    reply = person.ask(proto.GetCustomer(ref=ref))
    assert reply.status in ('OK', 'PERMISSION_DENIED'), reply
    return reply.status == 'OK'


def test_a_salesperson_sees_his_own_and_those_he_stands_in_for(people, customer):
    li, zhang = people.add('li', 'salesperson'), people.add('zhang', 'salesperson')
    other = people.add('other', 'salesperson')
    mine, hers = customer('C1'), customer('C2')
    people.gives(li, mine.id)
    people.gives(zhang, hers.id)
    assert sees(li, mine.number) and not sees(li, hers.number)
    people.away(zhang, li)
    assert sees(li, hers.number) and not sees(other, hers.number)
    people.away(zhang, li, days=(-5, -1))
    assert not sees(li, hers.number)
    people.away(zhang, li, days=(1, 5))
    assert not sees(li, hers.number)


def test_one_stands_in_for_those_for_whom_the_absent_stands_in(people, customer):
    a, b, c = (people.add(name, 'salesperson') for name in 'abc')
    owned = customer('C1')
    people.gives(a, owned.id)
    people.away(a, b)
    assert not sees(c, owned.number)
    people.away(b, c)
    assert sees(c, owned.number)


def test_a_member_of_the_customers_team_sees_him(people, customer):
    li, member = people.add('li', 'salesperson'), people.add('member', 'salesperson')
    owned = customer('C1')
    people.gives(li, owned.id)
    assert not sees(member, owned.number)
    people.gives(member, owned.id, role='team')
    assert sees(member, owned.number)


def test_an_account_manager_sees_his_teams_customers(people, customer):
    lead = people.add('lead', 'account_manager')
    li = people.add('li', 'salesperson', manager=lead)
    below = people.add('below', 'salesperson', manager=li)
    plain = people.add('plain', 'salesperson')
    people.add('of.plain', 'salesperson', manager=plain)
    for number, owner in enumerate((lead, li, below)):
        owned = customer(f'C{number}')
        people.gives(owner, owned.id)
        assert sees(lead, owned.number) and not sees(plain, owned.number)
    # To be somebody's manager is not enough: it takes the role.
    assert not sees(li, customer('C2').number)


def test_a_manager_sees_his_units_and_whom_nobody_looks_after(people, customer):
    people.add_unit('hq'), people.add_unit('south', 'hq'), people.add_unit('team', 'south')
    people.add_unit('north', 'hq')
    boss = people.add('boss', 'manager', unit=people.code('hq'))
    south = people.add('head', 'manager', unit=people.code('south'))
    li = people.add('li', 'salesperson', unit=people.code('team'))
    wang = people.add('wang', 'salesperson', unit=people.code('north'))
    lis, wangs, nobodys = customer('C1'), customer('C2'), customer('C3')
    people.gives(li, lis.id)
    people.gives(wang, wangs.id)
    people.takes(nobodys.id)
    assert sees(south, lis.number) and not sees(south, wangs.number)
    assert sees(boss, lis.number) and sees(boss, wangs.number)
    assert sees(south, nobodys.number) and not sees(li, nobodys.number)
    # Who stands in for a manager and is one himself sees his units; another his own customers.
    people.away(south, wang)
    assert not sees(wang, lis.number)
    stand_in = people.add('standin', 'manager', unit=people.code('north'))
    assert not sees(stand_in, lis.number)
    people.away(south, stand_in)
    assert sees(stand_in, lis.number)


def test_marketing_sees_those_who_never_bought(people, customer, client):
    ma = people.add('ma', 'marketing')
    bought = customer('C1')
    people.gives(people.add('li', 'salesperson'), bought.id)
    registered = client.ask(proto.RegisterCustomer(
        facts=[proto.Fact(field='name', value='潜在客户公司')])).payload
    assert sees(ma, registered.number) and not sees(ma, bought.number)


def test_privacy_officers_and_auditors_see_everything_and_change_nothing(people, customer):
    owned = customer('C1')
    people.gives(people.add('li', 'salesperson'), owned.id)
    for role in ('privacy_officer', 'auditor'):
        person = people.add(role.replace('_', '.'), role)
        assert sees(person, owned.number)
        reply = person.ask(proto.UpdateCustomer(ref=owned.number, reviewed=True))
        assert reply.status == 'PERMISSION_DENIED'


def test_a_complaint_handler_sees_nobody_without_a_case(people, customer):
    assert not sees(people.add('he', 'complaint_handler'), customer('C1').number)


def test_a_refusal_says_that_he_exists_and_whose_he_is_and_no_more(people, customer):
    li, zhang = people.add('li', 'salesperson', name='李娜'), people.add('zhang', 'salesperson')
    owned = customer('C1', name='昆明翠湖茶庄')
    people.gives(li, owned.id)
    reply = zhang.ask(proto.GetCustomer(ref=f'{people.source}:C1'))
    assert reply.status == 'PERMISSION_DENIED'
    assert '李娜' in reply.message and '2026-03-01' in reply.message
    for hidden in (owned.number, '翠湖', owned.id):
        assert hidden not in reply.message
    people.takes(owned.id)
    assert 'no owner' in zhang.ask(proto.GetCustomer(ref=owned.id)).message


def test_search_says_of_others_only_whose_they_are(stack, people, customer, client, source):
    li, zhang = people.add('li', 'salesperson', name='李娜'), people.add('zhang', 'salesperson')
    word = f'翠湖{source}庄'
    mine, hers = customer('C1', name=f'{word}甲'), customer('C2', name=f'{word}乙')
    people.gives(zhang, mine.id)
    people.gives(li, hers.id)
    for query in (word, hers.number, f'{source}:C2'):
        found = zhang.ask(proto.SearchCustomers(query=query)).payload.customers
        outside = [one for one in found if one.outside]
        assert outside == [proto.CustomerSummary(outside=True, owner='李娜',
                                                 owned_since='2026-03-01')], query
        assert [one.number for one in found if not one.outside] == \
               ([mine.number] if query == word else [])
    text = stack.kehuctl('customer', 'search', word, '--as', zhang.code).stdout
    assert 'not yours; owner 李娜 since 2026-03-01' in text and hers.number not in text
    everybody = client.ask(proto.SearchCustomers(query=word)).payload.customers
    assert len(everybody) == 2 and not any(one.outside for one in everybody)


def test_lists_leave_out_whom_one_may_not_see(people, customer, client, source):
    li, zhang = people.add('li', 'salesperson'), people.add('zhang', 'salesperson')
    boss = people.add('boss', 'manager', unit=people.add_unit('hq'))
    people.save('li', 'salesperson', unit=people.code('hq'))
    numbers = []
    for n in range(7):
        owned = customer(f'C{n}', name=f'名单{source}第{n}家')
        people.gives(zhang if n == 3 else li, owned.id)
        numbers.append(owned.number)
    wanted = [n for i, n in enumerate(numbers) if i != 3]

    def listed(person, **ask):
        found, token = [], ''
        while True:
            page = person.ask(proto.ListCustomers(page_size=3, page_token=token, **ask)).payload
            found += [one.number for one in page.customers]
            token = page.next_page_token
            if not token:
                return found
    for sort in ('number', 'name', 'registered', '-registered'):
        found = listed(li, sort=sort)
        assert sorted(found) == wanted and found == (wanted[::-1] if sort[0] == '-' else wanted)
    assert listed(zhang) == [numbers[3]]
    assert listed(li, grade='A') == [] == listed(li, region='nowhere')
    assert listed(li, missing_field='phone') == wanted
    seen = listed(boss)
    assert set(wanted) <= set(seen) and numbers[3] not in seen
    assert set(numbers) <= set(listed(people.add('audit', 'auditor')))


def test_lists_of_a_manager_hold_his_and_nobodys_by_every_filter(people, customer, client, source):
    zhang = people.add('zhang', 'salesperson')
    boss = people.add('boss', 'manager', unit=people.add_unit('hq'))
    li = people.add('li', 'salesperson', unit=people.code('hq'))
    group = customer('G', name=f'集团{source}')
    people.gives(li, group.id)
    mine, hers, nobodys = (customer(f'C{n}', name=f'名单{source}第{n}家') for n in range(3))
    people.gives(li, mine.id)
    people.gives(zhang, hers.id)
    people.takes(nobodys.id)
    supplier = proto.enum_number('kehu.customers.v1.PartyType', 'PARTY_TYPE_SUPPLIER')
    client.ask(proto.SaveRegion(region=proto.Region(code=f'{source}r', name='区')))
    for one in (mine, hers, nobodys):
        assert client.ask(proto.UpdateCustomer(ref=one.number, parent_ref=group.number,
                                               region=f'{source}r')).status == 'OK'
    run = client.ask(proto.RunGrades(as_of=until(people.stack, 1))).payload
    wait_until(lambda: client.ask(proto.GetGradeRun(run_id=run.run_id)).payload.state == 2)
    for one in (mine, hers, nobodys):
        assert client.ask(proto.OverrideGrade(ref=one.number, grade='B', reason='测试',
                                              until=until(people.stack))).status == 'OK'

    def listed(person, message, **ask):
        found, token = [], ''
        while True:
            page = person.ask(message(page_size=500, page_token=token, **ask)).payload
            found += [one.number for one in page.customers]
            token = page.next_page_token
            if not token:
                return {n for n in found if n in (mine.number, hers.number, nobodys.number)}
    lists = proto.ListCustomers
    for ask in ({}, dict(parent_ref=group.number), dict(region=f'{source}r'), dict(grade='B'),
                dict(review_due_by='2099-01-01'), dict(missing_field='phone'),
                dict(only_incomplete=True)):
        for sort in ('number', '-registered'):
            assert listed(client, lists, sort=sort, **ask) == {
                mine.number, hers.number, nobodys.number}, ask
            assert listed(boss, lists, sort=sort, **ask) == {mine.number, nobodys.number}, ask
    for ask in ({}, dict(grade='B')):
        assert listed(boss, proto.ListGrades, **ask) == {mine.number, nobodys.number}
        assert listed(li, proto.ListGrades, **ask) == {mine.number}
    for one in (mine, hers, nobodys):
        assert client.ask(proto.UpdateCustomer(ref=one.number, party_type=supplier)).status == 'OK'
    assert listed(boss, lists, party_types=[supplier]) == {mine.number, nobodys.number}


def test_cards_of_others_tell_only_whose_they_are(people, customer):
    li, zhang = people.add('li', 'salesperson', name='李娜'), people.add('zhang', 'salesperson')
    mine, hers = customer('C1'), customer('C2')
    people.gives(zhang, mine.id)
    people.gives(li, hers.id)
    for _ in range(2):  # the second time from the cache
        cards = zhang.ask(proto.GetCards(refs=[hers.number, mine.number, 'no:body'])).payload
        assert cards.cards[0] == proto.Card(ref=hers.number, outside=True, owner='李娜',
                                            owned_since='2026-03-01')
        assert cards.cards[1].name == '云南茶叶有限公司' and not cards.cards[1].outside
        assert list(cards.unknown) == ['no:body']


def test_a_report_by_customer_shows_a_manager_his_customers_only(people, customer, source):
    boss = people.add('boss', 'manager', unit=people.add_unit('hq'))
    li = people.add('li', 'salesperson', unit=people.code('hq'))
    zhang = people.add('zhang', 'salesperson')
    mine, others = customer('C1', net=7000000), customer('C2', net=8000000)
    people.gives(li, mine.id)
    people.gives(zhang, others.id)
    by = proto.enum_number('kehu.customers.v1.SalesKey', 'SALES_KEY_CUSTOMER')
    audit = people.add('audit', 'auditor')

    def keys(person, **ask):
        found, token = [], ''
        while True:
            page = person.ask(proto.ReportSales(by=by, page_token=token, **ask)).payload
            found += [row.key for row in page.rows]
            token = page.next_page_token
            if not token:
                return [key for key in found if key.startswith(f'{source}:')]
    for ask in ({'top': 5}, {'page_size': 100}):
        assert keys(boss, **ask) == [f'{source}:C1']
        assert sorted(keys(audit, **ask)) == [f'{source}:C1', f'{source}:C2']


def test_grades_are_listed_explained_and_decided_within_the_scope(people, customer, client):
    boss = people.add('boss', 'manager', unit=people.add_unit('hq'))
    li = people.add('li', 'salesperson', unit=people.code('hq'))
    zhang = people.add('zhang', 'salesperson')
    mine, others = customer('C1'), customer('C2')
    people.gives(li, mine.id)
    people.gives(zhang, others.id)
    run = client.ask(proto.RunGrades(as_of=until(people.stack, 1))).payload
    wait_until(lambda: client.ask(proto.GetGradeRun(run_id=run.run_id)).payload.state == 2)

    def numbers(person):
        found, token = [], ''
        while True:
            page = person.ask(proto.ListGrades(page_token=token)).payload
            found += [one.number for one in page.customers]
            token = page.next_page_token
            if not token:
                return found
    assert numbers(li) == [mine.number] and mine.number in numbers(boss)
    assert others.number not in numbers(boss) and others.number in numbers(client)
    assert li.ask(proto.ExplainGrade(ref=mine.number)).status == 'OK'
    assert li.ask(proto.ExplainGrade(ref=others.number)).status == 'PERMISSION_DENIED'
    change = dict(grade='B', reason='重要客户', until=until(people.stack))
    assert boss.ask(proto.OverrideGrade(ref=others.number, **change)).status == 'PERMISSION_DENIED'
    assert boss.ask(proto.OverrideGrade(ref=mine.number, **change)).status == 'OK'
    for person, shown in ((boss, False), (people.add('audit', 'auditor'), True)):
        report = person.ask(proto.GetGradeRun(run_id=run.run_id)).payload.report
        assert report.c > 0 and bool(report.largest_c) == shown
        runs = person.ask(proto.ListGradeRuns()).payload.runs
        assert any(bool(one.report.largest_c) for one in runs) == shown
    assert [m for m in boss.ask(proto.ListGradeMoves(run_id=run.run_id)).payload.moves
            if m.number == others.number] == []


def until(stack, days=90):
    return str(stack.value(f"select (now() at time zone 'Asia/Shanghai')::date + {days}"))


def test_who_registers_as_a_salesperson_looks_after_him(people, client):
    li, zhang = people.add('li', 'salesperson'), people.add('zhang', 'salesperson')
    end = client.end()
    made = li.ask(proto.RegisterCustomer(facts=[proto.Fact(field='name', value='新客户公司')]))
    assert made.status == 'OK' and sees(li, made.payload.number)
    assert not sees(zhang, made.payload.number)
    types = [e.type.rsplit('.')[-1] for e in client.fetch_all(end)[0]
             if e.attributes['subject'].ce_string == made.payload.id]
    assert types == ['CustomerRegistered', 'OwnerChanged']
    # A supplier is looked after by nobody, and so seen by none of them.
    party = proto.enum_number('kehu.customers.v1.PartyType', 'PARTY_TYPE_SUPPLIER')
    made = li.ask(proto.RegisterCustomer(party_type=party,
                                         facts=[proto.Fact(field='name', value='供应商')]))
    assert made.status == 'OK' and not sees(li, made.payload.number)


def test_an_organisation_outside_is_no_parent(people, customer):
    li, zhang = people.add('li', 'salesperson'), people.add('zhang', 'salesperson')
    hers, mine = customer('C1'), customer('C2')
    people.gives(zhang, hers.id)
    people.gives(li, mine.id)
    name = proto.Fact(field='name', value='子公司')
    for ask in (proto.RegisterCustomer(parent_ref=hers.number, facts=[name]),
                proto.UpdateCustomer(ref=mine.number, parent_ref=hers.number),
                proto.UpdateCustomer(ref=hers.number, reviewed=True)):
        assert li.ask(ask).status == 'PERMISSION_DENIED', ask
    # Nor does a reference that is taken tell whose number it is.
    reply = li.ask(proto.RegisterCustomer(facts=[name], refs=[f'{people.source}:C1']))
    assert reply.status == 'ALREADY_EXISTS' and hers.number not in str(reply.fields)


def test_telephones_and_e_mails_are_masked_unless_asked_for(stack, people, client):
    li = people.add('li', 'salesperson')
    made = li.ask(proto.RegisterCustomer(facts=[
        proto.Fact(field='name', value='张伟'), proto.Fact(field='phone', value='13800000001'),
        proto.Fact(field='email', value='lina@example.cn')],
        nature=proto.enum_number('kehu.customers.v1.PartyNature', 'PARTY_NATURE_PERSON'))).payload

    def facts(asker, **ask):
        file = asker.ask(proto.GetCustomerFile(ref=made.number, **ask)).payload
        return {f.field: f.value for f in file.facts}
    for asker in (li, client):
        shown = facts(asker)
        assert (shown['phone'], shown['email']) == ('138****0001', 'l***@example.cn')
        shown = facts(asker, unmask=True)
        assert (shown['phone'], shown['email']) == ('+8613800000001', 'lina@example.cn')
    rows = stack.sql("select actor, detail from audit where subject = %s and act = 'read customer'"
                     ' order by position', made.id)
    assert rows == [(li.code, 'file'), (li.code, 'file, unmasked'), ('', 'file'),
                    ('', 'file, unmasked')]
    assert '138****0001' in stack.kehuctl('customer', 'show', made.number).stdout
    assert '+8613800000001' in stack.kehuctl('customer', 'show', made.number, '--unmask').stdout


def test_a_key_of_a_person_is_always_that_person(stack, people, customer):
    li, zhang = people.add('li', 'salesperson'), people.add('zhang', 'salesperson')
    mine, hers = customer('C1'), customer('C2')
    people.gives(li, mine.id)
    people.gives(zhang, hers.id)
    for name, staff in (('li', li.code), ('li.by.id', li.id)):
        name = people.code(name)
        stack.new_key(name, call='customers.*', staff=staff)
        with Client(stack, key=name) as own:
            assert own.ask(proto.GetCustomer(ref=mine.number)).status == 'OK'
            assert own.ask(proto.GetCustomer(ref=mine.number), actor=li.code).status == 'OK'
            assert own.ask(proto.GetCustomer(ref=hers.number)).status == 'PERMISSION_DENIED'
            reply = own.ask(proto.GetCustomer(ref=hers.number), actor=zhang.code)
            assert reply.status == 'PERMISSION_DENIED' and 'speaks for nobody else' in reply.message
            # What is for systems is not for persons, whatever the key may call.
            assert own.ask(proto.Fetch(consumer='x', max=1)).status == 'PERMISSION_DENIED'


def test_an_actor_is_somebody_of_the_directory_and_named_by_keys_that_may(stack, people, customer):
    li = people.add('li', 'salesperson')
    mine = customer('C1')
    people.gives(li, mine.id)
    for name, rights in (('gateway', {'act_for': True}), ('plain', {})):
        key = people.code(name)
        stack.new_key(key, call='customers.*', **rights)
        with Client(stack, key=key) as client:
            for actor in (li.code, li.id, li.id.upper()):
                reply = client.ask(proto.GetCustomer(ref=mine.number), actor=actor)
                assert reply.status == ('OK' if rights else 'PERMISSION_DENIED'), reply
            if rights:
                reply = client.ask(proto.GetCustomer(ref=mine.number), actor='nobody')
                assert reply.status == 'PERMISSION_DENIED' and 'nobody' in reply.message
    # However he was named, the audit knows him by his code.
    assert stack.sql("select distinct actor from audit where subject = %s and act = 'read customer'"
                     " and key_name = %s", mine.id, people.code('gateway')) == [(li.code,)]


def test_events_are_published_by_systems_only(people, source):
    li = people.add('li', 'manager')
    assert li.ask(proto.Publish(events=[placed('A', source)])).status == 'PERMISSION_DENIED'


def test_a_list_is_asked_by_who_looks_after_the_customers(stack, client, people, source):
    li, wang = people.add('li', 'salesperson'), people.add('wang', 'salesperson')
    numbers = []
    for n, owner in enumerate((li, li, wang, None)):
        client.publish(placed(f'O-{n}', source, customer=f'C{n}', name=f'{source} 客户{n}'))
        found = client.customer(f'{source}:C{n}')
        numbers.append(found.number)
        if owner:
            people.gives(owner, found.id)

    def listed(asker, owner, **ask):
        found, token = [], ''
        while True:
            page = asker.ask(proto.ListCustomers(owner=owner, page_size=2, page_token=token,
                                                 **ask)).payload
            found += [one.number for one in page.customers]
            token = page.next_page_token
            if not token:
                return [number for number in found if number in numbers]
    for sort in ('number', 'name', 'registered'):
        assert listed(client, li.code, sort=sort) == numbers[:2]
    assert listed(client, li.id, sort='-registered') == numbers[1::-1]
    assert listed(client, li.code, grade='A') == [] == listed(client, li.code, region='nowhere')
    assert listed(client, wang.code) == [numbers[2]] == listed(wang, 'me')
    assert listed(client, 'none', sort='-registered') == [numbers[3]]
    # Within what the asker may see.
    assert listed(wang, li.code) == [] == listed(wang, 'none')
    reply = client.ask(proto.ListCustomers(owner='me'))
    assert reply.status == 'INVALID_ARGUMENT' and list(reply.fields) == ['owner']
    reply = client.ask(proto.ListCustomers(owner='nobody.here'))
    assert reply.status == 'NOT_FOUND' and list(reply.fields) == ['owner']
    shown = stack.kehuctl_json('customer', 'list', '--owner', li.code, '--all')
    assert [one['number'] for one in shown] == numbers[:2]
    shown = stack.kehuctl_json('customer', 'list', '--owner', 'me', '--as', wang.code)
    assert [one['number'] for one in shown] == [numbers[2]]
