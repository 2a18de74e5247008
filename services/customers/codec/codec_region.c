#include "services/customers/codec/codec_region.h"

#include <string.h>

#include "common/pure/utf8.h"
#include "common/validate.h"
#include "kehu/customers/v1/regions.pb-c.h"
#include "services/customers/codec/codec_check.h"
#include "services/customers/codec/codec_value.h"

static void add(struct codec_region_faults *faults, const char *field, const char *why)
{
    if (faults->count == COUNT_OF(faults->list))
        return;
    faults->list[faults->count].field = field ? field : "";
    faults->list[faults->count++].why = why ? why : "";
}

static enum status unpack(const ProtobufCMessageDescriptor *descriptor, const uint8_t *payload,
                          size_t bytes, struct arena *arena, struct codec_region_faults *faults,
                          ProtobufCMessage **out)
{
    char field[100], why[300];
    enum status status = validate_unpack(descriptor, arena_allocator(arena), payload, bytes, out,
                                         field, sizeof(field), why, sizeof(why));

    faults->count = 0;
    if (status == INVALID_ARGUMENT)
        add(faults, arena_copy_text(arena, field, strlen(field)),
            arena_copy_text(arena, why, strlen(why)));
    return status;
}

static struct text read_code(const char *field, const char *code, bool may_be_empty,
                             struct codec_region_faults *faults)
{
    struct text text = codec_check_text_of(code);

    if (text.bytes == 0 && !may_be_empty)
        add(faults, field, "is missing: " REGION_CODE_FORM);
    else if (text.bytes > 0 && !region_is_code(text))
        add(faults, field, "is no code: " REGION_CODE_FORM);
    return text;
}

enum status codec_get_save_region(const uint8_t *payload, size_t bytes, struct arena *arena,
                                  struct region *out, struct codec_region_faults *faults)
{
    ProtobufCMessage *message;
    enum status status = unpack(&kehu__customers__v1__save_region__descriptor, payload, bytes,
                                arena, faults, &message);

    if (status)
        return status;
    const Kehu__Customers__V1__Region *ask =
        ((const Kehu__Customers__V1__SaveRegion *)message)->region;

    if (!ask) {
        add(faults, "region", "is missing: its code and name at least");
        return INVALID_ARGUMENT;
    }
    size_t characters = utf8_count(codec_check_text_of(ask->name));

    if (characters == 0)
        add(faults, "region.name", "is missing: it has 1 to 60 characters");
    if (characters > REGION_MAX_NAME)
        add(faults, "region.name", "is longer than 60 characters");
    *out = (struct region){
        .code = read_code("region.code", ask->code, false, faults),
        .name = codec_check_text_of(ask->name),
        .parent = read_code("region.parent_code", ask->parent_code, true, faults),
        .is_grading = ask->is_grading,
    };
    return faults->count > 0 ? INVALID_ARGUMENT : OK;
}

enum status codec_get_remove_region(const uint8_t *payload, size_t bytes, struct arena *arena,
                                    struct text *code, struct codec_region_faults *faults)
{
    ProtobufCMessage *message;
    enum status status = unpack(&kehu__customers__v1__remove_region__descriptor, payload, bytes,
                                arena, faults, &message);

    if (status)
        return status;
    *code = read_code("code", ((const Kehu__Customers__V1__RemoveRegion *)message)->code, false,
                      faults);
    return faults->count > 0 ? INVALID_ARGUMENT : OK;
}

enum status codec_get_list_regions(const uint8_t *payload, size_t bytes, struct arena *arena,
                                   struct codec_region_faults *faults)
{
    ProtobufCMessage *message;

    return unpack(&kehu__customers__v1__list_regions__descriptor, payload, bytes, arena, faults,
                  &message);
}

enum status codec_get_map_region(const uint8_t *payload, size_t bytes, struct arena *arena,
                                 struct order_region *out, struct codec_region_faults *faults)
{
    ProtobufCMessage *message;
    enum status status = unpack(&kehu__customers__v1__map_region__descriptor, payload, bytes, arena,
                                faults, &message);

    if (status)
        return status;
    const Kehu__Customers__V1__MapRegion *ask = (const void *)message;

    if (ask->source[0] == '\0')
        add(faults, "source", "is missing: whose name for a region it is");
    *out = (struct order_region){
        .source = codec_check_text_of(ask->source),
        .name = codec_check_text_of(ask->name),
        .region_code = read_code("region_code", ask->region_code, true, faults),
    };
    return faults->count > 0 ? INVALID_ARGUMENT : OK;
}

/* --- answers --- */

static void put_region(const struct region *from, struct arena *arena,
                       Kehu__Customers__V1__Region *out)
{
    kehu__customers__v1__region__init(out);
    out->code = codec_value_text(from->code, arena);
    out->name = codec_value_text(from->name, arena);
    out->parent_code = codec_value_text(from->parent, arena);
    out->is_grading = from->is_grading;
}

const ProtobufCMessage *codec_region(const struct region *region, struct arena *arena)
{
    Kehu__Customers__V1__Region *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    put_region(region, arena, out);
    return arena_is_full(arena) ? NULL : &out->base;
}

static void put_order_region(const struct order_region *from, struct arena *arena,
                             Kehu__Customers__V1__OrderRegion *out)
{
    kehu__customers__v1__order_region__init(out);
    out->source = codec_value_text(from->source, arena);
    out->name = codec_value_text(from->name, arena);
    out->region_code = codec_value_text(from->region_code, arena);
    out->net_micros = from->net_micros;
}

const ProtobufCMessage *codec_order_region(const struct order_region *region, struct arena *arena)
{
    Kehu__Customers__V1__OrderRegion *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    put_order_region(region, arena, out);
    return arena_is_full(arena) ? NULL : &out->base;
}

static bool put_tree(const struct region_tree *tree, struct arena *arena,
                     Kehu__Customers__V1__RegionList *out)
{
    Kehu__Customers__V1__Region *room = arena_take_array(arena, tree->count, sizeof(*room));

    out->regions = arena_take_array(arena, tree->count, sizeof(*out->regions));
    if (!room || !out->regions)
        return false;
    for (size_t i = 0; i < tree->count; i++) {
        put_region(&tree->list[i], arena, &room[i]);
        out->regions[i] = &room[i];
    }
    out->n_regions = tree->count;
    return true;
}

static bool put_order_regions(const struct order_regions *from, struct arena *arena,
                              Kehu__Customers__V1__RegionList *out)
{
    Kehu__Customers__V1__OrderRegion *room = arena_take_array(arena, from->count, sizeof(*room));

    out->order_regions = arena_take_array(arena, from->count, sizeof(*out->order_regions));
    if (!room || !out->order_regions)
        return false;
    for (size_t i = 0; i < from->count; i++) {
        put_order_region(&from->list[i], arena, &room[i]);
        out->order_regions[i] = &room[i];
    }
    out->n_order_regions = from->count;
    return true;
}

const ProtobufCMessage *codec_region_list(const struct region_tree *tree,
                                          const struct order_regions *order_regions,
                                          struct arena *arena)
{
    Kehu__Customers__V1__RegionList *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__customers__v1__region_list__init(out);
    if (!put_tree(tree, arena, out) || !put_order_regions(order_regions, arena, out))
        return NULL;
    return arena_is_full(arena) ? NULL : &out->base;
}
