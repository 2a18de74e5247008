#include "services/customers/codec/codec_check.h"

#include <string.h>

struct text codec_check_text_of(const char *terminated)
{
    return (struct text){terminated, strlen(terminated)};
}

struct text codec_check_cut(struct text text, size_t max_bytes)
{
    return intake_cut(text, max_bytes);
}
