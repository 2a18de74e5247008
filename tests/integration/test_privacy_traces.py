"""A person whose values came in through every door: afterwards none of them is left."""
import hashlib

import pytest

from tests.support import proto
from tests.support.client import placed
from tests.support.stack import until
from tests.support.staff import People
from tests.support.traces import as_told, everything, traces

NAME, PHONE, MAIL = '端木小满', '13912345687', 'duanmu.xm@example.cn'
SALUTATION, TITLE, HOME = '端木老师', '茶博物馆馆长', '云南省普洱市思茅区茶马古道99号'
VALUES = (NAME, PHONE, '+86' + PHONE, '139 1234 5687', MAIL, SALUTATION, TITLE, HOME)
ABOUT = f'{NAME}说回电{PHONE}'


def good(reply):
    assert reply.status == 'OK', reply
    return reply.payload


def refused(reply):
    assert reply.status not in ('OK', 'INTERNAL'), reply


def fact(field, value):
    return proto.Fact(field=field, value=value)


def about(contact='', customer=''):
    return proto.PersonRef(contact_id=contact, customer_ref=customer)


@pytest.fixture
def stack(new_stack):
    """One for each test: what another left would be found here."""
    return new_stack()


@pytest.fixture
def people(stack, client, source):
    return People(stack, client, source)


@pytest.fixture
def dealer(client, source):
    """A company that also is a dealer, with facts that name a person of it."""
    made = good(client.ask(proto.RegisterCustomer(party_type=2, nature=1, refs=[f'{source}:D1'],
                                                  facts=[
        fact('name', '滇红贸易有限公司'), fact('legal_representative', NAME),
        fact('shareholders', f'{NAME}占六成'), fact('org_structure', f'总经理{NAME}')])))
    return made.number


def say_to_dealer(client, ref, source):
    """Everything about a customer in which somebody may write of a person."""
    good(client.ask(proto.SaveDealer(customer_ref=ref, profile=proto.DealerProfile(
        shareholders=ABOUT, organisation=ABOUT, local_strength=ABOUT, standing=ABOUT))))
    good(client.ask(proto.SaveChannelManager(customer_ref=ref, manager=proto.ChannelManager(
        name='旧人', memo=ABOUT, from_on='2024-01-01'))))
    good(client.ask(proto.AddDealerMemo(customer_ref=ref, memo=proto.DealerMemo(memo=ABOUT))))
    good(client.ask(proto.ScoreDealer(customer_ref=ref, score=proto.DealerScore(
        enthusiasm_attitude=5, enthusiasm_action=4, flexibility=3, downstream_count=3, coverage=3,
        downstream_relation=3, capital=3, note=ABOUT))))
    good(client.ask(proto.ProposeGiveUp(customer_ref=ref, reason='no_payment', explanation=ABOUT)))
    good(client.ask(proto.DecideGiveUp(customer_ref=ref, decision='withdrawn', note=ABOUT)))
    granted = good(client.ask(proto.SaveEntitlement(customer_ref=ref, entitlement=proto.Entitlement(
        kind='care', description=ABOUT))))
    good(client.ask(proto.UseEntitlement(customer_ref=ref, entitlement_id=granted.id,
                                         use=proto.EntitlementUse(quantity=1, note=ABOUT))))
    good(client.ask(proto.UpdateCustomer(ref=ref, major_changes=[proto.MajorChange(
        kind='executive_change', description=ABOUT)])))
    good(client.ask(proto.SaveNeed(customer_ref=ref, need=proto.Need(
        kind='latent', description=ABOUT, motive=f'写信{MAIL}'))))
    other = good(client.ask(proto.RegisterCustomer(nature=1, refs=[f'{source}:D2'], facts=[
        fact('name', '滇红贸易第二公司')]))).number
    good(client.ask(proto.DismissDuplicate(a=ref, b=other, reason=ABOUT)))
    good(client.ask(proto.MergeCustomers(survivor=ref, merged=other, reason=ABOUT)))
    good(client.ask(proto.UndoMerge(merged=other, reason=ABOUT)))


