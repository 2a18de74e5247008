"""What kehuctl says to people in Chinese and English: headings, refusals, empty lists."""
import re

import pytest

from tests.support.client import placed
from tests.support.desk import Desk
from tests.support.stack import ROOT

ZH = ('--lang', 'zh')


def said(stack, *arguments, **options):
    answer = stack.kehuctl(*arguments, **options)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


def heading(stack, *arguments):
    return said(stack, *arguments).splitlines()[0].split()


def sentences():
    """(English, Chinese) of clients/kehuctl/ctl_words.c."""
    source = (ROOT / 'clients/kehuctl/ctl_words.c').read_text()
    table = source.split('struct pair sentences[] = {')[1].split('};')[0]
    return re.findall(r'\{"([^"]+)",\s*"([^"]+)"\}', table)


@pytest.fixture
def case(stack, source):
    with Desk(stack, source) as desk:
        yield desk.open('灯坏了', product='lamp', issue=source, channel='HOTLINE').number


def test_headings_of_reports_and_lists_are_in_the_language_of_the_reader(stack, case):
    assert heading(stack, 'report', 'complaints', '--by', 'product', *ZH)[:4] == [
        '产品', '案件数', '未结案', '已结案']
    assert heading(stack, 'report', 'complaints', '--by', 'product')[:4] == [
        'product', 'cases', 'open', 'closed']
    assert heading(stack, 'staff', 'list', *ZH)[0] in ('代码', '暂无')
    assert heading(stack, 'policy', 'list', *ZH)[:2] == ['类别', '版本']
    by_locale = stack.kehuctl('policy', 'list', LC_ALL='zh_CN.UTF-8')
    assert by_locale.stdout.startswith('类别')


def test_states_and_channels_of_a_report_are_words_and_in_json_the_names_options_take(stack, case):
    assert '待受理' in said(stack, 'report', 'complaints', '--by', 'state', *ZH)
    assert '热线' in said(stack, 'report', 'complaints', '--by', 'channel', *ZH)
    keys = {row['key'] for row in stack.kehuctl_json('report', 'complaints', '--by', 'state', *ZH)}
    assert 'received' in keys
    found = stack.kehuctl_json('complaint', 'list', '--by', 'state', '--row', 'received', '--all')
    assert case in [one['number'] for one in found]


@pytest.mark.parametrize('arguments', [
    ('queue', '--team', 'nobody at all'), ('complaint', 'list', '--product', 'none of it'),
    ('customer', 'list', '--missing', 'phone', '--parent', 'x:none'),
    ('owner', 'unassigned', '--region', '无此区域'), ('improvement', 'list', '--owner', 'no.one'),
    ('report', 'complaints', '--by', 'issue', '--to', '2001-01-01'),
    ('complaint', 'lessons', '没有这样的总结'), ('grade', 'held')])
def test_an_empty_list_says_so_in_both_languages(stack, arguments):
    for lang, word in (('zh', '暂无'), ('en', 'nothing')):
        answer = stack.kehuctl(*arguments, '--lang', lang)
        if answer.returncode == 0:
            assert answer.stdout.splitlines()[0] == word, answer.stdout
        else:
            assert 'NOT_FOUND' in answer.stderr or 'INVALID_ARGUMENT' in answer.stderr


def test_a_refusal_says_in_chinese_what_its_status_means_and_keeps_the_name(stack, case):
    answer = stack.kehuctl('complaint', 'show', 'TS-20010101-0001', *ZH)
    assert answer.returncode == 1
    assert answer.stderr.startswith('kehuctl: 没有找到 (NOT_FOUND): 没有此编号或外部编号的案件')
    english = stack.kehuctl('complaint', 'show', 'TS-20010101-0001').stderr
    assert english.startswith('kehuctl: NOT_FOUND: no case has this number, id or reference')
    early = stack.kehuctl('complaint', 'close', case, *ZH).stderr
    assert early.startswith('kehuctl: 现在不能这样做 (FAILED_PRECONDITION): ')


def test_a_case_says_in_both_languages_what_can_be_typed_next_and_nothing_else(stack, case):
    names = {line.split()[1] for line in said(stack, 'help').splitlines()
             if line.startswith('  complaint ')}
    given = {}
    for lang, label in (('en', 'may be done: '), ('zh', '下一步: ')):
        shown = said(stack, 'complaint', 'show', case, '--lang', lang).splitlines()
        line = next(line for line in shown if line.startswith(label))
        given[lang] = line.removeprefix(label).split(', ')
        assert {word.split('(')[0] for word in given[lang]} <= names - {'settle'}
    assert given['en'] == ['take', 'reject', 'withdraw', 'merge']
    assert given['zh'] == ['take(受理)', 'reject(不予受理)', 'withdraw(撤回)', 'merge(并案)']


def test_whatever_may_be_done_is_a_command_or_is_not_shown(stack):
    source = (ROOT / 'clients/kehuctl/complaint_words.c').read_text()
    verbs = source.split('struct word verbs[] = {')[1].split('};')[0]
    known = said(stack, 'help')
    words = re.findall(r'\{"[a-z_]+", "([^"]*)", "([^"]*)"\}', verbs)
    assert len(words) == 15
    for zh, en in words:
        assert zh.split('(')[0] == en and (not en or f'  complaint {en} ' in known), (zh, en)


def test_labels_of_cards_are_in_the_language_of_the_reader_and_aligned(stack, client, source):
    assert client.publish(placed('N1', source, currency='XYZ')).outcomes == ['rejected']
    item = stack.kehuctl_json('quarantine', 'list', 'customers', '--source', source)[0]['id']
    for lang, labels in (('zh', ('时间', '保留至')), ('en', ('at', 'kept until'))):
        card = said(stack, 'quarantine', 'show', item, '--lang', lang).splitlines()
        for line, label in zip(card, labels):
            width = len(label) * 2 if lang == 'zh' else len(label)  # Chinese is two wide
            assert re.match(f'  {label}{" " * (15 - width)}20', line), card


def test_a_former_name_is_said_to_be_one_in_the_language_of_the_reader(stack, source):
    old, new = (stack.kehuctl_json('customer', 'register', '--name', name)['number']
                for name in (f'普渡河{source}', f'螳螂川{source}'))
    said(stack, 'merge', 'make', old, '--into', new, '--reason', '同一家公司')
    assert f'(原名 普渡河{source}, {old})' in said(stack, 'customer', 'search', old, *ZH)
    assert f'(formerly 普渡河{source}, {old})' in said(stack, 'customer', 'search', old)


def test_every_command_has_an_example_in_its_help(stack):
    lines = said(stack, '--help').split('Commands\n')[1].split('\n\n')[0].splitlines()
    paths = [re.match(r'  ([a-z-]+(?: [a-z-]+)?)  ', line).group(1) for line in lines]
    assert len(paths) > 100
    for path in paths:
        assert re.search(rf'^ +kehuctl .*{path}', said(stack, *path.split(), '--help'), re.M), path


@pytest.mark.parametrize('english,chinese', sentences())
def test_every_sentence_that_has_a_chinese_one_is_still_said(english, chinese):
    sources = [path for folder in ('services', 'common', 'clients/kehuctl')
               for path in (ROOT / folder).rglob('*.c') if path.name != 'ctl_words.c']
    assert any(english in re.sub(r'"\s*"', '', path.read_text()) for path in sources)
    assert not re.search('[a-z]{3}', chinese.replace('--all', ''))
