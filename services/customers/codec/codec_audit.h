/*
 * The messages about the audit.
 */
#ifndef KEHU_CUSTOMERS_CODEC_AUDIT_H
#define KEHU_CUSTOMERS_CODEC_AUDIT_H

#include <protobuf-c/protobuf-c.h>

#include "common/arena.h"
#include "common/status.h"
#include "services/customers/domain/audit_entry.h"

#define CODEC_AUDIT_MAX_PAGE 500

/* INVALID_ARGUMENT: `field` is the first wrong one and `why` says what would be right;
 * RESOURCE_EXHAUSTED: the arena is full. */
enum status codec_get_read_audit(const uint8_t *payload, size_t bytes, struct arena *arena,
                                 struct audit_question *out, char *field, size_t field_bytes,
                                 char *why, size_t why_bytes) MUST_USE;

/* In the arena; NULL when it is full. `has_next`: there are more behind the last. */
const ProtobufCMessage *codec_audit_entries(const struct audit_entries *entries, bool has_next,
                                            struct arena *arena);

#endif