def apply(client, kind, **document):
    version = good(client.ask(proto.GetPolicy(kind=kind))).version
    good(client.ask(proto.ApplyPolicy(policy=proto.Policy(kind=kind, reason='test', **document),
                                      expected_version=version)))


def hand_about(people, client, ref, note=ABOUT):
    """Owners, handovers and the pool, with a word each."""
    apply(client, 'pool', pool=proto.PoolPolicy(enabled=True))
    li, wang, boss = (people.add(n, 'salesperson') for n in ('li', 'wang', 'boss'))
    good(client.ask(proto.AssignOwner(ref=ref, staff=li.code, note=ABOUT)))
    good(client.ask(proto.SetTeam(ref=ref, staff=[boss.code], note=ABOUT)))
    made = good(client.ask(proto.MakeHandover(**{'from': li.code, 'to': wang.code, 'note': note})))
    good(wang.ask(proto.ObjectHandover(id=made.id, refs=[ref], reason=ABOUT)))
    good(client.ask(proto.ReleaseToPool(ref=ref, reason=ABOUT)))


def bring_in(client, source, ref):
    """Imports with broken rows, an export's reason, quarantined events, searches, refusals."""
    settings = proto.ImportSettings(kind='IMPORT_KIND_CONTACTS', source=source,
                                    known='IMPORT_KNOWN_UPDATE',
                                    fact_source='FACT_SOURCE_VISIT')
    started = good(client.ask(proto.StartImport(
        settings=settings, file_name=f'{NAME}.csv',
        file_hash=hashlib.sha256(source.encode()).hexdigest())))
    columns = ['customer', 'name', 'mobile', 'email', 'title']
    good(client.ask(proto.ImportRows(import_number=started.import_number, columns=columns, rows=[
        proto.ImportRow(line=2, values=[ref, NAME, PHONE + '9', MAIL, TITLE]),
        proto.ImportRow(line=3, values=['nobody', NAME, PHONE, 'no mail of ' + NAME, TITLE]),
        proto.ImportRow(line=4, values=[ref, NAME, PHONE, MAIL, TITLE + '兼董事'])])))
    good(client.ask(proto.FinishImport(import_number=started.import_number, lines=4)))
    client.ask(proto.StartExport(kind='EXPORT_KIND_CUSTOMERS', reason=ABOUT))
    good(client.ask(proto.SearchCustomers(query=NAME)))
    good(client.ask(proto.SearchCustomers(query=PHONE)))
    good(client.ask(proto.ListContacts(phone=PHONE)))
    for broken in (proto.SaveContact(name=NAME, birthday='1999-13-31', title=TITLE),
                   proto.SaveNeed(customer_ref=NAME,
                                  need=proto.Need(kind=ABOUT, description=ABOUT)),
                   proto.GetCustomer(ref=NAME),
                   proto.ErasePerson(person=about(customer=NAME), reason=ABOUT),
                   proto.PlaceHold(person=about(customer=ref),
                                   hold=proto.Hold(kind=ABOUT, subject=ABOUT)),
                   proto.RegisterCustomer(nature=2,
                                          facts=[fact('phone', NAME), fact(NAME, PHONE)])):
        refused(client.ask(broken))
    event = placed('O-Q1', source, customer='Q1', name=NAME, lines=[('tea', 1, 5)])
    client.publish(event)
    again = placed('O-Q1', source, customer='Q1', name=ABOUT, lines=[('tea', 1, 6)])
    again.id = event.id
    assert client.publish(again).outcomes == ['rejected']


def new_contact(client, ref):
    made = good(client.ask(proto.SaveContact(
        name=NAME, gender='female', salutation=SALUTATION, title=TITLE,
        links=[proto.ContactLink(customer_ref=ref, role='purchasing', title=TITLE)],
        channels=[proto.ContactChannel(kind='mobile', value=PHONE),
                  proto.ContactChannel(kind='email', value=MAIL),
                  proto.ContactChannel(kind='address', value=HOME)],
        consents=[proto.Consent(purpose='care', channel='any', state='granted', evidence=ABOUT)])))
    return made.contact_id


