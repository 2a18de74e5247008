"""Exports: what leaves in which columns, comes back by an import, and how much of it in a day."""
import csv
import io
import random
import re

import pytest

from tests.support import proto
from tests.support.client import placed
from tests.support.staff import People
from tests.support.tables import GOOD, HEAD, figures, file_of, importer


@pytest.fixture
def table(stack, source, tmp_path):
    return importer(stack, source, tmp_path)


@pytest.fixture
def people(stack, client, source):
    return People(stack, client, source)


def start(asker, **more):
    return asker(proto.StartExport(kind='EXPORT_KIND_CUSTOMERS', reason='年度走访', **more))


def test_an_export_is_read_by_the_import_it_came_from(stack, source, table, tmp_path):
    rows = [f'{row},竞争对手' for row in GOOD + ['K-8,"=cmd|x",13800000008,,-1号楼']]
    table('customers', rows, head=HEAD + ',类型')
    out = tmp_path / 'out.csv'
    stack.kehuctl_json('export', 'customers', '--out', out, '--reason', '核对', '--unmask',
                       '--type', 'competitor')
    text = out.read_bytes()
    assert text.startswith(b'\xef\xbb\xbf')
    cells = [cell for row in csv.reader(io.StringIO(text.decode('utf-8-sig'))) for cell in row]
    assert not [c for c in cells if c[:1] in ('=', '+', '-', '@')]
    assert not [c for c in cells if re.fullmatch(r'\d{12,}', c)]
    last = table('customers', text, '--known', 'update', '--dry-run')
    assert figures(last) == (0, 0, 4, 0, 0)
    again = stack.kehuctl('export', 'customers', '--out', out, '--reason', 'x')
    assert again.returncode == 2 and 'is there already' in again.stderr


def test_a_region_by_orders_is_exported_beside_that_of_the_file_and_comes_back_as_it_was(
        stack, client, source, table, tmp_path):
    code, name = f'r-{source}'[:40], f'滇中{source}'[:60]
    assert client.ask(proto.SaveRegion(region=proto.Region(code=code, name=name))).status == 'OK'
    rows = [f'K-1,有区域{source},竞争对手,{name}', f'K-2,按订单{source},竞争对手,']
    head = '客户编号,名称,类型,区域'
    assert figures(table('customers', rows, head=head))[:2] == (2, 0)
    assert file_of(client, f'{source}:K-1').region == code
    client.publish(placed('R-1', source, customer='K-2', region='Unmapped'))
    stack.sql("""with run as (insert into grade_run (id, as_of, window_from, policy_version, policy,
        method, long_term_days, is_dry, holds_demotions, state, asked_by, started_at, total, phase,
        step) values (gen_random_uuid(), '2026-01-01', '2025-01-01', 1, '', 1, 0, false, false,
                      'finished', 'test', now(), 1, 1, 0) returning id)
        insert into grade_current select r.customer_id, 1, 'C', 'C', run.id, '2026-01-01',
            'Unmapped', 0, 0, null, false, 0, 1, 0, '2026-01-01', 0 from run, customer_ref r
        where r.source = %s and r.external_id = 'K-2'""", source)
    out = tmp_path / 'regions.csv'
    stack.kehuctl_json('export', 'customers', '--out', out, '--reason', '核对', '--unmask',
                       '--type', 'competitor')
    # Other tests on this stack have competitors too.
    lines = [line for n, line in enumerate(out.read_text('utf-8-sig').splitlines(keepends=True))
             if n == 0 or source in line]
    exported = {row['名称']: (row['区域'], row['按订单区域'])
                for row in csv.DictReader(lines)}
    assert exported[f'有区域{source}'] == (code, '')
    assert exported[f'按订单{source}'] == ('', 'Unmapped')
    again = table('customers', ''.join(lines).encode(), '--known', 'update')
    assert again['report'] == [] and figures(again)[:2] == (0, 0)
    assert stack.value('select c.region_code from customer c join customer_ref r'
                       ' on r.customer_id = c.id where r.source = %s and r.external_id = %s',
                       source, 'K-2') is None
    twin = client.ask(proto.SaveRegion(region=proto.Region(code=f'{code[:38]}-2', name=name)))
    assert twin.status == 'OK', twin
    refused = table('customers', [f'K-3,同名的商行,竞争对手,{name}'], head=head)
    assert 'several regions' in refused['report'][0][2]


