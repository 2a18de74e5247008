#include "services/customers/codec/codec_staff.h"

#include <string.h>

#include "common/pure/day.h"
#include "common/pure/utf8.h"
#include "common/pure/uuid.h"
#include "common/validate.h"
#include "kehu/customers/v1/staff.pb-c.h"
#include "services/customers/codec/codec_check.h"
#include "services/customers/domain/region.h"
#include "services/customers/domain/rights.h"

#define DEFAULT_PAGE 100

static void add(struct codec_staff_faults *faults, const char *field, const char *why)
{
    if (faults->count == COUNT_OF(faults->list))
        return;
    faults->list[faults->count].field = field ? field : "";
    faults->list[faults->count++].why = why ? why : "";
}

static enum status unpack(const ProtobufCMessageDescriptor *descriptor, const uint8_t *payload,
                          size_t bytes, struct arena *arena, struct codec_staff_faults *faults,
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

static enum status verdict(const struct codec_staff_faults *faults, const struct arena *arena)
{
    if (arena_is_full(arena))
        return RESOURCE_EXHAUSTED;
    return faults->count > 0 ? INVALID_ARGUMENT : OK;
}

/* --- fields --- */

static struct text read_code(const char *field, const char *code, bool may_be_empty,
                             struct codec_staff_faults *faults)
{
    struct text text = codec_check_text_of(code);

    if (text.bytes == 0 && !may_be_empty)
        add(faults, field, "is missing: a code has " STAFF_CODE_FORM);
    else if (text.bytes > 0 && !staff_is_code(text))
        add(faults, field, "is no code: it has " STAFF_CODE_FORM);
    return text;
}

/* By code or id. */
static struct text read_person(const char *field, const char *who, bool may_be_empty,
                               struct codec_staff_faults *faults)
{
    struct text text = codec_check_text_of(who);
    struct id id;

    if (text.bytes == 0 && !may_be_empty)
        add(faults, field, "is missing: somebody's code or id");
    else if (text.bytes > 0 && !staff_is_code(text) && !uuid_parse(text.at, text.bytes, &id))
        add(faults, field, "is neither a code (" STAFF_CODE_FORM ") nor an id");
    return text;
}

static struct text read_name(const char *field, const char *name, struct codec_staff_faults *faults)
{
    struct text text = codec_check_text_of(name);
    size_t characters = utf8_count(text);

    if (characters == 0)
        add(faults, field, "is missing: it has 1 to 60 characters");
    if (characters > STAFF_MAX_NAME)
        add(faults, field, "is longer than 60 characters");
    return text;
}

static int32_t read_day(const char *field, const char *day, struct codec_staff_faults *faults)
{
    int32_t out = STAFF_NO_DAY;

    if (day[0] && !day_parse(day, strlen(day), &out))
        add(faults, field, "is no day: write it as 2026-09-30");
    return out;
}

static unsigned read_roles(const Kehu__Customers__V1__SaveStaff *ask, struct arena *arena,
                           struct codec_staff_faults *faults)
{
    unsigned roles = 0;
    char all[ROLE_NAMES_BYTES];

    for (size_t i = 0; i < ask->n_roles; i++) {
        unsigned role = role_of(codec_check_text_of(ask->roles[i]));

        role_print(~0U, all);
        if (!role)
            add(faults, arena_print(arena, "roles[%zu]", i),
                arena_print(arena, "is no role; there are %s", all));
        roles |= role;
    }
    return roles;
}

static void read_regions(const Kehu__Customers__V1__SaveStaff *ask, struct arena *arena,
                         struct staff *out, struct codec_staff_faults *faults)
{
    if (ask->n_regions > STAFF_MAX_REGIONS) {
        add(faults, "regions", "are more than 50: name those above them");
        return;
    }
    out->regions = arena_take_array(arena, ask->n_regions, sizeof(*out->regions));
    for (size_t i = 0; out->regions && i < ask->n_regions; i++) {
        struct text code = codec_check_text_of(ask->regions[i]);

        if (!region_is_code(code))
            add(faults, arena_print(arena, "regions[%zu]", i), "is no code: " REGION_CODE_FORM);
        out->regions[out->region_count++] = code;
    }
}

/* --- questions --- */

enum status codec_get_save_staff(const uint8_t *payload, size_t bytes, struct arena *arena,
                                 struct codec_staff_ask *out, struct codec_staff_faults *faults)
{
    ProtobufCMessage *message;
    enum status status = unpack(&kehu__customers__v1__save_staff__descriptor, payload, bytes, arena,
                                faults, &message);

    if (status)
        return status;
    const Kehu__Customers__V1__SaveStaff *ask = (const void *)message;

    *out = (struct codec_staff_ask){
        .staff = {.code = read_code("code", ask->code, false, faults),
                  .name = read_name("name", ask->name, faults),
                  .roles = read_roles(ask, arena, faults),
                  .level = codec_check_text_of(ask->level[0] ? ask->level : "staff"),
                  .unit = read_code("unit", ask->unit, true, faults),
                  .manager = read_person("manager", ask->manager, true, faults),
                  .deputy = read_person("deputy", ask->deputy, true, faults),
                  .capacity = (int32_t)ask->capacity,
                  .joined_on = read_day("joined_on", ask->joined_on, faults),
                  .absent_from = STAFF_NO_DAY,
                  .absent_to = STAFF_NO_DAY,
                  .left_on = STAFF_NO_DAY},
        .expected_version = ask->expected_version,
    };
    read_regions(ask, arena, &out->staff, faults);
    if (!staff_is_level(out->staff.level))
        add(faults, "level", "is none of staff, office_head, middle, top, owner");
    if (ask->capacity > STAFF_MAX_CAPACITY)
        add(faults, "capacity", "is over 1,000,000; 0 is no limit");
    return verdict(faults, arena);
}

static void check_absence(const struct staff *staff, struct codec_staff_faults *faults)
{
    bool has_from = staff->absent_from != STAFF_NO_DAY, has_to = staff->absent_to != STAFF_NO_DAY;

    if (faults->count > 0)
        return;
    if (has_from != has_to)
        add(faults, has_from ? "to" : "from",
            "is missing: both days of the absence, or neither when he is back");
    else if (has_from && staff->absent_to < staff->absent_from)
        add(faults, "to", "is before `from`");
    else if (has_from && staff->absent_to - staff->absent_from > STAFF_MAX_ABSENCE_DAYS)
        add(faults, "to", "is more than 400 days after `from`");
}

enum status codec_get_set_absence(const uint8_t *payload, size_t bytes, struct arena *arena,
                                  struct codec_staff_ask *out, struct codec_staff_faults *faults)
{
    ProtobufCMessage *message;
    enum status status = unpack(&kehu__customers__v1__set_absence__descriptor, payload, bytes,
                                arena, faults, &message);

    if (status)
        return status;
    const Kehu__Customers__V1__SetAbsence *ask = (const void *)message;

    *out = (struct codec_staff_ask){
        .who = read_person("staff", ask->staff, false, faults),
        .staff = {.absent_from = read_day("from", ask->from, faults),
                  .absent_to = read_day("to", ask->to, faults),
                  .deputy = read_person("deputy", ask->deputy, true, faults)},
    };
    check_absence(&out->staff, faults);
    return verdict(faults, arena);
}

enum status codec_get_get_staff(const uint8_t *payload, size_t bytes, struct arena *arena,
                                struct codec_staff_ask *out, struct codec_staff_faults *faults)
{
    ProtobufCMessage *message;
    enum status status = unpack(&kehu__customers__v1__get_staff__descriptor, payload, bytes, arena,
                                faults, &message);

    if (status)
        return status;
    *out = (struct codec_staff_ask){
        .who = read_person("staff", ((const Kehu__Customers__V1__GetStaff *)message)->staff, false,
                           faults)};
    return verdict(faults, arena);
}

static void read_page(uint32_t size, const char *token, struct codec_staff_list_ask *out,
                      struct codec_staff_faults *faults)
{
    out->page_size = size ? size : DEFAULT_PAGE;
    out->after = codec_check_text_of(token);
    if (size > CODEC_STAFF_MAX_PAGE)
        add(faults, "page_size", "is over 500");
    if (token[0] && !staff_is_code(out->after))
        add(faults, "page_token", "is none: give next_page_token of the answer before");
}

static struct text read_state(const char *state, struct codec_staff_faults *faults)
{
    if (state[0] && strcmp(state, "active") && strcmp(state, "left") && strcmp(state, "all"))
        add(faults, "state", "is none of active, left, all");
    return codec_check_text_of(state[0] ? state : "active");
}

enum status codec_get_list_staff(const uint8_t *payload, size_t bytes, struct arena *arena,
                                 struct codec_staff_list_ask *out,
                                 struct codec_staff_faults *faults)
{
    ProtobufCMessage *message;
    enum status status = unpack(&kehu__customers__v1__list_staff__descriptor, payload, bytes, arena,
                                faults, &message);

    if (status)
        return status;
    const Kehu__Customers__V1__ListStaff *ask = (const void *)message;

    *out = (struct codec_staff_list_ask){
        .unit = read_code("unit", ask->unit, true, faults),
        .role = codec_check_text_of(ask->role),
        .manager = read_person("manager", ask->manager, true, faults),
        .state = read_state(ask->state, faults),
    };
    if (ask->role[0] && !role_of(out->role))
        add(faults, "role", "is no role");
    read_page(ask->page_size, ask->page_token, out, faults);
    return verdict(faults, arena);
}

enum status codec_get_list_units(const uint8_t *payload, size_t bytes, struct arena *arena,
                                 struct codec_staff_list_ask *out,
                                 struct codec_staff_faults *faults)
{
    ProtobufCMessage *message;
    enum status status = unpack(&kehu__customers__v1__list_units__descriptor, payload, bytes, arena,
                                faults, &message);

    if (status)
        return status;
    const Kehu__Customers__V1__ListUnits *ask = (const void *)message;

    *out = (struct codec_staff_list_ask){.page_size = 0};
    read_page(ask->page_size, ask->page_token, out, faults);
    return verdict(faults, arena);
}

enum status codec_get_save_unit(const uint8_t *payload, size_t bytes, struct arena *arena,
                                struct staff_unit *out, uint64_t *expected_version,
                                struct codec_staff_faults *faults)
{
    ProtobufCMessage *message;
    enum status status = unpack(&kehu__customers__v1__save_unit__descriptor, payload, bytes, arena,
                                faults, &message);

    if (status)
        return status;
    const Kehu__Customers__V1__SaveUnit *ask = (const void *)message;

    if (!ask->unit) {
        add(faults, "unit", "is missing: its code and name at least");
        return INVALID_ARGUMENT;
    }
    *out = (struct staff_unit){
        .code = read_code("unit.code", ask->unit->code, false, faults),
        .name = read_name("unit.name", ask->unit->name, faults),
        .parent = read_code("unit.parent", ask->unit->parent, true, faults),
    };
    *expected_version = ask->expected_version;
    return verdict(faults, arena);
}
