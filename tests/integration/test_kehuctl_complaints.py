"""kehuctl and the complaints service: commands, exit codes, words in two languages."""
import json
import re
import subprocess

import pytest

from tests.support.client import placed
from tests.support.consumed import catches_up
from tests.support.staff import People

REPLY = ['case_id', 'customer_unknown', 'joined', 'number', 'open_conditions', 'part_id',
         'possibly_same_as', 'priority', 'state', 'version']


class House:
    """People and a customer of a test, asked with kehuctl alone."""

    def __init__(self, stack, client, source):
        self.stack, self.client, self.source = stack, client, source
        people = People(stack, client, source)
        boss = people.add('boss', 'manager')
        self.boss = boss.code
        self.li, self.wang = (people.add(name, 'complaint_handler', manager=boss).code
                              for name in ('li', 'wang'))
        client.publish(placed('N1', source, customer='C1', name='翠湖商贸', lines=[('tea', 2, 9)]))
        self.customer = f'{source}:C1'
        catches_up(stack)

    def run(self, *arguments, **options):
        return self.stack.kehuctl(*arguments, **options)

    def ok(self, *arguments, **options):
        answer = self.run(*arguments, **options)
        assert answer.returncode == 0, (arguments, answer.stdout, answer.stderr)
        return answer.stdout

    def json(self, *arguments, **options):
        return json.loads(self.ok(*arguments, '--json', **options).splitlines()[-1])

    def refused(self, *arguments, code=1, **options):
        answer = self.run(*arguments, **options)
        assert answer.returncode == code, (arguments, answer.stdout, answer.stderr)
        return answer.stderr

    def opens(self, content='茶饼受潮', *more):
        """The number of a new case, which li handles and looks into."""
        number = self.json('complaint', 'open', content, '--customer', self.customer, *more,
                           '--as', self.li)['number']
        self.ok('complaint', 'take', number, '--as', self.li)
        self.ok('complaint', 'investigate', number, '--as', self.li)
        return number


@pytest.fixture
def house(stack, client, source):
    return House(stack, client, source)


# --- intake ---

def test_a_case_is_opened_with_all_that_is_known_of_it(house):
    reply = house.json(
        'complaint', 'open', '茶叶有异味\n第二行😀', '--customer', house.customer, '--channel', 'hotline',
        '--order', f'{house.source}:N1', '--product', 'TEA-01', '--batch', 'b8', '--issue', '异味',
        '--region', '云南', '--external-ref', f'{house.source}:x1', '--in-dispute', '120.50',
        '--safety', 'serious', '--reply-to', 'sms', '--attach', 'https://files.example/a.jpg',
        '--as', house.li)
    assert sorted(reply) == REPLY
    assert (reply['state'], reply['priority'], reply['joined']) == ('received', 'high', False)
    again = house.run('complaint', 'open', 'x', '--anonymous', '--external-ref',
                      f'{house.source}:x1')
    assert again.returncode == 1
    row = house.stack.sql('select content, product, batch, issue, region, amount_micros, channel'
                          ' from complaints.cases where number = %s', reply['number'])[0]
    assert row == ('茶叶有异味\n第二行😀', 'TEA-01', 'b8', '异味', '云南', 120500000, 1)


def test_the_content_may_come_from_standard_input(house):
    number = house.json('complaint', 'open', '-', '--anonymous', input='一行\n两行\n')['number']
    assert house.stack.value('select content from complaints.cases where number = %s',
                             number) == '一行\n两行'
    assert house.refused('complaint', 'open', '-', '--anonymous', input='x' * 1100000, code=2)


def test_an_unknown_customer_is_recorded(house):
    reply = house.json('complaint', 'open', 'x', '--customer', f'{house.source}:later')
    assert reply['number'] and reply['state'] == 'received'
    assert reply['customer_unknown'] == f'{house.source}:later'


@pytest.mark.parametrize('verb', [
    ['open', 'x'], ['settle', 'x', '--answer', 'y'],
    ['enquiry', 'x', '--answer', 'y', '--topic', 'z']])
