/*
 * Quarantine: what was refused, kept as it came for 30 days so that its sender can be helped. The
 * content is encrypted with a key of its day; the key is dropped after 30 days, and backups hold
 * nothing readable.
 */
#ifndef KEHU_QUARANTINE_H
#define KEHU_QUARANTINE_H

#include "common/flow.h"

#define QUARANTINE_DAYS 30
/* Of one item; of more as much of the beginning as of the end is kept. */
#define QUARANTINE_MAX_BYTES (64 * 1024)

extern const struct pg_statement quarantine_statements[];
extern const size_t quarantine_statement_count;

struct quarantined {
    struct text source, event_id, type;
    const char *field, *why;
    const uint8_t *content;
    size_t content_bytes;
};

/* The key of today; ask for it before quarantine_add. `is_known` false: add makes it. */
struct quarantine_key {
    bool is_known;
    int32_t day; /* of the question: midnight may pass before the answer is used */
    uint8_t key[32];
};
void quarantine_find_key(struct request *req, struct quarantine_key *out);
void quarantine_add(struct request *req, struct quarantine_key *key,
                    const struct quarantined *item);

/* Opens a row's content into `plain`, of QUARANTINE_MAX_BYTES; false: not with this key. */
bool quarantine_open(struct text nonce, struct text sealed, struct text key, uint8_t *plain,
                     size_t *plain_bytes) MUST_USE;

/* What is quarantined and says one of these words, looked for page by page: quarantine_hunt is
 * asked again while `goes_on`. Made with words and zeroes. */
#define QUARANTINE_PAGE 100
struct quarantine_word {
    struct text source; /* only of this one; "": of any */
    struct text text;
};
struct quarantine_hunt {
    const struct quarantine_word *words;
    size_t word_count;
    bool goes_on;
    struct quarantine_hit {
        int32_t day;
        uint8_t hash[32];
        struct quarantine_hit *next;
    } * hits;
    int32_t day; /* of the last row that was looked at */
    uint8_t hash[32];
    uint8_t *plain;
};
void quarantine_hunt(struct request *req, struct quarantine_hunt *hunt);
/* Adds to the unit: what was found goes. */
void quarantine_remove(struct request *req, const struct quarantine_hunt *hunt);

/* A job: drops keys and rows older than 30 days. */
enum flow quarantine_expire(struct request *req);

#endif
