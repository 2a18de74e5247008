"""Sealed values over the wire and in the database: rows, rotation, a ring that is wrong."""
import json
import os
import subprocess

import pytest

from tests.support import proto
from tests.support.stack import Stack, until

PHONE, MAIL = '13812340001', 'Zhang.Wei@example.com'


@pytest.fixture(scope='module')
def stack(tmp_path_factory):
    """A stack of its own: its keys change."""
    it = Stack(tmp_path_factory.mktemp('seal'), only='customers')
    try:
        yield it.up()
    finally:
        it.down()


def register(client, name, **facts):
    facts = [proto.Fact(field=k, value=v) for k, v in {'name': name, **facts}.items()]
    reply = client.ask(proto.RegisterCustomer(nature='PARTY_NATURE_ORGANISATION', facts=facts))
    assert reply.status == 'OK', reply
    return reply.payload


def facts_of(client, number):
    reply = client.ask(proto.GetCustomerFile(ref=number, unmask=True))
    assert reply.status == 'OK', reply
    return {f.field: f.value for f in reply.payload.facts}


def found(client, query, **more):
    reply = client.ask(proto.SearchCustomers(query=query, **more))
    assert reply.status == 'OK', reply
    return [(c.name, c.matched) for c in reply.payload.customers]


def keys_in_rows(stack):
    """{key id: values}; 0: in plain."""
    return dict(stack.sql(
        "select coalesce(get_byte(value_sealed, 4), 0), count(*)::int from customer_fact"
        " where field in ('phone', 'email') group by 1"))


def seal_part(stack):
    page = json.loads(stack.http('/readyz')[1])
    return next(part for part in page['parts'] if part['name'] == 'seal')


def test_no_row_tells_a_telephone_or_an_address(stack, client):
    made = register(client, '滇池茶行', phone=PHONE, email=MAIL)
    assert facts_of(client, made.number)['phone'] == '+86' + PHONE
    assert facts_of(client, made.number)['email'] == MAIL
    rows = stack.sql('select field, value, value_sealed, last_four from customer_fact'
                     ' where customer_id = %s', made.id)
    for field, value, sealed, last_four in rows:
        if field in ('phone', 'email'):
            assert value == '' and bytes(sealed)[0] == 1
            assert last_four in (PHONE[-4:], None)
            assert PHONE.encode() not in bytes(sealed) and b'example' not in bytes(sealed)
    tables = [name for name, in stack.sql(
        "select table_name from information_schema.tables where table_schema = 'customers'"
        " and table_type = 'BASE TABLE'")]
    for table in tables:
        for value in (PHONE, 'zhang.wei@example'):
            assert stack.value(f'select count(*) from {table} t where t::text ilike %s',
                               f'%{value}%') == 0, table


def test_a_whole_number_finds_its_owner_and_nobody_who_ends_like_him(client):
    register(client, '洱海客栈', phone='13912345678', email='erhai@Example.com')
    register(client, '丽江客栈', phone='13722225678')
    register(client, '大理分号', phone='0872-8888888转801')
    register(client, '大理总号', phone='0872-8888888')
    assert found(client, '139 1234 5678') == [('洱海客栈', 'phone')]
    assert found(client, '+86 13912345678') == [('洱海客栈', 'phone')]
    assert sorted(found(client, '5678')) == [('丽江客栈', 'phone'), ('洱海客栈', 'phone')]
    assert found(client, '13999995678') == []
    assert found(client, 'ERHAI@example.com') == [('洱海客栈', 'email')]
    assert found(client, 'nobody@example.com') == []
    everyone = [('大理分号', 'phone'), ('大理总号', 'phone')]
    assert sorted(found(client, '（0872）888 8888')) == everyone
    page = client.ask(proto.SearchCustomers(query='08728888888', page_size=1)).payload
    rest = found(client, '08728888888', page_size=1, page_token=page.next_page_token)
    assert sorted([(page.customers[0].name, 'phone')] + rest) == everyone


def test_a_changed_number_is_found_and_the_old_one_is_not(client):
    made = register(client, '苍山行', phone='13500001111')
    change = proto.UpdateCustomer(ref=made.number,
                                  facts=[proto.Fact(field='phone', value='13500002222')])
    assert client.ask(change).status == 'OK'
    assert found(client, '13500001111') == []
    assert found(client, '13500002222') == [('苍山行', 'phone')]
    # The same again changes nothing: what is sealed is compared as it opens.
    before = facts_of(client, made.number)
    assert client.ask(change).status == 'OK'
    assert facts_of(client, made.number) == before


