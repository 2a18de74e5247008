"""Contacts: links, channels, search, scope, what is told of them; from the wire and kehuctl."""
import pytest

from tests.support import proto
from tests.support.contacts import channel, done, get, link, save, today
from tests.support.staff import People


@pytest.fixture
def people(stack, client, source):
    return People(stack, client, source)


@pytest.fixture
def customer(client):
    """customer(): a registered organisation; → CustomerFileReply"""
    count = iter(range(1000))

    def make(name='昆明翠湖商贸有限公司', **more):
        facts = [proto.Fact(field='name', value=f'{name}{next(count)}')]
        facts += [proto.Fact(field=f, value=v) for f, v in more.pop('facts', {}).items()]
        reply = client.ask(proto.RegisterCustomer(facts=facts, **more))
        assert reply.status == 'OK', reply
        return reply.payload
    return make


# --- contacts ---

def test_a_contact_is_kept_with_links_channels_and_birthday(client, customer):
    made = customer()
    saved = save(client, made.number, name=' 欧阳　娜 ', title='采购经理', birthday='农历八月二十',
                 is_key=1, channels=[channel('mobile', '138 0000 0001'),
                                     channel('email', 'Na@EXAMPLE.com')])
    contact = get(client, saved.contact_id)
    assert (contact.name, contact.birthday, contact.is_key) == ('欧阳 娜', 'L--08-20', True)
    assert contact.state == 'active' and contact.added_by and contact.version == 1
    assert contact.next_birthday >= today()
    assert [(c.kind, c.value, c.is_masked, c.preference) for c in contact.channels] == [
        ('mobile', '138****0001', True, 1), ('email', 'N***@example.com', True, 2)]
    assert list(saved.part_ids) == [c.channel_id for c in contact.channels]
    (of,) = contact.links
    assert (of.customer_ref, of.role, of.customer_id) == (made.number, 'purchasing', made.id)
    shown = get(client, saved.contact_id, unmask=True)
    assert [c.value for c in shown.channels] == ['+8613800000001', 'Na@example.com']


def test_values_are_sealed_in_the_rows(stack, client, customer):
    save(client, customer().number, channels=[channel('mobile', '13812345678')])
    rows = stack.sql('select value_sealed, value_hash, last_four from customers.contact_channel'
                     " where last_four = '5678'", role='superuser')
    for sealed, hashed, last_four in rows:
        assert b'13812345678' not in bytes(sealed) and len(bytes(hashed)) == 32
    assert rows


@pytest.mark.parametrize('field, wrong', [
    ('name', {'name': ' '}), ('gender', {'gender': 'other'}), ('birthday', {'birthday': 'L13-1'}),
    ('birthday', {'birthday': '2-30'}), ('birthday', {'birthday': '2090-01-01'}),
    ('language', {'language': 'de'}), ('state', {'state': 'erased'}),
    ('source', {'source': 'rumour'}), ('clear[0]', {'clear': ['name']}),
    ('title', {'title': 'x' * 101}), ('links', {'links': []}),
    ('links[0].role', {'role': 'boss'}),
    ('channels[0].value', {'channels': [channel('mobile', '12800000001')]}),
    ('channels[0].value', {'channels': [channel('email', 'nobody')]}),
    ('channels[0].kind', {'channels': [channel('pigeon', 'x')]}),
    ('channels[0].verified_on',
     {'channels': [channel('mobile', '13800000001', verified_on='2026-01-01')]}),
    ('consents[0].evidence',
     {'consents': [proto.Consent(purpose='care', channel='sms', state='granted')]}),
    ('consents[0].expires_on',
     {'consents': [proto.Consent(purpose='care', channel='sms', state='granted', evidence='f',
                                 given_on='2026-03-01', expires_on='2026-02-01')]}),
])
def test_what_is_wrong_is_named(client, customer, field, wrong):
    links = wrong.pop('links', [link(customer().number, role=wrong.pop('role', ''))])
    message = {'name': '李娜', 'links': links} | wrong
    reply = client.ask(proto.SaveContact(**message))
    assert reply.status == 'INVALID_ARGUMENT' and field in reply.fields, reply


def test_what_is_not_said_stays_and_clear_empties(client, customer):
    saved = save(client, customer().number, title='采购经理', gender='female', birthday='8-20')
    done(client, proto.SaveContact(contact_id=saved.contact_id, clear=['birthday'],
                                   department='部'))
    contact = get(client, saved.contact_id)
    assert (contact.title, contact.birthday, contact.department) == ('采购经理', '', '部')
    assert contact.version == 2
    same = done(client, proto.SaveContact(contact_id=saved.contact_id, department='部'))
    assert same.version == 2
    reply = client.ask(proto.SaveContact(contact_id=saved.contact_id, expected_version=1,
                                         title='x'))
    assert reply.status == 'FAILED_PRECONDITION' and reply.fields['expected_version'] == 'is not 2'


