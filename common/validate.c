/*
 * Decoding with the checks that protobuf-c leaves out. protobuf-c hands out terminated strings, so
 * a NUL inside one can be seen only on the wire: the bytes are walked by descriptor first, and what
 * passed is unpacked. The walk costs nothing but reading: the path of a field is worked out only
 * when something is wrong. Unknown fields are passed over, as newer senders may know more than we
 * do.
 */
#include "common/validate.h"

#include "common/descriptor.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define DEPTH_LIMIT 32
#define VARINT_BYTES 10
#define LARGEST_TAG 0x1fffffffu

enum wire { WIRE_VARINT = 0, WIRE_64BIT = 1, WIRE_BYTES = 2, WIRE_32BIT = 5 };

/* One message on the way from the outermost to the one being looked at. */
struct frame {
    const struct frame *parent;
    const ProtobufCMessageDescriptor *descriptor;
    const uint8_t *begin, *end;
    const ProtobufCFieldDescriptor *field; /* the one being looked at; NULL: not known yet */
    const uint8_t *field_at;               /* where its tag stands */
    unsigned element;                      /* of a packed list */
    unsigned depth;
};

struct walk {
    char *field;
    size_t field_bytes;
    char *why;
    size_t why_bytes;
    bool allows_lines; /* tabs and line breaks in texts */
};

/* One field of the wire, as read by next_field. */
struct wire_field {
    uint32_t tag;
    enum wire wire;
    uint64_t number; /* of a varint */
    const uint8_t *data, *data_end;
};

static bool read_varint(const uint8_t **at, const uint8_t *end, uint64_t *out)
{
    uint64_t value = 0;

    for (unsigned i = 0; i < VARINT_BYTES && *at + i < end; i++) {
        value |= (uint64_t)((*at)[i] & 0x7f) << (7 * i);
        if (!((*at)[i] & 0x80)) {
            *at += i + 1;
            *out = value;
            return true;
        }
    }
    return false;
}

static bool take_bytes(const uint8_t **at, const uint8_t *end, uint64_t count,
                       struct wire_field *out)
{
    if (count > (uint64_t)(end - *at))
        return false;
    out->data = *at;
    *at += count;
    out->data_end = *at;
    return true;
}

/* Reads a tag alone, so that what follows can be blamed on its field. */
static bool read_tag(const uint8_t **at, const uint8_t *end, struct wire_field *out)
{
    uint64_t key;

    if (!read_varint(at, end, &key) || key >> 3 == 0 || key >> 3 > LARGEST_TAG)
        return false;
    out->tag = (uint32_t)(key >> 3);
    out->wire = (enum wire)(key & 7);
    return true;
}

static bool read_data(const uint8_t **at, const uint8_t *end, struct wire_field *out)
{
    uint64_t count;

    switch (out->wire) {
    case WIRE_VARINT:
        return read_varint(at, end, &out->number);
    case WIRE_64BIT:
        return take_bytes(at, end, 8, out);
    case WIRE_32BIT:
        return take_bytes(at, end, 4, out);
    case WIRE_BYTES:
        return read_varint(at, end, &count) && take_bytes(at, end, count, out);
    }
    return false; /* groups and numbers that mean nothing */
}

/* The index of the element being looked at in its list: how often the tag stood before. */
static size_t index_in_list(const struct frame *frame)
{
    const uint8_t *at = frame->begin;
    struct wire_field wire;
    size_t found = 0;

    while (at < frame->field_at && read_tag(&at, frame->end, &wire) &&
           read_data(&at, frame->end, &wire))
        if (wire.tag == frame->field->id)
            found++;
    return found + frame->element;
}

/* snprintf that appends and never passes the end. */
static void append(char *to, size_t to_bytes, size_t *used, const char *format, ...)
    PRINTF_LIKE(4, 5);

static void append(char *to, size_t to_bytes, size_t *used, const char *format, ...)
{
    va_list list;

    if (*used + 1 >= to_bytes)
        return;
    va_start(list, format);
    int length = vsnprintf(to + *used, to_bytes - *used, format, list);
    va_end(list);
    if (length > 0)
        *used += (size_t)length;
}

static void print_path(const struct frame *frame, char *to, size_t to_bytes, size_t *used)
{
    if (frame->parent)
        print_path(frame->parent, to, to_bytes, used);
    if (!frame->field)
        return;
    append(to, to_bytes, used, "%s%s", *used > 0 ? "." : "", frame->field->name);
    if (frame->field->label == PROTOBUF_C_LABEL_REPEATED && !descriptor_is_map(frame->field))
        append(to, to_bytes, used, "[%zu]", index_in_list(frame));
}

static bool refuse(const struct walk *walk, const struct frame *frame, const char *format, ...)
    PRINTF_LIKE(3, 4);

