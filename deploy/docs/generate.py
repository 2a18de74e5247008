#!/usr/bin/python3
"""generate.py DESCRIPTORS VERSION FOLDER [--check]: writes or compares the generated documents.

DESCRIPTORS is a descriptor set with source information (comments).
"""
import pathlib
import sys

import asyncapi
import catalogue
import contract


def main():
    descriptors, version, folder = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
    is_check = '--check' in sys.argv
    what = contract.Contract(descriptors, pathlib.Path(__file__).parent / 'exchanges.txt')
    bad = []
    for name, text in (('messages.md', catalogue.render(what)),
                       ('asyncapi.json', asyncapi.render(what, version))):
        path = folder / name
        if not is_check:
            path.write_text(text, encoding='utf-8')
        elif not path.exists() or path.read_text(encoding='utf-8') != text:
            bad.append(f'  {path}: not what proto/ says; run make docs')
    for line in bad:
        print(line)
    if is_check:
        print(('BAD  ' if bad else 'ok   ') + 'docs (the catalogue is what proto/ says)')
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
