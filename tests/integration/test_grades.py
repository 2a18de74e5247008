"""Grades: lists, explanations, overrides, demotions; runs over the real orders are in
test_real_data.py."""
import csv
import datetime
import pathlib
import zoneinfo

from tests.support import proto
from tests.support.company import FINISHED
from tests.support.stack import until

ROOT = pathlib.Path(__file__).resolve().parents[2]


# Each a company of its own, whose clock can be moved.

def working_day_after(day, count):
    notices = ROOT / 'common' / 'pure' / 'data' / 'holidays_cn.csv'
    with open(notices, encoding='utf-8') as file:
        special = {row['date']: row['kind'] == 'work' for row in csv.DictReader(file)}
    while count:
        day += datetime.timedelta(days=1)
        count -= special.get(str(day), day.isoweekday() <= 5)
    return day


def test_demotions_wait_for_a_second_run_and_of_an_a_for_the_manager(company):
    company.has_no_monthly_runs()
    company.buys('C1', '300', '2018-01-10')
    company.buys('C2', '700', '2018-01-10')
    asked = dict(long_term_days=10, hold_demotions=True)
    company.run('2018-02-01', **asked)
    assert company.grades() == {'C1': 'A', 'C2': 'A'}

    company.buys('C3', '3000', '2018-02-10')
    assert company.run('2018-03-01', **asked).report.changed == 1
    assert company.grades() == {'C1': 'A', 'C2': 'A', 'C3': 'A'}, 'once below is not enough'
    company.run('2018-03-01', **asked)
    assert company.held() == {}, 'the same run again does not count'

    assert company.run('2018-05-01', **asked).report.held_demotions == 2
    decide_by = str(working_day_after(company.today(), 10))
    assert company.held() == {'C1': ('A', 'C', decide_by), 'C2': ('A', 'B', decide_by)}
    assert company.grades() == {'C1': 'A', 'C2': 'A', 'C3': 'A'}
    assert company.flags('C1') == {'demotion_held'}
    assert decide_by in company.why('C1').sentence

    answer = company.client.ask(proto.ConfirmDemotion(ref=company.ref('C1')))
    assert (answer.status, answer.payload.grade) == ('OK', 'C')
    no_reason = company.client.ask(proto.ConfirmDemotion(ref=company.ref('C2'), keep=True))
    assert (no_reason.status, list(no_reason.fields)) == ('INVALID_ARGUMENT', ['reason'])
    kept = company.client.ask(proto.ConfirmDemotion(ref=company.ref('C2'), keep=True, reason='坏季度'))
    assert (kept.status, kept.payload.grade) == ('OK', 'A')
    again = company.client.ask(proto.ConfirmDemotion(ref=company.ref('C1')))
    assert again.status == 'FAILED_PRECONDITION'
    assert company.held() == {}
    assert company.grades() == {'C1': 'C', 'C2': 'A', 'C3': 'A'}

    company.run('2018-06-01', **asked)
    assert list(company.held()) == ['C2'], 'kept only until the next run'
    company.advance(20)
    assert company.held() == {}
    assert company.grades() == {'C1': 'C', 'C2': 'B', 'C3': 'A'}, 'nobody decided in time'
    assert company.reasons('C1') == [('C', 'confirmed'), ('A', 'run')]
    assert company.reasons('C2') == [('B', 'not_confirmed_in_time'), ('A', 'kept_by_manager'),
                                     ('A', 'run')]

    company.buys('C1', '9000', '2018-06-10')
    company.run('2018-07-02', **asked)
    assert company.grades()['C1'] == 'A', 'promotion is at once'
    assert company.changes() == [('', 'A', 'run')] * 3 + [
        ('A', 'C', 'confirmed'), ('A', 'B', 'not_confirmed_in_time'), ('C', 'A', 'run')]


def test_a_run_asked_for_by_hand_demotes_at_once(company):
    company.buys('C1', '300', '2018-01-10')
    company.run('2018-02-01', long_term_days=10)
    company.buys('C2', '3000', '2018-02-10')
    company.run('2018-03-01', long_term_days=10)
    assert company.grades() == {'C1': 'C', 'C2': 'A'}
    assert company.held() == {}


def test_a_grade_set_by_hand_holds_until_its_day(company):
    company.has_no_monthly_runs()
    company.buys('C1', '5', '2018-01-10')
    company.buys('C2', '995', '2018-01-10')
    company.run('2018-02-01', long_term_days=10)
    today = company.today()
    until_day = today + datetime.timedelta(days=30)

    def override(ref='C1', grade='A', reason='战略客户', last=until_day):
        return company.client.ask(proto.OverrideGrade(
            ref=company.ref(ref), grade=grade, reason=reason, until=str(last)))

    assert list(override(grade='D').fields) == ['grade']
    assert list(override(reason='').fields) == ['reason']
    assert list(override(last=today + datetime.timedelta(days=400)).fields) == ['until']
    assert list(override(last=today - datetime.timedelta(days=1)).fields) == ['until']
    assert override('nobody').status == 'NOT_FOUND'
    answer = override()
    assert (answer.status, answer.payload.grade) == ('OK', 'A')
    assert list(answer.payload.flags) == ['overridden']
    company.run('2018-03-01', long_term_days=10)
    assert company.grades() == {'C1': 'A', 'C2': 'A'}, 'runs change nothing meanwhile'
    sentence = company.why('C1', 'zh').sentence
    assert '战略客户' in sentence

    company.advance(30)
    assert company.grades()['C1'] == 'A', 'its last day is included'
    company.advance(1)
    assert company.grades()['C1'] == 'C'
    assert company.reasons('C1') == [('C', 'override_expired'), ('A', 'override'), ('C', 'run')]
    assert company.flags('C1') == set()

    override('C2', 'B', last=company.today())
    removed = company.client.ask(proto.RemoveGradeOverride(ref=company.ref('C2'), reason='误操作'))
    assert (removed.status, removed.payload.grade) == ('OK', 'A')
    assert company.reasons('C2')[:2] == [('A', 'override_removed'), ('B', 'override')]
    again = company.client.ask(proto.RemoveGradeOverride(ref=company.ref('C2'), reason='误操作'))
    assert again.status == 'FAILED_PRECONDITION'