def test_of_a_contact_who_came_in_through_every_door_nothing_is_left(stack, client, source, dealer,
                                                                     people):
    contact = new_contact(client, dealer)
    good(client.ask(proto.SaveDecisionEntry(customer_ref=dealer, entry=proto.DecisionEntry(
        contact_id=contact, role='decider', duty=ABOUT, preference=ABOUT, character=ABOUT,
        approach=HOME))))
    say_to_dealer(client, dealer, source)
    hand_about(people, client, dealer)
    bring_in(client, source, dealer)
    good(client.ask(proto.GetCards(refs=[dealer])))
    good(client.ask(proto.PlaceHold(person=about(contact),
                                    hold=proto.Hold(kind='other', subject=NAME))))
    good(client.ask(proto.RestrictPerson(person=about(contact), reason=ABOUT)))
    good(client.ask(proto.LiftRestriction(person=about(contact), reason=ABOUT)))
    good(client.ask(proto.ReleaseHold(person=about(contact), kind='other', subject=NAME)))
    planted = {table for table, _ in traces(stack, VALUES)}
    assert planted >= {'quarantine', 'dealer', 'dealer_memo', 'dealer_score', 'dealer_manager',
                       'dealer_give_up',
                       'entitlement', 'entitlement_use', 'customer_fact', 'customer_major_change',
                       'merge',
                       'ownership', 'handover', 'handover_item', 'pool_entry',
                       'duplicate_dismissed', 'import'}
    # The customer of the quarantined event is another person of the same name.
    other = client.customer(f'{source}:Q1').number
    assert good(client.ask(proto.ErasePerson(person=about(contact),
                                             reason='request'))).state == 'erased'
    left = {t for t in traces(stack, VALUES) if not t[0].startswith(('customer', 'contact'))}
    assert left == set()
    shown = good(client.ask(proto.GetCustomerFile(ref=dealer, unmask=True)))
    by_field = {f.field: f.value for f in shown.facts}
    assert 'legal_representative' not in by_field and shown.name == '滇红贸易有限公司'
    assert by_field['shareholders'] == '***占六成' and by_field['org_structure'] == '总经理***'
    for stranger in [other] + [c.contact_id
                               for c in good(client.ask(proto.ListContacts(name=NAME))).contacts]:
        if stranger == other:
            client.ask(proto.UpdateCustomer(ref=other, facts=[fact('name', '别人')]))
        else:
            good(client.ask(proto.ErasePerson(person=about(stranger), reason='request')))
    assert traces(stack, VALUES) == []


def test_of_a_customer_who_came_in_through_every_door_nothing_is_left(stack, client, source,
                                                                      people):
    made = good(client.ask(proto.RegisterCustomer(nature=2, refs=[f'{source}:P1'], facts=[
        fact('name', NAME), fact('phone', PHONE), fact('email', MAIL), fact('address', HOME),
        fact('likes', ABOUT), fact('occupation', TITLE)])))
    ref = made.number
    own = new_contact(client, ref)
    good(client.ask(proto.LinkContact(contact_id=own, change=True, link=proto.ContactLink(
        customer_ref=ref, role='self', title=TITLE))))
    company = good(client.ask(proto.RegisterCustomer(nature=1, refs=[f'{source}:C1'], facts=[
        fact('name', '古道茶叶有限公司')]))).number
    good(client.ask(proto.LinkContact(contact_id=own, link=proto.ContactLink(
        customer_ref=company, role='purchasing', title=TITLE))))
    good(client.ask(proto.SaveNeed(customer_ref=company,
                                   need=proto.Need(kind='latent', description=ABOUT))))
    other = good(client.ask(proto.RegisterCustomer(nature=2, refs=[f'{source}:P2'], facts=[
        fact('name', NAME), fact('phone', PHONE)]))).number
    good(client.ask(proto.MergeCustomers(survivor=ref, merged=other, reason=ABOUT)))
    hand_about(people, client, ref)
    good(client.ask(proto.GetCards(refs=[ref])))
    good(client.ask(proto.GetTimeline(ref=ref)))
    event = placed('O-P1', source, customer='P1', name=NAME, lines=[('tea', 1, 5)])
    client.publish(event)
    again = placed('O-P1', source, customer='P1', name='另一种写法', lines=[('tea', 1, 6)])
    again.id = event.id
    client.publish(again)
    # A contact who is the customer himself is erased with him.
    reply = client.ask(proto.ErasePerson(person=about(own), reason='request'))
    assert reply.status == 'FAILED_PRECONDITION' and ref in reply.fields['person.contact_id']
    apply(client, 'retention', retention=proto.RetentionPolicy(statutory_months=1))
    before = everything(stack)
    good(client.ask(proto.RestrictPerson(person=about(customer=ref), reason=ABOUT)))
    assert {t for t in traces(stack, VALUES)
            if t[0] not in ('person_erasure', 'customer_need', 'handover')} == set()
    refused(client.ask(proto.UndoMerge(merged=other, reason='x')))
    good(client.ask(proto.LiftRestriction(person=about(customer=ref), reason=ABOUT)))
    after = everything(stack)
    for table in ('customer_fact', 'contact_channel', 'contact_key', 'contact_link',
                  'customer_search', 'merge',
                  'ownership', 'pool_entry', 'handover_item', 'contact_consent'):
        assert as_told(after[table]) == as_told(before[table]), table
    stack.sql("delete from sales_figure where customer_id in"
              ' (select id from customer where number = %s)',
              int(ref[2:]))
    assert good(client.ask(proto.ErasePerson(person=about(customer=ref),
                                             reason='request'))).state == 'erased'
    assert traces(stack, VALUES + ('另一种写法',)) == []


