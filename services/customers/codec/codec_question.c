/*
 * The questions to this service, checked field by field.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/pure/day.h"
#include "common/validate.h"
#include "kehu/customers/v1/customers.pb-c.h"
#include "services/customers/codec/codec.h"
#include "services/customers/codec/codec_check.h"

#define MAX_PAGE_TOKEN_BYTES 2048

_Static_assert((int)SALES_KEY_IS_TOTAL == KEHU__CUSTOMERS__V1__SALES_KEY__SALES_KEY_TOTAL &&
                   (int)SALES_KEY_IS_REGION == KEHU__CUSTOMERS__V1__SALES_KEY__SALES_KEY_REGION &&
                   (int)SALES_KEY_IS_MONTH == KEHU__CUSTOMERS__V1__SALES_KEY__SALES_KEY_MONTH &&
                   (int)SALES_KEY_IS_CUSTOMER == KEHU__CUSTOMERS__V1__SALES_KEY__SALES_KEY_CUSTOMER,
               "keys have the same numbers on the wire");

/* Where to say what is wrong. */
struct complaint {
    char *field;
    size_t field_bytes;
    char *why;
    size_t why_bytes;
};

static enum status refuse(const struct complaint *to, const char *field, const char *format, ...)
    PRINTF_LIKE(3, 4);

static enum status refuse(const struct complaint *to, const char *field, const char *format, ...)
{
    va_list list;

    snprintf(to->field, to->field_bytes, "%s", field);
    va_start(list, format);
    vsnprintf(to->why, to->why_bytes, format, list);
    va_end(list);
    return INVALID_ARGUMENT;
}

enum status codec_get_get_customer(const uint8_t *payload, size_t bytes, struct arena *arena,
                                   struct customer_question *out, char *field, size_t field_bytes,
                                   char *why, size_t why_bytes)
{
    const struct complaint to = {field, field_bytes, why, why_bytes};
    struct customer_question question = {.recent_orders = 0};
    ProtobufCMessage *message;
    enum status status =
        validate_unpack(&kehu__customers__v1__get_customer__descriptor, arena_allocator(arena),
                        payload, bytes, &message, field, field_bytes, why, why_bytes);

    if (status)
        return status;

    const Kehu__Customers__V1__GetCustomer *ask = (const void *)message;

    if (ask->ref[0] == '\0')
        return refuse(&to, "ref", "is missing: give " CUSTOMER_REF_FORMS);
    if (!customer_question_parse(codec_check_text_of(ask->ref), &question))
        return refuse(&to, "ref", "refers to nobody: give " CUSTOMER_REF_FORMS);
    if (ask->recent_orders > CUSTOMER_MAX_RECENT_ORDERS)
        return refuse(&to, "recent_orders", "is %" PRIu32 ": at most %d are shown",
                      ask->recent_orders, CUSTOMER_MAX_RECENT_ORDERS);
    question.recent_orders = ask->recent_orders;
    *out = question;
    return OK;
}

static enum status read_day(const struct complaint *to, const char *field, const char *text,
                            bool *has, int32_t *day)
{
    *has = text[0] != '\0';
    if (!*has || day_parse(text, strlen(text), day))
        return OK;
    return refuse(to, field, "is no day: give one as YYYY-MM-DD, such as 2026-09-30");
}

static enum status read_days(const struct complaint *to,
                             const Kehu__Customers__V1__ReportSales *ask,
                             struct sales_question *out)
{
    enum status status = read_day(to, "from", ask->from, &out->has_from, &out->from_day);

    if (!status)
        status = read_day(to, "to", ask->to, &out->has_to, &out->to_day);
    if (!status && out->has_from && out->has_to && out->from_day > out->to_day)
        status =
            refuse(to, "to", "is %s, before from (%s): both days are included", ask->to, ask->from);
    return status;
}

static enum status read_paging(const struct complaint *to,
                               const Kehu__Customers__V1__ReportSales *ask,
                               struct sales_question *out)
{
    if (ask->top > SALES_MAX_TOP)
        return refuse(to, "top", "is %" PRIu32 ": at most %d, or 0 for all, page by page", ask->top,
                      SALES_MAX_TOP);
    if (ask->page_size > SALES_MAX_PAGE)
        return refuse(to, "page_size", "is %" PRIu32 ": at most %d, or 0 for %d", ask->page_size,
                      SALES_MAX_PAGE, SALES_DEFAULT_PAGE);
    if (ask->top > 0 && ask->page_token[0] != '\0')
        return refuse(to, "page_token", "has no meaning together with top: leave one of them out");
    if (strlen(ask->page_token) > MAX_PAGE_TOKEN_BYTES)
        return refuse(to, "page_token", "is too long: give next_page_token of the answer before");
    out->top = ask->top;
    out->page_size = ask->page_size ? ask->page_size : SALES_DEFAULT_PAGE;
    out->page_token = codec_check_text_of(ask->page_token);
    return OK;
}

enum status codec_get_report_sales(const uint8_t *payload, size_t bytes, struct arena *arena,
                                   struct sales_question *out, char *field, size_t field_bytes,
                                   char *why, size_t why_bytes)
{
    const struct complaint to = {field, field_bytes, why, why_bytes};
    struct sales_question question = {.by = SALES_KEY_IS_TOTAL};
    ProtobufCMessage *message;
    enum status status =
        validate_unpack(&kehu__customers__v1__report_sales__descriptor, arena_allocator(arena),
                        payload, bytes, &message, field, field_bytes, why, why_bytes);

    if (status)
        return status;

    const Kehu__Customers__V1__ReportSales *ask = (const void *)message;

    if (ask->by)
        question.by = (enum sales_key)ask->by;
    status = read_days(&to, ask, &question);
    if (!status)
        status = read_paging(&to, ask, &question);
    if (!status)
        *out = question;
    return status;
}