def test_the_same_request_again_makes_one_contact(client, customer):
    ref = customer().number
    body = client.request(proto.SaveContact(name='重复', links=[link(ref)]))
    client.send(body)
    first = client.answer_to(body)
    client.send(body)
    assert client.answer_to(body).payload.contact_id == first.payload.contact_id
    assert len(done(client, proto.ListContacts(customer_ref=ref)).contacts) == 1


def test_a_contact_is_linked_once_and_to_several(client, customer):
    one, two = customer(), customer()
    reply = client.ask(proto.SaveContact(name='李娜', links=[link(one.number), link(one.id)]))
    assert reply.status == 'ALREADY_EXISTS' and 'links[1].customer_ref' in reply.fields
    contact = save(client, one.number).contact_id
    done(client, proto.LinkContact(contact_id=contact, link=link(two.number, role='finance')))
    again = client.ask(proto.LinkContact(contact_id=contact, link=link(two.number)))
    assert again.status == 'ALREADY_EXISTS' and two.number in again.fields['link.customer_ref']
    done(client, proto.LinkContact(contact_id=contact, change=True,
                                   link=link(two.number, role='owner')))
    assert {o.customer_ref: o.role for o in get(client, contact).links} == {
        one.number: 'purchasing', two.number: 'owner'}
    done(client, proto.UnlinkContact(contact_id=contact, customer_ref=one.number))
    last = client.ask(proto.UnlinkContact(contact_id=contact, customer_ref=two.number))
    assert last.status == 'FAILED_PRECONDITION'
    gone = client.ask(proto.UnlinkContact(contact_id=contact, customer_ref=one.number))
    assert gone.status == 'NOT_FOUND'


def test_one_contact_is_primary(client, customer):
    ref = customer().number
    first = save(client, ref, links=[link(ref, is_primary=True)]).contact_id
    second = save(client, ref, name='王伟', links=[link(ref, is_primary=True)]).contact_id
    assert [get(client, c).links[0].is_primary for c in (first, second)] == [False, True]
    page = done(client, proto.GetPeople(customer_ref=ref))
    assert [c.name for c in page.contacts] == ['王伟', '李娜']


def test_of_many_who_become_primary_at_once_one_is(stack, client, customer):
    made = customer()
    people = [save(client, made.number, name=f'李{n}').contact_id for n in range(8)]
    for _ in range(20):
        asked = [client.request(proto.LinkContact(
            contact_id=contact, change=True, link=link(made.number, is_primary=True)))
            for contact in people]
        for body in asked:
            client.send(body)
        answers = [client.receive() for _ in asked]
        assert {a.status for a in answers} <= {'OK', 'ABORTED'}, answers
        assert stack.value('select count(*) from contact_link where customer_id = %s'
                           ' and is_primary', made.id) == 1


def test_channels_stand_in_the_order_he_prefers(client, customer):
    saved = save(client, customer().number, channels=[channel('mobile', '13800000001'),
                                                      channel('email', 'a@example.com')])
    contact = saved.contact_id
    done(client, proto.SaveChannel(contact_id=contact,
                                   channel=channel('wechat', 'na', preference=1)))

    def kinds():
        return [(c.preference, c.kind) for c in get(client, contact).channels]
    assert kinds() == [(1, 'wechat'), (2, 'mobile'), (3, 'email')]
    mobile = saved.part_ids[0]
    done(client, proto.SaveChannel(contact_id=contact, channel=proto.ContactChannel(
        channel_id=mobile, preference=3, opted_out=1, status='verified')))
    assert kinds() == [(1, 'wechat'), (2, 'email'), (3, 'mobile')]
    shown = get(client, contact).channels[2]
    assert shown.opted_out == 1 and shown.status == 'verified' and shown.verified_on == today()
    done(client, proto.RemoveChannel(contact_id=contact, channel_id=mobile))
    assert kinds() == [(1, 'wechat'), (2, 'email')]
    taken = client.ask(proto.SaveChannel(contact_id=contact,
                                         channel=channel('email', 'A@example.com')))
    assert taken.status == 'ALREADY_EXISTS' and 'channel.value' in taken.fields
    unknown = client.ask(proto.RemoveChannel(contact_id=contact, channel_id=mobile))
    assert unknown.status == 'NOT_FOUND'


