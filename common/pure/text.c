#include "common/pure/text.h"

#include <string.h>

int text_compare(struct text a, struct text b)
{
    size_t shorter = a.bytes < b.bytes ? a.bytes : b.bytes;
    int order = shorter ? memcmp(a.at, b.at, shorter) : 0;

    return order ? order : (a.bytes > b.bytes) - (a.bytes < b.bytes);
}
