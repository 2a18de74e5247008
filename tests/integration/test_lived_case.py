"""A complaint of an A customer as a handler lives it: docs/a-complaint.md, command by command."""
import csv
import datetime

import pytest

from tests.support import transcript
from tests.support.client import Client
from tests.support.company import Company
from tests.support.consumed import both_level
from tests.support.stack import ROOT, until

NINE = 9 * 60 + 5  # minutes: far from the borders of the hour


def quiet_monday(after):
    """The first Monday after the day from which on two weeks are like any other: no holiday, and no
    first of a month, on which jobs of the month begin."""
    with open(ROOT / 'common/pure/data/holidays_cn.csv') as file:
        special = {datetime.date.fromisoformat(row['date']) for row in csv.DictReader(file)}
    day = after + datetime.timedelta(days=7 - after.weekday())
    while any(d in special or d.day == 1
              for d in (day + datetime.timedelta(days=n) for n in range(14))):
        day += datetime.timedelta(days=7)
    return day


def staff(kehuctl):
    for code, name, *more in (
            ('zhang.wei', '张伟', '--roles', 'manager'),
            ('li.na', '李娜', '--roles', 'complaint_handler', '--manager', 'zhang.wei'),
            ('wang.fang', '王芳', '--roles', 'complaint_handler', '--manager', 'zhang.wei'),
            ('zhao.lei', '赵磊', '--roles', 'salesperson', '--manager', 'zhang.wei')):
        kehuctl('staff', 'save', code, '--name', name, *more)


@pytest.fixture
def company(new_stack):
    """Of both services."""
    stack = new_stack(KEHU_INSTALLATION='test')
    with Client(stack, source='shop') as client:
        yield Company(stack, client)


def test_a_complaint_of_an_a_customer_is_lived_through_as_the_document_says(company):
    stack = company.stack
    today = company.today()
    monday = quiet_monday(today)

    def kehuctl(*arguments):
        answer = stack.kehuctl(*arguments)
        assert answer.returncode == 0, (arguments, answer.stderr)
        return answer

    staff(kehuctl)
    kehuctl('customer', 'register', '--name', '昆明翠湖商贸有限公司', '--ref', 'shop:C1')
    for days, net in ((500, '9000'), (60, '800'), (30, '480')):
        company.buys('C1', net, f'{monday - datetime.timedelta(days=days)}')
    company.buys('C2', '100', f'{monday - datetime.timedelta(days=400)}')
    kehuctl('contact', 'save', '--customer', 'KH000001', '--name', '陈静', '--title', '采购经理',
            '--mobile', '13800000001')
    kehuctl('clock', 'advance', '--to', monday)
    kehuctl('grade', 'run', '--as-of', monday)
    kehuctl('clock', 'advance', '--by', f'{NINE}min')
    # Who holds a number is found out in the background.
    until(lambda: stack.kehuctl_json('complaint', 'caller', '13800000001')['found'])
    transcript.Transcript(ROOT / 'docs/a-complaint.md').lives(
        stack, monday, lambda: both_level(stack))
