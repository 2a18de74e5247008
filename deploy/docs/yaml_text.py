"""Dicts, lists and scalars as YAML, so that documents need no package for it."""
import json
import re

# What stands bare needs no quotes in any reader of YAML 1.1 or 1.2.
BARE = re.compile(r'[A-Za-z_][A-Za-z0-9_./-]*')
WORDS = {'true', 'false', 'null', 'yes', 'no', 'on', 'off', 'y', 'n'}


def scalar(value):
    if isinstance(value, str) and BARE.fullmatch(value) and value.lower() not in WORDS:
        return value
    if isinstance(value, (dict, list)):
        return '{}' if isinstance(value, dict) else '[]'
    return json.dumps(value, ensure_ascii=False)


def lines(value, indent):
    """The lines of a dict or list that is not empty."""
    pad = '  ' * indent
    if isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, (dict, list)) and inner:
                yield f'{pad}{scalar(key)}:'
                yield from lines(inner, indent + 1)
            else:
                yield f'{pad}{scalar(key)}: {scalar(inner)}'
        return
    for inner in value:
        if isinstance(inner, (dict, list)) and inner:
            first, *rest = lines(inner, indent + 1)
            yield f'{pad}- {first.lstrip()}'
            yield from rest
        else:
            yield f'{pad}- {scalar(inner)}'


def render(document):
    return '\n'.join(lines(document, 0)) + '\n'