def test_who_records_a_case_is_told_that_nobody_knows_its_customer(house, verb):
    unknown = house.ok('complaint', *verb, '--customer', 'KH999999', '--as', house.li)
    assert 'recorded; no customer KH999999 is known: it is linked when he appears' in unknown
    chinese = house.ok('complaint', *verb, '--customer', 'KH999999', '--as', house.li, '--lang',
                       'zh')
    assert '已登记;目前没有客户KH999999,客户出现后自动关联' in chinese
    for known in (['--customer', house.customer], ['--anonymous']):
        assert 'no customer' not in house.ok('complaint', *verb, *known, '--as', house.li)


@pytest.mark.parametrize('arguments, sentence', [
    (['open', 'x'], 'one of --customer, --phone and --anonymous'),
    (['open', 'x', '--anonymous', '--phone', '1'], 'one of --customer, --phone and --anonymous'),
    (['open', 'x', '--anonymous', '--kind', 'rant'],
     'one of complaint, suggestion, feedback, enquiry, service_request'),
    (['open', 'x', '--anonymous', '--channel', 'fax'], 'one of hotline, online, store_box'),
    (['open', 'x', '--anonymous', '--in-dispute', '1,5'], 'an amount like 120 or 120.50'),
    (['open', 'x', '--anonymous', '--at', 'yesterday'], 'a time like "2026-11-22 17:30"'),
    (['open', 'x', '--anonymous', '--lang', 'fr'], '--lang must be zh or en'),
    (['open'], 'complaint open needs CONTENT'),
    (['assign', 'TS-20260101-0001'], '--handler, --team or both'),
    (['call', 'TS-20260101-0001', 'busy'], 'reached, no_answer, refused, wrong_number'),
    (['rate', 'TS-20260101-0001', '6'], 'a number from 1 to 5'),
    (['subtask', 'TS-20260101-0001'], 'Give a TEXT, or --subtask ID'),
    (['action', 'TS-20260101-0001', 'x'], 'a new action needs a TEXT, --owner and --due-on'),
    (['lesson', 'TS-20260101-0001'], '--same-as or --none-because'),
    (['cause', 'TS-20260101-0001'], '--unit, --fault or --topic'),
    (['work', 'TS-20260101-0001'], '--done, --charge, --taken-up or --not-because'),
    (['approve', 'TS-20260101-0001', '--refuse'], '--refuse needs a --reason'),
    (['extend', 'TS-20260101-0001', 'x'], '--until TIME to ask for more time'),
    (['propose', 'TS-20260101-0001', 'x', '--amount', '5'], 'an --amount needs --remedy'),
    (['list', '--open', '--state', 'closed'], '--open or --state, not both'),
    (['list', '--row', 'tea'], 'need --by and --row'),
    (['list', '--top', '5', '--all'], '--top or --all, not both'),
    (['supervise', 'TS-20260101-0001'], 'needs --reason'),
    (['tak', 'TS-20260101-0001'], 'did you mean `kehuctl complaint take`')])
def test_wrong_use_says_what_would_be_right(stack, arguments, sentence):
    answer = stack.kehuctl('complaint', *arguments)
    assert answer.returncode == 2 and sentence in answer.stderr, answer.stderr


def test_an_unknown_case_is_refused(house):
    message = house.refused('complaint', 'take', 'TS-20010101-0001', '--as', house.li)
    assert message.startswith('kehuctl: NOT_FOUND')


def test_an_unknown_message_is_refused_with_what_would_be_right(house):
    message = house.refused('complaint', 'delivery', house.opens(), 'zzz', 'delivered')
    assert 'nothing here has an id that ends with zzz' in message


# --- the life of a case ---

