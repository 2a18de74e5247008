/* The messages of duplicates. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "kehu/customers/v1/merge.pb-c.h"
#include "services/customers/codec/codec_check.h"
#include "services/customers/codec/codec_merge.h"
#include "services/customers/codec/codec_value.h"

#define DEFAULT_PAGE 50
#define MAX_PAGE 500

static enum status read_ref(const char *field, const char *ref, struct codec_ask_fault *fault,
                            struct customer_question *out)
{
    if (customer_question_parse(codec_check_text_of(ref), out))
        return OK;
    return codec_ask_refuse(fault, field, "%s: give " CUSTOMER_REF_FORMS,
                            ref[0] ? "leads to nobody" : "is missing");
}

/* "123.456": the numbers of the last pair. */
static enum status read_token(const char *token, struct codec_ask_fault *fault,
                              struct duplicate_place *out)
{
    struct duplicate_place read = {0, 0};
    int end = 0;

    if (token[0] && (strlen(token) > 40 ||
                     sscanf(token, "%" SCNd64 ".%" SCNd64 "%n", &read.a, &read.b, &end) != 2 ||
                     token[end] != '\0' || read.a < 0 || read.b < 0))
        return codec_ask_refuse(fault, "page_token",
                                "is none: give next_page_token of the answer before");
    *out = read;
    return OK;
}

enum status codec_get_list_duplicates(const uint8_t *payload, size_t bytes, struct arena *arena,
                                      struct codec_duplicate_list *out,
                                      struct codec_ask_fault *fault)
{
    ProtobufCMessage *message;
    enum status status = codec_ask_unpack(&kehu__customers__v1__list_duplicates__descriptor,
                                          payload, bytes, arena, fault, &message);

    if (status)
        return status;
    const Kehu__Customers__V1__ListDuplicates *ask = (const void *)message;

    out->has_ref = ask->ref[0] != '\0';
    out->reasons =
        ask->reason[0] ? duplicate_reason_of(codec_check_text_of(ask->reason)) : DUPLICATE_ANY;
    if (!out->reasons)
        return codec_ask_refuse(fault, "reason",
                                "is none: credit_code, phone, email or name, or empty for any");
    if (out->has_ref)
        status = read_ref("ref", ask->ref, fault, &out->ref);
    if (!status)
        status = codec_ask_page(ask->page_size, DEFAULT_PAGE, MAX_PAGE, fault, &out->page_size);
    return status ? status : read_token(ask->page_token, fault, &out->after);
}

enum status codec_get_dismiss_duplicate(const uint8_t *payload, size_t bytes, struct arena *arena,
                                        struct codec_duplicate_pair *out,
                                        struct codec_ask_fault *fault)
{
    ProtobufCMessage *message;
    enum status status = codec_ask_unpack(&kehu__customers__v1__dismiss_duplicate__descriptor,
                                          payload, bytes, arena, fault, &message);

    if (status)
        return status;
    const Kehu__Customers__V1__DismissDuplicate *ask = (const void *)message;

    status = read_ref("a", ask->a, fault, &out->a);
    if (!status)
        status = read_ref("b", ask->b, fault, &out->b);
    return status ? status : codec_ask_words("reason", ask->reason, true, fault, &out->reason);
}

static Kehu__Customers__V1__DuplicateParty *party_of(const struct duplicate_party *from,
                                                     struct arena *arena)
{
    Kehu__Customers__V1__DuplicateParty *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__customers__v1__duplicate_party__init(out);
    out->id = codec_value_id(&from->id, arena);
    out->number = codec_value_number(from->number, arena);
    out->name = codec_value_text(from->name, arena);
    out->ref = codec_value_text(from->ref, arena);
    return out;
}

static void put_pair(const struct duplicate_pair *from, struct arena *arena,
                     Kehu__Customers__V1__Duplicate *out)
{
    bool is_ordered = from->a.number < from->b.number;

    kehu__customers__v1__duplicate__init(out);
    out->a = party_of(is_ordered ? &from->a : &from->b, arena);
    out->b = party_of(is_ordered ? &from->b : &from->a, arena);
    out->reasons = arena_take_array(arena, DUPLICATE_REASONS, sizeof(*out->reasons));
    for (unsigned i = 0; out->reasons && i < DUPLICATE_REASONS; i++)
        if (from->reasons & (1U << i))
            out->reasons[out->n_reasons++] =
                (char *)duplicate_reason_name((enum duplicate_reason)(1U << i));
}

const ProtobufCMessage *codec_duplicate_list(const struct duplicate_pair *pairs, size_t count,
                                             const struct duplicate_place *next,
                                             struct arena *arena)
{
    Kehu__Customers__V1__DuplicateList *out = arena_take(arena, sizeof(*out));
    Kehu__Customers__V1__Duplicate *room = arena_take_array(arena, count, sizeof(*room));

    if (!out || !room)
        return NULL;
    kehu__customers__v1__duplicate_list__init(out);
    for (size_t i = 0; i < count; i++)
        put_pair(&pairs[i], arena, &room[i]);
    out->pairs = codec_ask_pointers(room, count, sizeof(*room), arena);
    out->n_pairs = out->pairs ? count : 0;
    if (next)
        out->next_page_token = arena_print(arena, "%" PRId64 ".%" PRId64, next->a, next->b);
    return arena_is_full(arena) ? NULL : &out->base;
}

const ProtobufCMessage *codec_duplicate_dismissed(int64_t a, int64_t b, struct arena *arena)
{
    Kehu__Customers__V1__DuplicateDismissed *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__customers__v1__duplicate_dismissed__init(out);
    out->a = codec_value_number(a < b ? a : b, arena);
    out->b = codec_value_number(a < b ? b : a, arena);
    return arena_is_full(arena) ? NULL : &out->base;
}
