"""The table of messages a service serves, as its source says it.

    for handler in served(): handler.method, handler.act, handler.message   # of customers
    for handler in served('complaints'): …

The rights of roles are written down here a second time, from BEHAVIOUR and docs/security.md, not
read from the code: what the code says otherwise is a difference that a test shows.
"""
import collections
import re

from tests.support import proto
from tests.support.stack import ROOT


ROLES = ('salesperson', 'account_manager', 'manager', 'complaint_handler', 'marketing',
         'privacy_officer', 'auditor', 'directory')
SELLERS = {'salesperson', 'account_manager', 'manager'}
OVERSEERS = {'privacy_officer', 'auditor'}
MAY = {
    'ANYBODY': set(ROLES) | {None},
    'READ': SELLERS | OVERSEERS | {'complaint_handler', 'marketing'},
    'WRITE': SELLERS | {'marketing'},
    'REPORT': {'manager'} | OVERSEERS,
    'GRADE': {'manager'},
    'POLICY': {'manager'},
    'DIRECTORY_READ': set(ROLES),
    'DIRECTORY_WRITE': {'directory'},
    'ASSIGN': {'manager'},
    'TAKE': SELLERS,
    'MERGE': {'account_manager', 'manager'},
    'IMPORT': {'manager'},
    'EXPORT': {'manager'},
    'PRIVACY': {'privacy_officer'},
    'AUDIT': {'auditor'},
    'QUARANTINE': {'auditor'},
}
WORKERS = set(ROLES) - OVERSEERS
CASE_MAY = {
    'ANYBODY': set(ROLES) | {None},
    'OPEN': WORKERS,
    'READ': set(ROLES),
    'WORK': WORKERS,
    'HANDLE': WORKERS,
    'DECIDE': {'manager'},
    'REPORT': {'complaint_handler', 'manager'} | OVERSEERS,
    'POLICY': {'manager'},
    'QUARANTINE': {'auditor'},
    'PRIVACY': {'privacy_officer'},
}

Handler = collections.namedtuple('Handler', 'type method act is_for_systems message')


def served(service='customers'):
    """Every row of the table; `act` without ACT_ or CASE_RIGHT_, 'ANYBODY' where there is none."""
    table = (ROOT / f'services/{service}/handler_table.c').read_text()
    rows = re.findall(r'\{\s*\.type = "([\w.]+)"(.*?)\}', table, re.S)
    assert len(rows) > 30
    for name, rest in rows:
        act = re.search(r'\.act = (?:ACT|CASE_RIGHT)_(\w+)', rest)
        yield Handler(name, f'{service}.{name.rsplit(".")[-1]}', act[1] if act else 'ANYBODY',
                      'is_for_systems = true' in rest, proto.contract[name])