def test_a_refused_closing_lists_in_the_readers_language_what_is_open(house):
    number = house.opens()
    for verb, *more in (('propose', '换货', '--remedy', 'replacement'), ('agree',),
                        ('answer', '已更换', '--spoken')):
        house.ok('complaint', verb, number, *more, '--as', house.li)
    english = house.refused('complaint', 'close', number, '--as', house.li)
    assert '  condition.cause: the cause is missing' in english
    assert '  condition.lesson: the lesson is missing' in english
    chinese = house.refused('complaint', 'close', number, '--as', house.li, '--lang', 'zh')
    assert '  condition.cause: 尚未填写原因' in chinese
    assert '已尝试0/3次、0/2种渠道、0/3个不同工作日' in chinese
    sentence = english.splitlines()[0].split(': ', 2)[2]
    assert sentence.startswith('the case is confirmation due') and '_' not in sentence
    assert english.count(sentence) == 1
    by_environment = house.refused('complaint', 'close', number, '--as', house.li,
                                   LANG='zh_CN.UTF-8', LC_ALL='')
    assert '尚未填写原因' in by_environment


def test_a_case_goes_from_intake_to_its_end(house):
    number = house.opens()
    do = [('propose', '退还货款', '--remedy', 'refund', '--amount', '100.50'),
          ('agree', '同意'), ('answer', '已退款', '--spoken'),
          ('cause', 'delivery.damage', '--unit', '物流', '--fault', 'company'),
          ('lesson', '雨天加防潮袋')]
    for verb, *more in do:
        house.ok('complaint', verb, number, *more, '--as', house.li)
    out = house.ok('complaint', 'confirm', number, '满意', '--as', house.wang)
    assert 'confirmed' in out and 'nothing is missing: it may be closed' in out
    assert house.json('complaint', 'close', number, '--as', house.li)['state'] == 'closed'
    house.ok('complaint', 'reopen', number, '又坏了', '--as', house.li)
    row, = house.stack.sql('select remedy_micros, cause, reopened from complaints.cases'
                           ' where number = %s', number)
    assert row == (100500000, 'delivery.damage', 1)


def test_a_remedy_above_the_limit_waits_for_another(house):
    number = house.opens()
    house.ok('complaint', 'propose', number, '退款', '--remedy', 'refund', '--amount', '480',
             '--as', house.li)
    assert 'approv' in house.refused('complaint', 'agree', number, '--as', house.li)
    house.refused('complaint', 'approve', number, '--as', house.li)
    house.ok('complaint', 'approve', number, '--as', house.boss)
    house.ok('complaint', 'agree', number, '--as', house.li)


def test_a_version_that_is_not_the_present_one_is_refused(house):
    number = house.opens()
    message = house.refused('complaint', 'withdraw', number, '客户撤回', '--expected-version', '1',
                            '--as', house.li)
    assert 'FAILED_PRECONDITION' in message and 'version' in message


def test_what_was_said_is_kept_apart(house):
    number = house.opens()
    house.ok('complaint', 'note', number, '仓库停电', '--as', house.li)
    house.ok('complaint', 'message', number, '正在核查', '--channel', 'sms', '--as', house.li)
    house.ok('complaint', 'call', number, 'reached', '说明进展', '--substantive', '--as', house.li)
    rows = house.stack.sql(
        'select is_internal, text from complaints.case_message m join complaints.cases c'
        ' on c.id = m.case_id where c.number = %s order by m.id', number)
    assert (True, '仓库停电') in rows and (False, '正在核查') in rows


def test_sub_tasks_are_found_by_the_end_of_their_id(house):
    number = house.opens()
    house.ok('complaint', 'subtask', number, '检验', '--unit', '质检', '--owner', house.wang,
             '--due', '2030-01-04', '--as', house.li)
    out = house.ok('complaint', 'tasks', '--as', house.wang)
    assert '检验' in out and '2030-01-04 18:00' in out
    handle = re.search(r'sub-task\s+(\w{6})\s', out)[1]
    house.ok('complaint', 'subtask', number, '--subtask', handle, '--result', '水分超标', '--as',
             house.wang)
    assert house.ok('complaint', 'tasks', '--as', house.wang).strip() == 'nothing'
    assert 'ends with nosuch' in house.refused('complaint', 'subtask', number, '--subtask',
                                               'nosuch', '--result', 'x', '--as', house.li)


