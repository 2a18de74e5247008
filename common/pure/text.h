/*
 * Comparing text of known length.
 */
#ifndef KEHU_TEXT_H
#define KEHU_TEXT_H

#include "common/base.h"

/* Byte by byte, a prefix before what continues it: negative, 0 or positive. */
int text_compare(struct text a, struct text b);

#endif
