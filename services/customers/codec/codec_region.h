/*
 * The messages about regions.
 */
#ifndef KEHU_CUSTOMERS_CODEC_REGION_H
#define KEHU_CUSTOMERS_CODEC_REGION_H

#include <protobuf-c/protobuf-c.h>

#include "common/arena.h"
#include "common/status.h"
#include "services/customers/domain/region.h"

/* What is wrong with a question, field by field, for flow_violation. */
struct codec_region_faults {
    struct {
        const char *field;
        const char *why;
    } list[4];
    size_t count;
};

/* Questions. INVALID_ARGUMENT: `faults` say everything that is wrong. RESOURCE_EXHAUSTED: the arena
 * is full. Text is borrowed from it. */
enum status codec_get_save_region(const uint8_t *payload, size_t bytes, struct arena *arena,
                                  struct region *out, struct codec_region_faults *faults) MUST_USE;
enum status codec_get_remove_region(const uint8_t *payload, size_t bytes, struct arena *arena,
                                    struct text *code, struct codec_region_faults *faults) MUST_USE;
enum status codec_get_list_regions(const uint8_t *payload, size_t bytes, struct arena *arena,
                                   struct codec_region_faults *faults) MUST_USE;
/* source, name and region_code of the order region. */
enum status codec_get_map_region(const uint8_t *payload, size_t bytes, struct arena *arena,
                                 struct order_region *out,
                                 struct codec_region_faults *faults) MUST_USE;

/* Answers, in the arena; NULL when it is full. */
const ProtobufCMessage *codec_region(const struct region *region, struct arena *arena);
const ProtobufCMessage *codec_order_region(const struct order_region *region, struct arena *arena);
const ProtobufCMessage *codec_region_list(const struct region_tree *tree,
                                          const struct order_regions *order_regions,
                                          struct arena *arena);

#endif
