"""The message catalogue as Markdown: what a service is asked, what it hears, what it tells."""

OURS = ('kehu.', 'io.cloudevents.')
HEAD = '''# Message catalogue

Generated from `proto/` by `make docs`; do not edit. How messages travel is in
[architecture](architecture.md); the same contract for tools is [asyncapi.yaml](asyncapi.yaml).

In JSON (`kehuctl call`) names are lowerCamelCase, 64-bit integers are texts, times are RFC 3339. An
order of one line, published, and what the log tells of it:

    kehuctl call customers.Publish \'{"events": [{"id": "placed-1", "source": "shop",
        "specVersion": "1.0", "type": "kehu.customers.v1.OrderPlaced",
        "attributes": {"time": {"ceTimestamp": "2026-11-20T08:00:00Z"}},
        "protoData": {"@type": "type.googleapis.com/kehu.customers.v1.OrderPlaced",
            "number": "N-1", "content": {"orderedAt": "2026-11-20T08:00:00Z",
            "customer": {"externalId": "7", "name": "Anna"}, "region": "云南", "currency": "CNY",
            "lines": [{"product": "TEA-01", "quantityMicros": "1500000",
                "unitPriceMicros": "80000000"}]}}}]}\'
    kehuctl call customers.Fetch \'{"after": "", "max": 10}\'
'''


def short(name):
    return name.rsplit('.', 1)[-1]


def anchor(name):
    return short(name).lower()


def type_of(contract, field):
    if field.scalar:
        text = f'`{field.scalar}`'
    elif contract.is_map(field.type_name):  # a map
        key, value = contract.messages[field.type_name].fields
        return f'map of {type_of(contract, key)} to {type_of(contract, value)}'
    elif field.type_name.startswith(OURS):
        text = f'[{short(field.type_name)}](#{anchor(field.type_name)})'
    else:
        text = f'`{field.type_name}`'
    return f'list of {text}' if field.repeated else text


def cell(text):
    return text.replace('|', '\\|')


def message_section(contract, name):
    message = contract.messages[name]
    yield f'### {short(name)}'
    yield ''
    yield f'`{name}`' + (f'. {message.comment}' if message.comment else '')
    yield ''
    if message.fields:
        yield '| no. | field | type | meaning |'
        yield '| ---: | --- | --- | --- |'
    for field in message.fields:
        meaning = field.comment
        if field.oneof and field.oneof != field.name:
            meaning = f'one of *{field.oneof}*' + (f'; {meaning}' if meaning else '')
        yield (f'| {field.number} | `{field.name}` | {type_of(contract, field)} '
               f'| {cell(meaning)} |')
    if message.fields:
        yield ''


def enum_section(contract, name):
    enum = contract.enums[name]
    yield f'### {short(name)}'
    yield ''
    yield f'`{name}`' + (f'. {enum.comment}' if enum.comment else '')
    yield ''
    yield '| no. | value | meaning |'
    yield '| ---: | --- | --- |'
    for value, number, comment in enum.values:
        yield f'| {number} | `{value}` | {cell(comment)} |'
    yield ''


def link(name):
    return f'[{short(name)}](#{anchor(name)})'


def overview(contract, service):
    if service.asks:
        yield '| asked | answers |'
        yield '| --- | --- |'
        for question, answer in service.asks:
            yield f'| {link(question)} | {link(answer)} |'
        yield ''
    if service.ins:
        yield 'Hears, in `Publish`: ' + ', '.join(link(name) for name in service.ins) + '.'
        yield ''
    if service.outs:
        yield 'Tells, in `Fetch`: ' + ', '.join(link(name) for name in service.outs) + '.'
        yield ''


def service_section(contract, service):
    title = 'Every service' if service.name == 'floor' else f'Service {service.name}'
    yield f'## {title}'
    yield ''
    yield from overview(contract, service)
    # The shape of events belongs to what every service speaks.
    packages = (service.package + '.',) + (OURS[1:] if service.name == 'floor' else ())
    names = [name for name in contract.reachable(contract.roots(service))
             if name.startswith(packages) and not contract.is_map(name)]
    for name in names:
        yield from message_section(contract, name)
    for name in sorted(contract.enums):
        if name.startswith(service.package + '.'):
            yield from enum_section(contract, name)


def document_section(contract):
    yield '## Documents'
    yield ''
    yield 'Written by people, loaded by operators; as JSON in a file.'
    yield ''
    for name in contract.reachable(contract.documents):
        yield from message_section(contract, name)


def render(contract):
    lines = [HEAD]
    for service in contract.services:
        lines += service_section(contract, service)
    lines += document_section(contract)
    return '\n'.join(lines).rstrip() + '\n'
