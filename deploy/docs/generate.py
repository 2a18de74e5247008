#!/usr/bin/python3
"""generate.py DESCRIPTORS VERSION FOLDER [--check]: writes or compares the generated documents.

DESCRIPTORS is a descriptor set with source information (comments). Call it from the root.
"""
import pathlib
import sys

import asyncapi
import catalogue
import contract
import personal
import tables


def documents(descriptors, version, folder):
    what = contract.Contract(descriptors, pathlib.Path(__file__).parent / 'exchanges.txt')
    yield folder / 'catalogue.md', catalogue.render(what)
    yield folder / 'asyncapi.yaml', asyncapi.render(what, version)
    yield folder / 'personal.md', personal.render('customers')
    yield folder / 'personal-complaints.md', personal.render('complaints')
    operations = folder / 'operations.md'
    services = [service.name for service in what.services if service.name != 'floor']
    yield operations, tables.renewed(operations.read_text(encoding='utf-8'), services)


def main():
    descriptors, version, folder = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
    is_check, status = '--check' in sys.argv, 0
    for path, text in documents(descriptors, version, folder):
        if not is_check:
            path.write_text(text, encoding='utf-8')
        elif not path.exists() or path.read_text(encoding='utf-8') != text:
            print(f'{path}: not what proto/ and the programs say; run make docs')
            status = 1
    return status


if __name__ == '__main__':
    sys.exit(main())
