/*
 * The engine of questions to a service, for libkehu (kehu.h, which says what it promises) and for
 * services that ask each other (call.h): a question's bytes are made once and sent again, unchanged
 * and to the next address, until they are answered or their time is over. One asker belongs to one
 * thread.
 */
#ifndef KEHU_ASKER_H
#define KEHU_ASKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct asker;

/* For a loop that polls the sockets itself: told of each descriptor as it comes and goes. The
 * handle of `opened` is given to `closed`, after which the descriptor is closed. */
struct asker_watch {
    void *(*opened)(void *owner, int descriptor);
    void (*closed)(void *owner, void *handle);
    void *owner;
};

struct asker_options {
    const char *urls;     /* "tcp://host:7410", several separated by commas; names are resolved */
    const char *key_file; /* the client's key as `kehuctl keys new` wrote it */
    const char *source;   /* who asks, the default of every question; empty: the key's name */
    size_t max_waiting;   /* unanswered questions; 0: 256 */
    size_t max_waiting_bytes;        /* of their payloads; 0: 64 MiB */
    int first_resend_ms;             /* pause before the first repeat; doubles to 8 s; 0: 2,000 */
    int resolve_ms;                  /* how long asker_new may wait for the names */
    const struct asker_watch *watch; /* NULL: nobody; lives as long as the asker */
};

enum asker_result {
    ASKER_OK = 0,
    ASKER_FULL = 1,      /* too much is waiting: asker_turn, then again */
    ASKER_TOO_LARGE = 2, /* over 8 MiB: no service would take it */
    ASKER_BAD = 3,       /* a missing or over-long argument */
};

/* A question; everything is copied before asker_ask returns. NULL is empty. */
struct asker_question {
    const char *type;
    const char *id; /* NULL: a new UUIDv7 */
    const char *source;
    const char *subject;
    const char *actor;
    const uint8_t *payload;
    size_t payload_bytes;
    int deadline_ms; /* give up after; 0: never */
};

struct asker_violation {
    const char *field;
    const char *description;
};

/* An answer; borrowed for the call. */
struct asker_answer {
    const char *request_id;
    int status; /* enum status */
    const char *status_name;
    const char *message;
    const struct asker_violation *violations;
    size_t violation_count;
    const char *payload_type;
    const uint8_t *payload;
    size_t payload_bytes;
    unsigned sendings;
    double seconds; /* from asker_ask to here */
};

/* May call asker_ask, but neither asker_turn, asker_wait nor asker_free. */
typedef void (*asker_answered)(void *owner, const struct asker_answer *answer);

/* NULL on failure; `why` then says what is wrong with the options or the key file. */
struct asker *asker_new(const struct asker_options *options, char *why, size_t why_bytes);
/* Unanswered questions are dropped without a call. */
void asker_free(struct asker *asker);

enum asker_result asker_ask(struct asker *asker, const struct asker_question *question,
                            asker_answered answered, void *owner);

/* One turn: sends, receives, repeats; waits at most timeout_ms for something to happen. True when
 * something was received or ended. */
bool asker_turn(struct asker *asker, int timeout_ms);
/* Turns until nothing waits or timeout_ms passed (-1: without limit). True when nothing waits. */
bool asker_wait(struct asker *asker, int timeout_ms);

size_t asker_waiting(const struct asker *asker);
uint64_t asker_resends(const struct asker *asker);
size_t asker_connected(const struct asker *asker);

#endif
