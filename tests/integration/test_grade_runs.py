"""Grade runs: methods against plain Python, regions of the tree, several processes, and failure."""
import contextlib
import datetime
import signal
from collections import defaultdict
from fractions import Fraction

from tests.support import proto
from tests.support.client import Client
from tests.support.company import FAILED, RUNNING, Company, finished_run
from tests.support.stack import until

METHOD = {name: proto.enum_number('kehu.customers.v1.GradeMethod', f'GRADE_METHOD_{name}')
          for name in ('SHARE', 'CUMULATIVE', 'RANK')}


# --- methods, against plain Python ---

# Ties on places and lines, returns, a region without sales, one of returns alone.
SALES = [('A1', 400, 'a'), ('A2', 400, 'a'), ('A3', 100, 'a'), ('A4', 50, 'a'), ('A5', 30, 'a'),
         ('A6', 10, 'a'), ('A7', 10, 'a'), ('A8', -25, 'a'), ('B1', 70, 'b'), ('B2', 7, 'b'),
         ('B3', 7, 'b'), ('B4', 7, 'b'), ('B5', 1, 'b'), ('C1', -5, 'c'), ('D1', 5, 'd'),
         ('D2', -9, 'd')]


def by_region(sales):
    regions = defaultdict(list)
    for customer, net, region in sales:
        regions[region].append((Fraction(net), customer))
    return regions.values()


def by_rank(a, b, sales=SALES):
    grades = {}
    for members in by_region(sales):
        total = sum(net for net, _ in members)
        for net, customer in members:
            rank = 1 + sum(other > net for other, _ in members)
            grades[customer] = ('C' if net <= 0 or total <= 0 else 'A' if rank <= a else
                                'B' if rank <= a + b else 'C')
    return grades


def by_cumulative(a, b):
    grades = {}
    for members in by_region(SALES):
        total = sum(net for net, _ in members)
        for net, customer in members:
            before = sum(other for other, _ in members if other > net)
            grades[customer] = ('C' if net <= 0 or total <= 0 else 'A' if before < a * total else
                                'B' if before < b * total else 'C')
    return grades


def test_grades_by_rank_equal_an_independent_calculation(company):
    company.sells(SALES)
    company.run('2018-02-01', method=METHOD['RANK'])
    assert company.grades() == by_rank(5, 20)
    company.applies('grade', method=METHOD['RANK'], a_rank=1, b_rank=2)
    company.run('2018-02-01')
    assert company.grades() == by_rank(1, 2)
    assert company.grades()['A2'] == 'A', 'two share the first place'
    assert 'number 4 in the region, after the 1 of grade A and the 2' in company.why('A4').sentence


def test_grades_by_accumulated_sales_equal_an_independent_calculation(company):
    company.sells(SALES)
    company.run('2018-02-01', method=METHOD['CUMULATIVE'])
    assert company.grades() == by_cumulative(Fraction(80, 100), Fraction(95, 100))
    company.applies('grade', method=METHOD['CUMULATIVE'], a_cumulative_micros=500000,
                    b_cumulative_micros=900000)
    company.run('2018-02-01')
    assert company.grades() == by_cumulative(Fraction(1, 2), Fraction(9, 10))
    assert 'the customers before it make 82.05%' in company.why('A3').sentence


def test_a_region_may_have_a_method_of_its_own(company):
    company.sells(SALES)
    company.applies('grade', long_term_days=1, regions=[
        proto.RegionGradePolicy(region_code='b', method=METHOD['RANK'])])
    company.run('2018-02-01')
    grades = company.grades()
    assert {c: g for c, g in grades.items() if c[0] == 'B'} == {
        c: g for c, g in by_rank(5, 20).items() if c[0] == 'B'}
    assert (grades['A1'], grades['A3'], grades['A4']) == ('A', 'B', 'C'), 'others by share'


# --- regions and currencies ---

