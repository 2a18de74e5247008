/*
 * Who may connect and what he may do. A folder holds one JSON file per key, named NAME.json:
 *
 *   {"name": "shop", "public": "<40 characters of Z85>", "kind": "service" | "person" | "admin",
 *    "staff": "",                      staff id, where the key is a person's
 *    "publish": ["uci"],               sources from which it may publish; "*" is any
 *    "types": ["kehu.customers.v1.*"], event types it may publish; empty: all; "*" ends a prefix
 *    "call": ["customers.*"],          methods as SERVICE.Method; "*" ends a prefix
 *    "act_for": false,                 may name an actor from the staff directory
 *    "read_only": false,               only queries, whatever "call" says
 *    "administer": false,              everything, and administrative acts
 *    "max_in_flight": 256}             requests at once; default 256, at most 4096
 *
 * name, public and kind must be there; an unknown member is refused. The folder is the truth: it is
 * read again when its modification time changes, so that a key removed from it is refused at its
 * next message; a file rewritten in place is seen within a second. A file that cannot be used is
 * reported and lets nobody in; it harms no other key, unless two hold the same public key: then
 * both are refused. Files not named *.json and hidden ones are passed over. At most 1000 keys.
 */
#ifndef KEHU_KEYS_H
#define KEHU_KEYS_H

#include "common/arena.h"
#include "common/base.h"
#include "common/status.h"

#define KEY_PUBLIC_CHARS 40

struct keys;

struct key {
    char name[65];
    char public_z85[KEY_PUBLIC_CHARS + 1];
    char kind[17];
    char staff[65];
    bool act_for;
    bool read_only;
    bool administer;
    unsigned max_in_flight;
    size_t publish_count, types_count, call_count;
    char **publish, **types, **call;
};

/* Loads the folder. NOT_FOUND when it cannot be opened; `why` then says so. */
enum status keys_new(const char *folder, struct keys **out, char *why, size_t why_bytes) MUST_USE;
void keys_free(struct keys *keys);

/* Reads the folder again if it changed; cheap (one stat) when it did not. */
void keys_refresh(struct keys *keys);

/* NULL: unknown or revoked. Pointers hold until the next keys_refresh. */
const struct key *keys_by_name(const struct keys *keys, const char *name);
const struct key *keys_by_public(const struct keys *keys, const char *public_z85);
size_t keys_count(const struct keys *keys);
/* Files of the folder that could not be used, for logs and health. */
size_t keys_broken_count(const struct keys *keys);

/* method is SERVICE.Method; is_query says that it changes nothing. */
bool key_may_call(const struct key *key, const char *method, bool is_query);
/* A NULL type asks whether the key may publish anything at all from this source. */
bool key_may_publish(const struct key *key, const char *source, const char *type);

/*
 * A copy that outlives keys_refresh; its lists lie in the arena. False when that is full: `to` is
 * then untouched.
 */
bool key_copy(struct arena *arena, const struct key *from, struct key *to) MUST_USE;

#endif
