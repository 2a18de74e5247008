"""deploy/check/personal.sh: the list of personal columns from the comments of a schema."""
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
GOOD = '''create table person (
    contact_id uuid not null,
    id uuid not null,
    name text not null,      -- personal; as he says it
    nick text,               -- personal
    primary key (contact_id, id)
);
'''


@pytest.fixture
def run(tmp_path):
    def it(schema, rules=''):
        (tmp_path / 'personal.rules').write_text(rules)
        (tmp_path / '001.sql').write_text(schema)
        return subprocess.run([ROOT / 'deploy/check/personal.sh', 'customers',
                               tmp_path / 'personal.rules',
                               tmp_path / '001.sql'], text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE)
    return it


def test_a_column_is_found_with_its_note_and_what_empties_it(run):
    made = run(GOOD)
    assert made.returncode == 0, made.stderr
    assert '{"person", "name", "text", "contact", "emptied", "as he says it"}' in made.stdout
    assert "update person set name = '', nick = null where contact_id = any($1)" in made.stdout
    assert 't.contact_id = v.contact_id and t.id = v.id' in made.stdout


@pytest.mark.parametrize('schema, rules, said', (
    ('create table t (\n    contact_id uuid,\n    age integer, -- personal\n'
     '    primary key (contact_id)\n);\n', '',
     'personal column t.age of type integer: personal.sh knows no empty value of it'),
    ('create table t (\n    id uuid primary key,\n    name text not null -- personal\n);\n', '',
     't: whose are its personal columns? It has no contact_id or customer_id: '
     'personal.rules has to say'),
    ('create table t (\n    contact_id uuid,\n    name text not null -- personal\n);\n', '',
     't: no primary key found'),
    (GOOD, 'person gone\n',
     'a rule says row, stays, struck, apart, of, also or keeps, not "gone"'),
    (GOOD, 'people row\n', 'people has no personal columns'),
    (GOOD, 'person also nickname\n', 'person has no column nickname'),
    (GOOD, 'person keeps state\n', 'person has no column state')))
def test_what_it_cannot_know_fails_with_a_sentence(run, schema, rules, said):
    made = run(schema, rules)
    assert made.returncode != 0 and said in made.stderr, made


def test_rules_make_rows_go_texts_be_struck_and_columns_personal(run):
    schema = GOOD + '''create table note (
    number bigint primary key,
    text text not null       -- personal
);
create table fact (
    customer_id uuid not null,
    field text not null,
    value text not null,     -- personal
    why text,
    primary key (customer_id, field)
);
'''
    schema += '''create table holder (
    hash bytea primary key,  -- personal; keyed
    person uuid
);
'''
    made = run(schema,
               "note struck of many\nfact row field <> 'name'\nfact also why\nperson keeps id\n"
               "holder apart with him\n")
    assert made.returncode == 0, made.stderr
    assert 'delete from fact where customer_id = any($1)' in made.stdout
    assert "and field <> 'name' and value = any($2)" in made.stdout
    assert 'update note set text = strike(text, $2) where cardinality($1) >= 0' in made.stdout
    assert '"why", "text", "customer", "row"' in made.stdout
    assert 'nick = v.nick, id = v.id from' in made.stdout
    assert '{"note", "text", "text", "other", "struck", "of many"}' in made.stdout
    assert '{"holder", "hash", "bytea", "other", "row", "with him"}' in made.stdout
    assert not [word for word in ('update holder', 'delete from holder') if word in made.stdout]
