/*
 * Handovers: their rows, and somebody leaving.
 */
#ifndef KEHU_CUSTOMERS_STORE_HANDOVER_H
#define KEHU_CUSTOMERS_STORE_HANDOVER_H

#include "common/flow.h"
#include "services/customers/domain/handover.h"

extern const struct pg_statement handover_statements[];
extern const size_t handover_statement_count;
extern const struct pg_statement handover_save_statements[];
extern const size_t handover_save_statement_count;

/* --- reading (handover.c) --- */

void handover_find(struct request *req, const struct id *id, struct handover *out);

struct handover_list_question {
    struct text staff; /* code; empty: anybody */
    bool only_open, only_done;
    bool has_after;
    struct id after; /* the last of the page before */
    uint32_t limit;
};
/* Latest first, within the scope of who asks. */
void handover_list(struct request *req, const struct handover_list_question *question,
                   struct handovers *out);

/* By code. */
void handover_list_receivers(struct request *req, const struct id *id,
                             struct handover_receivers *out);

struct handover_item_question {
    struct id handover;
    const struct id *receivers; /* none: all */
    size_t receiver_count;
    enum handover_item_state state; /* NONE: all */
    const struct id *customers;     /* none: all */
    size_t customer_count;
    struct id after; /* the last customer of the page before; zeroes: from the beginning */
    uint32_t limit;  /* 0: all of them */
    bool with_names;
};
/* In the order of customers' ids, which is that of registration. */
void handover_list_items(struct request *req, const struct handover_item_question *question,
                         struct handover_items *out);

/* Where somebody is in the team. */
struct handover_team_row {
    struct id customer, interval;
    bool is_known;   /* the other one looks after him too */
    int32_t version; /* the guard of the customer's intervals */
    enum owner_state state;
};
struct handover_team_rows {
    struct handover_team_row *list;
    size_t count;
};
void handover_list_team(struct request *req, const struct id *staff, const struct id *other,
                        struct handover_team_rows *out);

/* --- writes (handover_save.c) --- */

/* He works here no more. Stale when his entry is of another version. */
void handover_let_leave(struct request *req, const struct owner_person *person, int32_t left_on);
/* At the end of the unit he looks after nobody; else stale: somebody gave him a customer meanwhile.
 */
void handover_guard_nobody_left(struct request *req, const struct id *staff);

void handover_add(struct request *req, const struct handover *handover);
void handover_add_receiver(struct request *req, const struct id *handover,
                           const struct handover_receiver *receiver);
void handover_add_item(struct request *req, const struct id *handover, const struct id *customer,
                       const struct handover_taker *taker);

struct handover_answer {
    struct id handover, customer;
    enum handover_item_state from, to;
    struct text objection, decision; /* empty: as it is */
    const char *decided_by;          /* "": nobody */
};
/* Stale when it is in another state. */
void handover_save_item(struct request *req, const struct handover_answer *answer);

#endif
