/*
 * Exports on the wire.
 */
#ifndef KEHU_CUSTOMERS_CODEC_EXPORT_H
#define KEHU_CUSTOMERS_CODEC_EXPORT_H

#include "services/customers/codec/codec_customer_file.h"
#include "services/customers/domain/contact.h"
#include "services/customers/domain/export_record.h"

#define CODEC_EXPORT_PREFIX "EX"

struct codec_export_start {
    struct export_record record;     /* filter without the parent's id, is_unmasked, reason */
    struct customer_question parent; /* when filter.has_parent */
};
enum status codec_get_start_export(const uint8_t *payload, size_t bytes, struct arena *arena,
                                   struct codec_export_start *out,
                                   struct codec_file_faults *faults) MUST_USE;
struct codec_export_page {
    int64_t number;
    struct export_place after;
    uint32_t page_size;
};
enum status codec_get_export_rows(const uint8_t *payload, size_t bytes, struct arena *arena,
                                  struct codec_export_page *out,
                                  struct codec_file_faults *faults) MUST_USE;

const ProtobufCMessage *codec_export_started(enum export_kind kind, int64_t number, int64_t rows,
                                             int64_t left, int64_t free_at_us, struct arena *arena);

/* A row with what hangs on it: facts of a customer, or the contact with opened channels. */
struct codec_export_row {
    const struct export_row *row;
    struct facts facts;
    const struct contact *contact;
};
/* `next` NULL: the last page. */
const ProtobufCMessage *codec_exported_rows(const struct export_record *record,
                                            const struct codec_export_row *rows, size_t count,
                                            const struct export_place *next, struct arena *arena);

#endif