def test_what_goes_on_with_a_nameless_file_goes_on_without_words(stack, client, source, people):
    ref = good(client.ask(proto.RegisterCustomer(nature=2, refs=[f'{source}:P1'], facts=[
        fact('name', NAME)]))).number
    good(client.ask(proto.ErasePerson(person=about(customer=ref), reason='request')))
    hand_about(people, client, ref, note='')
    for message in (proto.SaveNeed(customer_ref=ref,
                                   need=proto.Need(kind='latent', description=ABOUT)),
                    proto.SaveEntitlement(customer_ref=ref,
                                          entitlement=proto.Entitlement(kind='care')),
                    proto.SaveContact(name=NAME, links=[proto.ContactLink(customer_ref=ref)]),
                    proto.UpdateCustomer(ref=ref, facts=[fact('name', NAME)])):
        reply = client.ask(message)
        assert reply.status == 'FAILED_PRECONDITION', (message, reply)
    assert traces(stack, VALUES) == []


def test_however_much_is_quarantined_all_of_it_is_looked_through_before_he_is_erased(
        stack, client, source, dealer):
    """In parts: meanwhile he is restricted, and what was found of him is gone already."""
    contact = new_contact(client, dealer)
    event = placed('O-Q2', source, customer='Q2', name='滇池', lines=[('tea', 1, 5)])
    client.publish(event)
    again = placed('O-Q2', source, customer='Q2', name=f'{NAME} {PHONE}', lines=[('tea', 1, 6)])
    again.id = event.id
    assert client.publish(again).outcomes == ['rejected']
    stack.sql("insert into quarantine_key (day, key)"
              " select now()::date - 1, decode(repeat('a7', 32), 'hex')")
    stack.sql("insert into quarantine (at, day, key_name, request, source, event_id, type, field,"
              " why, hash, nonce, content)"
              " select now(), now()::date - 1, 'shop', '', 'shop', n, '', '', '',"
              " sha256(n::text::bytea), decode(repeat('00', 24), 'hex'),"
              " decode(repeat('00', 40), 'hex') from generate_series(1, 45000) n")
    assert stack.value('select count(*) from quarantine where source = %s', source) == 1
    answered = good(client.ask(proto.ErasePerson(person=about(contact), reason='request')))
    assert (answered.state, list(answered.holds)) == ('erasing', [])
    until(lambda: good(client.ask(proto.GetPersonStanding(person=about(contact)))).state
          == 'erased', 60)
    assert stack.value('select count(*) from quarantine where source = %s', source) == 0
