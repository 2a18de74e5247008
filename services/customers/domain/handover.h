/*
 * Handover (R43): what a receiver and the manager may do with one customer, and the states it goes
 * through.
 */
#ifndef KEHU_CUSTOMERS_HANDOVER_H
#define KEHU_CUSTOMERS_HANDOVER_H

#include "services/customers/domain/owner.h"

#define HANDOVER_TERM_DAYS 5 /* working days to acknowledge or object */

enum handover_item_state {
    HANDOVER_ITEM_IS_NONE = 0,
    HANDOVER_ITEM_IS_PENDING = 1,
    HANDOVER_ITEM_IS_ACKNOWLEDGED = 2,
    HANDOVER_ITEM_IS_ACCEPTED = 3, /* the term was over */
    HANDOVER_ITEM_IS_OBJECTED = 4,
    HANDOVER_ITEM_IS_KEPT = 5,
    HANDOVER_ITEM_IS_GIVEN = 6,
    HANDOVER_ITEM_IS_OVERTAKEN = 7,
};
#define HANDOVER_ITEM_STATES 8
/* As rows have them: "pending"; "" for NONE. */
const char *handover_item_state_name(enum handover_item_state state);
enum handover_item_state handover_item_state_read(struct text name);

/* What somebody does with an item. */
enum handover_act {
    HANDOVER_ACKNOWLEDGES,
    HANDOVER_OBJECTS,
    HANDOVER_KEEPS, /* the manager: it stays with the receiver */
    HANDOVER_GIVES, /* the manager: to somebody else */
    HANDOVER_EXPIRES,
};
/* The state afterwards; NONE: not from there. Who acknowledged may not object any more; who
 * objected may still take it. */
enum handover_item_state handover_next(enum handover_item_state state, enum handover_act act);

/* Who is asked to take over, and on what ground. */
struct handover_taker {
    struct owner_person *person; /* NULL: nobody is there to take him */
    struct text rule;            /* that chose; empty: named, or the manager */
    bool as_manager;
};

/* A handover, and how much of it is in which state. */
struct handover {
    bool found;
    struct id id, from, to, manager;
    bool has_to, has_manager;
    struct text from_code, from_name, to_code, to_name; /* to: empty by rule */
    bool leaves, tells_customers;
    struct text note, by;
    int64_t at_us;
    uint64_t customers;
    uint64_t counts[HANDOVER_ITEM_STATES]; /* by enum handover_item_state */
};
struct handovers {
    struct handover *list;
    size_t count;
};

/* Who got how many customers by it. */
struct handover_receiver {
    struct id staff;
    struct text code, name;
    uint64_t customers, pending;
    int64_t due_us;
    bool as_manager;
};
struct handover_receivers {
    struct handover_receiver *list;
    size_t count;
};

/* One customer of it. */
struct handover_item {
    struct id customer, receiver;
    int64_t number;
    struct text name, receiver_code, objection, decision, decided_by, rule;
    char grade; /* ' ': none */
    enum handover_item_state state;
    bool as_manager;
};
struct handover_items {
    struct handover_item *list;
    size_t count;
};

#endif
