"""kehuctl import customers and contacts: checked, taken whole, reported, gone on with, undone."""
import hashlib
import json
import signal
import subprocess
import time
import uuid

import pytest

from tests.support import proto
from tests.support.client import placed
from tests.support.staff import People
from tests.support.stack import until
from tests.support.tables import GOOD, HEAD, figures, file_of, importer


@pytest.fixture
def table(stack, source, tmp_path):
    return importer(stack, source, tmp_path)


def facts_of(client, ref):
    return {f.field: f.value for f in file_of(client, ref).facts}


def undo(stack, number):
    return stack.kehuctl_json('import', 'undo', number, '--reason', '错')


# --- customers ---

def test_customers_come_in_whole_historic_and_audited(stack, client, source, table):
    last = table('customers', GOOD)
    assert (last['code'], figures(last), last['report']) == (0, (3, 0, 0, 0, 0), [])
    assert facts_of(client, f'{source}:K-2') == {
        'name': '大理古城旅行社', 'phone': '+8613800000001', 'address': '大理, 古城'}
    rows = stack.sql('select c.is_historic from customer c join customer_ref r'
                     ' on r.customer_id = c.id where r.source = %s', source)
    assert rows == [(True,)] * 3
    acts = [a for a, in stack.sql('select act from audit where subject = %s order by at',
                                  last['import_number'])]
    assert acts == ['start import', 'import customers', 'finish import']


def test_a_dry_run_says_the_same_and_changes_nothing(stack, source, table):
    last = table('customers', GOOD + ['K-4,,1,,'], '--dry-run')
    assert figures(last) == (3, 0, 0, 1, 0) and last['import_number'] == ''
    assert stack.value('select count(*) from customer_ref where source = %s', source) == 0
    assert stack.value('select count(*) from import where source = %s', source) == 0


def test_every_kind_of_broken_line_is_named_by_line_and_column(table):
    lines = [HEAD.encode(), GOOD[0].encode(),
             b'B-1,\xff\xfe,,,',                                    # 3: no UTF-8
             '坏,国标,,,'.encode('gb18030'),                         # 4: GB18030 among UTF-8
             b'B-3,a\0b,,,',                                        # 5: NUL
             '"B-4,没有结束,,,'.encode(),                            # 6: quote
             b'B-5,a,b,c,d,e,f',                                    # 7: too many columns
             b'B-6,a',                                              # 8: too few
             b'',                                                   # 9: empty
             b',,,,',                                               # 10: empty cells
             '\ufeffB-7,名,,,'.encode(),                            # 11: mark inside
             ('B-8,' + '长' * 201 + ',,,').encode(),                # 12: too long for a name
             b'B-9,' + b'x' * 300_000 + b',,,',                     # 13: over-long line
             'B-10,名,1380000,91350211M000100Y43,'.encode(),        # 14: two wrong fields
             ',名,,,'.encode(), 'B-11,,,,'.encode(),                # 15, 16: what every row needs
             GOOD[0].encode(),                                      # 17: the same id
             b'B-12,a\x07b,,,', 'B-13,a\x85b,,,'.encode(),            # 18, 19: control characters
             GOOD[1].encode()]
    last = table('customers', b'\r\n'.join(lines))
    assert last['code'] == 1
    assert [(line, column) for line, column, _ in last['report']] == [
        (3, '2'), (4, '1'), (4, '2'), (5, '2'), (6, '1'), (7, '6'), (8, '3'), (11, '1'), (12, '2'),
        (13, '1'), (14, '3'), (14, '4'), (15, '1'), (16, '2'), (17, '1'), (18, '2'), (19, '2')]
    why = {(line, column): text for line, column, text in last['report']}
    assert 'UTF-8' in why[3, '2'] and 'NUL' in why[5, '2'] and 'quote' in why[6, '1']
    assert all('control character' in why[at] for at in ((18, '2'), (19, '2')))
    assert '256 KiB' in why[13, '1'] and 'line 2' in why[17, '1'] and '200' in why[12, '2']
    assert (last['accepted'], last['empty']) == (2, 1)