def test_after_a_rotation_everything_is_sealed_again_and_plain_values_too(stack, client):
    made = register(client, '玉溪行', phone='13600001111', email='yuxi@example.com')
    old = register(client, '旧行', address='昆明市')
    stack.sql("insert into customer_fact select customer_id, f.field, f.value, source, collector,"
              " status, verified_on, changed_at from customer_fact, (values ('phone',"
              " '+8613600009999'), ('email', 'Old@Example.com')) as f(field, value)"
              " where customer_id = %s and customer_fact.field = 'address'", old.id)
    assert facts_of(client, old.number)['phone'] == '+8613600009999'
    rotated = stack.kehuctl_json('keys', 'seal', '--rotate')
    assert rotated['keys'] == [1, 2] and rotated['current'] == 2
    early = stack.kehuctl('keys', 'seal', '--drop', 1)
    assert early.returncode == 1 and 'is being counted' in early.stderr
    until(lambda: set(keys_in_rows(stack)) == {2}, 60, 0.5)
    until(lambda: seal_part(stack)['detail'] == '', 30, 0.5)
    assert stack.metrics()['kehu_customers_seal_waiting'] == 0
    assert stack.value("select count(*) from customer_fact where field in ('phone', 'email')"
                       " and value <> ''") == 0
    still = ('update seal_walk set is_done = %s, waiting = %s,'
             " begins_at = now() + interval '1 day' where name = 'customer_fact.value'")
    stack.sql(still, False, 'key 1: 7')
    until(lambda: 'key 1: 7' in seal_part(stack)['detail'], 30, 0.5)
    refused = stack.kehuctl('keys', 'seal', '--drop', 1)
    assert refused.returncode == 1 and 'customer_fact.value (key 1: 7)' in refused.stderr
    stack.sql(still, True, '')
    until(lambda: seal_part(stack)['detail'] == '', 30, 0.5)
    assert stack.kehuctl_json('keys', 'seal', '--drop', 1)['keys'] == [2]
    assert facts_of(client, made.number)['phone'] == '+8613600001111'
    assert facts_of(client, old.number)['email'] == 'Old@Example.com'
    assert found(client, '13600009999') == [('旧行', 'phone')]
    assert found(client, 'old@example.com') == [('旧行', 'email')]
    assert found(client, '13600001111') == [('玉溪行', 'phone')]


def sealed_with(stack, table, stem='value'):
    """The keys with which a column is sealed."""
    return {key for key, in stack.sql(f'select distinct get_byte({stem}_sealed, 4) from {table}'
                                      f' where {stem}_sealed is not null')}


def test_a_dropped_key_takes_nothing_with_it(stack, client, tmp_path):
    """Channels, former values of an import, and numbers of somebody who is restricted meanwhile."""
    made = register(client, '昭通行', phone='13700001111')
    people = [client.ask(proto.SaveContact(
        name=name, links=[proto.ContactLink(customer_ref=made.number, role='purchasing')],
        channels=[proto.ContactChannel(kind='mobile', value=value)])).payload.contact_id
        for name, value in (('尉迟红', '13700002222'), ('尉迟青', '13700003333'))]
    for address in ('旧街1号', '新街2号'):
        file = tmp_path / 'changed.csv'
        file.write_text(f'编号,名称,地址\nS-1,曲靖行,{address}\n')
        imported = stack.kehuctl_json('import', 'customers', file, '--source', 'seal', '--known',
                                      'update')['import_number']
    restricted = proto.PersonRef(contact_id=people[1])
    reply = client.ask(proto.RestrictPerson(person=restricted, reason='test'))
    assert reply.status == 'OK', reply
    old = stack.kehuctl_json('keys', 'seal')['current']
    new = stack.kehuctl_json('keys', 'seal', '--rotate')['current']
    sealed = (('contact_channel', 'value'), ('import_former', 'value'), ('person_vault', 'rows'))
    for table, stem in sealed:
        assert old in sealed_with(stack, table, stem), table
    for table, stem in sealed:
        until(lambda: sealed_with(stack, table, stem) == {new}, 60, 0.5)
    until(lambda: seal_part(stack)['detail'] == '', 30, 0.5)
    assert stack.metrics()['kehu_customers_seal_unreadable'] == 0
    stack.kehuctl_json('keys', 'seal', '--drop', old)
    reply = client.ask(proto.LiftRestriction(person=restricted, reason='test'))
    assert reply.status == 'OK', reply
    for person, value in zip(people, ('13700002222', '13700003333')):
        contact = client.ask(proto.GetContact(contact_id=person, unmask=True)).payload
        assert [c.value for c in contact.channels] == ['+86' + value]
    assert stack.kehuctl_json('import', 'undo', imported, '--reason', 'test')['restored'] == 1
    file = client.ask(proto.GetCustomerFile(ref='seal:S-1')).payload
    assert {f.field: f.value for f in file.facts}['address'] == '旧街1号'