# --- lists ---

def test_lists_and_queues_show_words_and_names(house):
    number = house.opens()
    out = house.ok('complaint', 'list', '--customer', house.customer, '--open')
    assert number in out and '翠湖商贸' in out and 'investigating' in out and 'in time' in out
    out = house.ok('complaint', 'list', '--customer', house.customer, '--lang', 'zh')
    assert '调查处理中' in out and '正常' in out and '编号' in out
    assert number in house.ok('queue', '--handler', house.li)
    assert number in house.ok('queue', '--as', house.li)
    assert house.ok('queue', '--as', house.wang).strip() == 'nothing'
    one, = house.json('complaint', 'list', '--customer', house.customer)
    assert one['number'] == number and one['state'] == 'investigating' and one['due_at']


def test_a_case_whose_deadlines_stand_still_is_marked_in_every_list(house):
    number = house.opens()
    house.ok('complaint', 'pause', number, '等待客户寄回样品', '--as', house.li)
    for question in (('queue', '--handler', house.li),
                     ('complaint', 'list', '--customer', house.customer)):
        line, = (line for line in house.ok(*question).splitlines() if number in line)
        assert line.rstrip().endswith('paused')
        one, = (one for one in house.json(*question) if one['number'] == number)
        assert one['paused_since'] and one['due_at']
    assert '暂停计时' in house.ok('queue', '--handler', house.li, '--lang', 'zh')
    house.ok('complaint', 'resume', number, '--as', house.li)
    assert 'paused' not in house.ok('queue', '--handler', house.li)
    one, = house.json('complaint', 'list', '--customer', house.customer)
    assert not one.get('paused_since')


def test_cases_are_shown_while_the_customers_service_cannot_be_reached(house):
    number = house.opens()
    out = house.ok('queue', '--handler', house.li, KEHU_CUSTOMERS_URL='tcp://127.0.0.1:1')
    assert number in out and '翠湖商贸' not in out


def test_the_pages_of_a_list_are_put_together(house):
    for n in range(3):
        house.json('complaint', 'open', f'第{n}件', '--customer', house.customer)
    house.ok('complaint', 'list', '--customer', house.customer, '--top', '2')
    assert 'and more' in house.ok('complaint', 'list', '--customer', house.customer, '--top', '2')
    assert len(house.json('complaint', 'list', '--customer', house.customer, '--all')) == 3


# --- figures ---

def test_a_report_is_a_plain_array_of_rows(house):
    product = f'tea-{house.source}'
    number = house.opens('x', '--product', product)
    row, = [one for one in house.json('report', 'complaints', '--by', 'product')
            if one['key'] == product]
    assert row['complaints'] == 1 and row['open'] == 1
    table = house.ok('report', 'complaints', '--by', 'product')
    assert product in table and 'in time' in table
    behind = house.json('complaint', 'list', '--by', 'product', '--row', product,
                        '--figure', 'open')
    assert [one['number'] for one in behind] == [number]
    assert house.json('report', 'complaints', '--by', 'product', '--from', '1990-01-01', '--to',
                      '1990-01-02') == []
    wrong = house.refused('report', 'complaints', '--by', 'colour', code=2)
    assert 'one of product, issue' in wrong


def test_every_report_has_rows_and_a_table(house):
    house.opens()
    for by in ('product', 'issue', 'month', 'channel', 'state', 'region', 'cause', 'owner',
               'handler', 'grade', 'total'):
        rows = house.json('report', 'complaints', '--by', by, '--top', '3')
        assert rows[0]['complaints'] > 0, by
        assert 'cases' in house.ok('report', 'complaints', '--by', by), by


# --- policies ---