def test_a_line_break_or_tab_in_a_cell_is_a_space(client, source, table):
    last = table('customers', ['K-1,"昆明\r\n翠湖\t茶业\n",,,', GOOD[1]])
    assert figures(last) == (2, 0, 0, 0, 0)
    assert file_of(client, f'{source}:K-1').name == '昆明 翠湖 茶业'


@pytest.mark.parametrize('encoding', ['utf-8', 'utf-8-sig', 'gb18030'])
def test_the_encodings_of_spreadsheets_are_read(client, source, table, encoding):
    last = table('customers', '\r\n'.join([HEAD, *GOOD, '']).encode(encoding))
    assert figures(last) == (3, 0, 0, 0, 0)
    assert file_of(client, f'{source}:K-3').name == '丽江雪山茶业'


def test_columns_may_be_english_in_any_order_and_unknown_ones_are_named(client, source, table):
    last = table('customers', ['x,13800000001,Customer One,E-1'],
                 head='Remarks,Telephone, Customer Name ,External ID')
    assert figures(last)[0] == 1 and last['ignored_columns'] == 'Remarks'
    assert facts_of(client, f'{source}:E-1')['phone'] == '+8613800000001'


@pytest.mark.parametrize('head, said', [
    ('名称,电话', 'external_id'), ('编号,电话', 'name'), ('编号,名称,公司名称', 'both mean name'),
    ('\0', 'no text')])
def test_a_header_that_cannot_be_used_is_explained(table, head, said):
    last = table('customers', ['a,b'], head=head)
    assert last['code'] == 2 and said in last['said']


def test_a_mapping_says_what_a_column_means(client, source, table):
    last = table('customers', ['7,翠湖'], '--mapping', '单位代号=external_id', '--mapping',
                 '抬头=name', head='单位代号,抬头')
    assert figures(last)[0] == 1 and file_of(client, f'{source}:7').name == '翠湖'


def test_known_ones_are_kept_or_updated_as_asked(client, source, table):
    table('customers', GOOD)
    other = ['K-1,昆明翠湖股份,,,', GOOD[1]]
    assert figures(table('customers', other)) == (0, 0, 2, 0, 0)
    assert figures(table('customers', other, '--known', 'update')) == (0, 1, 1, 0, 0)
    facts = facts_of(client, f'{source}:K-1')
    assert facts['name'] == '昆明翠湖股份' and facts['phone'] == '+8687165180001'


def test_what_is_verified_stays_verified_when_a_row_repeats_it(client, source, table):
    table('customers', GOOD)
    client.ask(proto.UpdateCustomer(ref=f'{source}:K-1', facts=[
        proto.Fact(field='address', value='昆明市五华区', status=2)]))
    assert figures(table('customers', GOOD, '--known', 'update'))[2] == 3
    status = {f.field: f.status for f in file_of(client, f'{source}:K-1').facts}
    assert status['address'] == 2


def test_all_or_nothing_imports_nothing_of_a_file_with_a_fault(stack, source, table):
    last = table('customers', GOOD + ['K-9,名,12,,'], '--all-or-nothing')
    assert last['code'] == 1 and last['import_number'] == ''
    assert stack.value('select count(*) from customer_ref where source = %s', source) == 0
    assert figures(table('customers', GOOD, '--all-or-nothing')) == (3, 0, 0, 0, 0)


def test_the_same_rows_again_get_the_same_answer(client, source):
    settings = proto.ImportSettings(kind='IMPORT_KIND_CUSTOMERS', source=source)
    started = client.ask(proto.StartImport(settings=settings, file_hash=hashlib.sha256(
        source.encode()).hexdigest())).payload
    rows = proto.ImportRows(import_number=started.import_number, columns=['external_id', 'name'],
                            rows=[proto.ImportRow(line=2, values=['1', '甲']),
                                  proto.ImportRow(line=3, values=['2', ''])])
    request = str(uuid.uuid4())
    first, second = (client.ask(rows, id=request).payload for _ in range(2))
    assert first == second and [r.outcome for r in first.rows] == [1, 4]
    third = client.ask(rows).payload  # another request about the same lines
    assert [(r.line, r.outcome, r.number) for r in third.rows] == \
        [(r.line, r.outcome, r.number) for r in first.rows]
    shown = client.ask(proto.GetImport(import_number=started.import_number)).payload
    assert (shown.accepted, shown.rejected) == (1, 1)


