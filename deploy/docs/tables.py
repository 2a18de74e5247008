"""The tables of docs/operations.md that the programs know best: settings and metrics."""
import pathlib
import re
import subprocess

SETTING = re.compile(r'^  (KEHU_\w+)(\[_FILE\])?\n      (.*)\n      (.*)$', re.M)
TABLE = re.compile(r'const struct metric (\w+)\[\] = \{\n(.*?)\n\};', re.S)
ROW = re.compile(r'\{\s*"(\w+)",\s*METRIC_(\w+),\s*(?:offsetof\([^()]*\)|0),'
                 r'\s*"((?:[^"]|"\s*")*)"\s*\}')
ADDED = re.compile(r'metrics_add_table\(\w+,\s*([^,]+),\s*([\w>-]+),')
LABELLED = re.compile(r'struct metric metric = (\{[^}]*\});')


def settings_table(service):
    text = subprocess.run([f'bin/{service}', '--help'], check=True, stdout=subprocess.PIPE,
                          env={'LANG': 'C.UTF-8'}, encoding='utf-8').stdout
    yield '| setting | meaning | value |'
    yield '| --- | --- | --- |'
    for name, _, meaning, value in SETTING.findall(text):
        yield f'| `{name}` | {meaning} | {value} |'


def read_rows(text):
    for name, kind, meaning in ROW.findall(text):
        yield name, kind.lower(), re.sub(r'"\s*"', '', meaning)


def metrics_table(service):
    """From the tables in the sources: what /metrics prints, without a running service."""
    paths = [*pathlib.Path('common').glob('*.c'), *pathlib.Path(f'services/{service}').rglob('*.c')]
    texts = [path.read_text(encoding='utf-8') for path in sorted(paths)]
    tables = {name: list(read_rows(body)) for text in texts for name, body in TABLE.findall(text)}
    yield '| metric | kind | meaning |'
    yield '| --- | --- | --- |'
    for text in texts:
        for prefix, table in ADDED.findall(text):
            own = not prefix.startswith('"')  # the service's own table, under its own name
            prefix = f'kehu_{service}_' if own else prefix.strip('"')
            for name, kind, meaning in tables.get(f'{service}_metrics' if own else table, []):
                yield f'| `{prefix}{name}` | {kind} | {meaning} |'
        for row in LABELLED.findall(text):
            for name, kind, meaning in read_rows(row):
                yield f'| `kehu_{name}{{status="…"}}` | {kind} | {meaning} |'


def renewed(text, service):
    """The document with what stands between its marks made anew."""
    for mark, table in (('settings', settings_table), ('metrics', metrics_table)):
        begin, end = f'<!-- {mark} -->\n', f'<!-- /{mark} -->'
        head, rest = text.split(begin, 1)
        _, tail = rest.split(end, 1)
        text = head + begin + '\n' + '\n'.join(table(service)) + '\n\n' + end + tail
    return text
