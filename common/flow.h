/*
 * A request on its way through named steps: ask, decide, answer (docs/architecture.md). A step asks for
 * what it needs, says where to put it, and names the next step. A step is entered only when
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

struct request;
struct service;

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
    void *state;             /* of the handler; request_state makes it */
    const char *id;          /* the envelope, validated; never NULL, may be empty where optional */
    const char *type;
    const char *source;
    const char *subject;
    const char *actor;
    const char *traceparent;
    const char *correlation_id;
    const char *causation_id;
    const uint8_t *payload;
    size_t payload_bytes;
    struct key key;          /* a copy of what the key may do, as of arrival */
    int64_t now_us;          /* business clock at the present step's turn */
    int64_t received_us;
    int64_t deadline_us;
    unsigned tries;          /* 0 at first; how often it went back to its first step */
};

/* The handler's state, zeroed, at the first step; the same memory when steps run again. */
void *request_state(struct request *req, size_t bytes);
struct id request_new_id(struct request *req);

/* What a step returns. */
enum flow flow_go(struct request *req, flow_step next);
enum flow flow_wait(struct request *req, flow_step next);
/* Closes the unit and waits for its commit. Without writes it goes on like flow_wait. */
enum flow flow_commit(struct request *req, flow_step next);
/* Begins again at the first step with fresh state, as after a stale unit. */
enum flow flow_again(struct request *req);
/* Ends with a status and one English sentence. */
enum flow flow_refuse(struct request *req, enum status status, const char *format, ...)
    PRINTF_LIKE(3, 4);
/* Names a field in the refusal that follows; at most 20 are kept. */
void flow_violation(struct request *req, const char *field, const char *format, ...)
    PRINTF_LIKE(3, 4);
/* Ends with OK and the packed message. */
enum flow flow_reply(struct request *req, const ProtobufCMessage *message);

/* Asks. The memory of `out` must live in the request's state or arena. */
void flow_ask(struct request *req, const struct pg_statement *statement, struct pg_args *args,
              pg_fill fill, void *out);
void flow_write(struct request *req, const struct pg_statement *statement, struct pg_args *args);
void flow_ask_kv(struct request *req, struct kv_ask *ask);

/*
 * Waits until none of the subjects (hashes from flow_subject_hash) is held by another request
 * of this process, then holds them all until this request ends. May be called once more, later,
 * for subjects found on the way: those must be the last before the commit, and no request that
 * holds such late subjects may wait for another (docs/architecture.md, "Subjects").
 */
enum flow flow_hold(struct request *req, const uint64_t *hashes, size_t count, flow_step next);
uint64_t flow_subject_hash(const char *kind, const char *a, const char *b);

/* A pause, such as between the looks of a long poll; ends early by flow_wake or at the deadline. */
enum flow flow_sleep(struct request *req, int64_t until_us, flow_step next);

#endif