@pytest.mark.parametrize('change, field', [
    ({'columns': ['external_id', 'nonsense']}, 'columns[1]'),
    ({'columns': ['external_id', 'external_id']}, 'columns[1]'),
    ({'columns': ['external_id']}, 'rows[0].values'),
    ({'rows': []}, 'rows'),
    ({'rows': [proto.ImportRow(line=0, values=['1', '甲'])]}, 'rows[0].line'),
    ({'rows': [proto.ImportRow(line=n + 1, values=['1', '甲']) for n in range(501)]}, 'rows')])
def test_a_question_that_makes_no_sense_is_refused_with_its_field(client, source, change, field):
    settings = proto.ImportSettings(kind='IMPORT_KIND_CUSTOMERS', source=source)
    ask = {'columns': ['external_id', 'name'],
           'rows': [proto.ImportRow(line=2, values=['1', '甲'])], **change}
    reply = client.ask(proto.ImportRows(dry_run=True, settings=settings, **ask))
    assert reply.status == 'INVALID_ARGUMENT' and field in reply.fields


# --- undo ---

def everything(stack, source):
    """What the tables say of the source's customers and people, without times and versions."""
    return [stack.sql(query, source) for query in (
        'select r.external_id, c.number, c.name, c.party_type, c.nature, c.region_code,'
        ' c.completeness, c.missing, c.is_incomplete from customer c join customer_ref r'
        ' on r.customer_id = c.id where r.source = %s order by 1',
        'select r.external_id, f.field, f.value, f.last_four, f.source, f.status from customer_fact'
        ' f join customer_ref r using (customer_id) where r.source = %s order by 1, 2',
        'select r.external_id, s.name_key, s.phones from customer_search s join customer_ref r'
        ' using (customer_id) where r.source = %s order by 1',
        'select k.name, k.title, k.is_key, k.state from contact k join contact_link l'
        ' on l.contact_id = k.id join customer_ref r using (customer_id) where r.source = %s'
        ' order by 1, 2')]


def test_imports_undone_from_the_latest_on_leave_nothing(stack, source, table):
    first = table('customers', GOOD)
    before = everything(stack, source)
    second = table('customers', ['K-1,别的名字,13700000001,,', 'K-7,新的,,,'], '--known', 'update')
    people = table('contacts', ['K-1,李娜,13800000011'], head='客户,姓名,手机')
    assert figures(people)[0] == 1
    assert undo(stack, people['import_number'])['removed'] == 1
    done = undo(stack, second['import_number'])
    assert (done['removed'], done['restored'], done['kept']) == (1, 1, 0)
    assert everything(stack, source) == before
    assert undo(stack, first['import_number'])['removed'] == 3
    assert everything(stack, source) == [[], [], [], []]
    assert undo(stack, first['import_number'])['removed'] == 3  # again: nothing more happens


def test_whose_number_was_told_meanwhile_is_undone_all_the_same(stack, source, table):
    last = table('customers', ['T-1,号码行,13100007777,,'])
    him = stack.value('select customer_id from customer_ref where source = %s', source)
    told = 'select count(*) from number_told where held_by = %s'
    until(lambda: stack.value(told, him) == 1)
    assert undo(stack, last['import_number'])['removed'] == 1
    until(lambda: stack.value(told, him) == 0)