def test_contacts_are_found_by_what_people_remember(client, customer):
    ref = customer().number
    save(client, ref, name='尉迟铁柱', channels=[channel('phone', '0871-64329876转801'),
                                             channel('email', 'yu.chi@example.com')])

    def found(**filters):
        page = done(client, proto.ListContacts(page_size=200, **filters))
        return [c.name for c in page.contacts]
    for name in ('尉迟', '铁柱', '柱', 'yuchitiezhu', 'yuchi', 'yctz'):
        assert '尉迟铁柱' in found(name=name), name
    assert '尉迟铁柱' in found(phone='087164329876') and found(phone='0871-64329877') == []
    assert '尉迟铁柱' in found(email='YU.CHI@example.com')
    assert '尉迟铁柱' in found(last_four='9876')
    assert found(customer_ref=ref) == ['尉迟铁柱'] and found(customer_ref=ref, role='owner') == []
    both = client.ask(proto.ListContacts(name='尉迟', phone='087164329876'))
    assert both.status == 'INVALID_ARGUMENT'


@pytest.mark.parametrize('sort', ['name', 'added', '-added'])
def test_lists_come_page_by_page(client, customer, sort):
    ref = customer().number
    for name in ('丙', '甲一', '乙二', '丁三', '戊四'):
        save(client, ref, name=name)
    listed = done(client, proto.ListContacts(customer_ref=ref, sort=sort))
    whole = [c.contact_id for c in listed.contacts]
    paged, token = [], ''
    while True:
        page = done(client, proto.ListContacts(customer_ref=ref, sort=sort, page_size=2,
                                               page_token=token))
        paged += [c.contact_id for c in page.contacts]
        token = page.next_page_token
        if not token:
            break
    assert paged == whole and len(set(whole)) == 5


def test_names_are_addressed_by_rule(client, customer):
    ref = customer().number
    for name, fields, expected in [
            ('欧阳娜', {'title': '采购经理'}, '欧阳经理'), ('王伟', {'gender': 'male'}, '王先生'),
            ('王伟', {'salutation': '王老'}, '王老'),
            ('Anna Meyer', {'title': '经理'}, 'Anna Meyer'),
            ('欧阳娜', {'language': 'en', 'gender': 'female'}, 'Ms. Ouyang')]:
        saved = save(client, ref, name=name, **fields)
        assert get(client, saved.contact_id).addressed_as == expected


def test_changes_are_told_without_names(client, customer):
    made, after = customer(), client.end()
    saved = save(client, made.number, channels=[channel('mobile', '13800000001')],
                 consents=[proto.Consent(purpose='care', channel='sms', state='refused')])
    done(client, proto.SaveContact(contact_id=saved.contact_id, title='总经理'))
    events, _ = client.fetch_all(after, types=['kehu.customers.v1.ContactChanged',
                                               'kehu.customers.v1.ConsentChanged'])
    told = [proto.contract[e.type].FromString(e.proto_data.value) for e in events
            if saved.contact_id in str(e)]
    fields = [list(t.fields) for t in told if hasattr(t, 'version')]
    assert fields == [['new'], ['title']]
    assert all(list(t.customer_ids) == [made.id] for t in told if hasattr(t, 'version'))
    assert [(t.purpose, t.channel, t.state) for t in told if hasattr(t, 'purpose')] == [
        ('care', 'sms', 'refused')]
    assert '李娜' not in str(events) and '13800000001' not in str(events)


# --- scope ---

@pytest.mark.parametrize('sort', ['name', 'added', '-added'])
def test_a_salesperson_lists_his_contacts_and_the_key_ones(people, client, customer, sort):
    li = people.add(f'li{sort.strip("-")}{len(sort)}', 'salesperson')
    mine, other, hers = customer(), customer(), customer()
    people.gives(li, mine.id)
    people.gives(li, other.id)
    both = [link(mine.number), link(other.number)]
    own = [save(client, mine.number, name=name, is_key=is_key, links=both).contact_id
           for name, is_key in (('甲', 2), ('乙', 1), ('丙', 2))]
    save(client, hers.number, name='丁', is_key=1)
    paged, token = [], ''
    for _ in own:
        page = done(li, proto.ListContacts(sort=sort, page_size=1, page_token=token))
        paged += [c.contact_id for c in page.contacts]
        token = page.next_page_token
    by = {'name': [own[2], own[1], own[0]], 'added': own, '-added': own[::-1]}
    assert token == '' and paged == by[sort]
    assert [c.contact_id for c in done(li, proto.ListContacts(
        only_key=True, sort=sort)).contacts] == [own[1]]
    keys = done(client, proto.ListContacts(only_key=True, sort=sort, page_size=200)).contacts
    assert {'乙', '丁'} <= {c.name for c in keys} and '甲' not in {c.name for c in keys}