static bool refuse(const struct walk *walk, const struct frame *frame, const char *format, ...)
{
    size_t used = 0;
    va_list list;

    if (walk->field_bytes > 0) {
        walk->field[0] = '\0';
        print_path(frame, walk->field, walk->field_bytes, &used);
    }
    va_start(list, format);
    vsnprintf(walk->why, walk->why_bytes, format, list);
    va_end(list);
    return false;
}

/* Length of the UTF-8 sequence at `at`; 0 when it is none (RFC 3629: shortest form, no surrogates).
 */
static size_t utf8_length(const uint8_t *at, size_t left, uint32_t *out)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length = at[0] < 0x80             ? 1
                    : (at[0] & 0xe0) == 0xc0 ? 2
                    : (at[0] & 0xf0) == 0xe0 ? 3
                    : (at[0] & 0xf8) == 0xf0 ? 4
                                             : 0;

    if (length == 0 || length > left)
        return 0;
    if (length == 1) {
        *out = at[0];
        return 1;
    }

    uint32_t code = at[0] & (0xffu >> (length + 1));

    for (size_t i = 1; i < length; i++) {
        if ((at[i] & 0xc0) != 0x80)
            return 0;
        code = code << 6 | (at[i] & 0x3f);
    }
    if (code < smallest[length] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
        return 0;
    *out = code;
    return length;
}

enum text_fault { TEXT_GOOD, TEXT_NOT_UTF8, TEXT_NUL, TEXT_CONTROL };

/* Looks for the first fault; *at_byte and *code then say where and which character. */
static enum text_fault find_text_fault(const uint8_t *at, size_t bytes, bool allows_lines,
                                       size_t *at_byte, uint32_t *code)
{
    size_t length;

    for (size_t i = 0; i < bytes; i += length) {
        *at_byte = i;
        length = utf8_length(at + i, bytes - i, code);
        if (length == 0)
            return TEXT_NOT_UTF8;
        if (*code == 0)
            return TEXT_NUL;
        if (allows_lines && (*code == '\t' || *code == '\n' || *code == '\r'))
            continue;
        if (*code < 0x20 || (*code >= 0x7f && *code <= 0x9f))
            return TEXT_CONTROL;
    }
    return TEXT_GOOD;
}

bool validate_text(const char *at, size_t bytes)
{
    size_t at_byte;
    uint32_t code;

    return find_text_fault((const uint8_t *)at, bytes, false, &at_byte, &code) == TEXT_GOOD;
}

static bool check_text(const struct walk *walk, const struct frame *frame, const uint8_t *at,
                       size_t bytes)
{
    size_t at_byte = 0;
    uint32_t code = 0;

    switch (find_text_fault(at, bytes, walk->allows_lines, &at_byte, &code)) {
    case TEXT_GOOD:
        return true;
    case TEXT_NOT_UTF8:
        return refuse(walk, frame, "is not UTF-8 at byte %zu", at_byte);
    case TEXT_NUL:
        return refuse(walk, frame, "holds a NUL character at byte %zu", at_byte);
    case TEXT_CONTROL:
        return refuse(walk, frame, "holds the control character U+%04" PRIX32 " at byte %zu", code,
                      at_byte);
    }
    return false;
}

static bool check_enum(const struct walk *walk, const struct frame *frame, uint64_t number)
{
    const ProtobufCEnumDescriptor *descriptor = frame->field->descriptor;
    int value = (int)(int32_t)(uint32_t)number; /* protobuf-c keeps the low 32 bits too */

    if (protobuf_c_enum_descriptor_get_value(descriptor, value))
        return true;
    return refuse(walk, frame, "%d is no value of %s", value, descriptor->name);
}

static enum wire wire_of_type(ProtobufCType type)
{
    switch (type) {
    case PROTOBUF_C_TYPE_SFIXED32:
    case PROTOBUF_C_TYPE_FIXED32:
    case PROTOBUF_C_TYPE_FLOAT:
        return WIRE_32BIT;
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_DOUBLE:
        return WIRE_64BIT;
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_BYTES:
    case PROTOBUF_C_TYPE_MESSAGE:
        return WIRE_BYTES;
    default:
        return WIRE_VARINT;
    }
}

static bool check_packed(const struct walk *walk, struct frame *frame,
                         const struct wire_field *wire)
{
    const uint8_t *at = wire->data;
    size_t bytes = (size_t)(wire->data_end - wire->data);
    uint64_t number;

    switch (wire_of_type(frame->field->type)) {
    case WIRE_32BIT:
        return bytes % 4 == 0 || refuse(walk, frame, "packed list of a broken length");
    case WIRE_64BIT:
        return bytes % 8 == 0 || refuse(walk, frame, "packed list of a broken length");
    default:
        break;
    }
    for (frame->element = 0; at < wire->data_end; frame->element++) {
        if (!read_varint(&at, wire->data_end, &number))
            return refuse(walk, frame, "packed list with a broken number");
        if (frame->field->type == PROTOBUF_C_TYPE_BOOL && number > 1)
            return refuse(walk, frame, "is neither true nor false");
        if (frame->field->type == PROTOBUF_C_TYPE_ENUM && !check_enum(walk, frame, number))
            return false;
    }
    frame->element = 0;
    return true;
}

