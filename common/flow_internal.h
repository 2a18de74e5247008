/* What the files of flow share. Nothing else includes this. */
#ifndef KEHU_FLOW_INTERNAL_H
#define KEHU_FLOW_INTERNAL_H

#include <uthash.h>

#include "common/service.h"

#define MAX_VIOLATIONS 20
#define MAX_TRIES 3
#define MAX_HOLDS 3
/* So many repeats are answered with the first; what is sent more often finds its answer among them.
 */
#define MAX_REPEATS 32
#define NAME_BYTES (sizeof(((struct bus_route *)0)->bytes) + 64)

struct subject;
struct flow_request;

/* A request's place in a subject's queue. */
struct place {
    struct subject *subject;
    struct flow_request *owner;
    struct place *next, *prev;
};

/* What one call of flow_hold took, in the envelope arena. */
struct place_set {
    struct place *places;
    size_t count;
};

struct violation {
    const char *field;
    const char *description;
};

struct flow_request {
    struct request req; /* first: handlers hold its address */
    struct flows *flows;
    const struct handler *handler;
    struct arena *envelope; /* lives through all tries; req.arena is made anew for each */
    struct bus_route route;
    bool has_route; /* false: our own job */
    bool is_answered;
    bool is_ended; /* freed when nothing is pending */
    bool waits_for_pg;
    bool is_own_poll;
    bool has_effect;    /* a change has committed: no refusal may be final from then on */
    int64_t last_id_us; /* the moment in its latest new id */
    flow_step first, next_step;
    unsigned pending;
    enum status failed; /* of the asks under way */
    unsigned steps;
    size_t charged_bytes;
    struct flow_packed kept; /* what flow_commit_packed will answer */
    const char *log_why;     /* what the log says of a refusal; NULL: its message */
    void (*failed_own)(void *owner, enum status status, const char *why);
    void (*ended)(void *owner);
    void *ended_owner;
    struct pg_unit unit;
    struct place_set sets[MAX_HOLDS]; /* one per flow_hold; they last over all tries */
    unsigned holds;                   /* calls of flow_hold in this try */
    unsigned door_holds;              /* of them made by the door, before the first step */
    unsigned queues_ahead;            /* subjects of which another is first */
    int64_t begun_us;                 /* of flow_clock_us, as deadline and sleep are */
    int64_t sleeps_until_us;          /* 0: not asleep */
    bool is_ready;
    struct violation violations[MAX_VIOLATIONS];
    size_t violation_count;
    uint8_t name[NAME_BYTES]; /* who asked, and the id he gave it */
    bool is_named;            /* among those at work */
    unsigned repeats;         /* sent again since: each is answered by its answer */
    UT_hash_handle hh;
    struct flow_request *next, *prev;             /* all */
    struct flow_request *ready_next, *ready_prev; /* ready */
};

struct key_load {
    char name[65];
    unsigned in_flight, polls;
    UT_hash_handle hh;
};

struct flows {
    struct service *service;
    struct flow_limits limits;
    struct flow_request *all;
    struct flow_request *ready;
    struct subject *subjects;
    struct key_load *loads;
    struct flow_request *named; /* at work, by name */
    struct flow_counters counters;
    uv_timer_t waker;   /* rings when the first sleeper or deadline is due */
    int64_t look_at_us; /* when; 0: it is not set */
    bool is_closed;
};

/* flow.c */
struct flow_request *flow_new_request(struct flows *flows);
void flow_begin(struct flow_request *f, size_t charged_bytes);
/* Frees a request that never began. */
void flow_abandon(struct flow_request *f);
void flow_make_ready(struct flow_request *f);
/* One of what the request waits for has come. */
void flow_one_arrived(struct flow_request *f);
/* Answers once; a request may outlive its answer. */
void flow_answer(struct flow_request *f, enum status status, const char *message,
                 const struct flow_packed *payload);
/* Answers now and is silent from then on. */
void flow_end_early(struct flow_request *f, enum status status, const char *message);

/* flow_door.c: looks at sleepers and deadlines at that moment of flow_clock_us, or before. */
void flow_wake_at(struct flows *flows, int64_t at_us);

/* flow_repeat.c: the same bytes sent again over the same connection, while what they ask is at
 * work, are not begun: they are answered with the first. */
/* The one at work of which it is a repeat; NULL: none. */
struct flow_request *flow_find_first(const struct flow_request *f);
/* It begins. */
void flow_name(struct flow_request *f);
/* It ends. */
void flow_unname(struct flow_request *f);

/* flow_hold.c */
/* Takes the places of one flow_hold; false: the arena is full. */
bool flow_join_subjects(struct flow_request *f, const uint64_t *hashes, size_t count);
void flow_release_subjects(struct flow_request *f);

/* flow_envelope.c */
struct flow_refusal {
    enum status status;
    const char *message;
    int64_t retry_after_us;
};
/* Decodes the envelope into f; false: `refusal` says why. f->req.id is set whenever it could be
 * read. */
bool flow_decode(struct flow_request *f, const uint8_t *body, size_t body_bytes,
                 struct flow_refusal *refusal);
/* Sends an answer; `message` or `payload` may be NULL. */
void flow_send(struct flow_request *f, enum status status, const char *message,
               int64_t retry_after_us, const struct flow_packed *payload);
/* An answer to what never became a request. */
void flow_send_plain(struct flows *flows, const struct bus_route *route, const char *id,
                     enum status status, const char *message, int64_t retry_after_us);

#endif
