/*
 * What the customers service tells in its log, as plain structs: the little of it that is kept
 * here.
 */
#ifndef KEHU_COMPLAINTS_CODEC_CUSTOMERS_H
#define KEHU_COMPLAINTS_CODEC_CUSTOMERS_H

#include <protobuf-c/protobuf-c.h>

#include "common/arena.h"
#include "common/base.h"

/* Ids of zeroes: none. Texts lie in the arena. */
struct codec_registered {
    struct id customer;
    const char *number, *source, *external_id; /* number "": it was a reference only */
};

struct codec_graded {
    struct id customer;
    const char *grade; /* "A", "B", "C" */
};

struct codec_owned {
    struct id customer, owner;
};

struct codec_merged {
    struct id survivor, merged;
};

struct codec_order {
    struct id customer, order;
    int32_t day;
    int64_t net_micros;
    const char *currency;
    bool is_gone; /* cancelled, or of another customer now */
};

struct codec_person {
    struct id person;
    bool is_restricted;
    struct id *ids; /* his contacts, and his own files as a customer */
    size_t id_count;
};

#define CODEC_NUMBER_HASH_BYTES 32
struct codec_number {
    struct text hash;
    struct id customer, contact;
};

struct codec_staff {
    struct id staff, manager, deputy;
    const char *code, *unit;
    char **roles;
    size_t role_count;
    bool is_absent, is_active;
    int32_t absent_from, absent_to;
};

/*
 * Each reads the packed message. False: it is none of that type, or holds what it may not: no id,
 * no day; out-parameters are then untouched.
 */
bool codec_get_registered(struct arena *arena, const uint8_t *data, size_t bytes,
                          struct codec_registered *out);
bool codec_get_reference_added(struct arena *arena, const uint8_t *data, size_t bytes,
                               struct codec_registered *out);
bool codec_get_removed(struct arena *arena, const uint8_t *data, size_t bytes, struct id *out);
bool codec_get_graded(struct arena *arena, const uint8_t *data, size_t bytes,
                      struct codec_graded *out);
bool codec_get_owned(struct arena *arena, const uint8_t *data, size_t bytes,
                     struct codec_owned *out);
bool codec_get_merged(struct arena *arena, const uint8_t *data, size_t bytes,
                      struct codec_merged *out);
bool codec_get_merge_undone(struct arena *arena, const uint8_t *data, size_t bytes,
                            struct codec_merged *out);
bool codec_get_order_recorded(struct arena *arena, const uint8_t *data, size_t bytes,
                              struct codec_order *out);
bool codec_get_order_moved(struct arena *arena, const uint8_t *data, size_t bytes,
                           struct codec_order *out);
bool codec_get_restricted(struct arena *arena, const uint8_t *data, size_t bytes,
                          struct codec_person *out);
bool codec_get_erased(struct arena *arena, const uint8_t *data, size_t bytes,
                      struct codec_person *out);
bool codec_get_number_held(struct arena *arena, const uint8_t *data, size_t bytes,
                           struct codec_number *out);
bool codec_get_staff_changed(struct arena *arena, const uint8_t *data, size_t bytes,
                             struct codec_staff *out);
bool codec_get_staff_left(struct arena *arena, const uint8_t *data, size_t bytes, struct id *out);

/* kehu.customers.v1.ErasureDone of this service; NULL: the arena is full. */
const ProtobufCMessage *codec_cases_erased(const struct id *person, int64_t values,
                                           struct arena *arena);

#endif
