"""Privacy: subject access, restriction, erasure, holds; nothing of a person is left anywhere."""
import json

import pytest

from tests.support import proto
from tests.support.books import report
from tests.support.client import Client, placed
from tests.support.stack import until
from tests.support.traces import as_told, everything
from tests.support.traces import traces as find_traces

NAME, PHONE, MAIL = '尉迟玖玖', '13800138765', 'yuchi99@example.cn'
BIRTHDAY, HOME = '1977-09-13', '祖籍甘肃敦煌莫高里'
VALUES = (NAME, PHONE, '+86' + PHONE, MAIL, BIRTHDAY, HOME, '尉迟总', '首席茶艺顾问')


def good(reply):
    assert reply.status == 'OK', reply
    return reply.payload


def fact(field, value):
    return proto.Fact(field=field, value=value)


@pytest.fixture
def company(client, source):
    """A company that bought, with its number."""
    client.publish(placed('O-1', source, customer='C1', name='敦煌茶叶有限公司',
                          lines=[('tea', 1, 300)]))
    return client.customer(f'{source}:C1').number


def new_contact(client, company):
    """Somebody of whom something personal stands in as many tables as can be."""
    made = good(client.ask(proto.SaveContact(
        name=NAME, gender='female', salutation='尉迟总', title='首席茶艺顾问', birthday=BIRTHDAY,
        links=[proto.ContactLink(customer_ref=company, role='purchasing', title='首席茶艺顾问')],
        channels=[proto.ContactChannel(kind='mobile', value=PHONE),
                  proto.ContactChannel(kind='email', value=MAIL)],
        consents=[proto.Consent(purpose='care', channel='any', state='granted',
                                evidence=f'{NAME}当面同意')])))
    good(client.ask(proto.SaveDecisionEntry(customer_ref=company, entry=proto.DecisionEntry(
        contact_id=made.contact_id, role='decider', preference=f'{NAME}喜欢普洱', approach=HOME))))
    good(client.ask(proto.SaveNeed(customer_ref=company, need=proto.Need(
        kind='explicit', description=f'{NAME}要一百饼普洱', contact_id=made.contact_id))))
    good(client.ask(proto.SaveNeed(customer_ref=company, need=proto.Need(
        kind='latent', description=f'回电{PHONE}找{NAME}'))))
    return made.contact_id


def new_person(client, source, orders=True):
    """A customer who is a person; → number."""
    ref = f'{source}:P1'
    made = good(client.ask(proto.RegisterCustomer(nature=2, refs=[ref], facts=[
        fact('name', NAME), fact('phone', PHONE), fact('email', MAIL)])))
    if orders:
        client.publish(placed('O-P1', source, customer='P1', name=NAME, lines=[('tea', 2, 50)]))
    return made.number


def about(contact=None, customer=None):
    return proto.PersonRef(contact_id=contact or '', customer_ref=customer or '')


def erase(client, reason='request', dry_run=False, **person):
    return good(client.ask(proto.ErasePerson(person=about(**person), reason=reason,
                                             dry_run=dry_run)))


def standing(client, **person):
    return good(client.ask(proto.GetPersonStanding(person=about(**person))))


def traces(stack, values=VALUES):
    return find_traces(stack, values)


def test_row_29_of_an_erased_contact_nothing_is_left_and_counts_stay(stack, client, company):
    contact = new_contact(client, company)
    assert {table for table, _ in traces(stack)} >= {'contact', 'customer_need', 'decision_entry'}
    sales = report(client, 'total')
    answer = erase(client, contact=contact)
    assert answer.state == 'erased' and answer.values > 5 and answer.parts[0].service == 'customers'
    assert traces(stack) == []
    assert report(client, 'total') == sales
    shown = good(client.ask(proto.GetContact(contact_id=contact)))
    assert (shown.name, shown.state, len(shown.channels)) == ('', 'erased', 0)
    needs = good(client.ask(proto.ListNeeds(customer_ref=company))).needs
    assert len(needs) == 2 and '***' in needs[1].description
    assert erase(client, contact=contact).state == 'erased'


