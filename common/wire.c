#include "common/wire.h"

static bool read_varint(struct wire *wire, uint64_t *out)
{
    uint64_t value = 0;

    for (unsigned shift = 0; shift < 64 && wire->at < wire->end; shift += 7) {
        uint8_t byte = *wire->at++;

        value |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80)) {
            *out = value;
            return true;
        }
    }
    return false;
}

static bool skip(struct wire *wire, uint64_t bytes)
{
    if (bytes > (uint64_t)(wire->end - wire->at))
        return false;
    wire->at += bytes;
    return true;
}

static bool read_field(struct wire *wire, struct wire_field *out)
{
    uint64_t key;
    uint64_t value;

    if (!read_varint(wire, &key) || key >> 3 == 0 || key >> 3 > 0x1fffffff)
        return false;
    *out = (struct wire_field){.number = (uint32_t)(key >> 3)};
    switch (key & 7) {
    case 0:
        return read_varint(wire, &value);
    case 1:
        return skip(wire, 8);
    case 2:
        if (!read_varint(wire, &value))
            return false;
        out->has_bytes = true;
        out->at = wire->at;
        out->bytes = (size_t)value;
        return skip(wire, value);
    case 5:
        return skip(wire, 4);
    default: /* groups, which nobody sends any more */
        return false;
    }
}

bool wire_next(struct wire *wire, struct wire_field *out)
{
    if (wire->is_broken || wire->at == wire->end)
        return false;
    wire->is_broken = !read_field(wire, out);
    return !wire->is_broken;
}

size_t wire_count(const uint8_t *at, size_t bytes, uint32_t number)
{
    struct wire wire = {.at = at, .end = at + bytes};
    struct wire_field field;
    size_t count = 0;

    while (wire_next(&wire, &field))
        count += field.has_bytes && field.number == number;
    return count;
}

struct wire_field wire_find(const uint8_t *at, size_t bytes, uint32_t number)
{
    struct wire wire = {.at = at, .end = at + bytes};
    struct wire_field field;
    struct wire_field found = {.number = number};

    while (wire_next(&wire, &field))
        if (field.has_bytes && field.number == number)
            found = field;
    return found;
}
