"""The contract as the documents need it: messages and enums with comments, and the exchanges."""
import pathlib

from google.protobuf import descriptor_pb2

FIELD = descriptor_pb2.FieldDescriptorProto
SCALARS = {FIELD.TYPE_DOUBLE: 'double', FIELD.TYPE_FLOAT: 'float', FIELD.TYPE_INT64: 'int64',
           FIELD.TYPE_UINT64: 'uint64', FIELD.TYPE_INT32: 'int32', FIELD.TYPE_UINT32: 'uint32',
           FIELD.TYPE_SINT64: 'sint64', FIELD.TYPE_SINT32: 'sint32', FIELD.TYPE_BOOL: 'bool',
           FIELD.TYPE_STRING: 'string', FIELD.TYPE_BYTES: 'bytes', FIELD.TYPE_FIXED64: 'fixed64',
           FIELD.TYPE_FIXED32: 'fixed32', FIELD.TYPE_SFIXED64: 'sfixed64',
           FIELD.TYPE_SFIXED32: 'sfixed32'}
KINDS = ('ask', 'in', 'out', 'envelope')


def read_comments(locations):
    """Comments by path, each on one line."""
    comments, before = {}, None
    for location in locations:
        path = tuple(location.path)
        leading = ' '.join(location.leading_comments.split())
        trailing = ' '.join(location.trailing_comments.split())
        # Our fields have their comment behind them. Where it goes on in the next line, protoc takes
        # that line for the leading comment of the next field.
        if leading and trailing and before and before[:-1] == path[:-1]:
            comments[before] = f'{comments[before]} {leading}'
            leading = ''
        comments[path] = leading or trailing
        if trailing:
            before = path
    return comments


class Field:
    def __init__(self, field, comment, oneofs):
        self.name, self.number, self.comment = field.name, field.number, comment
        self.repeated = field.label == FIELD.LABEL_REPEATED
        self.scalar = SCALARS.get(field.type)
        self.type_name = field.type_name.lstrip('.')
        self.is_enum = field.type == FIELD.TYPE_ENUM
        self.oneof = oneofs[field.oneof_index].name if field.HasField('oneof_index') else ''
        head, *rest = field.name.split('_')
        self.json_name = head + ''.join(part.capitalize() for part in rest)


class Message:
    def __init__(self, name, comment, fields):
        self.name, self.comment, self.fields = name, comment, fields


class Enum:
    def __init__(self, name, comment, values):
        self.name, self.comment, self.values = name, comment, values


class Service:
    def __init__(self, name, package):
        self.name, self.package = name, package
        self.asks, self.ins, self.outs, self.envelopes = [], [], [], []


class Contract:
    def __init__(self, descriptor_path, exchanges_path):
        self.messages, self.enums, self.services, self.documents = {}, {}, [], []
        files = descriptor_pb2.FileDescriptorSet()
        files.ParseFromString(pathlib.Path(descriptor_path).read_bytes())
        for file in files.file:
            self._read_file(file)
        for line in pathlib.Path(exchanges_path).read_text(encoding='utf-8').splitlines():
            self._read_exchange(line.split('#')[0].split())
        self._check()

    def _read_file(self, file):
        comments = read_comments(file.source_code_info.location)
        for i, message in enumerate(file.message_type):
            self._read_message(file.package, message, (4, i), comments)
        for i, enum in enumerate(file.enum_type):
            self._read_enum(file.package, enum, (5, i), comments)

    def _read_message(self, prefix, message, path, comments):
        name = f'{prefix}.{message.name}'
        fields = [Field(field, comments.get((*path, 2, i), ''), message.oneof_decl)
                  for i, field in enumerate(message.field)]
        self.messages[name] = Message(name, comments.get(path, ''), fields)
        for i, inner in enumerate(message.nested_type):
            self._read_message(name, inner, (*path, 3, i), comments)
        for i, enum in enumerate(message.enum_type):
            self._read_enum(name, enum, (*path, 4, i), comments)

    def _read_enum(self, prefix, enum, path, comments):
        values = [(value.name, value.number, comments.get((*path, 2, i), ''))
                  for i, value in enumerate(enum.value)]
        name = f'{prefix}.{enum.name}'
        self.enums[name] = Enum(name, comments.get(path, ''), values)

    def _read_exchange(self, words):
        if not words:
            return
        if words[0] == 'service':
            self.services.append(Service(words[1], words[2]))
            return
        if words[0] == 'document':
            if words[1] not in self.messages:
                raise SystemExit(f'exchanges.txt names {words[1]}, which is not in proto/')
            self.documents.append(words[1])
            return
        service = self.services[-1]
        names = [f'{service.package}.{word}' for word in words[1:]]
        for name in names:
            if name not in self.messages:
                raise SystemExit(f'exchanges.txt names {name}, which is not in proto/')
        if words[0] == 'ask':
            service.asks.append(tuple(names))
        elif words[0] in KINDS:
            getattr(service, words[0] + 's').append(names[0])
        else:
            raise SystemExit(f'exchanges.txt: unknown word {words[0]}')

    def is_map(self, type_name):
        """Entries of maps are messages of protoc's; one of ours may be called Entry as well."""
        fields = self.messages[type_name].fields if type_name in self.messages else []
        return type_name.endswith('Entry') and [f.name for f in fields] == ['key', 'value']

    def reachable(self, roots):
        """These messages and all that they hold, in the order in which a reader meets them."""
        seen, waiting = [], list(roots)
        while waiting:
            name = waiting.pop(0)
            if name in seen or name not in self.messages:
                continue
            seen.append(name)
            waiting += [f.type_name for f in self.messages[name].fields if f.type_name]
        return seen

    def roots(self, service):
        pairs = [name for pair in service.asks for name in pair]
        return service.envelopes + pairs + service.ins + service.outs

    def _check(self):
        told = set(self.reachable(self.documents))
        for service in self.services:
            told.update(self.reachable(self.roots(service)))
        for name in self.messages:
            if name.startswith('kehu.') and name not in told:
                raise SystemExit(f'{name} is in no exchange; add it to deploy/docs/exchanges.txt')
