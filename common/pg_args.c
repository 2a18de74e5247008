/*
 * Parameters in PostgreSQL's binary format: built element by element in the request's arena, sent
 * as one array even when they come from several units.
 */
#include <arpa/inet.h>
#include <assert.h>
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "common/pg_internal.h"
#include "common/pure/day.h"
#include "common/pure/uuid.h"

/* PostgreSQL counts times and dates from 2000-01-01. */
#define EPOCH_2000_US (INT64_C(946684800) * SECOND_US)
#define EPOCH_2000_DAYS 10957
#define ARRAY_HEADER_BYTES 20

static const struct {
    Oid scalar, array;
} oids[] = {
    [PG_ID] = {2950, 2951},  [PG_TEXT] = {25, 1009},   [PG_INT4] = {23, 1007},
    [PG_INT8] = {20, 1016},  [PG_TIME] = {1184, 1185}, [PG_DATE] = {1082, 1182},
    [PG_BYTES] = {17, 1001}, [PG_BOOL] = {16, 1000},
};

static bool is_array(enum pg_type type)
{
    return type >= PG_IDS;
}

static enum pg_type element_type(enum pg_type type)
{
    return is_array(type) ? (enum pg_type)(type - PG_IDS + PG_ID) : type;
}

int pg_param_count(const struct pg_statement *statement)
{
    int count = 0;

    while (count < PG_MAX_PARAMS && statement->params[count] != PG_NONE)
        count++;
    return count;
}

struct pg_args *pg_args_new(struct arena *arena, const struct pg_statement *statement)
{
    int count = pg_param_count(statement);
    struct pg_args *args =
        arena_take(arena, sizeof(*args) + (size_t)count * sizeof(args->values[0]));

    if (!args)
        return NULL;
    args->arena = arena;
    args->statement = statement;
    args->count = count;
    return args;
}

/* Room for `bytes` more in parameter i; NULL once the arena is full. */
static uint8_t *extend(struct pg_args *args, int i, size_t bytes)
{
    if (!args || args->broken)
        return NULL;
    assert(i < args->count);

    struct pg_arg *value = &args->values[i];

    if (!value->bytes || value->room - value->used < bytes) {
        size_t room = value->room ? value->room * 2 : 32;
        while (room - value->used < bytes)
            room *= 2;
        uint8_t *larger = arena_take(args->arena, room);
        if (!larger) {
            args->broken = true;
            return NULL;
        }
        if (value->used > 0)
            memcpy(larger, value->bytes, value->used);
        value->bytes = larger;
        value->room = room;
    }
    uint8_t *at = value->bytes + value->used;
    value->used += bytes;
    return at;
}

/* One value: alone for a scalar, with its length before it for an element. */
static void put(struct pg_args *args, int i, enum pg_type type, const void *bytes, size_t count)
{
    if (!args)
        return;
    assert(element_type(args->statement->params[i]) == type);

    bool element = is_array(args->statement->params[i]);
    uint8_t *at = extend(args, i, (element ? 4 : 0) + count);

    if (!at)
        return;
    assert(element || args->values[i].elements == 0);
    args->values[i].elements++;
    if (element) {
        uint32_t length = htonl((uint32_t)count);
        memcpy(at, &length, 4);
        at += 4;
    }
    if (count > 0)
        memcpy(at, bytes, count);
}

void pg_put_id(struct pg_args *args, int i, const struct id *value)
{
    put(args, i, PG_ID, value->bytes, sizeof(value->bytes));
}

void pg_put_text(struct pg_args *args, int i, const char *value)
{
    put(args, i, PG_TEXT, value, strlen(value));
}

void pg_put_text_n(struct pg_args *args, int i, const char *value, size_t bytes)
{
    put(args, i, PG_TEXT, value, bytes);
}

void pg_put_int4(struct pg_args *args, int i, int32_t value)
{
    uint32_t net = htonl((uint32_t)value);

    put(args, i, PG_INT4, &net, sizeof(net));
}

static void put_int64(struct pg_args *args, int i, enum pg_type type, int64_t value)
{
    uint64_t net = htobe64((uint64_t)value);

    put(args, i, type, &net, sizeof(net));
}

void pg_put_int8(struct pg_args *args, int i, int64_t value)
{
    put_int64(args, i, PG_INT8, value);
}

