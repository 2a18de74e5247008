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


def read_settings(service):
    """{name: (meaning, value)} as the program's --help tells them."""
    text = subprocess.run([f'bin/{service}', '--help'], check=True, stdout=subprocess.PIPE,
                          env={'LANG': 'C.UTF-8'}, encoding='utf-8').stdout
    return {name: (meaning, value) for name, _, meaning, value in SETTING.findall(text)}


def settings_table(services):
    """What all have first; what only some have says whose it is."""
    found = {service: read_settings(service) for service in services}
    yield '| setting | meaning | value |'
    yield '| --- | --- | --- |'
    told = set()
    for service in services:
        for name, (meaning, value) in found[service].items():
            owners = [other for other in services if name in found[other]]
            if name not in told:
                whose = '' if owners == list(services) else f' ({", ".join(owners)})'
                yield f'| `{name}` | {meaning}{whose} | {value} |'
            told.add(name)


def read_rows(text):
    for name, kind, meaning in ROW.findall(text):
        yield name, kind.lower(), re.sub(r'"\s*"', '', meaning)


def metrics_table(services):
    """From the tables in the sources: what /metrics prints, without a running service."""
    yield '| metric | kind | meaning |'
    yield '| --- | --- | --- |'
    told = set()
    for service in services:
        for row in service_metrics(service):
            if row not in told:
                yield row
            told.add(row)


def service_metrics(service):
    paths = [*pathlib.Path('common').glob('*.c'), *pathlib.Path(f'services/{service}').rglob('*.c')]
    texts = [path.read_text(encoding='utf-8') for path in sorted(paths)]
    tables = {name: list(read_rows(body)) for text in texts for name, body in TABLE.findall(text)}
    for text in texts:
        for prefix, table in ADDED.findall(text):
            own = not prefix.startswith('"')  # the service's own table, under its own name
            prefix = f'kehu_{service}_' if own else prefix.strip('"')
            for name, kind, meaning in tables.get(f'{service}_metrics' if own else table, []):
                yield f'| `{prefix}{name}` | {kind} | {meaning} |'
        for row in LABELLED.findall(text):
            for name, kind, meaning in read_rows(row):
                yield f'| `kehu_{name}{{status="…"}}` | {kind} | {meaning} |'


def renewed(text, services):
    """The document with what stands between its marks made anew."""
    for mark, table in (('settings', settings_table), ('metrics', metrics_table)):
        begin, end = f'<!-- {mark} -->\n', f'<!-- /{mark} -->'
        head, rest = text.split(begin, 1)
        _, tail = rest.split(end, 1)
        text = head + begin + '\n' + '\n'.join(table(services)) + '\n\n' + end + tail
    return text