static bool check_message(const struct walk *walk, struct frame *frame);

static bool check_field(const struct walk *walk, struct frame *frame, const struct wire_field *wire)
{
    const ProtobufCFieldDescriptor *field = frame->field;
    enum wire expected = wire_of_type(field->type);

    if (wire->wire != expected) {
        if (wire->wire == WIRE_BYTES && field->label == PROTOBUF_C_LABEL_REPEATED)
            return check_packed(walk, frame, wire);
        return refuse(walk, frame, "has the wrong wire type %d, expected %d", (int)wire->wire,
                      (int)expected);
    }
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
        return check_text(walk, frame, wire->data, (size_t)(wire->data_end - wire->data));
    case PROTOBUF_C_TYPE_ENUM:
        return check_enum(walk, frame, wire->number);
    case PROTOBUF_C_TYPE_MESSAGE: {
        struct frame inner = {.parent = frame,
                              .descriptor = field->descriptor,
                              .begin = wire->data,
                              .end = wire->data_end,
                              .depth = frame->depth + 1};

        if (inner.depth > DEPTH_LIMIT)
            return refuse(walk, frame, "is nested more than %d messages deep", DEPTH_LIMIT);
        return check_message(walk, &inner);
    }
    default:
        return true;
    }
}

static bool check_message(const struct walk *walk, struct frame *frame)
{
    const uint8_t *at = frame->begin;
    struct wire_field wire;

    while (at < frame->end) {
        frame->field = NULL;
        frame->field_at = at;
        if (!read_tag(&at, frame->end, &wire))
            return refuse(walk, frame, "is no %s: broken tag at byte %zu", frame->descriptor->name,
                          (size_t)(frame->field_at - frame->begin));
        frame->field = protobuf_c_message_descriptor_get_field(frame->descriptor, wire.tag);
        if (!read_data(&at, frame->end, &wire))
            return refuse(walk, frame, "broken field %" PRIu32 " of %s at byte %zu", wire.tag,
                          frame->descriptor->name, (size_t)(frame->field_at - frame->begin));
        if (frame->field && !check_field(walk, frame, &wire))
            return false;
    }
    return true;
}

/* The caller's allocator, watched: protobuf-c answers NULL for bad bytes and for no memory alike.
 */
struct watched {
    ProtobufCAllocator *inner;
    bool refused;
};

static void *watched_alloc(void *data, size_t bytes)
{
    struct watched *watched = data;
    void *piece = watched->inner->alloc(watched->inner->allocator_data, bytes);

    if (!piece)
        watched->refused = true;
    return piece;
}

static void watched_free(void *data, void *piece)
{
    struct watched *watched = data;

    watched->inner->free(watched->inner->allocator_data, piece);
}

static enum status unpack(const struct walk *walk, const ProtobufCMessageDescriptor *descriptor,
                          ProtobufCAllocator *allocator, const uint8_t *bytes, size_t count,
                          ProtobufCMessage **out)
{
    static const uint8_t nothing[1];
    struct watched watched = {.inner = allocator};
    ProtobufCAllocator watcher = {watched_alloc, watched_free, &watched};

    if (count == 0)
        bytes = nothing;

    struct frame frame = {.descriptor = descriptor, .begin = bytes, .end = bytes + count};

    if (!check_message(walk, &frame))
        return INVALID_ARGUMENT;

    ProtobufCMessage *message =
        protobuf_c_message_unpack(descriptor, allocator ? &watcher : NULL, count, bytes);

    frame.field = NULL;
    if (!message && watched.refused) {
        refuse(walk, &frame, "is too large to be worked on");
        return RESOURCE_EXHAUSTED;
    }
    if (!message) {
        refuse(walk, &frame, "is no %s", descriptor->name);
        return INVALID_ARGUMENT;
    }
    *out = message;
    return OK;
}

enum status validate_unpack(const ProtobufCMessageDescriptor *descriptor,
                            ProtobufCAllocator *allocator, const uint8_t *bytes, size_t count,
                            ProtobufCMessage **out, char *field, size_t field_bytes, char *why,
                            size_t why_bytes)
{
    const struct walk walk = {field, field_bytes, why, why_bytes, false};

    return unpack(&walk, descriptor, allocator, bytes, count, out);
}

enum status validate_unpack_lines(const ProtobufCMessageDescriptor *descriptor,
                                  ProtobufCAllocator *allocator, const uint8_t *bytes, size_t count,
                                  ProtobufCMessage **out, char *field, size_t field_bytes,
                                  char *why, size_t why_bytes)
{
    const struct walk walk = {field, field_bytes, why, why_bytes, true};

    return unpack(&walk, descriptor, allocator, bytes, count, out);
}