void pg_put_time(struct pg_args *args, int i, int64_t value_us)
{
    put_int64(args, i, PG_TIME, value_us - EPOCH_2000_US);
}

void pg_put_date(struct pg_args *args, int i, int32_t day)
{
    uint32_t net = htonl((uint32_t)(day - EPOCH_2000_DAYS));

    put(args, i, PG_DATE, &net, sizeof(net));
}

void pg_put_bytes(struct pg_args *args, int i, const void *value, size_t bytes)
{
    put(args, i, PG_BYTES, value, bytes);
}

void pg_put_bool(struct pg_args *args, int i, bool value)
{
    uint8_t byte = value;

    put(args, i, PG_BOOL, &byte, 1);
}

void pg_put_null(struct pg_args *args, int i)
{
    if (!args)
        return;
    if (!is_array(args->statement->params[i])) {
        args->values[i].is_null = true;
        return;
    }
    uint8_t *at = extend(args, i, 4);
    if (!at)
        return;
    memset(at, 0xff, 4); /* length -1 */
    args->values[i].elements++;
}

void pg_put_id_or_null(struct pg_args *args, int i, const struct id *value)
{
    if (value && !uuid_is_none(value))
        pg_put_id(args, i, value);
    else
        pg_put_null(args, i);
}

void pg_put_text_or_null(struct pg_args *args, int i, struct text value)
{
    if (value.bytes > 0)
        pg_put_text_n(args, i, value.at, value.bytes);
    else
        pg_put_null(args, i);
}

void pg_put_time_or_null(struct pg_args *args, int i, int64_t value_us)
{
    if (value_us != 0)
        pg_put_time(args, i, value_us);
    else
        pg_put_null(args, i);
}

void pg_put_date_or_null(struct pg_args *args, int i, int32_t day)
{
    if (day != DAY_NONE)
        pg_put_date(args, i, day);
    else
        pg_put_null(args, i);
}

size_t pg_args_bytes(const struct pg_args *args)
{
    size_t bytes = 64;

    for (int i = 0; args && i < args->count; i++)
        bytes += args->values[i].used;
    return bytes;
}

static int get_types(const struct pg_statement *statement, Oid types[PG_MAX_PARAMS])
{
    int count = pg_param_count(statement);

    for (int i = 0; i < count; i++) {
        enum pg_type type = statement->params[i];
        types[i] = is_array(type) ? oids[element_type(type)].array : oids[type].scalar;
    }
    return count;
}

bool pg_args_prepare(PGconn *conn, const struct pg_statement *statement)
{
    Oid types[PG_MAX_PARAMS];
    int count = get_types(statement, types);

    return PQsendPrepare(conn, statement->name, statement->sql, count, types) == 1;
}

static void put_header(uint8_t *at, uint32_t elements, Oid type)
{
    uint32_t header[5] = {htonl(elements ? 1 : 0), htonl(1), htonl(type), htonl(elements),
                          htonl(1)};

    memcpy(at, header, sizeof(header));
}

/* The array of parameter i over all units; *bytes is its length. NULL when memory is out. */
static uint8_t *join_arrays(struct pg_args *const *args, size_t count, int i, Oid type, int *bytes)
{
    size_t total = ARRAY_HEADER_BYTES;
    uint32_t elements = 0;

    for (size_t k = 0; k < count; k++) {
        total += args[k]->values[i].used;
        elements += args[k]->values[i].elements;
    }
    uint8_t *joined = malloc(total);
    if (!joined)
        return NULL;
    put_header(joined, elements, type);

    uint8_t *at = joined + ARRAY_HEADER_BYTES;
    for (size_t k = 0; k < count; k++) {
        const struct pg_arg *value = &args[k]->values[i];
        if (value->used > 0)
            memcpy(at, value->bytes, value->used);
        at += value->used;
    }
    /* An array without elements has no dimensions, and its message ends after the element type. */
    *bytes = elements ? (int)total : 12;
    return joined;
}

