"""The contract as an AsyncAPI 3 document. Payloads are described by their canonical JSON."""
import yaml_text

WELL_KNOWN = {
    'google.protobuf.Timestamp': {'type': 'string', 'format': 'date-time'},
    'google.protobuf.Duration': {'type': 'string', 'pattern': '^-?[0-9]+(\\.[0-9]+)?s$'},
    'google.protobuf.Any': {'type': 'object', 'properties': {'@type': {'type': 'string'}},
                            'required': ['@type']},
}
# 64-bit integers are texts in canonical JSON: many readers would round them.
SCALARS = {'double': {'type': 'number'}, 'float': {'type': 'number'}, 'bool': {'type': 'boolean'},
           'string': {'type': 'string'},
           'bytes': {'type': 'string', 'contentEncoding': 'base64'},
           'int32': {'type': 'integer'}, 'sint32': {'type': 'integer'},
           'uint32': {'type': 'integer', 'minimum': 0}, 'fixed32': {'type': 'integer'},
           'sfixed32': {'type': 'integer'}}
LONG = {'type': 'string', 'pattern': '^-?[0-9]+$'}


def short(name):
    return name.rsplit('.', 1)[-1]


def field_schema(field):
    if field.scalar:
        schema = dict(SCALARS.get(field.scalar, LONG))
    elif field.type_name in WELL_KNOWN:
        schema = dict(WELL_KNOWN[field.type_name])
    else:
        schema = {'$ref': f'#/components/schemas/{field.type_name}'}
    if field.repeated:
        schema = {'type': 'array', 'items': schema}
    if field.comment and '$ref' not in schema:
        schema['description'] = field.comment
    return schema


def message_schema(message):
    schema = {'type': 'object', 'additionalProperties': False,
              'properties': {f.json_name: field_schema(f) for f in message.fields}}
    if message.comment:
        schema['description'] = message.comment
    return schema


def enum_schema(enum):
    schema = {'type': 'string', 'enum': [value for value, _, _ in enum.values]}
    if enum.comment:
        schema['description'] = enum.comment
    return schema


def schemas(contract):
    found = {name: message_schema(message) for name, message in contract.messages.items()
             if name not in WELL_KNOWN and not contract.is_map(name)}
    found.update({name: enum_schema(enum) for name, enum in contract.enums.items()})
    # CloudEvents' attributes are a map; canonical JSON writes it as an object.
    for name, message in contract.messages.items():
        for field in message.fields:
            if contract.is_map(field.type_name) and name in found:
                value = contract.messages[field.type_name].fields[1]
                found[name]['properties'][field.json_name] = {
                    'type': 'object', 'additionalProperties': field_schema(value)}
    return dict(sorted(found.items()))


def message_entry(contract, name):
    entry = {'name': name, 'title': short(name), 'contentType': 'application/x-protobuf',
             'payload': {'$ref': f'#/components/schemas/{name}'}}
    if contract.messages[name].comment:
        entry['description'] = contract.messages[name].comment
    return entry


def channel(server, address, description, names):
    return {'address': address, 'description': description,
            'servers': [{'$ref': f'#/servers/{server}'}],
            'messages': {name: {'$ref': f'#/components/messages/{name}'} for name in names}}


def in_channel(key, name):
    return {'$ref': f'#/channels/{key}/messages/{name}'}


def add_service(document, service, floor):
    key, server = service.name, service.name
    asks = service.asks + floor.asks
    document['servers'][server] = {
        'host': '127.0.0.1:7410', 'protocol': 'zmtp', 'protocolVersion': '3.1',
        'description': f'The {service.name} service: ROUTER with CURVE; clients are DEALERs.'}
    channels, operations = document['channels'], document['operations']
    channels[f'{key}-requests'] = channel(
        server, service.package, 'Questions, each in a kehu.bus.v1.Request.',
        [question for question, _ in asks])
    channels[f'{key}-replies'] = channel(
        server, None, 'Answers, each in a kehu.bus.v1.Reply.', [answer for _, answer in asks])
    channels[f'{key}-intake'] = channel(
        server, 'kehu.bus.v1.Publish', 'CloudEvents from other systems.', service.ins)
    channels[f'{key}-log'] = channel(
        server, 'kehu.bus.v1.Fetch', 'CloudEvents of this service, pulled.', service.outs)
    for question, answer in asks:
        operations[f'{key}.{short(question)}'] = {
            'action': 'receive', 'channel': {'$ref': f'#/channels/{key}-requests'},
            'messages': [in_channel(f'{key}-requests', question)],
            'reply': {'channel': {'$ref': f'#/channels/{key}-replies'},
                      'messages': [in_channel(f'{key}-replies', answer)]}}
    for action, kind, names in (('receive', 'intake', service.ins), ('send', 'log', service.outs)):
        for name in names:
            operations[f'{key}.{action}.{short(name)}'] = {
                'action': action, 'channel': {'$ref': f'#/channels/{key}-{kind}'},
                'messages': [in_channel(f'{key}-{kind}', name)]}


def render(contract, version):
    document = {
        'asyncapi': '3.0.0',
        'info': {'title': 'Kehu', 'version': version,
                 'description': 'Generated from proto/ by `make docs`. Messages are protobuf; the '
                                'schemas describe their canonical JSON.',
                 'license': {'name': 'Apache-2.0'}},
        'defaultContentType': 'application/x-protobuf',
        'servers': {}, 'channels': {}, 'operations': {},
        'components': {'messages': {}, 'schemas': schemas(contract)}}
    floor = next(service for service in contract.services if service.name == 'floor')
    for service in contract.services:
        for name in contract.roots(service):
            document['components']['messages'][name] = message_entry(contract, name)
        if service is not floor:
            add_service(document, service, floor)
    return yaml_text.render(document)