def test_an_erased_customer_comes_back_nameless(stack, client, source):
    number = new_person(client, source, orders=False)
    assert erase(client, customer=number).state == 'erased'
    assert traces(stack) == []
    client.publish(placed('O-P2', source, customer='P1', name=NAME, lines=[('tea', 1, 80)]))
    customer = client.customer(f'{source}:P1')
    assert customer.number == number and customer.name == ''
    assert customer.sales[0].net_micros == 80_000_000
    assert traces(stack) == []
    refused = client.ask(proto.UpdateCustomer(ref=number, facts=[fact('name', NAME)]))
    assert refused.status == 'FAILED_PRECONDITION', refused
    assert list(good(client.ask(proto.SearchCustomers(query=NAME))).customers) == []


def test_the_dry_run_says_what_would_happen_and_does_nothing(stack, client, company):
    contact = new_contact(client, company)
    until(lambda: stack.value('select count(*) from customers.number_mark') == 0)   # a job's
    before = everything(stack)
    told = erase(client, dry_run=True, contact=contact)
    assert told.state == 'erased' and told.values > 5
    after = everything(stack)
    # Beside it the neighbour answers for those whom earlier tests erased.
    answered = {'consumer', 'consumer_subject', 'consumer_parked', 'erasure_part'}
    assert {t for t in before if before[t] != after[t]} - answered == set()
    assert not [row for row in after['erasure_part'] if contact in row]
    assert erase(client, contact=contact).state == 'erased'


def test_an_open_hold_restricts_and_its_end_erases(stack, client, company):
    contact = new_contact(client, company)
    hold = proto.Hold(kind='case', subject='TS-20260930-0001')
    good(client.ask(proto.PlaceHold(person=about(contact=contact), hold=hold)))
    answer = erase(client, contact=contact)
    assert answer.state == 'erasing' and answer.holds[0].subject == 'TS-20260930-0001'
    assert answer.erases_on == ''
    # Hidden by every door: the values are out of their tables.
    assert [t for t in traces(stack) if t[0] != 'customer_need'] == []
    assert len(good(client.ask(proto.ListContacts(phone=PHONE))).contacts) == 0
    refused = client.ask(proto.SaveContact(contact_id=contact, name='别名'))
    assert refused.status == 'FAILED_PRECONDITION', refused
    document = json.loads(good(client.ask(proto.GetSubjectAccess(
        person=about(contact=contact)))).json)
    assert PHONE in json.dumps(document) and NAME in json.dumps(document, ensure_ascii=False)
    gone = good(client.ask(proto.ReleaseHold(person=about(contact=contact), kind='case',
                                             subject='TS-20260930-0001')))
    assert gone.erased
    assert standing(client, contact=contact).state == 'erased'
    assert traces(stack) == []
    assert stack.value('select count(*) from customers.person_vault v join customers.person_erasure'
                       ' e using (person_id) where e.person_id = %s', contact) == 0


def test_a_lifted_restriction_restores_every_row(stack, client, company):
    contact = new_contact(client, company)
    tables = ('contact_channel', 'contact_key', 'contact_link', 'contact_consent', 'decision_entry',
              'customer_need', 'contact_sensitive')
    before = everything(stack)
    good(client.ask(proto.RestrictPerson(person=about(contact=contact), reason='disputes it')))
    assert sorted(everything(stack)['contact_channel']) != sorted(before['contact_channel'])
    lifted = good(client.ask(proto.LiftRestriction(person=about(contact=contact),
                                                   reason='settled')))
    assert lifted.state == 'active'
    after = everything(stack)
    for table in tables:
        assert as_told(after[table]) == as_told(before[table]), table
    shown = good(client.ask(proto.GetContact(contact_id=contact, unmask=True)))
    assert (shown.name, shown.salutation, shown.birthday) == (NAME, '尉迟总', BIRTHDAY)
    assert [c.value for c in shown.channels] == ['+86' + PHONE, MAIL]
    refused = client.ask(proto.LiftRestriction(person=about(contact=contact), reason='again'))
    assert refused.status == 'FAILED_PRECONDITION', refused
    erase(client, contact=contact)


