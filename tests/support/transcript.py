"""A transcript in a document that is a test: commands after `$ `, and what they answered.

    told = Transcript(path)
    told.lives(stack, begins=date)     # runs every command; compares, or with KEHU_REWRITE=1 writes

Blocks are fenced as `console`. The document says on which day it begins,
`<!-- begins 2026-11-23 -->`; dates in commands and answers are moved by the days between that one
and the day on which the test lets it begin, both Mondays. Minutes, spans of time and ids differ
from run to run and are not compared; an id that an answer told is given to the commands after it.
"""
import datetime
import os
import pathlib
import re
import shlex
import subprocess

BLOCK = re.compile(r'(?<=^```console\n)(.*?)(?=^```$)', re.M | re.S)
BEGINS = re.compile(r'<!-- begins (\d{4}-\d\d-\d\d) -->')
DATES = re.compile(r'(?P<iso>\d{4}-\d\d-\d\d)|(?P<zh>\d{4}年\d{1,2}月\d{1,2}日)'
                   r'|(?<=\b[A-Z]{2}-)(?P<number>\d{8})(?=-)')
IDS = re.compile(r'\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b'
                 r'|\b[0-9a-f]{6}\b')  # the end of one, now and then of letters alone
LOOSE = [
    # As long as the notice of the year is not out.
    (re.compile(r';? \(?provisional until the holiday notice\)?'
                r'|[^\w\s]?暂定[^\w\s]待节假日通知[^\w\s]?'), ''),
    (re.compile(r'(\d\d):\d\d'), r'\1:MM'),
    (re.compile(r'(\d+ h )?\d+ min(utes)?\b|(\d+小时)?\d+分钟'), 'SPAN'),
    (IDS, 'ID'),
    (re.compile(r'-{3,}'), '---'),
    (re.compile(r' +'), ' '),
]


def _moved(match, days):
    text = match[0]
    move = datetime.timedelta(days=days)
    if match['iso']:
        return str(datetime.date.fromisoformat(text) + move)
    if match['zh']:
        year, month, day = map(int, re.findall(r'\d+', text))
        day = datetime.date(year, month, day) + move
        return f'{day.year}年{day.month}月{day.day}日'
    day = datetime.datetime.strptime(text, '%Y%m%d').date() + move
    return day.strftime('%Y%m%d')


def shift(text, days):
    """The text with each date so many days later."""
    return DATES.sub(lambda match: _moved(match, days), text)


def loose(text):
    """What must be the same in every run."""
    for pattern, instead in LOOSE:
        text = pattern.sub(instead, text)
    return [line.strip() for line in text.splitlines()]


class Step:
    """One command and its answer as written."""

    def __init__(self, command, answer):
        self.command, self.answer = command, answer

    def arguments(self):
        return shlex.split(self.command.replace('\\\n', ' '))


def steps_of(block):
    """The steps of one block."""
    found = []
    for part in re.split(r'^\$ ', block, flags=re.M)[1:]:
        command, rest = [], part.splitlines()
        while rest:
            command.append(rest.pop(0))
            if not command[-1].endswith('\\'):
                break
        found.append(Step('\n'.join(command), '\n'.join(rest)))
    return found


class Transcript:
    """See the head of this file."""

    def __init__(self, path):
        self.path = pathlib.Path(path)
        self.text = self.path.read_text()
        self.begins = datetime.date.fromisoformat(BEGINS.search(self.text)[1])
        self.blocks = [steps_of(block) for block in BLOCK.findall(self.text)]
        self.ids = {}

    def lives(self, stack, begins, settle=lambda: None):
        """Runs it on a stack whose clock shows that day; the first difference fails. `settle` waits
        before each command until what the one before said has reached everybody."""
        days = (begins - self.begins).days
        assert days % 7 == 0, (begins, self.begins)
        rewrites, differs = bool(os.environ.get('KEHU_REWRITE')), False
        for steps in self.blocks:
            for step in steps:
                settle()
                answer, written = self._run(stack, step, days), shift(step.answer, days)
                if rewrites:
                    differs = differs or loose(answer) != loose(written)
                    step.answer = answer
                    step.command = self._with_ids(shift(step.command, days))
                else:
                    self._compare(step, written, answer)
                self._learn(written, answer)
        if differs:
            self._write(begins)

    def _with_ids(self, text):
        return IDS.sub(lambda match: self.ids.get(match[0], match[0]), text)

    def _run(self, stack, step, days):
        program, *arguments = step.arguments()
        assert program == 'kehuctl', step.command
        arguments = [self._with_ids(shift(argument, days)) for argument in arguments]
        answer = subprocess.run([stack.bin / 'kehuctl', *arguments], text=True, timeout=120,
                                env=stack.environment(LANG='C.UTF-8', LC_ALL=''),
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT)
        text = '\n'.join(line.rstrip() for line in answer.stdout.splitlines())
        if answer.returncode:
            text += f'\n(exit status {answer.returncode})'
        return text

    def _compare(self, step, written, answer):
        assert loose(answer) == loose(written), (
            f'$ {step.command}\n--- {self.path.name} says\n{written}\n--- it answers\n{answer}\n'
            '--- KEHU_REWRITE=1 writes the document anew')

    def _learn(self, written, answer):
        """Ids stand in the same order."""
        self.ids.update(zip(IDS.findall(written), IDS.findall(answer)))

    def _write(self, begins):
        blocks = iter(self.blocks)

        def whole(_):
            return ''.join(f'$ {step.command}\n{step.answer}\n'.replace('\n\n$', '\n$')
                           for step in next(blocks))

        text = BLOCK.sub(whole, self.text)
        prose = re.split(r'(^```console\n.*?^```$)', text, flags=re.M | re.S)
        days = (begins - self.begins).days
        prose[::2] = [shift(part, days) for part in prose[::2]]
        self.path.write_text(''.join(prose))