def test_mapped_regions_are_graded_as_their_grading_region(company):
    company.sells([('K1', 50, '昆明'), ('K1', 40, '大理'), ('D1', 30, '大理'), ('Y1', 80, 'Yunnan'),
                   ('Y1', 100, 'Elsewhere'), ('E1', 900, 'Elsewhere'), ('S1', 70, '西南')])
    company.grows(('sw', '', False), ('yn', 'sw', True), ('yn-km', 'yn', False))
    company.maps(昆明='yn-km', 大理='yn', Yunnan='yn', 西南='sw')
    file = company.client.ask(proto.UpdateCustomer(ref=company.ref('D1'), region='yn-km'))
    assert file.status == 'OK', file
    run = company.run('2018-02-01', long_term_days=10)
    assert list(run.report.unmapped_regions) == ['Elsewhere']
    assert {c: (e.region, e.numerator_micros // 10**6, e.denominator_micros // 10**6, e.grade)
            for c, e in company.listed().items()} == {
        'K1': ('yn', 90, 200, 'A'), 'D1': ('yn', 30, 200, 'B'),
        'Y1': ('Elsewhere', 100, 1000, 'B'), 'E1': ('Elsewhere', 900, 1000, 'A'),
        'S1': ('sw', 70, 70, 'A')}
    company.client.ask(proto.UpdateCustomer(ref=company.ref('Y1'), region='yn'))
    company.maps(Elsewhere='yn')
    run = company.run('2018-03-01', long_term_days=10)
    assert list(run.report.unmapped_regions) == []
    assert {c: (e.region, e.denominator_micros // 10**6) for c, e in company.listed().items()} == {
        **{c: ('yn', 1200) for c in ('K1', 'D1', 'Y1', 'E1')}, 'S1': ('sw', 70)}


def test_amounts_in_another_currency_are_kept_aside_and_said(company):
    company.buys('C1', '300', '2018-01-10')
    company.buys('C1', '1000', '2018-01-10', currency='USD')
    company.buys('C2', '700', '2018-01-10')
    company.buys('C3', '20.5', '2018-01-10', currency='USD')
    company.buys('C3', '7', '2018-01-10', currency='EUR')
    company.buys('C3', '9', '2016-01-10', currency='JPY')
    run = company.run('2018-02-01', long_term_days=10)
    assert [(a.currency, a.net_micros) for a in run.report.aside] == [
        ('EUR', 7_000_000), ('USD', 1020_500_000)]
    shown = {c: (e.numerator_micros // 10**6, e.denominator_micros // 10**6)
             for c, e in company.listed().items()}
    assert shown['C1'] == (300, 1000) and shown['C2'] == (700, 1000) and shown['C3'][0] == 0


# --- small regions, graded with their parent ---

def grow_south(company):
    """A root with a large and a small grading region, the small one's neighbour, and a lone one."""
    company.grows(('s', '', False), ('s-sw', 's', False), ('yn', 's-sw', True),
                  ('xz', 's-sw', True), ('xz-ls', 'xz', False), ('gd', 's', True), ('n', '', True))
    sales = [(f'Y{n}', 100 * n, 'YN') for n in range(1, 7)]  # 2100
    sales += [('X1', 900, 'LS'), ('X2', 60, 'XZ'), ('X1', 100, 'YN'), ('X1', 1000, 'Wild')]
    sales += [('N1', 50, 'N'), ('W1', 7, 'Wild'), ('G1', 40, 'GD'), ('G1', 90, 'N')]
    company.sells(sales)
    company.maps(YN='yn', LS='xz-ls', XZ='xz', GD='gd', N='n')
    for customer, region in ('X1', 'xz'), ('G1', 'gd'):
        answer = company.client.ask(proto.UpdateCustomer(ref=company.ref(customer), region=region))
        assert answer.status == 'OK', answer
    return sales


def figures(company):
    return {c: (e.region, e.numerator_micros // 10**6, e.denominator_micros // 10**6,
                'graded_with_parent' in e.flags) for c, e in company.listed().items()}


def test_a_small_region_is_graded_with_its_parent_where_the_policy_says_so(company):
    grow_south(company)
    company.run('2018-02-01', long_term_days=10)
    assert figures(company)['X1'] == ('xz', 900, 960, False), 'not by the built-in policy'

    company.applies('grade', small_regions_with_parent=True, long_term_days=10)
    run = company.run('2018-03-01')
    assert figures(company) == {
        **{f'Y{n}': ('yn', 100 * n, 2200, False) for n in range(1, 7)},
        'X1': ('s-sw', 1000, 3160, True), 'X2': ('s-sw', 60, 3160, True),
        'G1': ('s', 40, 3200, True),
        'N1': ('n', 50, 140, False), 'W1': ('Wild', 7, 1007, False)}
    assert company.grades()['X1'] == 'A' and company.grades()['X2'] == 'C'
    sentence = company.why('X1').sentence
    assert 'the region s-sw (a small region is graded with its parent)' in sentence
    assert '31.65%' in sentence and '3,160.00' in sentence
    assert 's-sw区域(小区域并入上级区域)' in company.why('X1', 'zh').sentence
    assert list(run.report.regions_without_a) == ['Wild', 's'], 'xz and gd are part of others'

    again = company.run('2018-03-01')
    assert again.report.changed == 0
    company.applies('grade', long_term_days=10)
    company.run('2018-03-01')
    assert figures(company)['X1'] == ('xz', 900, 960, False)
    assert company.flags('X1') == set()


def test_a_small_region_stands_in_the_order_of_all_of_its_parent(company):
    grow_south(company)
    company.applies('grade', small_regions_with_parent=True, method=METHOD['RANK'], a_rank=1,
                    b_rank=3)
    company.run('2018-03-01')
    grades = company.grades()
    # In s-sw: X1 1000, Y6 600, Y5, Y4, Y3, Y2, Y1 100, X2 60. In s: G1 40 is the last of nine.
    assert (grades['X1'], grades['X2'], grades['G1']) == ('A', 'C', 'C')
    assert 'number 8 in the region' in company.why('X2').sentence
    assert [grades[f'Y{n}'] for n in range(6, 0, -1)] == ['A', 'B', 'B', 'B', 'C', 'C']
    company.applies('grade', small_regions_with_parent=True, method=METHOD['CUMULATIVE'])
    company.run('2018-03-01')
    # Before X2 stand 1000 + 2100 of 3160, before G1 everybody: 3160 of 3200.
    assert 'the customers before it make 98.10%' in company.why('X2').sentence
    assert 'the customers before it make 98.75%' in company.why('G1').sentence


# --- one run at a time, by whichever process ---

@contextlib.contextmanager
def standstill(stack):
    """No run gets on meanwhile: nobody may write results."""
    with stack.database() as connection, connection.cursor() as cursor:
        connection.autocommit = False
        cursor.execute('lock table customers.grade_result in exclusive mode')
        yield
        connection.rollback()


def test_while_a_run_is_at_work_no_other_begins(company):
    company.sells([('C1', 300, 'a'), ('C2', 700, 'a')])
    with standstill(company.stack):
        first = company.client.ask(proto.RunGrades(as_of='2018-02-01', long_term_days=10)).payload
        second = company.client.ask(proto.RunGrades(as_of='2018-03-01'))
        assert second.status == 'FAILED_PRECONDITION' and first.run_id in second.message
        dry = company.client.ask(proto.RunGrades(as_of='2018-03-01', dry_run=True))
        assert dry.status == 'FAILED_PRECONDITION'
        assert company.client.ask(proto.GetGradeRun(run_id=first.run_id)).payload.state == RUNNING
    until(lambda: finished_run(company.client, first.run_id))
    assert company.grades() == {'C1': 'A', 'C2': 'A'}
    assert company.run('2018-03-01', long_term_days=10).report.changed == 0


def test_two_processes_work_on_one_run(new_stack):
    stack = new_stack(only='customers', KEHU_INSTALLATION='test', instances=2)
    with Client(stack, source='shop') as client:
        company = Company(stack, client)
        sales = [(f'C{n}', 1 + n * 7919 % 1009, f'r{n % 3}') for n in range(4000)]
        for at in range(0, len(sales), 500):
            company.sells(sales[at:at + 500])
        with standstill(stack):
            run = client.ask(proto.RunGrades(as_of='2018-02-01', method=METHOD['RANK'])).payload
            at_work = 'kehu_customers_grade_run_at_work'
            until(lambda: all(stack.metrics(n)[at_work] for n in (0, 1)))
            stack.kill('customers', signal.SIGSTOP)  # in the midst of a chunk
        with Client(stack, url=stack.urls[1]) as other:
            done = until(lambda: finished_run(other, run.run_id), 60)
        stack.kill('customers', signal.SIGCONT)
        until(lambda: not stack.metrics(0)[at_work])
        chunks = [stack.metrics(n)['kehu_customers_grade_chunks_total'] for n in (0, 1)]
        steps = stack.value('select step from grade_run where id = %s', run.run_id)
        assert sum(chunks) == steps and chunks[1] > 0, 'each chunk is done once'
        expected = list(by_rank(5, 20, sales).values())
        assert (done.report.a, done.report.b, done.report.c) == tuple(
            expected.count(grade) for grade in 'ABC')
        assert done.done == done.total
        assert stack.value('select count(*) from grade_history') == 4000
        again = company.run('2018-02-01', method=METHOD['RANK'])
        assert again.report.changed == 0


# --- failure ---

def plant(stack, check):
    stack.sql(f'alter table customers.grade_current add constraint planted check ({check})'
              ' not valid')


def test_a_run_that_cannot_go_on_fails_with_its_reason_and_the_next_begins(company):
    company.has_no_monthly_runs()
    company.sells([('C1', 300, 'a'), ('C2', 700, 'a'), ('Z1', 100, 'z'), ('Z2', 50, 'z')])
    first = company.run('2018-02-01', long_term_days=10)
    company.sells([('Z3', 5000, 'z')], at='2018-02-10')
    plant(company.stack, "region <> 'z' or as_of < '2018-02-02'")
    asked = company.client.ask(proto.RunGrades(as_of='2018-03-01', long_term_days=10)).payload
    trying = until(lambda: next(iter([
        run for run in [company.client.ask(proto.GetGradeRun(run_id=asked.run_id)).payload]
        if run.failure]), None))
    assert trying.state == RUNNING and 'planted' in trying.failure
    failed = until(lambda: finished_run(company.client, asked.run_id), 90)
    assert failed.state == FAILED
    assert 'INTERNAL' in failed.failure and 'planted' in failed.failure
    assert failed.HasField('finished_at') and not failed.HasField('report')
    assert company.stack.value('select tries from grade_run where id = %s', asked.run_id) == 10
    listed = company.client.ask(proto.ListGradeRuns()).payload.runs
    assert [run.failure for run in listed] == [failed.failure, '']
    assert f'{asked.run_id}: {failed.failure}' in company.stack.kehuctl('grade', 'runs').stdout

    assert company.grades() == {'C1': 'A', 'C2': 'A', 'Z1': 'A', 'Z2': 'A'}
    assert {e.run_id for e in company.listed().values()} == {first.run_id}
    assert company.why('Z1').as_of == '2018-02-01', 'every grade is explained by its own run'
    again = company.stack.kehuctl('grade', 'run', '--as-of', '2018-03-01')
    assert again.returncode != 0 and 'planted' in again.stderr

    company.stack.sql('alter table customers.grade_current drop constraint planted')
    run = company.run('2018-03-01', long_term_days=10)
    assert run.failure == ''
    assert company.grades() == {'C1': 'A', 'C2': 'A', 'Z1': 'C', 'Z2': 'C', 'Z3': 'A'}


def test_a_run_that_is_held_up_for_a_while_goes_on(company):
    company.sells([('C1', 300, 'a'), ('C2', 700, 'a')])
    with standstill(company.stack):
        run = company.client.ask(proto.RunGrades(as_of='2018-02-01', long_term_days=10)).payload
        until(lambda: company.client.ask(proto.GetGradeRun(run_id=run.run_id)).payload.failure)
    done = until(lambda: finished_run(company.client, run.run_id))
    assert done.failure == '' and done.report.a == 2
    assert company.stack.value('select tries from grade_run') == 0


def test_a_failed_run_of_the_month_lets_the_next_month_come(company):
    until(lambda: company.stack.sql("select 1 from timer where key = 'grade_run:monthly'"))
    company.buys('C1', '10', 3600)
    plant(company.stack, 'false')
    today = company.today()
    first = (today.replace(day=1) + datetime.timedelta(days=32)).replace(day=1)
    company.advance((first - today).days + 1)
    runs = company.client.ask(proto.ListGradeRuns()).payload.runs
    assert [(run.as_of, run.state) for run in runs] == [(str(first), FAILED)]
    assert company.stack.value("select due_at > now() from timer where key = 'grade_run:monthly'")
    assert company.grades() == {}
