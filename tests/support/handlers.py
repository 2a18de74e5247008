"""The table of messages the customers service serves, as its source says it.

    for handler in served(): handler.method, handler.act, handler.message

The rights of roles are written down here a second time, from BEHAVIOUR and docs/security.md, not
read from the code: what the code says otherwise is a difference that a test shows.
"""
import collections
import re

from tests.support import proto
from tests.support.stack import ROOT

TABLE = ROOT / 'services/customers/handler_table.c'

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
}

Handler = collections.namedtuple('Handler', 'type method act is_for_systems message')


def served():
    """Every row of the table; `act` without ACT_, 'ANYBODY' where there is none."""
    rows = re.findall(r'\{\s*\.type = "([\w.]+)"(.*?)\}', TABLE.read_text(), re.S)
    assert len(rows) > 30
    for name, rest in rows:
        act = re.search(r'\.act = ACT_(\w+)', rest)
        yield Handler(name, f'customers.{name.rsplit(".")[-1]}', act[1] if act else 'ANYBODY',
                      'is_for_systems = true' in rest, proto.contract[name])