def test_a_restricted_customer_is_found_by_nobody_and_restored_whole(stack, client, source):
    number = new_person(client, source)
    good(client.ask(proto.RestrictPerson(person=about(customer=number), reason='asked for it')))
    assert traces(stack) == []
    assert list(good(client.ask(proto.SearchCustomers(query=NAME))).customers) == []
    client.publish(placed('O-P9', source, customer='P1', name=NAME, lines=[('tea', 1, 9)]))
    assert client.customer(number).name == ''
    hidden = good(client.ask(proto.GetCustomerFile(ref=number)))
    assert (hidden.privacy, list(hidden.missing), hidden.incomplete) == ('restricted', [], False)
    shown = stack.kehuctl('customer', 'show', number).stdout
    assert '(restricted)' in shown and 'missing' not in shown
    listed = good(client.ask(proto.ListCustomers(page_size=500))).customers
    assert number not in [c.number for c in listed]
    good(client.ask(proto.LiftRestriction(person=about(customer=number), reason='settled')))
    file = good(client.ask(proto.GetCustomerFile(ref=number, unmask=True)))
    assert file.name == NAME and {f.field for f in file.facts} == {'name', 'phone', 'email'}
    assert {f.value for f in file.facts if f.field == 'phone'} == {'+86' + PHONE}
    assert [c.number
            for c in good(client.ask(proto.SearchCustomers(query=NAME))).customers] == [number]
    good(client.ask(proto.UpdateCustomer(ref=number, facts=[fact('name', '改名')])))


def test_the_statutory_term_holds_and_its_end_erases_by_itself(new_stack):
    stack = new_stack(only='customers', KEHU_INSTALLATION='test')
    with Client(stack, source='shop') as client:
        number = new_person(client, 'shop')
        answer = erase(client, customer=number)
        assert answer.state == 'erasing' and answer.holds[0].kind == 'statutory'
        assert answer.erases_on > answer.holds[0].until
        before = report(client, 'total')
        client.advance((3 * 366 + 2) * 86400)
        until(lambda: standing(client, customer=number).state == 'erased')
        assert traces(stack) == []
        assert report(client, 'total') == before


def test_subject_access_tells_everything_in_plain(client, company, source):
    contact = new_contact(client, company)
    answer = good(client.ask(proto.GetSubjectAccess(person=about(contact=contact), lang='en')))
    document = json.loads(answer.json)
    text = json.dumps(document, ensure_ascii=False)
    for value in (NAME, '+86' + PHONE, MAIL, BIRTHDAY, '尉迟总'):
        assert value in text, value
    assert 'value_sealed' not in text and 'value_hash' not in text
    titles = [part['title'] for part in document['parts']]
    assert 'Ways to reach him' in titles and 'Consent' in titles
    number = new_person(client, source)
    document = json.loads(good(client.ask(proto.GetSubjectAccess(
        person=about(customer=number)))).json)
    assert {'客户档案', '订单'} <= {part['title'] for part in document['parts']}
    erase(client, contact=contact)
    good(client.ask(proto.UpdateCustomer(ref=number, facts=[fact('name', '改名')])))


