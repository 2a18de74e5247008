#include "services/customers/codec/codec_merge.h"

#include <string.h>

#include "common/pure/uuid.h"
#include "kehu/customers/v1/events.pb-c.h"
#include "kehu/customers/v1/merge.pb-c.h"
#include "services/customers/codec/codec_check.h"
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

enum status codec_get_merge_customers(const uint8_t *payload, size_t bytes, struct arena *arena,
                                      struct codec_merge_ask *out, struct codec_ask_fault *fault)
{
    ProtobufCMessage *message;
    enum status status = codec_ask_unpack(&kehu__customers__v1__merge_customers__descriptor,
                                          payload, bytes, arena, fault, &message);

    if (status)
        return status;
    const Kehu__Customers__V1__MergeCustomers *ask = (const void *)message;

    status = read_ref("survivor", ask->survivor, fault, &out->survivor);
    if (!status)
        status = read_ref("merged", ask->merged, fault, &out->merged);
    return status ? status : codec_ask_words("reason", ask->reason, false, fault, &out->reason);
}

/* One of the two, never both. */
static enum status read_which(const char *id, const char *merged, struct codec_ask_fault *fault,
                              struct codec_merge_which *out)
{
    if (id[0] && merged[0])
        return codec_ask_refuse(fault, "merged", "stands beside merge_id: one of the two says it");
    return id[0] ? codec_ask_id("merge_id", id, fault, &out->id)
                 : read_ref("merged", merged, fault, &out->merged);
}

enum status codec_get_undo_merge(const uint8_t *payload, size_t bytes, struct arena *arena,
                                 struct codec_merge_which *out, struct codec_ask_fault *fault)
{
    ProtobufCMessage *message;
    enum status status = codec_ask_unpack(&kehu__customers__v1__undo_merge__descriptor, payload,
                                          bytes, arena, fault, &message);

    if (status)
        return status;
    const Kehu__Customers__V1__UndoMerge *ask = (const void *)message;

    status = read_which(ask->merge_id, ask->merged, fault, out);
    return status ? status : codec_ask_words("reason", ask->reason, true, fault, &out->reason);
}

enum status codec_get_get_merge(const uint8_t *payload, size_t bytes, struct arena *arena,
                                struct codec_merge_which *out, struct codec_ask_fault *fault)
{
    ProtobufCMessage *message;
    enum status status = codec_ask_unpack(&kehu__customers__v1__get_merge__descriptor, payload,
                                          bytes, arena, fault, &message);

    if (status)
        return status;
    const Kehu__Customers__V1__GetMerge *ask = (const void *)message;

    return read_which(ask->merge_id, ask->merged, fault, out);
}

enum status codec_get_list_merges(const uint8_t *payload, size_t bytes, struct arena *arena,
                                  struct codec_merge_list *out, struct codec_ask_fault *fault)
{
    ProtobufCMessage *message;
    enum status status = codec_ask_unpack(&kehu__customers__v1__list_merges__descriptor, payload,
                                          bytes, arena, fault, &message);

    if (status)
        return status;
    const Kehu__Customers__V1__ListMerges *ask = (const void *)message;

    out->has_ref = ask->ref[0] != '\0';
    out->only_standing = ask->only_standing;
    if (out->has_ref)
        status = read_ref("ref", ask->ref, fault, &out->ref);
    if (!status)
        status = codec_ask_page(ask->page_size, DEFAULT_PAGE, MAX_PAGE, fault, &out->page_size);
    if (!status && ask->page_token[0] &&
        !uuid_parse(ask->page_token, strlen(ask->page_token), &out->before))
        return codec_ask_refuse(fault, "page_token",
                                "is none: give next_page_token of the answer before");
    return status;
}

/* --- answers --- */

static void put_record(const struct merge_record *from, struct arena *arena,
                       Kehu__Customers__V1__Merge *out)
{
    kehu__customers__v1__merge__init(out);
    out->merge_id = codec_value_id(&from->id, arena);
    out->survivor_id = codec_value_id(&from->survivor, arena);
    out->survivor = codec_value_number(from->survivor_number, arena);
    out->survivor_name = codec_value_text(from->survivor_name, arena);
    out->merged_id = codec_value_id(&from->merged, arena);
    out->merged = codec_value_number(from->merged_number, arena);
    out->merged_name = codec_value_text(from->merged_name, arena);
    out->reason = codec_value_text(from->reason, arena);
    out->made_at = codec_value_time(from->made_at_us, arena);
    out->made_by = codec_value_text(from->made_by, arena);
    out->undone_at = codec_value_time_or_absent(from->undone_at_us, arena);
    out->undone_by = codec_value_text(from->undone_by, arena);
    out->undo_reason = codec_value_text(from->undo_reason, arena);
}

static bool put_moves(const struct merge_moves_list *moves, struct arena *arena,
                      Kehu__Customers__V1__Merge *out)
{
    Kehu__Customers__V1__MergeMoves *room = arena_take_array(arena, moves->count, sizeof(*room));

    if (!room)
        return false;
    for (size_t i = 0; i < moves->count; i++) {
        kehu__customers__v1__merge_moves__init(&room[i]);
        room[i].what = codec_value_text(moves->list[i].what, arena);
        room[i].rows = (uint32_t)moves->list[i].rows;
        room[i].returned = (uint32_t)moves->list[i].returned;
    }
    out->moves = codec_ask_pointers(room, moves->count, sizeof(*room), arena);
    out->n_moves = out->moves ? moves->count : 0;
    return out->moves != NULL;
}

const ProtobufCMessage *codec_merge(const struct merge_record *record,
                                    const struct merge_moves_list *moves, struct arena *arena)
{
    Kehu__Customers__V1__Merge *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    put_record(record, arena, out);
    if (moves && !put_moves(moves, arena, out))
        return NULL;
    return arena_is_full(arena) ? NULL : &out->base;
}

const ProtobufCMessage *codec_merge_records(const struct merge_records *records, size_t count,
                                            const char *next_page_token, struct arena *arena)
{
    Kehu__Customers__V1__MergeList *out = arena_take(arena, sizeof(*out));
    Kehu__Customers__V1__Merge *room = arena_take_array(arena, count, sizeof(*room));

    if (!out || !room)
        return NULL;
    kehu__customers__v1__merge_list__init(out);
    for (size_t i = 0; i < count; i++)
        put_record(&records->list[i], arena, &room[i]);
    out->merges = codec_ask_pointers(room, count, sizeof(*room), arena);
    out->n_merges = out->merges ? count : 0;
    out->next_page_token = (char *)next_page_token;
    return arena_is_full(arena) ? NULL : &out->base;
}

const ProtobufCMessage *codec_customers_merged(const struct merge_record *record,
                                               struct arena *arena)
{
    Kehu__Customers__V1__CustomersMerged *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__customers__v1__customers_merged__init(out);
    out->survivor_id = codec_value_id(&record->survivor, arena);
    out->merged_id = codec_value_id(&record->merged, arena);
    out->merge_id = codec_value_id(&record->id, arena);
    return arena_is_full(arena) ? NULL : &out->base;
}

const ProtobufCMessage *codec_merge_undone(const struct merge_record *record, struct arena *arena)
{
    Kehu__Customers__V1__MergeUndone *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__customers__v1__merge_undone__init(out);
    out->survivor_id = codec_value_id(&record->survivor, arena);
    out->merged_id = codec_value_id(&record->merged, arena);
    out->merge_id = codec_value_id(&record->id, arena);
    return arena_is_full(arena) ? NULL : &out->base;
}
