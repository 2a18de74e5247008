"""Tables for `kehuctl import`, and what the tests of imports and exports read of the outcome."""
import csv
import json
import uuid

from tests.support import proto

HEAD = '客户编号,名称,电话,统一社会信用代码,地址'
GOOD = ['K-1,昆明翠湖商贸有限公司,0871-65180001,91350100M000100Y43,昆明市五华区',
        'K-2,大理古城旅行社,138 0000 0001,,"大理, 古城"',
        'K-3,丽江雪山茶业,13900000003,,']


def importer(stack, source, tmp_path):
    """table('customers', bytes or lines, options…) → the JSON, with code, said and report."""
    def run(kind, what, *options, head=HEAD, name=None):
        path = tmp_path / (name or f'{uuid.uuid4().hex}.csv')
        content = what if isinstance(what, bytes) else '\n'.join([head, *what, '']).encode()
        path.write_bytes(content)
        report = tmp_path / 'report.csv'
        answer = stack.kehuctl('import', kind, path, '--source', source, '--json', '--report',
                               report, *options)
        last = json.loads(answer.stdout.splitlines()[-1]) if answer.stdout.strip() else {}
        with open(report, encoding='utf-8-sig', newline='') as file:
            faults = [(int(row['line']), row['column'], row['why'])
                      for row in csv.DictReader(file)]
        return {**last, 'code': answer.returncode, 'said': answer.stderr, 'report': faults}
    return run


def figures(last):
    return tuple(last[k] for k in ('accepted', 'updated', 'unchanged', 'rejected', 'broken'))


def file_of(client, ref):
    reply = client.ask(proto.GetCustomerFile(ref=ref, unmask=True))
    return reply.payload if reply.status == 'OK' else None
