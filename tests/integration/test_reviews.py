"""When files are due for review: by the policy in force, for files that are there and new ones."""
import datetime

import pytest

from tests.support import proto
from tests.support.stack import until


def register(company, ref):
    answer = company.client.ask(proto.RegisterCustomer(
        refs=[company.ref(ref)], facts=[proto.Fact(field='name', value=ref)]))
    assert answer.status == 'OK', answer


def due(company, ref):
    answer = company.client.ask(proto.GetCustomerFile(ref=company.ref(ref)))
    assert answer.status == 'OK', answer
    return answer.payload.review_due


def months_after(day, months):
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in range(day.day, 27, -1):
        try:
            return str(datetime.date(year, month + 1, last))
        except ValueError:
            pass
    return str(datetime.date(year, month + 1, day.day))


@pytest.fixture
def walk(company):
    """Waits until the walk over all files has ended, and says of which version it was."""
    def wait(version):
        until(lambda: company.stack.sql('select 1 from review_pass where is_done and version = %s',
                                        version))
    return wait


def test_another_policy_moves_the_files_that_are_there(company, walk):
    company.has_no_monthly_runs()
    register(company, 'R1')
    company.buys('C1', '1000', '2018-01-10')
    company.buys('C2', '150', '2018-01-10')
    company.run('2018-02-01', long_term_days=10)
    today = company.today()
    assert company.grades() == {'C1': 'A', 'C2': 'B', 'R1': 'C'}
    assert [due(company, c) for c in ('C1', 'C2', 'R1')] == [
        months_after(today, n) for n in (3, 6, 12)]

    company.applies('review', a_months=1, b_months=2, c_months=5)
    walk(2)
    assert [due(company, c) for c in ('C1', 'C2', 'R1')] == [
        months_after(today, n) for n in (1, 2, 5)]
    company.applies('review', a_months=4, b_months=4, c_months=60)
    walk(3)
    assert [due(company, c) for c in ('C1', 'C2', 'R1')] == [
        months_after(today, n) for n in (4, 4, 60)]


def test_new_files_reviews_and_grades_follow_the_policy_in_force(company, walk):
    company.has_no_monthly_runs()
    company.applies('review', a_months=1, b_months=2, c_months=5)
    walk(2)
    # Nothing but the change itself may set the day from here on.
    company.stack.sql('update review_pass set version = 1000')
    company.stack.sql("create function customers.no_walk() returns trigger language plpgsql as"
                      " $$ begin raise 'no walk'; end $$")
    company.stack.sql('create trigger no_walk before update on customers.review_pass'
                      ' for each row execute function customers.no_walk()')
    today = company.today()
    register(company, 'R1')
    company.buys('C1', '1000', '2018-01-10')
    assert [due(company, c) for c in ('R1', 'C1')] == [months_after(today, 5)] * 2
    company.run('2018-02-01', long_term_days=10)
    assert due(company, 'C1') == months_after(today, 1), 'an A now'
    answer = company.client.ask(proto.OverrideGrade(
        ref=company.ref('C1'), grade='B', reason='x', until=str(today)))
    assert answer.status == 'OK', answer
    assert due(company, 'C1') == months_after(today, 2), 'a B by hand'

    company.stack.sql("update customer set reviewed_on = '2020-01-01', review_due = '2020-03-01'")
    answer = company.client.ask(proto.UpdateCustomer(ref=company.ref('C1'), reviewed=True))
    assert answer.status == 'OK', answer
    assert due(company, 'C1') == months_after(today, 2), 'looked through today'


def test_a_walk_over_many_files_goes_on_after_a_crash(company, walk):
    company.stack.sql(
        'insert into customer (id, number, party_type, is_incomplete, registered_at, is_historic,'
        " reviewed_on, review_due) select gen_random_uuid(), 500000 + n, 'customer', true, now(),"
        " false, '2024-01-31', '2025-01-31' from generate_series(1, 12000) n")
    company.applies('review', a_months=1, b_months=1, c_months=1)
    until(lambda: company.stack.value("select count(*) from customer"
                                      " where review_due = '2024-02-29'") > 0)
    company.stack.kill()
    walk(2)
    assert company.stack.sql('select distinct review_due from customer') == [
        (datetime.date(2024, 2, 29),)]
