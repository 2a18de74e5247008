/*
 * A request on its way through named steps: ask, decide, answer (docs/architecture.md). A step asks
 * for what it needs, says where to put it, and names the next step. A step is entered only when
 * everything asked before has arrived and succeeded; if an ask fails, the request ends with that
 * status. Requests that hold the same subject wait for each other within the process.
 */
#ifndef KEHU_FLOW_H
#define KEHU_FLOW_H

#include "common/arena.h"
#include "common/base.h"
#include "common/bus.h"
#include "common/kv.h"
#include "common/pg.h"
#include "common/status.h"

struct call_ask;
struct request;
struct service;
struct timer;

enum flow {
    FLOW_GO,     /* enter the named step at once */
    FLOW_WAIT,   /* enter it when all asks have arrived */
    FLOW_COMMIT, /* enter it when the unit has committed */
    FLOW_END,    /* answered */
};

typedef enum flow (*flow_step)(struct request *req);

/* A request as handlers see it. Everything it points to lives in its arena. */
struct request {
    struct arena *arena;
    struct service *service;
    void *state;    /* of the handler; request_state makes it */
    const char *id; /* the envelope, validated; never NULL, may be empty where optional */
    const char *type;
    const char *source;
    const char *subject;
    const char *actor;
    const char *traceparent;
    const char *correlation_id;
    const char *causation_id;
    const uint8_t *payload;
    size_t payload_bytes;
    struct key key; /* a copy of what the key may do, as of arrival */
    int64_t now_us; /* business clock at the present step's turn */
    int64_t received_us;
    int64_t deadline_us;       /* of flow_clock_us */
    unsigned tries;            /* 0 at first; how often it went back to its first step */
    const struct timer *timer; /* that began it; NULL: somebody asked, or a job */
    void *scope;               /* of the service's door: who asks and what he may see; NULL: none */
};

/* A message in its packed form, as the wire carries it and receipts keep it. */
struct flow_packed {
    const char *type; /* its full name */
    const uint8_t *bytes;
    size_t count;
};

/* The handler's state, zeroed, at the first step; the same memory when steps run again. */
void *request_state(struct request *req, size_t bytes);
/* Of one request each is greater than the one before. */
struct id request_new_id(struct request *req);

/* What a step returns. */
enum flow flow_go(struct request *req, flow_step next);
enum flow flow_wait(struct request *req, flow_step next);
/* Closes the unit and waits for its commit. Without writes it goes on like flow_wait. */
enum flow flow_commit(struct request *req, flow_step next);
/* Begins again at the first step with fresh state, as after a stale unit. */
enum flow flow_again(struct request *req);
/* What the log says of the next refusal in place of its sentence, which names somebody. Static. */
void flow_log_as(struct request *req, const char *why);
/* Ends with a status and one English sentence. */
enum flow flow_refuse(struct request *req, enum status status, const char *format, ...)
    PRINTF_LIKE(3, 4);
/* Ends a request whose arena is full: final, since the same bytes will never fit. */
enum flow flow_refuse_large(struct request *req);
/* Names a field in the refusal that follows; at most 20 are kept. */
void flow_violation(struct request *req, const char *field, const char *format, ...)
    PRINTF_LIKE(3, 4);
/* Ends with OK and the packed message; NULL: an arena that was full. */
enum flow flow_reply(struct request *req, const ProtobufCMessage *message);
/* Packs the message into the request's arena; false: an arena that was full, or no message. */
bool flow_pack(struct request *req, const ProtobufCMessage *message, struct flow_packed *out);
/* Ends with OK and these bytes. */
enum flow flow_reply_packed(struct request *req, const struct flow_packed *reply);
/* Commits the unit, then ends with OK and these bytes, which must live in the arena. */
enum flow flow_commit_packed(struct request *req, const struct flow_packed *reply);
/* Ends with OK and no payload, as jobs do. */
enum flow flow_end(struct request *req);

/*
 * For the service's door (service.h), which is entered before the first step of each try and
 * leaves its findings in req->scope; it makes no state. `flow_enter` goes on to the first step.
 */
