/*
 * Who looks after a customer (R41): who may take him, from when, and how a customer stands. Pure:
 * today and now are arguments.
 */
#ifndef KEHU_CUSTOMERS_OWNER_H
#define KEHU_CUSTOMERS_OWNER_H

#include "common/base.h"

#define OWNER_MAX_NOTE 500 /* characters of a note or reason */
#define OWNER_MAX_TEAM 20
#define OWNER_MAX_BACK_US (3653 * DAY_US) /* how far back an ownership may begin */

enum owner_role {
    OWNER_ROLE_IS_NONE = 0,
    OWNER_ROLE_IS_OWNER = 1,
    OWNER_ROLE_IS_TEAM = 2,
};

enum owner_state {
    OWNER_STATE_IS_NONE = 0,
    OWNER_STATE_IS_WAITING = 1,
    OWNER_STATE_IS_OWNED = 2,
    OWNER_STATE_IS_UNASSIGNED = 3,
    OWNER_STATE_IS_POOL = 4,
    OWNER_STATE_IS_NOBODYS = 5, /* a party that nobody looks after */
};
/* As rows have them: "waiting", "none"; the other way round an unknown word is OWNER_STATE_IS_NONE.
 */
const char *owner_state_name(enum owner_state state);
enum owner_state owner_state_read(struct text name);

/* Of the staff directory, as it is today. */
struct owner_person {
    struct id id;
    struct text code, name;
    bool has_left;
    bool is_absent;   /* today */
    bool has_deputy;  /* who works here and is not absent himself */
    bool has_manager; /* whether or not he still works here */
    bool may_own;     /* by role: who sells, manages accounts, or manages those who do */
    struct id manager;
    int64_t capacity;  /* customers; INT64_MAX: no limit */
    int64_t customers; /* he has now, where they were counted */
    int64_t version;
};
struct owner_people {
    struct owner_person *list; /* each once */
    size_t count;
};
/* NULL: nobody. */
struct owner_person *owner_find_person(const struct owner_people *people, const struct id *id);
struct owner_person *owner_find_code(const struct owner_people *people, struct text code);
/* The first above him who works here; NULL: nobody. `people` hold the line of his managers. */
struct owner_person *owner_find_manager(const struct owner_people *people,
                                        const struct owner_person *person);

/* Whether somebody may be named the owner. The text is a sentence's end about him. */
enum owner_taking {
    OWNER_TAKES,
    OWNER_IS_UNKNOWN,
    OWNER_HAS_LEFT,
    OWNER_HAS_NO_ROLE, /* in which one looks after customers */
    OWNER_IS_ABSENT,   /* today, and without a deputy */
};
enum owner_taking owner_may_take(const struct owner_person *person);
const char *owner_taking_text(enum owner_taking taking);

/* One person's time with a customer. */
struct owner_interval {
    struct id id;
    struct text staff, name; /* code and name */
    enum owner_role role;
    int64_t from_us, to_us; /* to_us 0: now */
    struct text by, reason, note, ended_by, end_reason, rule;
    struct text deputy; /* code of who stands in today; empty: nobody does */
};
struct owner_intervals {
    struct owner_interval *list;
    size_t count;
};

/* How a customer stands with his owners. */
struct owner_standing {
    struct id customer;
    int64_t number;
    struct text party, nature, region; /* region: of the file, else by purchases; may be empty */
    char grade;                        /* ' ': none */
    enum owner_state state;
    int32_t version; /* the guard of his intervals */
    bool has_owner;
    struct id interval, owner; /* of the present owner */
    int64_t owned_from_us;
    int64_t last_end_us; /* of the latest owner that ended; 0: none did */
};
struct owner_standings {
    struct owner_standing *list;
    size_t count;
};

/* A party that somebody looks after: customers and channels. */
bool owner_is_wanted(const struct owner_standing *standing);

/* When an ownership may begin. */
enum owner_start {
    OWNER_STARTS_WELL,
    OWNER_STARTS_IN_FUTURE,
    OWNER_STARTS_TOO_EARLY,   /* more than OWNER_MAX_BACK_US ago */
    OWNER_STARTS_OVERLAPPING, /* somebody was the owner then */
};
enum owner_start owner_check_start(const struct owner_standing *standing, int64_t from_us,
                                   int64_t now_us);

#endif
