/*
 * The messages about staff and units.
 */
#ifndef KEHU_CUSTOMERS_CODEC_STAFF_H
#define KEHU_CUSTOMERS_CODEC_STAFF_H

#include <protobuf-c/protobuf-c.h>

#include "common/arena.h"
#include "common/status.h"
#include "services/customers/domain/staff.h"

#define CODEC_STAFF_MAX_PAGE 500

/* What is wrong with a question, field by field, for flow_violation. */
struct codec_staff_faults {
    struct {
        const char *field;
        const char *why;
    } list[20];
    size_t count;
};

/*
 * Questions. INVALID_ARGUMENT: `faults` say everything that is wrong. RESOURCE_EXHAUSTED: the arena
 * is full. Text is borrowed from it.
 */
struct codec_staff_ask {
    struct staff
        staff; /* SaveStaff: the entry as it is to be, manager and deputy by code or id. joined_on
                  STAFF_NO_DAY: not said. SetAbsence: absent_from, absent_to, deputy */
    struct text who; /* GetStaff, SetAbsence: code or id */
    uint64_t expected_version;
};
enum status codec_get_save_staff(const uint8_t *payload, size_t bytes, struct arena *arena,
                                 struct codec_staff_ask *out,
                                 struct codec_staff_faults *faults) MUST_USE;
enum status codec_get_set_absence(const uint8_t *payload, size_t bytes, struct arena *arena,
                                  struct codec_staff_ask *out,
                                  struct codec_staff_faults *faults) MUST_USE;
enum status codec_get_get_staff(const uint8_t *payload, size_t bytes, struct arena *arena,
                                struct codec_staff_ask *out,
                                struct codec_staff_faults *faults) MUST_USE;

struct codec_staff_list_ask {
    struct text unit, role, manager, state, after;
    uint32_t page_size;
};
/* The role of one field by name, the state given its default. */
enum status codec_get_list_staff(const uint8_t *payload, size_t bytes, struct arena *arena,
                                 struct codec_staff_list_ask *out,
                                 struct codec_staff_faults *faults) MUST_USE;
/* `after` and `page_size` only. */
enum status codec_get_list_units(const uint8_t *payload, size_t bytes, struct arena *arena,
                                 struct codec_staff_list_ask *out,
                                 struct codec_staff_faults *faults) MUST_USE;
enum status codec_get_save_unit(const uint8_t *payload, size_t bytes, struct arena *arena,
                                struct staff_unit *out, uint64_t *expected_version,
                                struct codec_staff_faults *faults) MUST_USE;

/* Answers and the event, in the arena; NULL when it is full. */
const ProtobufCMessage *codec_staff(const struct staff *staff, struct arena *arena);
const ProtobufCMessage *codec_staff_list(const struct staff *list, size_t count, struct text next,
                                         struct arena *arena);
const ProtobufCMessage *codec_staff_unit(const struct staff_unit *unit, struct arena *arena);
const ProtobufCMessage *codec_staff_unit_list(const struct staff_unit *list, size_t count,
                                              struct text next, struct arena *arena);
const ProtobufCMessage *codec_staff_changed(const struct staff *staff, struct arena *arena);

#endif
