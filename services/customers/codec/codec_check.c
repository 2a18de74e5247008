#include "services/customers/codec/codec_check.h"

#include <string.h>

struct text codec_check_text_of(const char *terminated)
{
    return (struct text){terminated, strlen(terminated)};
}

size_t codec_check_count(struct text text)
{
    return intake_count(text);
}

struct text codec_check_cut(struct text text, size_t max_bytes)
{
    return intake_cut(text, max_bytes);
}