def test_who_has_got_something_since_is_kept_with_the_reason(stack, client, source, table):
    last = table('customers', GOOD + ['K-4,四,,,', 'K-5,五,,,', 'K-6,六,,,'])
    client.publish(placed(f'o{source}', source, customer='K-1'))
    client.ask(proto.UpdateCustomer(ref=f'{source}:K-2', facts=[
        proto.Fact(field='industry', value='旅游')]))
    client.ask(proto.SaveContact(name='王伟', links=[
        proto.ContactLink(customer_ref=f'{source}:K-3')]))
    client.ask(proto.RegisterCustomer(parent_ref=f'{source}:K-4', facts=[
        proto.Fact(field='name', value='下级')]))
    assert client.ask(proto.SaveNeed(customer_ref=f'{source}:K-5', need=proto.Need(
        kind='explicit', description='茶叶'))).status == 'OK'
    done = undo(stack, last['import_number'])
    assert (done['removed'], done['kept']) == (1, 5)
    shown = stack.kehuctl_json('import', 'show', last['import_number'])
    assert {row['line']: row['kept_because'] for row in shown['kept_rows']} == {
        2: 'has orders', 3: 'was changed since', 4: 'has contacts',
        5: 'has other organisations below it', 6: 'has other entries'}
    assert file_of(client, f'{source}:K-6') is None


def test_a_value_that_somebody_changed_since_stays(client, stack, source, table):
    table('customers', GOOD)
    last = table('customers', ['K-1,新名,13700000009,,新地址'], '--known', 'update')
    client.ask(proto.UpdateCustomer(ref=f'{source}:K-1', facts=[
        proto.Fact(field='address', value='后来的地址')]))
    assert undo(stack, last['import_number'])['restored'] == 1
    facts = facts_of(client, f'{source}:K-1')
    assert (facts['name'], facts['phone'], facts['address']) == (
        '昆明翠湖商贸有限公司', '+8687165180001', '后来的地址')


def test_an_undone_id_makes_somebody_new_when_an_order_comes(client, stack, source, table):
    last = table('customers', GOOD)
    undo(stack, last['import_number'])
    client.publish(placed(f'o{source}', source, customer='K-1'))
    assert client.customer(f'{source}:K-1', 1).recent_orders


def test_an_open_import_is_undone_and_takes_no_more_rows(stack, client, source):
    settings = proto.ImportSettings(kind='IMPORT_KIND_CUSTOMERS', source=source)
    number = client.ask(proto.StartImport(settings=settings, file_hash=hashlib.sha256(
        source.encode()).hexdigest())).payload.import_number
    rows = proto.ImportRows(import_number=number, columns=['external_id', 'name'],
                            rows=[proto.ImportRow(line=2, values=['1', '甲'])])
    assert client.ask(rows).status == 'OK'
    assert undo(stack, number)['removed'] == 1
    rows.rows[0].line = 3
    assert client.ask(rows).status == 'FAILED_PRECONDITION'
    assert client.ask(proto.GetImport(import_number=number)).payload.state == 4


# --- people ---

PEOPLE = '客户,姓名,职务,手机,生日,角色,编号'


def contacts_of(client, ref):
    reply = client.ask(proto.ListContacts(customer_ref=ref, unmask=True))
    return {c.name: c for c in reply.payload.contacts}


def test_people_come_to_their_customers_with_consent_unknown(client, source, table):
    table('customers', GOOD)
    last = table('contacts', ['K-1,李娜,采购经理,13800000011,1985-08-20,采购,P1',
                              f'{source}:K-2,欧阳锋,总经理,13800000012,闰六月初三,老板,P2',
                              'K-9,没有,,,,,P3', 'K-1,王伟,,12,13/31,皇帝,P4'], head=PEOPLE)
    assert figures(last) == (2, 0, 0, 2, 0)
    assert [(line, column) for line, column, _ in last['report']] == [
        (4, '1'), (5, '4'), (5, '5'), (5, '6')]
    ouyang = contacts_of(client, f'{source}:K-2')['欧阳锋']
    assert (ouyang.birthday, ouyang.title, ouyang.links[0].role) == ('L--R06-03', '总经理', 'owner')
    for purpose, allowed in (('service', True), ('care', False), ('marketing', False)):
        answer = client.ask(proto.CheckConsent(contact_id=ouyang.contact_id, purpose=purpose,
                                               channel='phone')).payload
        assert answer.allowed == allowed