def test_bad_questions_are_refused_with_the_field(client, company):
    for message, field in (
            (proto.ErasePerson(reason='request'), 'person'),
            (proto.ErasePerson(person=about(contact='x'), reason='request'), 'person.contact_id'),
            (proto.ErasePerson(person=about(customer=company), reason='request'),
             'person.customer_ref'),
            (proto.ErasePerson(person=about(customer='KH999999'), reason='because'), 'reason'),
            (proto.PlaceHold(person=about(customer=company)), 'hold'),
            (proto.PlaceHold(person=about(customer=company), hold=proto.Hold(
                kind='statutory', subject='x')), 'hold.kind'),
            (proto.PlaceHold(person=about(customer=company), hold=proto.Hold(
                kind='case', subject='x', until='2001-01-01')), 'hold.until'),
            (proto.ReleaseHold(person=about(customer=company), kind='statutory', subject='x'),
             'kind'),
            (proto.ReleaseHold(person=about(customer=company), kind='case'), 'subject'),
            (proto.ListErasures(state='gone'), 'state'),
            (proto.ListErasures(page_token='x'), 'page_token'),
            (proto.GetSubjectAccess(person=about(customer=company), lang='fr'), 'lang')):
        reply = client.ask(message)
        assert reply.status == 'INVALID_ARGUMENT', (message, reply)
        assert field in reply.fields, (message, reply)
    gone = client.ask(proto.GetPersonStanding(person=about(customer='KH999999')))
    assert gone.status == 'NOT_FOUND', gone


def test_events_tell_other_services_ids_only(client, company):
    at = client.end()
    contact = new_contact(client, company)
    erase(client, contact=contact)
    told = [e for e in client.fetch_all(at)[0] if 'Person' in e.type or 'Erasure' in e.type]
    assert [e.type.rsplit('.', 1)[1] for e in told] == ['PersonErased', 'ErasureDone']
    assert NAME.encode() not in b''.join(e.SerializeToString() for e in told)


def test_the_list_of_personal_columns_is_the_schemas(client):
    columns = good(client.ask(proto.DescribePersonalColumns())).columns
    by_name = {(c.table, c.column): c for c in columns}
    assert by_name['contact', 'name'].erasure == 'emptied'
    assert by_name['contact_channel', 'value_sealed'].erasure == 'row deleted'
    assert by_name['staff', 'name'].erasure == 'stays'
    assert ('customer_fact', 'value') in by_name


def test_the_retention_policy_erases_who_gave_no_sign(new_stack):
    stack = new_stack(only='customers', KEHU_INSTALLATION='test')
    with Client(stack, source='shop') as client:
        number = new_person(client, 'shop', orders=False)
        policy = proto.Policy(kind='retention', reason='company rule',
                              retention=proto.RetentionPolicy(quiet_months=6, erase_by_itself=True))
        good(client.ask(proto.ApplyPolicy(policy=policy, expected_version=1)))
        assert len(good(client.ask(proto.ListRetentionDue())).persons) == 0
        client.advance(190 * 86400)
        until(lambda: standing(client, customer=number).state == 'erased')
        assert traces(stack) == []


def test_kehuctl_shows_restricts_and_erases(stack, client, company, tmp_path):
    contact = new_contact(client, company)
    shown = stack.kehuctl('privacy', 'show', contact)
    assert shown.returncode == 0 and 'active' in shown.stdout, shown
    held = stack.kehuctl('privacy', 'hold', contact, '--kind', 'dispute', '--subject', 'S-1')
    assert held.returncode == 0, held
    file = tmp_path / 'access.json'
    assert stack.kehuctl('privacy', 'access', contact, '--out', str(file)).returncode == 0
    assert NAME in file.read_text()
    waits = stack.kehuctl_json('privacy', 'erase', contact, '--reason', 'request')
    assert waits['state'] == 'erasing' and waits['holds'][0]['kind'] == 'dispute'
    listed = stack.kehuctl('privacy', 'list', '--state', 'erasing')
    assert contact in listed.stdout
    ended = stack.kehuctl('privacy', 'release', contact, '--kind', 'dispute', '--subject', 'S-1')
    assert 'the person is erased' in ended.stdout, ended
    assert stack.kehuctl('privacy', 'due').returncode == 0
    assert 'contact_channel' in stack.kehuctl('privacy', 'columns').stdout
    refused = stack.kehuctl('privacy', 'lift', contact, '--reason', 'x')
    assert refused.returncode == 1 and 'erased' in refused.stderr
