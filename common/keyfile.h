/*
 * One key's file: NAME.json as keys.h describes it, read strictly. A member that we do not know is
 * refused, because a misspelt right must not pass for the default.
 */
#ifndef KEHU_KEYFILE_H
#define KEHU_KEYFILE_H

#include "common/base.h"
#include "common/keys.h"
#include "common/status.h"

#define KEYFILE_BYTES_MAX (64 * 1024)

/* Reads folder/file. INVALID_ARGUMENT: `why` says what is wrong; `out` is then untouched. */
enum status keyfile_read(const char *folder, const char *file, struct key *out, char *why,
                         size_t why_bytes) MUST_USE;

/* The same from memory: `name` is what the key must be called. Never reads past `count` bytes. */
enum status keyfile_decode(const char *name, const char *bytes, size_t count, struct key *out,
                           char *why, size_t why_bytes) MUST_USE;

/* Frees what a key read so holds. */
void keyfile_clear(struct key *key);

#endif
