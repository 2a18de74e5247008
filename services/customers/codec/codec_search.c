#include "services/customers/codec/codec_search.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/pure/utf8.h"
#include "common/pure/uuid.h"
#include "common/validate.h"
#include "kehu/customers/v1/files.pb-c.h"
#include "services/customers/codec/codec_check.h"
#include "services/customers/codec/codec_customer_file.h"
#include "services/customers/codec/codec_value.h"

/* A token is the place and the id of the last row before the page: "3.0190…". */
static bool read_token(const char *token, struct search_page *page)
{
    if (token[0] == '\0')
        return true;
    if (token[0] < '1' || token[0] > '8' || token[1] != '.')
        return false;
    page->after_place = token[0] - '0';
    return uuid_parse(token + 2, strlen(token + 2), &page->after);
}

/* The field that is wrong, and why; NULL: none. */
static const char *check(const Kehu__Customers__V1__SearchCustomers *ask, struct codec_search *out,
                         char *why, size_t why_bytes)
{
    out->query_characters = utf8_count(codec_check_text_of(ask->query));
    if (out->query_characters > SEARCH_MAX_QUERY) {
        snprintf(why, why_bytes, "has %zu characters: it may have at most %d",
                 out->query_characters, SEARCH_MAX_QUERY);
        return "query";
    }
    search_read(codec_check_text_of(ask->query), &out->query);
    if (!out->query.is_ref && out->query.word_count == 0) {
        snprintf(why, why_bytes,
                 "%s: give a part of a name, pinyin, initials, the last four digits of a telephone,"
                 " or " CUSTOMER_REF_FORMS,
                 ask->query[0] ? "holds neither letters nor digits" : "is missing");
        return "query";
    }
    if (ask->page_size > SEARCH_MAX_PAGE) {
        snprintf(why, why_bytes, "is %" PRIu32 ": at most %d, or 0 for %d", ask->page_size,
                 SEARCH_MAX_PAGE, SEARCH_DEFAULT_PAGE);
        return "page_size";
    }
    out->page_size = ask->page_size ? ask->page_size : SEARCH_DEFAULT_PAGE;
    out->page = (struct search_page){.size = out->page_size + 1};
    if (!read_token(ask->page_token, &out->page)) {
        snprintf(why, why_bytes, "is none; take next_page_token of the answer before");
        return "page_token";
    }
    return NULL;
}

enum status codec_get_search_customers(const uint8_t *payload, size_t bytes, struct arena *arena,
                                       struct codec_search *out, char *field, size_t field_bytes,
                                       char *why, size_t why_bytes)
{
    ProtobufCMessage *message;
    enum status status =
        validate_unpack(&kehu__customers__v1__search_customers__descriptor, arena_allocator(arena),
                        payload, bytes, &message, field, field_bytes, why, why_bytes);

    if (status)
        return status;
    const char *wrong =
        check((const Kehu__Customers__V1__SearchCustomers *)message, out, why, why_bytes);

    if (!wrong)
        return OK;
    snprintf(field, field_bytes, "%s", wrong);
    return INVALID_ARGUMENT;
}

static const char *matched_text(const struct codec_search *ask, const struct search_match *match,
                                struct arena *arena)
{
    char text[SEARCH_MATCHED_BYTES];

    search_print_match(&ask->query, match, text);
    return arena_copy_text(arena, text, strlen(text));
}

static const char *next_token(const struct search_hits *hits, size_t page_size, struct arena *arena)
{
    char id[UUID_TEXT_BYTES];

    if (hits->count <= page_size)
        return "";
    uuid_print(&hits->list[page_size - 1].summary.id, id);
    return arena_print(arena, "%" PRId32 ".%s", hits->list[page_size - 1].place, id);
}

const ProtobufCMessage *codec_search_result(const struct codec_search *ask,
                                            const struct search_hits *hits, struct arena *arena)
{
    size_t page_size = ask->page_size;
    size_t count = hits->count < page_size ? hits->count : page_size;
    struct file_summary *summaries = arena_take_array(arena, count, sizeof(*summaries));
    const char *token = next_token(hits, page_size, arena);

    for (size_t i = 0; summaries && i < count; i++)
        summaries[i] = hits->list[i].summary;
    if (!summaries || !token)
        return NULL;
    const ProtobufCMessage *list = codec_customer_list(summaries, count, token, arena);
    const Kehu__Customers__V1__CustomerList *out = (const void *)list;

    for (size_t i = 0; list && i < count; i++) {
        if (summaries[i].is_outside)
            continue;
        out->customers[i]->matched = (char *)matched_text(ask, &hits->list[i].match, arena);
        if (!summaries[i].merged_from)
            continue;
        out->customers[i]->merged_from = codec_value_number(summaries[i].merged_from, arena);
        out->customers[i]->former_name = codec_value_text(summaries[i].former_name, arena);
    }
    return arena_is_full(arena) ? NULL : list;
}