def test_telephones_are_masked_unless_asked_for(stack, table, tmp_path):
    table('customers', GOOD)
    for name, options, wanted in (('a', [], '138****0001'), ('b', ['--unmask'], '+8613800000001')):
        out = tmp_path / f'{name}.csv'
        stack.kehuctl_json('export', 'customers', '--out', out, '--reason', 'x', *options)
        assert wanted in out.read_text('utf-8-sig')
    assert stack.value("select count(*) from audit where act = 'start export'"
                       " and detail like '%%unmasked'") > 0


def test_an_ordinary_salesperson_exports_nothing(people):
    reply = start(people.add('li', 'salesperson').ask)
    assert reply.status == 'PERMISSION_DENIED' and 'export' in reply.message


def test_more_than_the_day_has_left_is_refused_and_audited(new_stack):
    stack = new_stack(only='customers')
    from tests.support.client import Client
    with Client(stack, source='q') as client:
        staff = People(stack, client, 'q')
        wang = staff.add('wang', 'manager')
        for n in range(3):
            made = client.ask(proto.RegisterCustomer(facts=[
                proto.Fact(field='name', value=f'客户{n}')])).payload
            staff.gives(wang, made.id)
        assert client.ask(proto.ApplyPolicy(expected_version=1, policy=proto.Policy(
            kind='exports', reason='试', exports=proto.ExportPolicy(
                daily_rows=1, manager_daily_rows=5)))).status == 'OK'
        first = start(wang.ask).payload
        assert (first.rows, first.rows_left) == (3, 2)
        rows = wang.ask(proto.ExportRows(export_number=first.export_number, page_size=2)).payload
        assert len(rows.rows) == 2 and rows.next_page_token
        rest = wang.ask(proto.ExportRows(export_number=first.export_number,
                                         page_token=rows.next_page_token)).payload
        assert len(rest.rows) == 1 and not rest.next_page_token
        refused = start(wang.ask)
        assert refused.status == 'FAILED_PRECONDITION'
        assert '2 rows of 5' in refused.message and '00:00' in refused.message
        assert stack.sql("select act, actor, detail from audit where act = 'export refused'") == [
            ('export refused', wang.code, 'quota: 3 of the day used, 2 left')]
        other = staff.add('zhao', 'manager')
        assert other.ask(proto.ExportRows(export_number=first.export_number)).status == 'NOT_FOUND'


def test_two_exports_at_once_do_not_share_the_last_rows(client, people, stack):
    boss = people.add('boss', 'manager')
    for n in range(3):
        made = client.ask(proto.RegisterCustomer(facts=[
            proto.Fact(field='name', value=f'并发{n}')])).payload
        people.gives(boss, made.id)
    used = sum(start(boss.ask).payload.rows for _ in range(random.randint(2, 4)))
    assert stack.value('select rows from export_day where asked_by = %s', boss.code) == used


def test_forty_exports_at_once_of_one_person_all_start_and_each_is_counted(
        client, people, stack, source):
    boss = people.add('hurried', 'manager')
    region = f'forty-{source}'
    assert client.ask(proto.SaveRegion(region=proto.Region(code=region, name='一次'))).status == 'OK'
    made = client.ask(proto.RegisterCustomer(region=region, facts=[
        proto.Fact(field='name', value='一次四十')])).payload
    people.gives(boss, made.id)
    requests = [client.request(proto.StartExport(kind='EXPORT_KIND_CUSTOMERS', reason='年度走访',
                                                 region=region), actor=boss.code)
                for _ in range(40)]
    for request in requests:
        client.send(request)
    replies = [client.receive() for _ in requests]
    assert {reply.status for reply in replies} == {'OK'}, replies
    assert len({reply.payload.rows_left for reply in replies}) == 40
    assert stack.value('select rows from export_day where asked_by = %s', boss.code) == 40
