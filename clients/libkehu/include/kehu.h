/*
 * libkehu: how another system talks to Kehu.
 *
 * A client holds one connection per address of the service it was given (every address a name
 * resolves to), sends each request to the one picked by a hash of its subject, and sends it again,
 * unchanged and to the next address, until it is answered: an answer says that the effect is
 * committed, a repeat has no second effect. No call blocks but kehu_turn and kehu_wait, as long as
 * they are told to, and kehu_new, at most 2 s for the names; memory is bounded: a question that
 * does not fit is refused with KEHU_FULL and the caller tries again after kehu_turn.
 *
 * One client belongs to one thread.
 */
#ifndef KEHU_H
#define KEHU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct kehu;

struct kehu_options {
    const char *urls;     /* "tcp://host:7410", several separated by commas; names are resolved */
    const char *key_file; /* the client's key as `kehuctl keys new` wrote it */
    const char *source;   /* who asks, the default of every question; empty: the key's name */
    size_t max_waiting;   /* unanswered questions; 0: 256 */
    size_t max_waiting_bytes; /* of their payloads; 0: 64 MiB */
    int first_resend_ms;      /* pause before the first repeat; doubles to 8 s; 0: 2,000 */
};

enum kehu_result {
    KEHU_OK = 0,
    KEHU_FULL = 1,      /* too much is waiting: kehu_turn, then again */
    KEHU_TOO_LARGE = 2, /* over 8 MiB: no service would take it */
    KEHU_BAD = 3,       /* a missing or over-long argument */
};

/* A question; everything is copied before kehu_ask returns. NULL is empty. */
struct kehu_question {
    const char *type; /* full name of the payload's message, "kehu.customers.v1.GetCustomer" */
    const char *id;   /* NULL: a new UUIDv7; give your own to repeat across restarts */
    const char *source;
    const char *subject;
    const char *actor;
    const uint8_t *payload;
    size_t payload_bytes;
    int deadline_ms; /* give up after; 0: never, send until answered */
};

struct kehu_violation {
    const char *field;
    const char *description;
};

/* An answer; borrowed for the call. status and its names are gRPC's (0 is OK). */
struct kehu_answer {
    const char *request_id;
    int status;
    const char *status_name;
    const char *message;
    const struct kehu_violation *violations;
    size_t violation_count;
    const char *payload_type;
    const uint8_t *payload;
    size_t payload_bytes;
    unsigned sendings; /* how often it was sent */
    double seconds;    /* from kehu_ask to here */
};

/* UNAVAILABLE, RESOURCE_EXHAUSTED, ABORTED and lost connections are repeated by the library and not
 * reported before the deadline; every other answer is final. DEADLINE_EXCEEDED may come from
 * the library itself, its message then says what kept the answer away; a question without a
 * deadline never ends with it. A service that goes on refusing the key itself ends every question
 * with UNAUTHENTICATED. The function may call kehu_ask, but neither kehu_turn, kehu_wait nor
 * kehu_free. */
typedef void (*kehu_answered)(void *owner, const struct kehu_answer *answer);

/* NULL on failure; `why` then says what is wrong with the options or the key file. */
struct kehu *kehu_new(const struct kehu_options *options, char *why, size_t why_bytes);
/* Unanswered questions are dropped without a call. */
void kehu_free(struct kehu *kehu);

enum kehu_result kehu_ask(struct kehu *kehu, const struct kehu_question *question,
                          kehu_answered answered, void *owner);

/* One turn: sends, receives, repeats; waits at most timeout_ms for something to happen (0: not at
 * all). */
void kehu_turn(struct kehu *kehu, int timeout_ms);
/* Turns until nothing waits or timeout_ms passed (-1: without limit). True when nothing waits. */
bool kehu_wait(struct kehu *kehu, int timeout_ms);

size_t kehu_waiting(const struct kehu *kehu);
/* Repeats so far, for progress displays: how unwell the service is. */
uint64_t kehu_resends(const struct kehu *kehu);
/* How many connections are up now. */
size_t kehu_connected(const struct kehu *kehu);

#ifdef __cplusplus
}
#endif
#endif