def test_policies_of_both_services_are_listed_and_shown(stack):
    kinds = {one['kind'] for one in stack.kehuctl_json('policy', 'list')['policies']}
    assert {'grade', 'targets', 'causes', 'severity', 'remedies', 'repeat'} <= kinds
    shown = stack.kehuctl('policy', 'show', 'targets').stdout
    assert re.search(r'^resolution +urgent +0 +1 ', shown, re.M)
    shown = stack.kehuctl('policy', 'show', 'remedies').stdout
    assert re.search(r'handler_limit +300$', shown, re.M)
    assert '产品质量' in stack.kehuctl('policy', 'show', 'causes').stdout
    answer = stack.kehuctl('policy', 'show', 'nonsense')
    assert answer.returncode == 2 and 'grade' in answer.stderr and 'targets' in answer.stderr


def test_a_policy_is_tried_before_it_is_applied(new_stack, tmp_path):
    stack = new_stack()
    file = tmp_path / 'targets.json'
    document = json.loads(stack.kehuctl('policy', 'show', 'targets', '--document').stdout)
    stack.kehuctl_json('complaint', 'open', 'x', '--anonymous')
    for target in document['targets']:
        if target['clock'] == 'resolution':
            target['workingDays'] += 1
    file.write_text(json.dumps(document))
    tried = stack.kehuctl('policy', 'apply', 'targets', file, '--reason', '试', '--dry-run')
    assert 'nothing is changed; 1 deadlines would move' in tried.stdout, tried
    applied = stack.kehuctl_json('policy', 'apply', 'targets', file, '--reason', '放宽')
    assert (applied['version'], applied['dry_run']) == (2, False)
    later = next(t for t in document['targets']
                 if t['clock'] == 'resolution' and t['priority'] == 'PRIORITY_HIGH')
    later['workingDays'] = 30
    file.write_text(json.dumps(document))
    answer = stack.kehuctl('policy', 'apply', 'targets', file, '--reason', 'x')
    assert answer.returncode == 1 and 'INVALID_ARGUMENT' in answer.stderr


# --- calendars ---

def test_a_calendar_is_shown_tried_and_saved(new_stack, tmp_path):
    stack, file = new_stack(), tmp_path / 'west.json'
    listed = {one['calendar']['name'] for one in
              stack.kehuctl_json('calendar', 'list')['calendars']}
    assert {'cn', 'cn-west'} <= listed
    assert 'Mon  09:00–12:00, 13:30–18:00' in stack.kehuctl('calendar', 'show').stdout
    shown = stack.kehuctl('calendar', 'show', 'cn-west', '--lang', 'zh').stdout
    assert '周一  10:00–14:00, 16:00–20:00' in shown and '新疆' in shown
    number = stack.kehuctl_json('complaint', 'open', 'x', '--anonymous', '--region',
                                '新疆')['number']
    document = stack.kehuctl('calendar', 'show', 'cn-west', '--document').stdout
    file.write_text(document.replace('"20:00"', '"19:00"'))
    tried = stack.kehuctl('calendar', 'save', file, '--reason', '试', '--dry-run')
    assert 'nothing is changed' in tried.stdout and number in tried.stdout, tried
    saved = stack.kehuctl_json('calendar', 'save', file, '--reason', '冬季')
    assert saved['clocks_moved'] >= 1 and not saved['dry_run']
    assert '16:00–19:00' in stack.kehuctl('calendar', 'show', 'cn-west').stdout
    late = stack.kehuctl('calendar', 'save', file, '--reason', 'x', '--expect', '1')
    assert late.returncode == 1 and 'FAILED_PRECONDITION' in late.stderr
    file.write_text('{"calendar": {}}')
    assert stack.kehuctl('calendar', 'save', file, '--reason', 'x').returncode == 2
    closed = json.loads(document)
    closed['calendar']['weekly'] = []
    file.write_text(json.dumps(closed))
    refused = stack.kehuctl('calendar', 'save', file, '--reason', 'x')
    assert refused.returncode == 1 and 'calendar.calendar.weekly' in refused.stderr


