#include "services/complaints/codec/codec_attachment.h"

#include <jansson.h>

#include <string.h>

#define URL_MAX 1000
#define NAME_MAX_CHARACTERS 200
#define TYPE_MAX 100
#define SHA256_DIGITS 64

static bool is_hash(struct text text)
{
    for (size_t i = 0; i < text.bytes; i++)
        if (!memchr("0123456789abcdefABCDEF", text.at[i], 22))
            return false;
    return text.bytes == 0 || text.bytes == SHA256_DIGITS;
}

/* https, or a path of the document store: nothing that a screen would run or fetch from inside. */
static bool is_url(struct text url)
{
    static const char https[] = "https://";

    return (url.bytes > sizeof(https) - 1 && memcmp(url.at, https, sizeof(https) - 1) == 0) ||
           (url.bytes > 1 && url.at[0] == '/' && url.at[1] != '/');
}

static json_t *string_of(struct text text)
{
    return json_stringn(text.at, text.bytes);
}

static json_t *read_one(struct codec_read *read, const Kehu__Complaints__V1__Attachment *from,
                        size_t i)
{
    const char *under = read->under;
    struct text url, name, type, hash;

    read->under = arena_print(read->arena, "%sattachments[%zu].", under, i);
    if (!read->under)
        read->under = "";
    url = codec_read_text(read, "url", from->url, URL_MAX, true);
    name = codec_read_text(read, "name", from->name, NAME_MAX_CHARACTERS, false);
    type = codec_read_text(read, "media_type", from->media_type, TYPE_MAX, false);
    hash = codec_read_text(read, "sha256", from->sha256, SHA256_DIGITS, false);
    if (url.bytes > 0 && !is_url(url))
        codec_read_fault(read, "url",
                         "must begin with https:// or / (a path of the document "
                         "store): attachments are kept by reference");
    if (!is_hash(hash))
        codec_read_fault(read, "sha256", "must be 64 hexadecimal digits, or empty");
    if (from->bytes < 0)
        codec_read_fault(read, "bytes", "must not be negative");
    read->under = under;
    return json_pack("{s:o, s:o, s:o, s:I, s:o}", "url", string_of(url), "name", string_of(name),
                     "media_type", string_of(type), "bytes", (json_int_t)from->bytes, "sha256",
                     string_of(hash));
}

struct text codec_attachments_read(struct codec_read *read,
                                   Kehu__Complaints__V1__Attachment *const *list, size_t count)
{
    struct text out = TEXT_OF("[]");
    json_t *all;
    char *text;

    if (count > CODEC_ATTACHMENTS_MAX)
        codec_read_fault(read, "attachments", "are %zu: at most %d may be", count,
                         CODEC_ATTACHMENTS_MAX);
    if (count == 0 || count > CODEC_ATTACHMENTS_MAX)
        return out;
    all = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(all, read_one(read, list[i], i));
    text = json_dumps(all, JSON_COMPACT);
    if (text) {
        out.bytes = strlen(text);
        out.at = arena_copy_text(read->arena, text, out.bytes);
    }
    free(text);
    json_decref(all);
    return out.at ? out : TEXT_OF("[]");
}

static char *text_of(const json_t *object, const char *name, struct arena *arena)
{
    const json_t *value = json_object_get(object, name);

    return json_is_string(value)
               ? arena_copy_text(arena, json_string_value(value), json_string_length(value))
               : (char *)"";
}

static Kehu__Complaints__V1__Attachment *write_one(const json_t *from, struct arena *arena)
{
    Kehu__Complaints__V1__Attachment *to = arena_take(arena, sizeof(*to));

    if (!to)
        return NULL;
    kehu__complaints__v1__attachment__init(to);
    to->url = text_of(from, "url", arena);
    to->name = text_of(from, "name", arena);
    to->media_type = text_of(from, "media_type", arena);
    to->bytes = json_integer_value(json_object_get(from, "bytes"));
    to->sha256 = text_of(from, "sha256", arena);
    return to;
}

Kehu__Complaints__V1__Attachment **codec_attachments(struct text json, struct arena *arena,
                                                     size_t *count)
{
    json_t *all = json_loadb(json.at, json.bytes, 0, NULL);
    size_t size = json_array_size(all);
    Kehu__Complaints__V1__Attachment **list =
        size > 0 ? arena_take_array(arena, size, sizeof(struct Kehu__Complaints__V1__Attachment *))
                 : NULL;

    *count = 0;
    for (size_t i = 0; list && i < size; i++) {
        list[i] = write_one(json_array_get(all, i), arena);
        *count += list[i] != NULL;
    }
    json_decref(all);
    return *count > 0 ? list : NULL;
}