bool pg_args_send(PGconn *conn, const struct pg_statement *statement, struct pg_args *const *args,
                  size_t count)
{
    const char *values[PG_MAX_PARAMS];
    Oid types[PG_MAX_PARAMS];
    int lengths[PG_MAX_PARAMS], formats[PG_MAX_PARAMS];
    uint8_t *joined[PG_MAX_PARAMS] = {NULL};
    int params = pg_param_count(statement);
    bool sent = false;

    for (int i = 0; i < params; i++) {
        enum pg_type type = statement->params[i];
        formats[i] = 1;
        if (is_array(type)) {
            joined[i] = join_arrays(args, count, i, oids[element_type(type)].scalar, &lengths[i]);
            if (!joined[i])
                goto done;
            values[i] = (const char *)joined[i];
        } else {
            const struct pg_arg *value = &args[0]->values[i];
            assert(value->is_null || value->elements == 1);
            values[i] = value->is_null ? NULL : value->bytes ? (const char *)value->bytes : "";
            lengths[i] = (int)value->used;
        }
    }
    assert(statement->slow || !statement->varies); /* short ones have one plan for all values */
    if (statement->varies)
        sent = PQsendQueryParams(conn, statement->sql, get_types(statement, types), types, values,
                                 lengths, formats, 1) == 1;
    else
        sent = PQsendQueryPrepared(conn, statement->name, params, values, lengths, formats, 1) == 1;
done:
    for (int i = 0; i < params; i++)
        free(joined[i]);
    return sent;
}

/* --- rows --- */

int pg_row_count(const struct pg_rows *rows)
{
    return PQntuples(rows->result);
}

bool pg_is_null(const struct pg_rows *rows, int row, int i)
{
    return PQgetisnull(rows->result, row, i);
}

/* The value's bytes when it has exactly `bytes`, else NULL (null). */
static const void *fixed(const struct pg_rows *rows, int row, int i, int bytes)
{
    if (PQgetisnull(rows->result, row, i))
        return NULL;
    assert(PQgetlength(rows->result, row, i) == bytes);
    return PQgetvalue(rows->result, row, i);
}

struct id pg_get_id(const struct pg_rows *rows, int row, int i)
{
    struct id id = {{0}};
    const void *at = fixed(rows, row, i, sizeof(id.bytes));

    if (at)
        memcpy(id.bytes, at, sizeof(id.bytes));
    return id;
}

static int32_t get_int2(const struct pg_rows *rows, int row, int i)
{
    uint16_t net = 0;

    memcpy(&net, PQgetvalue(rows->result, row, i), sizeof(net));
    return (int16_t)ntohs(net);
}

int32_t pg_get_int4(const struct pg_rows *rows, int row, int i)
{
    uint32_t net = 0;

    if (PQgetlength(rows->result, row, i) == sizeof(uint16_t))
        return get_int2(rows, row, i);
    const void *at = fixed(rows, row, i, sizeof(net));

    if (at)
        memcpy(&net, at, sizeof(net));
    return (int32_t)ntohl(net);
}

int64_t pg_get_int8(const struct pg_rows *rows, int row, int i)
{
    uint64_t net = 0;
    const void *at = fixed(rows, row, i, sizeof(net));

    if (at)
        memcpy(&net, at, sizeof(net));
    return (int64_t)be64toh(net);
}

int64_t pg_get_time(const struct pg_rows *rows, int row, int i)
{
    return pg_is_null(rows, row, i) ? 0 : pg_get_int8(rows, row, i) + EPOCH_2000_US;
}

int32_t pg_get_date(const struct pg_rows *rows, int row, int i)
{
    return pg_is_null(rows, row, i) ? 0 : pg_get_int4(rows, row, i) + EPOCH_2000_DAYS;
}

int32_t pg_get_date_or_none(const struct pg_rows *rows, int row, int i)
{
    return pg_is_null(rows, row, i) ? DAY_NONE : pg_get_date(rows, row, i);
}

bool pg_get_bool(const struct pg_rows *rows, int row, int i)
{
    const uint8_t *at = fixed(rows, row, i, 1);

    return at && *at;
}

struct text pg_get_text(const struct pg_rows *rows, int row, int i)
{
    return (struct text){PQgetvalue(rows->result, row, i),
                         (size_t)PQgetlength(rows->result, row, i)};
}

char *pg_copy_text(const struct pg_rows *rows, int row, int i, struct arena *arena)
{
    struct text text = pg_get_text(rows, row, i);

    return arena_copy_text(arena, text.at, text.bytes);
}

struct text pg_keep_text(const struct pg_rows *rows, int row, int i, struct arena *arena)
{
    const char *copy = pg_copy_text(rows, row, i, arena);

    return (struct text){copy ? copy : "", copy ? pg_get_text(rows, row, i).bytes : 0};
}