def test_a_contact_is_seen_where_one_of_his_customers_is(people, client, customer):
    li, zhang = people.add('li', 'salesperson'), people.add('zhang', 'salesperson')
    mine, hers = customer(), customer()
    people.gives(li, mine.id)
    people.gives(zhang, hers.id)
    both = save(client, mine.number, links=[link(mine.number), link(hers.number)]).contact_id
    only_hers = save(client, hers.number, name='外人').contact_id
    shown = done(li, proto.GetContact(contact_id=both))
    assert [o.customer_ref for o in shown.links] == [mine.number] and shown.other_links == 1
    assert li.ask(proto.GetContact(contact_id=only_hers)).status == 'PERMISSION_DENIED'
    assert li.ask(proto.SaveContact(contact_id=only_hers,
                                    title='x')).status == 'PERMISSION_DENIED'
    assert li.ask(proto.ListContacts(customer_ref=hers.number)).status == 'PERMISSION_DENIED'
    assert [c.name for c in done(li, proto.ListContacts(name='外人')).contacts] == []
    assert li.ask(proto.LinkContact(contact_id=both, link=link(
        hers.number), change=True)).status == 'PERMISSION_DENIED'
    assert li.ask(proto.SaveContact(name='新', links=[link(
        hers.number)])).status == 'PERMISSION_DENIED'
    for message in (proto.GetPeople(customer_ref=hers.number),
                    proto.GetDecisionChain(customer_ref=hers.number),
                    proto.ListNeeds(customer_ref=hers.number),
                    proto.ListEntitlements(customer_ref=hers.number)):
        assert li.ask(message).status == 'PERMISSION_DENIED', message


def test_row_3_past_contacts_keep_their_author(people, client, customer):
    li, zhang = people.add('li', 'salesperson'), people.add('zhang', 'salesperson')
    made = customer()
    people.gives(li, made.id)
    saved = done(li, proto.SaveContact(name='李娜', links=[link(made.number)],
                                       channels=[channel('mobile', '13800000001')]))
    author = get(client, saved.contact_id).added_by
    people.takes(made.id)
    people.gives(zhang, made.id)
    assert li.ask(proto.GetContact(contact_id=saved.contact_id)).status == 'PERMISSION_DENIED'
    done(zhang, proto.SaveContact(contact_id=saved.contact_id, title='总经理'))
    contact = done(zhang, proto.GetContact(contact_id=saved.contact_id))
    assert contact.added_by == contact.links[0].linked_by == contact.channels[0].added_by == author
    assert 'li' in author


def test_unmasked_readings_are_audited(stack, client, customer):
    contact = save(client, customer().number).contact_id
    get(client, contact, unmask=True)
    details = [row[0] for row in stack.sql(
        "select detail from customers.audit where act = 'read contact' and subject = %s", contact)]
    assert details == ['unmasked']


# --- kehuctl ---

def test_kehuctl_keeps_contacts(stack, client, customer):
    ref = customer().number
    saved = stack.kehuctl_json('contact', 'save', '--customer', ref, '--name', '诸葛亮', '--title',
                               '总经理', '--mobile', '13800000009', '--is-key', 'yes')
    assert saved['version'] == 1
    shown = stack.kehuctl('contact', 'show', f'{ref}/诸葛')
    assert shown.returncode == 0 and '诸葛总' in shown.stdout and '138****0009' in shown.stdout
    assert stack.kehuctl('decision', 'save', ref, '诸葛亮', 'decider').returncode == 0
    people = stack.kehuctl('contact', 'people', ref).stdout
    assert '诸葛亮' in people and 'decider' in people
    assert stack.kehuctl('contact', 'consent', f'{ref}/诸葛亮', 'care', 'sms', 'granted',
                         '--evidence', '表单').returncode == 0
    assert stack.kehuctl('contact', 'may', f'{ref}/诸葛亮', 'care', 'sms').stdout == 'yes: granted\n'
    nobody = stack.kehuctl('contact', 'show', f'{ref}/孟获')
    assert nobody.returncode == 1 and 'no contact of' in nobody.stderr
    wrong = stack.kehuctl('contact', 'save', f'{ref}/诸葛亮', '--is-key', 'maybe')
    assert wrong.returncode == 2 and 'one of yes, no, not "maybe"' in wrong.stderr
    assert stack.kehuctl('contact', 'save', 'KH1').returncode == 2
    need = stack.kehuctl_json('need', 'save', ref, '--kind', 'latent', '--description', '培训')
    assert stack.kehuctl('need', 'save', ref, '--need', need['id'][-6:], '--kind', 'latent',
                         '--description', '培训', '--state', 'met').returncode == 0
    assert 'met' in stack.kehuctl('need', 'list', ref).stdout
    given = stack.kehuctl_json('entitlement', 'save', ref, 'care', '--allowance', '1')
    assert stack.kehuctl('entitlement', 'use', ref, given['id'][-6:]).returncode == 0
    assert stack.kehuctl_json('entitlement', 'list', ref)['entitlements'][0]['used'] == 1
