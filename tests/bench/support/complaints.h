/*
 * The complaints of the bench: by number, of a product and a customer that nobody knows yet, and
 * submitted just now, so that each becomes a case with its clocks armed.
 */
#ifndef KEHU_BENCH_COMPLAINTS_H
#define KEHU_BENCH_COMPLAINTS_H

#include "common/base.h"

/* A Publish of `count` complaints from `first` on, packed; the caller frees. */
uint8_t *complaints_pack_publish(uint64_t first, uint32_t count, uint32_t customers,
                                 const char *source, size_t *bytes);

#endif