def test_a_years_holidays_are_loaded_from_a_table(new_stack, tmp_path):
    stack, file = new_stack(), tmp_path / 'holidays.csv'
    file.write_text('\ufeffschedule_year,date,kind,name\n2031,2031-01-23,off,春节\n'
                    '2031,2031-01-25,work,春节\n2032,2032-02-11,off,春节\n')
    answer = stack.kehuctl('calendar', 'holidays', file)
    assert answer.returncode == 2 and 'say --year' in answer.stderr
    load = ['calendar', 'holidays', file, '--year', '2031', '--source', '国办']
    tried = stack.kehuctl_json(*load, '--dry-run')
    assert {one['name'] for one in tried['calendars']} == {'cn', 'cn-west'} and tried['dry_run']
    assert stack.kehuctl(*load).returncode == 0
    assert '2031  1 days off, 1 working days' in stack.kehuctl('calendar', 'show').stdout
    again = stack.kehuctl(*load)
    assert again.returncode == 1 and 'FAILED_PRECONDITION' in again.stderr
    assert stack.kehuctl(*load, '--amends').returncode == 0
    for text, sentence in (('a,b\n', 'must name the columns'),
                           ('schedule_year,date,kind\n2031,23.1.2031,off\n', 'line 2'),
                           ('schedule_year,date,kind\n2031,2031-01-23,maybe\n', 'off or work'),
                           ('schedule_year,date,kind\n2031\n', 'too few columns')):
        file.write_text(text)
        answer = stack.kehuctl('calendar', 'holidays', file)
        assert answer.returncode == 2 and sentence in answer.stderr, answer.stderr


# --- what is settled at once ---

def test_a_case_solved_on_the_spot_is_one_command(house):
    reply = house.json(
        'complaint', 'settle', '少找了五元', '--customer', house.customer, '--channel', 'visit',
        '--answer', '当场退还', '--satisfied', '--cause', 'price.billing', '--unit', '门店', '--fault',
        'company', '--remedy', 'refund', '--amount', '5', '--as', house.li)
    assert reply['state'] in ('confirmed', 'closed', 'confirmation_due'), reply
    enquiry = house.json('complaint', 'enquiry', '几点关门', '--answer', '晚上九点', '--topic', '营业时间',
                         '--anonymous', '--as', house.li)
    assert enquiry['number'].startswith('ZX-') and enquiry['state'] == 'closed'


def test_who_is_calling_is_told_by_number_of_the_customer(house):
    house.opens()
    out = house.ok('complaint', 'caller', house.customer)
    assert re.match(r'KH\d{6} 翠湖商贸\n', out) and 'Open cases' in out and 'Orders' in out
    found = house.json('complaint', 'caller', house.customer)
    assert found['customer_number'].startswith('KH') and len(found['open_cases']) == 1
    assert 'no customer alone holds it' in house.ok('complaint', 'caller', '13900009999')


def test_who_is_recused_is_told_why_he_sees_nobody(house):
    number = house.opens()
    house.ok('complaint', 'recuse', number, house.wang, '--reason', '被投诉人',
             '--hide-complainant', '--as', house.boss)
    out = house.ok('complaint', 'show', number, '--as', house.wang)
    assert 'who keep out of this case' in out and house.customer not in out
    house.refused('complaint', 'call', number, 'reached', 'x', '--as', house.wang)


def test_improvements_are_kept(house):
    item = house.json('improvement', 'save', '仓库除湿', '--owner', house.wang, '--due-on',
                      '2030-01-01', '--as', house.boss)
    assert item['text'] == '仓库除湿' and item['due_on'] == '2030-01-01'
    done = house.json('improvement', 'save', '--improvement', item['improvement_id'], '--done-on',
                      '2026-11-20', '--effect', '投诉减半', '--as', house.boss)
    assert done['owner'] == house.wang and done['effect'] == '投诉减半'
    assert '仓库除湿' in house.ok('improvement', 'list', '--owner', house.wang)
    assert '投诉减半' in house.ok('improvement', 'show', item['improvement_id'])


def test_without_a_terminal_there_are_no_colours(house):
    house.opens()
    out = subprocess.run([house.stack.bin / 'kehuctl', 'queue'], env=house.stack.environment(),
                         stdout=subprocess.PIPE, timeout=60).stdout
    assert b'\033' not in out