enum flow flow_enter(struct request *req);
/* The act of the message's handler. */
unsigned flow_act(const struct request *req);
/* Who asks, under the one name that audits and receipts know him by. */
void flow_name_actor(struct request *req, const char *actor);

/* Asks. The memory of `out` must live in the request's state or arena. */
void flow_ask(struct request *req, const struct pg_statement *statement, struct pg_args *args,
              pg_fill fill, void *out);
/* The arguments of a write in this request's unit, to be filled with pg_put. A `merge` statement
 * has one write per unit: every call gives the same arguments, to which rows are added. */
struct pg_args *flow_write(struct request *req, const struct pg_statement *statement);
/* A question to Redis. Its failure does not end the request: `ask->found` stays false. */
void flow_ask_kv(struct request *req, struct kv_ask *ask);

/* A question to another service, which the service's definition must name (service_find_call). Its
 * failure ends the request with that status, unless `ask->may_fail`. */
void flow_ask_call(struct request *req, const char *service, struct call_ask *ask);

/*
 * Queues this request for the subjects (hashes from flow_subject_hash) and enters `next` when it
 * is the first of all their queues; it holds them until it ends. Requests of one subject run in
 * the order of arrival, and since a request joins all its queues at once, none waits in a circle.
 * May be called once more, later, for subjects of another kind found on the way; whoever holds
 * those never waits again before its commit.
 */
enum flow flow_hold(struct request *req, const uint64_t *hashes, size_t count, flow_step next);
uint64_t flow_subject_hash(const char *kind, struct text a, struct text b);

/* Microseconds of a clock that only goes forward and that no virtual clock moves: deadlines and
 * pauses are counted by it. */
int64_t flow_clock_us(const struct request *req);

/* A pause until that moment of flow_clock_us, or until the log has news (flows_wake). */
enum flow flow_sleep(struct request *req, int64_t until_us, flow_step next);

/* --- for service.c --- */

struct flows;

struct flow_limits {
    unsigned max_requests;  /* in flight, without polls */
    unsigned max_polls;     /* parked */
    size_t max_bytes;       /* of memory for requests in flight, estimated from their messages */
    size_t max_arena_bytes; /* of one request */
    int64_t deadline_us;    /* of requests that name none */
};

struct flow_counters {
    uint64_t begun, ended, refused_overload, malformed, again, deadline, repeats;
    uint64_t in_flight, polls, waiting_subjects, bytes;
    uint64_t by_status[17];
};

struct flows *flows_new(struct service *service, const struct flow_limits *limits);
/* Answers what is still there UNAVAILABLE and stops the timer; before the bus closes. */
void flows_close(struct flows *flows);
void flows_free(struct flows *flows);
/* bus_receive and bus_refuse. */
void flows_receive(void *flows, const struct bus_message *message);
void flows_refuse(void *flows, const struct bus_route *route, const uint8_t *body,
                  size_t body_bytes);
/* Station of the turn: enters the steps that became ready. */
void flows_run(void *flows);
bool flows_has_ready(const struct flows *flows);
/* The log has news: sleepers look again. */
void flows_wake(struct flows *flows);
/* PostgreSQL is back: units of unknown outcome are looked for. */
void flows_pg_ready(struct flows *flows);
/* A request of our own, such as a job; its answer goes nowhere. */
void flows_start(struct flows *flows, const char *type, flow_step step);
/* One with more to it. Everything pointed to lives until `ended`. */
struct flow_own {
    const char *type;
    const char *id; /* NULL: none */
    flow_step step;
    const struct timer *timer;
    bool is_poll; /* waits for others rather than works: no work to wait for when the service stops
                   */
    void (*failed)(void *owner, enum status status, const char *why); /* before; may be NULL */
    void (*ended)(void *owner); /* nothing of it is at work any more; may be NULL */
    void *owner;
};
/* False: out of memory; `ended` is not called. */
bool flows_start_own(struct flows *flows, const struct flow_own *own);
const struct flow_counters *flows_counters(const struct flows *flows);

#endif
