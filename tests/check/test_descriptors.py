"""deploy/check/descriptors.py: a released message may grow and never change."""
import pathlib
import subprocess

import pytest

CHECK = pathlib.Path(__file__).resolve().parents[2] / 'deploy/check/descriptors.py'
RELEASED = '''
message Order { string id = 1; int64 net = 2; oneof who { string name = 3; } }
enum Kind { KIND_UNSPECIFIED = 0; KIND_SALE = 1; }
'''


def compile_proto(folder, name, text):
    folder.mkdir()
    (folder / 'a.proto').write_text(f'syntax = "proto3"; package k.v1; {text}')
    out = folder / f'{name}.binpb'
    subprocess.run(['protoc', '-I', folder, '-o', out, 'a.proto'], check=True)
    return out


def verdict(tmp_path, now):
    old = compile_proto(tmp_path / 'old', 'old', RELEASED)
    new = compile_proto(tmp_path / 'new', 'new', now)
    return subprocess.run([CHECK, old, new], stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize('now', [
    RELEASED,
    RELEASED.replace('int64 net = 2;', 'int64 net = 2; string note = 9;'),
    RELEASED.replace('KIND_SALE = 1;', 'KIND_SALE = 1; KIND_RETURN = 2;'),
    RELEASED.replace('int64 net = 2;', 'reserved 2; reserved "net";'),
    RELEASED + 'message New { string id = 1; }',
])
def test_what_grows_is_let_through(tmp_path, now):
    assert verdict(tmp_path, now).returncode == 0


@pytest.mark.parametrize('now', [
    RELEASED.replace('net = 2', 'net = 4'),
    RELEASED.replace('int64 net', 'int64 total'),
    RELEASED.replace('int64 net', 'string net'),
    RELEASED.replace('int64 net', 'repeated int64 net'),
    RELEASED.replace('int64 net = 2;', ''),
    RELEASED.replace('oneof who { string name = 3; }', 'string name = 3;'),
    RELEASED.replace('KIND_SALE', 'KIND_ORDER'),
    RELEASED.replace('message Order', 'message Document'),
])
def test_what_breaks_those_built_with_the_release_is_refused(tmp_path, now):
    answer = verdict(tmp_path, now)
    assert answer.returncode == 1
    assert 'k.v1.' in answer.stdout