def test_a_value_moved_to_another_row_does_not_open_there(stack, client):
    victim = register(client, '被冒充者', phone='13300001111')
    thief = register(client, '冒充者', phone='13300002222')
    stack.sql("update customer_fact set value_sealed = (select value_sealed from customer_fact"
              " where customer_id = %s and field = 'phone') where customer_id = %s"
              " and field = 'phone'", victim.id, thief.id)
    assert facts_of(client, thief.number)['phone'] == ''
    assert facts_of(client, victim.number)['phone'] == '+8613300001111'
    line = next(x for x in stack.log().splitlines() if 'event=seal' in x and thief.id in x)
    assert 'made for another place' in line and '1330000' not in line


def test_with_a_broken_ring_the_one_before_stays(stack, client):
    ring = stack.var / 'keys/seal.keys'
    good = ring.read_text()
    try:
        ring.write_text('{"current": 9}')
        until(lambda: seal_part(stack)['state'] == 'degraded')
        assert 'keys is missing' in seal_part(stack)['detail']
        made = register(client, '照常行', phone='13300003333')
        assert facts_of(client, made.number)['phone'] == '+8613300003333'
    finally:
        ring.write_text(good)
    until(lambda: seal_part(stack)['state'] == 'healthy')


def start(stack, path):
    secrets = stack.var / 'secrets'
    environment = {'PATH': os.environ['PATH'], 'KEHU_KEYS': str(stack.var / 'keys/allowed'),
                   'KEHU_DATABASE_FILE': str(secrets / 'customers_run.conninfo'),
                   'KEHU_SERVER_SECRET_FILE': str(stack.var / 'keys/server.secret')}
    if path is not None:
        environment['KEHU_SEAL_KEYS_FILE'] = str(path)
    return subprocess.run([stack.bin / 'customers', '--check'], env=environment, text=True,
                          timeout=30, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_without_a_ring_the_service_does_not_start(stack, tmp_path):
    answer = start(stack, None)
    assert answer.returncode == 1
    assert 'KEHU_SEAL_KEYS_FILE' in answer.stdout + answer.stderr
    assert 'kehuctl keys seal' in answer.stdout + answer.stderr
    answer = start(stack, tmp_path / 'none')
    assert answer.returncode == 1 and 'cannot open' in answer.stdout + answer.stderr
    (tmp_path / 'bad').write_text('{"current": 1}')
    answer = start(stack, tmp_path / 'bad')
    assert answer.returncode == 1 and 'keys is missing' in answer.stdout + answer.stderr
    assert start(stack, stack.var / 'keys/seal.keys').returncode == 0


def test_a_ring_that_is_not_this_databases_is_told(new_stack):
    stack = new_stack(only='customers')
    ring = stack.var / 'keys/seal.keys'
    until(lambda: stack.value('select count(*) from seal_ring') == 1)
    stack.stop()
    ring.unlink()
    stack.up()  # makes a new one
    until(lambda: seal_part(stack)['state'] == 'degraded')
    assert 'restore it' in seal_part(stack)['detail']
    assert stack.metrics()['kehu_customers_seal_wrong_ring'] == 1
    assert stack.value('select count(*) from seal_ring') == 1


def test_no_key_is_dropped_while_nobody_says_whether_values_need_it(new_stack):
    stack = new_stack(only='customers')
    stack.kehuctl_json('keys', 'seal', '--rotate')
    stack.stop()
    ring = stack.var / 'keys/seal.keys'
    os.utime(ring, (0, 0))
    refused = stack.kehuctl('keys', 'seal', '--drop', 1, '--timeout', 2)
    assert refused.returncode != 0 and 'cannot be asked' in refused.stderr
    assert len(json.loads(ring.read_text())['keys']) == 2
    assert stack.kehuctl_json('keys', 'seal', '--drop', 1, '--unasked')['keys'] == [2]


def test_the_ring_is_made_once_and_its_slips_are_refused(stack, tmp_path):
    file = tmp_path / 'keys' / 'seal.keys'
    made = stack.kehuctl_json('keys', 'seal', '--file', file)
    assert made['did'] == 'made' and file.stat().st_mode & 0o777 == 0o600
    text = file.read_text()
    assert stack.kehuctl_json('keys', 'seal', '--file', file)['did'] == 'there'
    assert file.read_text() == text
    assert stack.kehuctl('keys', 'seal', '--file', file, '--drop', 1).returncode == 1
    assert stack.kehuctl('keys', 'seal', '--file', file, '--drop', 7).returncode == 1
    assert stack.kehuctl('keys', 'seal', '--file', tmp_path / 'x', '--rotate').returncode == 1
    file.write_text('{}')
    answer = stack.kehuctl('keys', 'seal', '--file', file, '--rotate')
    assert answer.returncode == 1 and 'keys is missing' in answer.stderr
    assert file.read_text() == '{}'
    for key in json.loads(text)['keys']:
        assert key['key'] not in answer.stdout + answer.stderr
