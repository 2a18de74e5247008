/*
 * Text as the checks of fields see it; those of events are in common/intake.h.
 */
#ifndef KEHU_CUSTOMERS_CODEC_CHECK_H
#define KEHU_CUSTOMERS_CODEC_CHECK_H

#include "common/intake.h"
#include "services/customers/codec/codec.h"

struct text codec_check_text_of(const char *terminated);
/* The longest beginning of at most max bytes that ends between two characters. */
struct text codec_check_cut(struct text text, size_t max_bytes);

#endif
