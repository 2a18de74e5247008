"""What makes and checks the documents."""
import pathlib
import subprocess
import sys

from google.protobuf import descriptor_pb2

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / 'deploy/docs'))

import contract  # noqa: E402
import tables  # noqa: E402
import yaml_text  # noqa: E402


def complaints(tmp_path, text):
    (tmp_path / 'page.md').write_text(text, encoding='utf-8')
    (tmp_path / 'other.md').write_text('# Two words\n\n## A `b`, c\n', encoding='utf-8')
    run = subprocess.run([ROOT / 'deploy/docs/links.py', tmp_path / 'page.md'], check=True,
                         stdout=subprocess.PIPE, encoding='utf-8')
    return [line.split(': ', 1)[1] for line in run.stdout.splitlines()]


def test_a_link_that_leads_nowhere_is_named(tmp_path):
    assert complaints(tmp_path, '[a](gone.md) [b](other.md#three) [c](#none)\n') == [
        '(gone.md): there is no such file', '(other.md#three): there is no such heading',
        '(#none): there is no such heading']


def test_good_links_and_what_only_looks_like_one_pass(tmp_path):
    assert complaints(tmp_path, '# Here\n[a](other.md#two-words) [b](other.md#a-b-c) [c](#here)\n'
                      '[d](https://example.org/x) `[e](gone.md)`\n```\n[f](gone.md)\n```\n') == []


def test_a_comment_that_goes_on_in_the_next_line_stays_with_its_field():
    info = descriptor_pb2.SourceCodeInfo()
    info.location.add(path=[4, 0, 2, 0], trailing_comments=' where to begin;\n')
    info.location.add(path=[4, 0, 2, 1], leading_comments=' "end": now\n',
                      trailing_comments=' how many\n')
    assert contract.read_comments(info.location) == {
        (4, 0, 2, 0): 'where to begin; "end": now', (4, 0, 2, 1): 'how many'}


def test_yaml_quotes_what_would_be_read_as_something_else():
    assert yaml_text.render({'a': 'plain', 'b': '1.0', 'no': True, 'c': [{'d': 'x: y', 'e': None}],
                             'f': {}}) == (
        'a: plain\nb: "1.0"\n"no": true\nc:\n  - d: "x: y"\n    e: null\nf: {}\n')


def test_every_metric_of_the_sources_is_in_the_table(monkeypatch):
    monkeypatch.chdir(ROOT)
    rows = '\n'.join(tables.metrics_table(['customers']))
    for name in ('kehu_bus_received_total', 'kehu_requests_in_flight', 'kehu_answers_total',
                 'kehu_customers_events_conflict_total'):
        assert f'`{name}' in rows