def test_a_person_is_known_again_by_his_id_or_by_name_and_number(client, source, table):
    table('customers', GOOD)
    rows = ['K-1,李娜,采购,13800000011,,,P1', 'K-1,王伟,,13800000012,,,']
    table('contacts', rows, head=PEOPLE)
    again = table('contacts', [rows[0].replace('采购', '总监'), rows[1], 'K-1,王伟,,13900000000,,,',
                               'K-2,李娜,总监,13800000011,,,P1x'], '--known', 'update',
                  head=PEOPLE)
    assert figures(again) == (2, 1, 1, 0, 0)  # another 王伟; 李娜 at K-2 is another id
    assert contacts_of(client, f'{source}:K-1')['李娜'].title == '总监'


def test_one_person_twice_in_a_file_is_refused(table, client, source):
    table('customers', GOOD)
    last = table('contacts', ['K-1,李娜,,13800000011,,,', 'K-1,李娜,经理,,,,'], head=PEOPLE)
    assert figures(last)[0] == 1 and 'line 2' in last['report'][0][2]


# --- interrupted ---

def test_killed_on_both_sides_it_ends_as_if_nothing_had_been(new_stack, tmp_path):
    stack = new_stack(only='customers')
    path = tmp_path / 'many.csv'
    count = 6000
    path.write_text('\n'.join([HEAD, *(f'M-{n},第{n}号公司,139{n:08d},,' for n in range(count)), '']))
    words = [stack.bin / 'kehuctl', 'import', 'customers', path, '--source', 'many', '--batch',
             '50', '--json']
    for attempt in range(3):
        process = subprocess.Popen(words, env=stack.environment(), stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        until(lambda: process.poll() is not None or stack.value(
            'select count(*) from import_row') > count // 5 * (attempt + 1), 60)
        if attempt == 1:
            stack.kill()
            time.sleep(0.5)
        process.send_signal(signal.SIGKILL)
        process.wait()
    last = json.loads(subprocess.run(words, env=stack.environment(), stdout=subprocess.PIPE,
                                     check=True, timeout=120).stdout.splitlines()[-1])
    assert last['resumed'] and figures(last) == (count, 0, 0, 0, 0)
    for query in ('select count(*) from import_row', 'select count(*) from customer',
                  'select count(distinct customer_id) from customer_ref',
                  'select count(*) from customer_search', 'select accepted from import'):
        assert stack.value(query) == count, query


# --- who may ---

@pytest.fixture
def people(stack, client, source):
    return People(stack, client, source)


def of_unit(people, name):
    return people.add(name, 'manager', unit=people.add_unit(f'u-{name}'))


def test_another_managers_import_is_neither_read_nor_gone_on_with_nor_undone(people, source):
    hers, his = of_unit(people, 'li'), of_unit(people, 'wang')
    settings = proto.ImportSettings(kind='IMPORT_KIND_CUSTOMERS', source=source)
    begun = hers.ask(proto.StartImport(settings=settings, file_hash='a' * 64)).payload
    number = begun.import_number
    rows = proto.ImportRows(import_number=number, columns=['external_id', 'name'],
                            rows=[proto.ImportRow(line=2, values=['K-1', '昆明翠湖茶业'])])
    asks = [rows, proto.ListImportRows(import_number=number),
            proto.FinishImport(import_number=number),
            proto.UndoImport(import_number=number, reason='x')]
    for message in asks:
        reply = his.ask(message)
        assert reply.status == 'PERMISSION_DENIED' and hers.code in reply.message, reply
    assert [hers.ask(message).status for message in asks] == ['OK'] * 4


def test_a_rejected_row_says_no_number_of_a_customer_outside_the_scope(people, client, source):
    hers, his = people.add('li', 'salesperson'), of_unit(people, 'wang')
    customer = client.ask(proto.RegisterCustomer(
        facts=[proto.Fact(field='name', value='大观商贸')], refs=[f'{source}:K-1'])).payload
    people.gives(hers, customer.id)
    settings = proto.ImportSettings(kind='IMPORT_KIND_CONTACTS', source=source)
    reply = his.ask(proto.ImportRows(
        dry_run=True, settings=settings, columns=['customer', 'name', 'mobile'],
        rows=[proto.ImportRow(line=2, values=[f'{source}:K-1', '李娜', '13800000001'])]))
    row = reply.payload.rows[0]
    assert [fault.column for fault in row.faults] == ['customer'] and row.number == ''