def test_everybody_is_graded_by_itself_on_the_1st_of_each_month(company):
    until(lambda: company.stack.sql("select 1 from timer where key = 'grade_run:monthly'"))
    company.buys('C1', '10', 3600)
    today = company.today()
    firsts = []
    while len(firsts) < 3:
        today += datetime.timedelta(days=1)
        firsts += [today] * (today.day == 1)
    company.advance((firsts[-1] - company.today()).days + 1)
    runs = company.client.ask(proto.ListGradeRuns()).payload.runs
    assert [run.as_of for run in runs] == [str(day) for day in reversed(firsts)]
    assert {run.state for run in runs} == {FINISHED}
    two_o_clock = [run.started_at.ToDatetime(tzinfo=datetime.timezone.utc)
                   .astimezone(zoneinfo.ZoneInfo('Asia/Shanghai')) for run in runs]
    assert [at.date() for at in two_o_clock] == list(reversed(firsts))
    assert {at.hour for at in two_o_clock} == {2}
    assert company.grades() == {'C1': 'B'}, 'all of its region, and not for long'
    assert company.flags('C1') == {'not_long_term'}


def test_a_supplier_with_orders_appears_in_no_grade_list(company):
    supplier = proto.RegisterCustomer(party_type='PARTY_TYPE_SUPPLIER', refs=['shop:S1'],
                                      facts=[proto.Fact(field='name', value='大理包装厂')])
    answer = company.client.ask(supplier)
    assert answer.status == 'OK', answer
    company.buys('S1', '600', '2018-01-10')
    company.buys('C1', '400', '2018-01-10')
    run = company.run('2018-02-01', long_term_days=10)
    assert company.grades() == {'C1': 'A'}
    assert (run.report.a, run.report.b, run.report.c) == (1, 0, 0)
    denominator = company.why('C1').now.denominator_micros
    assert denominator == 1000_000000, 'its sales are sales of the region'
    assert company.client.ask(proto.ExplainGrade(ref='shop:S1')).status == 'NOT_FOUND'

    became = company.client.ask(
        proto.UpdateCustomer(ref='shop:C1', party_type='PARTY_TYPE_PARTNER'))
    assert became.status == 'OK', became
    assert company.grades() == {}, 'who is no customer any more has no grade'


def test_a_policy_shows_who_would_move_before_it_is_applied(company, tmp_path):
    for customer, net in ('C1', '600'), ('C2', '250'), ('C3', '150'):
        company.buys(customer, net, '2018-01-10')
    company.run('2018-02-01', long_term_days=10)
    assert company.grades() == {'C1': 'A', 'C2': 'A', 'C3': 'B'}
    document = tmp_path / 'grade.json'
    document.write_text('{"aShareMicros": 300000, "bShareMicros": 200000, "longTermDays": 10}')
    tried = company.stack.kehuctl_json('policy', 'try', document, '--as-of', '2018-02-01')
    moves = [(m['ref'], m['from'], m['to'], m['net']) for m in tried['moves']]
    assert moves == [('shop:C2', 'A', 'B', '250'), ('shop:C3', 'B', 'C', '150')]
    assert (tried['run']['dry_run'], tried['run']['report']['changed']) == (True, 2)
    assert company.grades() == {'C1': 'A', 'C2': 'A', 'C3': 'B'}, 'a trial changes nothing'

    answer = company.stack.kehuctl('policy', 'apply', 'grade', document, '--reason', '更严')
    assert answer.returncode == 0, answer.stderr
    assert company.run('2018-02-01').report.changed == 2
    assert company.grades() == {'C1': 'A', 'C2': 'B', 'C3': 'C'}
    assert company.why('C2').policy_version == 2


def test_pages_of_a_list_hold_everybody_once(company):
    for n in range(7):
        company.buys(f'C{n}', '10', '2018-01-10')
    company.run('2018-02-01')
    seen, token = [], ''
    while True:
        page = company.client.ask(
            proto.ListGrades(grade='B', page_size=3, page_token=token)).payload
        seen += [e.ref for e in page.customers]
        token = page.next_page_token
        if not token:
            break
    assert sorted(seen) == [f'shop:C{n}' for n in range(7)]
    wrong = company.client.ask(proto.ListGrades(page_token='B.1'))
    assert (wrong.status, list(wrong.fields)) == ('INVALID_ARGUMENT', ['page_token'])


def test_a_run_needs_a_day_and_tries_policies_only_dry(company):
    assert list(company.run('', expect='INVALID_ARGUMENT').fields) == ['as_of']
    refused = company.run('2018-02-01', expect='INVALID_ARGUMENT', policy=proto.GradePolicy())
    assert list(refused.fields) == ['policy']
    assert company.client.ask(proto.GetGradeRun(run_id='x')).status == 'INVALID_ARGUMENT'
    unknown = proto.GetGradeRun(run_id='01a2000b-9908-757c-8128-632a0d4bd14a')
    assert company.client.ask(unknown).status == 'NOT_FOUND'
