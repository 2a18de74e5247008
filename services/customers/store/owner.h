/*
 * Owners: intervals, how customers stand with them, and the people who may be owners.
 */
#ifndef KEHU_CUSTOMERS_STORE_OWNER_H
#define KEHU_CUSTOMERS_STORE_OWNER_H

#include "common/flow.h"
#include "services/customers/domain/customer.h"
#include "services/customers/domain/owner_rules.h"

extern const struct pg_statement owner_statements[];
extern const size_t owner_statement_count;
extern const struct pg_statement owner_save_statements[];
extern const size_t owner_save_statement_count;

/* --- people --- */

struct owner_names {
    const struct text *codes;
    size_t code_count;
    const struct id *ids;
    size_t id_count;
    bool counts_customers; /* person.customers is wanted of those named */
};
/* Those named and everybody above them, as they are on that day. */
void owner_list_people(struct request *req, const struct owner_names *names, int32_t today,
                       struct owner_people *out);
/* By code and region; those who work here. */
void owner_list_region_managers(struct request *req, struct owner_region_managers *out);

/* --- customers --- */

/* Ids of REFs, survivors in place of merged ones; zeroes: it leads nowhere. `out` has `count`
 * places. */
void owner_list_refs(struct request *req, const struct customer_question *questions, size_t count,
                     struct id *out);

/* How these stand, in the order of ids; who is not there or merged is left out. */
void owner_list_standings(struct request *req, const struct id *customers, size_t count,
                          int32_t today, struct owner_standings *out);
/* The first so many that wait for the rules. */
void owner_list_waiting(struct request *req, int32_t today, uint32_t limit,
                        struct owner_standings *out);
/* The next so many unassigned ones after `after`. */
void owner_list_unassigned_after(struct request *req, const struct id *after, int32_t today,
                                 uint32_t limit, struct owner_standings *out);
/* Everybody whose owner he is. */
void owner_list_owned(struct request *req, const struct id *staff, int32_t today,
                      struct owner_standings *out);

/* At a moment the owner first, then the team; at_us 0: whenever, latest first, at most 500. */
void owner_list_intervals(struct request *req, const struct id *customer, int64_t at_us,
                          int32_t today, struct owner_intervals *out);

/* --- the queue --- */

struct owner_queue_question {
    struct text region, grade; /* empty: all */
    struct text after_grade;   /* of the last row before the page; empty: the first page */
    int64_t after_number;
    uint32_t limit;
};
struct owner_queued {
    struct id customer;
    int64_t number;
    struct text name, grade, region; /* grade "A" … "none" */
    int64_t since_us;
    bool is_alerted;
};
struct owner_queue {
    struct owner_queued *list;
    size_t count;
};
/* Those without an owner, by grade and number, within the scope of who asks. */
void owner_list_queue(struct request *req, const struct owner_queue_question *question,
                      int32_t today, struct owner_queue *out);
/* A customers nobody looks after, of whom that was not told yet; those that wait for the rules
 * only where `with_waiting`. */
void owner_list_unalerted(struct request *req, bool with_waiting, int32_t today, uint32_t limit,
                          struct owner_standings *out);
void owner_add_alert(struct request *req, const struct id *customer);

/* --- the pass of the rules over everybody unassigned --- */

struct owner_pass {
    uint32_t version;
    struct id next;
    bool is_running;
    bool has_waiting; /* somebody waits */
    int64_t waiting;  /* and unassigned, at most 1000001; only with counts */
};
void owner_find_pass(struct request *req, bool counts, struct owner_pass *out);
/* Guarded by how it was found. */
void owner_save_pass(struct request *req, const struct owner_pass *found,
                     const struct owner_pass *next);

/* --- writes (owner_save.c) --- */

/* He works here until the unit has committed; else stale. */
void owner_guard_person(struct request *req, const struct id *staff);

struct owner_ending {
    struct id customer, interval;
    int64_t at_us;
    const char *by, *reason;
};
/* Stale when it has ended. */
void owner_end(struct request *req, const struct owner_ending *ending);
/* A team member's time ends because he becomes the owner; nothing where he is none. */
void owner_end_team_of(struct request *req, const struct owner_ending *ending,
                       const struct id *staff);

struct owner_adding {
    struct id customer, id, staff;
    enum owner_role role;
    int64_t from_us;
    const char *by, *reason;
    struct text note, rule;
    const struct id *handover; /* NULL: none */
};
void owner_add(struct request *req, const struct owner_adding *adding);

/* Rules may say something else of him now: unassigned, he waits for them once more. */
void owner_wait_again(struct request *req, const struct id *customer);
/* Of the version as read; else stale. Raises it. Alerts of those owned from now on go. */
void owner_save_state(struct request *req, const struct owner_standing *standing,
                      enum owner_state state);
/* Its handover items that wait for an answer are overtaken. */
void owner_overtake(struct request *req, const struct id *customer, int64_t at_us);

#endif
