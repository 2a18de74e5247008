/*
 * Answers about staff and units, and StaffChanged.
 */
#include "common/pure/uuid.h"
#include "kehu/customers/v1/events.pb-c.h"
#include "kehu/customers/v1/staff.pb-c.h"
#include "services/customers/codec/codec_staff.h"
#include "services/customers/codec/codec_value.h"
#include "services/customers/domain/rights.h"

static char **put_roles(unsigned roles, size_t *count, struct arena *arena)
{
    char **list = arena_take_array(arena, ROLES, sizeof(*list));

    for (unsigned i = 0; list && i < ROLES; i++)
        if (roles & 1U << i)
            list[(*count)++] = (char *)role_name((enum role)(1U << i));
    return list;
}

static char **put_regions(const struct staff *staff, size_t *count, struct arena *arena)
{
    char **list = arena_take_array(arena, staff->region_count, sizeof(*list));

    for (size_t i = 0; list && i < staff->region_count; i++)
        list[(*count)++] = codec_value_text(staff->regions[i], arena);
    return list;
}

static char *day_or_empty(int32_t day, struct arena *arena)
{
    return day == STAFF_NO_DAY ? (char *)"" : codec_value_day(day, arena);
}

static char *id_or_empty(const struct id *id, struct arena *arena)
{
    return uuid_is_none(id) ? (char *)"" : codec_value_id(id, arena);
}

static const char *state_of(const struct staff *staff)
{
    return staff->has_left ? "left" : "active";
}

static void put_staff(const struct staff *staff, struct arena *arena,
                      Kehu__Customers__V1__Staff *out)
{
    kehu__customers__v1__staff__init(out);
    out->id = codec_value_id(&staff->id, arena);
    out->code = codec_value_text(staff->code, arena);
    out->name = codec_value_text(staff->name, arena);
    out->roles = put_roles(staff->roles, &out->n_roles, arena);
    out->level = codec_value_text(staff->level, arena);
    out->unit = codec_value_text(staff->unit, arena);
    out->regions = put_regions(staff, &out->n_regions, arena);
    out->manager = codec_value_text(staff->manager, arena);
    out->deputy = codec_value_text(staff->deputy, arena);
    out->absent_from = day_or_empty(staff->absent_from, arena);
    out->absent_to = day_or_empty(staff->absent_to, arena);
    out->capacity = (uint32_t)staff->capacity;
    out->state = (char *)state_of(staff);
    out->joined_on = day_or_empty(staff->joined_on, arena);
    out->left_on = day_or_empty(staff->left_on, arena);
    out->version = (uint64_t)staff->version;
}

const ProtobufCMessage *codec_staff(const struct staff *staff, struct arena *arena)
{
    Kehu__Customers__V1__Staff *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    put_staff(staff, arena, out);
    return arena_is_full(arena) ? NULL : &out->base;
}

const ProtobufCMessage *codec_staff_list(const struct staff *list, size_t count, struct text next,
                                         struct arena *arena)
{
    Kehu__Customers__V1__StaffList *out = arena_take(arena, sizeof(*out));
    Kehu__Customers__V1__Staff *room = arena_take_array(arena, count, sizeof(*room));

    if (!out || !room)
        return NULL;
    kehu__customers__v1__staff_list__init(out);
    out->staff = arena_take_array(arena, count, sizeof(*out->staff));
    out->next_page_token = codec_value_text(next, arena);
    for (size_t i = 0; out->staff && i < count; i++) {
        put_staff(&list[i], arena, &room[i]);
        out->staff[out->n_staff++] = &room[i];
    }
    return arena_is_full(arena) ? NULL : &out->base;
}

static void put_unit(const struct staff_unit *unit, struct arena *arena,
                     Kehu__Customers__V1__Unit *out)
{
    kehu__customers__v1__unit__init(out);
    out->code = codec_value_text(unit->code, arena);
    out->name = codec_value_text(unit->name, arena);
    out->parent = codec_value_text(unit->parent, arena);
    out->version = (uint64_t)unit->version;
}

const ProtobufCMessage *codec_staff_unit(const struct staff_unit *unit, struct arena *arena)
{
    Kehu__Customers__V1__Unit *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    put_unit(unit, arena, out);
    return arena_is_full(arena) ? NULL : &out->base;
}

const ProtobufCMessage *codec_staff_unit_list(const struct staff_unit *list, size_t count,
                                              struct text next, struct arena *arena)
{
    Kehu__Customers__V1__UnitList *out = arena_take(arena, sizeof(*out));
    Kehu__Customers__V1__Unit *room = arena_take_array(arena, count, sizeof(*room));

    if (!out || !room)
        return NULL;
    kehu__customers__v1__unit_list__init(out);
    out->units = arena_take_array(arena, count, sizeof(*out->units));
    out->next_page_token = codec_value_text(next, arena);
    for (size_t i = 0; out->units && i < count; i++) {
        put_unit(&list[i], arena, &room[i]);
        out->units[out->n_units++] = &room[i];
    }
    return arena_is_full(arena) ? NULL : &out->base;
}

const ProtobufCMessage *codec_staff_changed(const struct staff *staff, struct arena *arena)
{
    Kehu__Customers__V1__StaffChanged *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__customers__v1__staff_changed__init(out);
    out->staff_id = codec_value_id(&staff->id, arena);
    out->code = codec_value_text(staff->code, arena);
    out->state = (char *)state_of(staff);
    out->roles = put_roles(staff->roles, &out->n_roles, arena);
    out->level = codec_value_text(staff->level, arena);
    out->unit_code = codec_value_text(staff->unit, arena);
    out->region_codes = put_regions(staff, &out->n_region_codes, arena);
    out->manager_id = id_or_empty(&staff->manager_id, arena);
    out->deputy_id = id_or_empty(&staff->deputy_id, arena);
    out->absent_from = day_or_empty(staff->absent_from, arena);
    out->absent_to = day_or_empty(staff->absent_to, arena);
    out->version = (uint64_t)staff->version;
    return arena_is_full(arena) ? NULL : &out->base;
}
