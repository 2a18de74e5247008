#include "services/complaints/codec/codec_case_report.h"

#include <inttypes.h>
#include <string.h>

#include "common/pure/text.h"
#include "kehu/complaints/v1/queries.pb-c.h"
#include "services/complaints/codec/codec_case_list.h"

/* What a token begins with: the question that it leads on in ("r3.20454.20818.2="). Behind it is
 * the key after which the page begins, which may be empty. NULL: no memory. */
static char *print_token_begin(const struct report_question *question, struct arena *arena)
{
    uint32_t kinds = 0;

    for (size_t i = 0; i < question->kind_count; i++)
        if (question->kinds[i] < CASE_KINDS) /* the others are a fault */
            kinds |= UINT32_C(1) << question->kinds[i];
    return arena_print(arena, "r%d.%" PRId32 ".%" PRId32 ".%" PRIu32 "=", (int)question->by,
                       question->from, question->to, kinds);
}

static void read_token(struct codec_read *read, const char *token, struct report_question *out)
{
    const char *begin = print_token_begin(out, read->arena);
    size_t bytes = begin ? strlen(begin) : 0;

    if (token[0] == '\0' || !begin)
        return;
    if (strncmp(token, begin, bytes) != 0) {
        codec_read_fault(read, "page_token",
                         "is none of this report: give next_page_token of the page before, with "
                         "the same by, from, to and kinds");
        return;
    }
    out->has_after = true;
    out->after = (struct text){token + bytes, strlen(token + bytes)};
}

enum status codec_get_report_complaints(const uint8_t *payload, size_t bytes, struct arena *arena,
                                        struct report_question *out, struct codec_faults *faults)
{
    CODEC_READ_OPEN(Kehu__Complaints__V1__ReportComplaints,
                    kehu__complaints__v1__report_complaints__descriptor);

    out->by = (enum report_key)ask->by;
    if ((int)ask->by <= 0 || (int)ask->by >= REPORT_KEYS)
        codec_read_fault(&r, "by",
                         "must be product, issue, month, channel, state, region, cause, owner, "
                         "grade, handler or total");
    codec_case_list_read_period(&r, ask->from, ask->to, &out->from, &out->to);
    out->kinds =
        codec_case_list_read_kinds(&r, "kinds", ask->kinds, ask->n_kinds, true, &out->kind_count);
    out->top = ask->top;
    if (ask->top > CODEC_READ_MAX_PAGE)
        codec_read_fault(&r, "top", "must be at most %d", CODEC_READ_MAX_PAGE);
    out->page_size = codec_read_page(&r, ask->page_size);
    read_token(&r, ask->page_token, out);
    return codec_read_end(&r);
}

static double hundredths(int64_t value)
{
    return (double)value / 100;
}

/* The clocks of this row's key, which stand together; their sums go into the row. */
static void put_clocks(const struct report_row *row, const struct report_clocks *clocks,
                       struct arena *arena, Kehu__Complaints__V1__ComplaintRow *out)
{
    Kehu__Complaints__V1__ClockCompliance **list =
        arena_take_array(arena, CLOCK_KINDS, sizeof(*list));
    Kehu__Complaints__V1__ClockCompliance *room =
        arena_take_array(arena, CLOCK_KINDS, sizeof(*room));

    out->clocks = list;
    for (size_t i = 0; list && room && i < clocks->count && out->n_clocks < CLOCK_KINDS; i++) {
        const struct report_clock *clock = &clocks->list[i];
        Kehu__Complaints__V1__ClockCompliance *one = &room[out->n_clocks];

        if (text_compare(clock->key, row->key) != 0)
            continue;
        kehu__complaints__v1__clock_compliance__init(one);
        one->kind = (char *)clock_kind_name(clock->kind);
        one->met = clock->met;
        one->breached = clock->breached;
        out->clocks_met += clock->met;
        out->clocks_breached += clock->breached;
        list[out->n_clocks++] = one;
    }
}

static void put_times(const struct report_row *row, Kehu__Complaints__V1__ComplaintRow *out)
{
    out->acknowledged = row->acknowledged.count;
    out->answered = row->answered.count;
    out->ended = row->ended.count;
    out->hours_to_acknowledge = hundredths(figures_mean_hours(&row->acknowledged));
    out->hours_to_answer = hundredths(figures_mean_hours(&row->answered));
    out->hours_to_close = hundredths(figures_mean_hours(&row->ended));
}

static void put_row(const struct report_row *row, const struct report_clocks *clocks,
                    struct arena *arena, Kehu__Complaints__V1__ComplaintRow *out)
{
    kehu__complaints__v1__complaint_row__init(out);
    out->key = codec_read_print_text(row->key, arena);
    out->complaints = row->complaints;
    out->open = row->open;
    out->closed = row->closed;
    out->serious = row->serious;
    out->reopened = row->reopened;
    out->unconfirmed = row->unconfirmed;
    out->recurred = row->recurred;
    out->recurred_of_customer = row->recurred_of_customer;
    out->recurred_of_batch = row->recurred_of_batch;
    out->our_fault = row->our_fault;
    out->not_counted = row->not_counted;
    out->historic = row->historic;
    put_times(row, out);
    out->rating = hundredths(figures_mean_rating(&row->ratings));
    out->ratings = row->ratings.answered;
    out->ratings_asked = row->ratings.asked;
    put_clocks(row, clocks, arena, out);
}

const ProtobufCMessage *codec_complaint_report(const struct report_question *question,
                                               const struct report_rows *rows,
                                               const struct report_clocks *clocks,
                                               const struct report_rate *rate, bool has_next,
                                               struct arena *arena)
{
    Kehu__Complaints__V1__ComplaintReport *out = arena_take(arena, sizeof(*out));
    Kehu__Complaints__V1__ComplaintRow **list =
        arena_take_array(arena, rows->count + 1, sizeof(*list));
    Kehu__Complaints__V1__ComplaintRow *room =
        arena_take_array(arena, rows->count + 1, sizeof(*room));

    if (!out || !list || !room)
        return NULL;
    kehu__complaints__v1__complaint_report__init(out);
    for (size_t i = 0; i < rows->count; i++) {
        put_row(&rows->list[i], clocks, arena, &room[i]);
        list[i] = &room[i];
    }
    out->rows = list;
    out->n_rows = rows->count;
    out->rate_complaints = rate->complaints;
    out->active_customers = rate->active_customers;
    out->complaint_rate =
        (double)figures_complaint_rate(rate->complaints, rate->active_customers).micros / 1000000;
    if (has_next && rows->count > 0) {
        struct text key = rows->list[rows->count - 1].key;
        const char *begin = print_token_begin(question, arena);

        if (begin)
            out->next_page_token = arena_print(arena, "%s%.*s", begin, (int)key.bytes, key.at);
    }
    return arena_is_full(arena) ? NULL : &out->base;
}
