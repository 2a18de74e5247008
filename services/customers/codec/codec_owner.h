/*
 * The messages about owners, the unassigned queue and service plans.
 */
#ifndef KEHU_CUSTOMERS_CODEC_OWNER_H
#define KEHU_CUSTOMERS_CODEC_OWNER_H

#include "services/customers/codec/codec_ask.h"
#include "services/customers/domain/owner_rules.h"
#include "services/customers/domain/service_plan.h"

/* What any of the questions says; each uses its own part. */
struct codec_owner_question {
    struct customer_question customer;
    struct text staff;
    struct text note; /* or reason */
    int64_t at_us;    /* AssignOwner.from, GetOwners.at; 0: now */
    bool wants_history;
    bool is_dry;
    struct text team[OWNER_MAX_TEAM];
    size_t team_count;
    struct text region, grade; /* ListUnassigned */
    struct text after_grade;   /* of its token; empty: the first page */
    int64_t after_number;
    uint32_t page_size;
};

/* INVALID_ARGUMENT: `fault` says what is wrong. RESOURCE_EXHAUSTED: the arena is full. */
typedef enum status codec_get_owner(const uint8_t *payload, size_t bytes, struct arena *arena,
                                    struct codec_owner_question *out,
                                    struct codec_ask_fault *fault);
codec_get_owner codec_get_assign_owner, codec_get_end_ownership, codec_get_set_team,
    codec_get_get_owners, codec_get_list_unassigned, codec_get_run_owner_rules,
    codec_get_get_service_plan;

/* Answers, in the arena; NULL when it is full. */
struct codec_owners {
    struct id customer;
    int64_t number;
    enum owner_state state;
    const struct owner_intervals *intervals;
};
const ProtobufCMessage *codec_owners(const struct codec_owners *owners, struct arena *arena);

struct codec_unassigned {
    struct id customer;
    int64_t number;
    struct text name, grade, region;
    const struct owner_region_manager *manager; /* NULL: nobody answers for the region */
    int64_t since_us;
    bool is_alerted;
};
const ProtobufCMessage *codec_unassigned_list(const struct codec_unassigned *list, size_t count,
                                              const char *next, struct arena *arena);

struct codec_rule_outcome {
    struct text rule; /* empty: none matches */
    uint64_t customers, without_taker;
};
const ProtobufCMessage *codec_owner_rules_run(uint64_t waiting,
                                              const struct codec_rule_outcome *outcomes,
                                              size_t count, struct arena *arena);

struct codec_customer_plan {
    struct id customer;
    int64_t number;
    char grade;    /* ' ': none */
    int32_t since; /* day; INT32_MIN: no grade */
    const struct service_plan *plan;
    uint32_t policy_version;
    struct text owner; /* code; empty: nobody */
};
const ProtobufCMessage *codec_customer_plan(const struct codec_customer_plan *plan,
                                            struct arena *arena);

/* Events. */
struct codec_owner_change {
    struct id customer;
    const struct id *to, *from, *handover; /* NULL: nobody, none */
    const char *reason;
    bool is_historic;
};
const ProtobufCMessage *codec_owner_changed(const struct codec_owner_change *change,
                                            struct arena *arena);
const ProtobufCMessage *codec_team_changed(const struct id *customer, const struct id *staff,
                                           size_t count, struct arena *arena);
const ProtobufCMessage *codec_customer_unowned(const struct id *customer, char grade,
                                               const struct id *manager, struct arena *arena);

#endif
