#include "services/customers/store/sealed.h"

#include <string.h>

#include "common/logfmt.h"
#include "common/pure/china.h"
#include "common/pure/uuid.h"
#include "common/service.h"

#define HASHED_BYTES 320

static struct text without_extension(struct text phone)
{
    const char *end = memchr(phone.at, ' ', phone.bytes);

    return end ? (struct text){phone.at, (size_t)(end - phone.at)} : phone;
}

void sealed_hash(const struct seal *seal, enum sealed_kind kind, struct text value,
                 uint8_t hash[SEAL_HASH_BYTES])
{
    char small[HASHED_BYTES];

    if (kind == SEALED_PHONE) {
        seal_hash(seal, "phone", without_extension(value), hash);
        return;
    }
    if (value.bytes > sizeof(small))
        value.bytes = sizeof(small); /* no address that was read is so long */
    for (size_t i = 0; i < value.bytes; i++)
        small[i] = value.at[i] >= 'A' && value.at[i] <= 'Z' ? (char)(value.at[i] - 'A' + 'a')
                                                            : value.at[i];
    seal_hash(seal, "email", (struct text){small, value.bytes}, hash);
}

void sealed_last_four(struct text value, char out[5])
{
    char number[24];
    struct text phone = without_extension(value);
    size_t bytes = phone.bytes < sizeof(number) - 1 ? phone.bytes : sizeof(number) - 1;

    memcpy(number, phone.at, bytes);
    number[bytes] = '\0';
    china_last_four(number, out);
}

void sealed_put(struct request *req, struct pg_args *args, int i, const struct seal_place *place,
                struct text value)
{
    struct text sealed = seal_close(req->service->seal, place, value, req->arena);

    if (sealed.at)
        pg_put_bytes(args, i, sealed.at, sealed.bytes);
    else
        pg_put_null(args, i); /* the arena is full: the request will be refused as a whole */
}

struct text sealed_get(const struct seal *seal, const struct seal_place *place,
                       const struct pg_rows *rows, int row, int i, struct arena *arena)
{
    struct text plain = {"", 0};
    enum seal_opened opened = seal_open(seal, place, pg_get_text(rows, row, i), arena, &plain);
    char id[UUID_TEXT_BYTES];

    if (opened != SEAL_OPENED && opened != SEAL_ARENA_FULL) {
        uuid_print(&place->row, id);
        logfmt_error("seal", "column", place->column, "row", id, "part",
                     place->part ? place->part : "", "why", seal_why(opened), NULL);
    }
    return plain;
}
