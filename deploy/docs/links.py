#!/usr/bin/python3
"""links.py FILE.md…: prints links that lead nowhere: files that are not there, headings too."""
import functools
import pathlib
import re
import sys
import unicodedata

LINK = re.compile(r'!?\[[^\]]*\]\(([^()\s]+)\)')
FENCE = re.compile(r'^(```|~~~).*?^\1', re.M | re.S)
CODE = re.compile(r'`[^`\n]*`')
HEADING = re.compile(r'^#+ +(.*?) *$', re.M)


def anchor(heading):
    """As Git hosts make it: lower case, words joined by hyphens, marks dropped."""
    kept = [c for c in heading.lower()
            if c in ' -_' or unicodedata.category(c)[0] in 'LN']
    return ''.join(kept).replace(' ', '-')


@functools.lru_cache(maxsize=None)
def anchors(path):
    found = set()
    for heading in HEADING.findall(FENCE.sub('', path.read_text(encoding='utf-8'))):
        name, n = anchor(re.sub(r'\[([^\]]*)\]\([^)]*\)', r'\1', heading)), 0
        while (name if n == 0 else f'{name}-{n}') in found:
            n += 1
        found.add(name if n == 0 else f'{name}-{n}')
    return found


def complaint(path, link):
    if re.match(r'[a-z]+:', link):
        return None
    name, _, heading = link.partition('#')
    to = (path.parent / name).resolve() if name else path
    if not to.exists():
        return 'there is no such file'
    if heading and to.suffix == '.md' and heading not in anchors(to):
        return 'there is no such heading'
    return None


def main():
    for path in map(pathlib.Path, sys.argv[1:]):
        text = CODE.sub('', FENCE.sub('', path.read_text(encoding='utf-8')))
        for link in LINK.findall(text):
            why = complaint(path.resolve(), link)
            if why:
                print(f'{path}: ({link}): {why}')


if __name__ == '__main__':
    main()
