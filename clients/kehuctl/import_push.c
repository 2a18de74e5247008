/*
 * Batches stand in a ring in the order of the file. One is filled, those before it are on the way
 * or answered; reports are told from the oldest on, so that they come in order.
 */
#include "clients/kehuctl/import_push.h"

#include <sodium.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/status.h"

enum {
    TURN_MS = 20,
    LAST_WAIT_MS = 5000,
    SILENCE_S = 30,
    FAULTS = 1000, /* of lines that are not sent, before the batch goes */
};

/* A line that is not sent. */
struct fault {
    uint64_t line;
    size_t column;
    char *name, *what;
};

struct batch {
    struct import_push *push;
    bool is_asked, is_answered;
    Kehu__Customers__V1__ImportRow *rows[IMPORT_PUSH_MAX_BATCH];
    size_t count, bytes;
    struct fault faults[FAULTS];
    size_t fault_count;
    uint64_t last_line;
    Kehu__Customers__V1__RowsImported *answer;
};

struct import_push {
    struct import_push_options options;
    struct import_push_result result;
    struct batch *ring;
    size_t places, oldest, filling; /* counted on and on; the place is modulo `places` */
    bool has_stopped;
    double heard_at;
};

static volatile sig_atomic_t interrupted;

static void interrupt(int number)
{
    (void)number;
    interrupted = 1;
}

static double now_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static struct batch *batch_at(struct import_push *push, size_t i)
{
    return &push->ring[i % push->places];
}

static void stop(struct import_push *push, int exit_code)
{
    push->has_stopped = true;
    if (push->result.exit < exit_code)
        push->result.exit = exit_code;
}

static void stop_without_memory(struct import_push *push)
{
    if (!push->has_stopped)
        ctl_say("memory is out");
    stop(push, CTL_UNFINISHED);
}

static void empty_batch(struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        for (size_t k = 0; k < batch->rows[i]->n_values; k++)
            free(batch->rows[i]->values[k]);
        free(batch->rows[i]->values);
        free(batch->rows[i]);
    }
    for (size_t i = 0; i < batch->fault_count; i++) {
        free(batch->faults[i].name);
        free(batch->faults[i].what);
    }
    if (batch->answer != NULL)
        kehu__customers__v1__rows_imported__free_unpacked(batch->answer, NULL);
    batch->count = batch->bytes = batch->fault_count = 0;
    batch->is_asked = batch->is_answered = false;
    batch->answer = NULL;
}

/* --- answers --- */

static void report_row(struct import_push *push, const Kehu__Customers__V1__RowImported *row)
{
    for (size_t i = 0; i < row->n_faults; i++) {
        const Kehu__Customers__V1__ImportFault *fault = row->faults[i];
        size_t column = 0;

        while (column < push->options.column_count &&
               strcmp(push->options.columns[column], fault->column) != 0)
            column++;
        if (column < push->options.column_count)
            import_report_add(push->options.report, row->line, push->options.places[column],
                              push->options.names[column], fault->why);
        else
            import_report_add(push->options.report, row->line, 0, fault->column, fault->why);
    }
}

static void count_row(struct import_push *push, const Kehu__Customers__V1__RowImported *row)
{
    switch (row->outcome) {
    case KEHU__CUSTOMERS__V1__IMPORT_OUTCOME__IMPORT_OUTCOME_ACCEPTED:
        push->result.accepted++;
        return;
    case KEHU__CUSTOMERS__V1__IMPORT_OUTCOME__IMPORT_OUTCOME_UPDATED:
        push->result.updated++;
        return;
    case KEHU__CUSTOMERS__V1__IMPORT_OUTCOME__IMPORT_OUTCOME_UNCHANGED:
        push->result.unchanged++;
        return;
    default:
        push->result.rejected++;
        report_row(push, row);
    }
}

/* Tells of one batch, its own faults and the service's in the order of lines. */
static void tell_batch(struct import_push *push, struct batch *batch)
{
    size_t row = 0, rows = batch->answer != NULL ? batch->answer->n_rows : 0;

    for (size_t i = 0; i < batch->fault_count; i++) {
        const struct fault *fault = &batch->faults[i];

        while (row < rows && batch->answer->rows[row]->line < fault->line)
            count_row(push, batch->answer->rows[row++]);
        push->result.broken += i == 0 || batch->faults[i - 1].line != fault->line;
        import_report_add(push->options.report, fault->line, fault->column, fault->name,
                          fault->what);
    }
    while (row < rows)
        count_row(push, batch->answer->rows[row++]);
    ctl_progress_set(push->options.progress, batch->last_line);
}

static void tell_answered(struct import_push *push)
{
    while (push->oldest < push->filling && batch_at(push, push->oldest)->is_answered) {
        tell_batch(push, batch_at(push, push->oldest));
        empty_batch(batch_at(push, push->oldest));
        push->oldest++;
    }
}

static void refuse(struct import_push *push, const struct kehu_answer *answer)
{
    bool is_ours = answer->status == INTERNAL || answer->status == UNKNOWN ||
                   answer->status == DATA_LOSS || status_is_repeatable(answer->status);

    if (!push->has_stopped) {
        ctl_say("refused: %s: %s", answer->status_name, answer->message);
        for (size_t i = 0; i < answer->violation_count; i++)
            ctl_say("  %s: %s", answer->violations[i].field, answer->violations[i].description);
    }
    stop(push, is_ours ? CTL_UNFINISHED : CTL_REFUSED);
}

static void take_answer(void *owner, const struct kehu_answer *answer)
{
    struct batch *batch = owner;
    struct import_push *push = batch->push;

    push->heard_at = now_s();
    if (answer->status != OK) {
        refuse(push, answer);
        return;
    }
    batch->answer =
        kehu__customers__v1__rows_imported__unpack(NULL, answer->payload_bytes, answer->payload);
    batch->is_answered = true;
    if (batch->answer != NULL && batch->answer->n_rows == batch->count)
        return;
    ctl_say("the service answered %zu rows with %zu outcomes; is it another version?", batch->count,
            batch->answer != NULL ? batch->answer->n_rows : 0);
    stop(push, CTL_UNFINISHED);
}

/* --- asking --- */

/* The same rows of the same import have the same id, whoever sends them. */
static void make_id(const struct import_push *push, const uint8_t *bytes, size_t count,
                    char out[80])
{
    unsigned char hash[16];
    char digits[2 * sizeof(hash) + 1];

    crypto_generichash(hash, sizeof(hash), bytes, count, NULL, 0);
    sodium_bin2hex(digits, sizeof(digits), hash, sizeof(hash));
    snprintf(out, 80, "rows:%.30s:%s", push->options.import_number, digits);
}

static void complain_about_silence(struct import_push *push)
{
    double now = now_s();

    if (kehu_waiting(ctl_kehu(push->options.ctl)) == 0)
        push->heard_at = now;
    if (now - push->heard_at < SILENCE_S)
        return;
    ctl_say("no answer for %d s; sending again until there is one (Ctrl-C ends)", SILENCE_S);
    push->heard_at = now;
}

static void turn(struct import_push *push)
{
    kehu_turn(ctl_kehu(push->options.ctl), TURN_MS);
    complain_about_silence(push);
    tell_answered(push);
    if (interrupted && !push->has_stopped) {
        ctl_say("interrupted; the same command goes on where this one ends");
        stop(push, CTL_UNFINISHED);
    }
}

static void ask(struct import_push *push, struct batch *batch, const uint8_t *bytes, size_t count)
{
    char id[80];
    struct kehu_question question = {
        .type = "kehu.customers.v1.ImportRows", .payload = bytes, .payload_bytes = count};

    if (push->options.import_number != NULL) {
        make_id(push, bytes, count, id);
        question.id = id;
        /* One person may stand in two batches: they go one after the other. */
        if (push->options.settings->kind == KEHU__CUSTOMERS__V1__IMPORT_KIND__IMPORT_KIND_CONTACTS)
            question.subject = push->options.import_number;
    }
    for (;;) {
        enum kehu_result asked =
            kehu_ask(ctl_kehu(push->options.ctl), &question, take_answer, batch);

        batch->is_asked = asked == KEHU_OK;
        if (asked == KEHU_OK)
            return;
        if (asked != KEHU_FULL) {
            ctl_say("libkehu refuses the question: it is too large or an argument too long");
            stop(push, CTL_UNFINISHED);
        }
        if (push->has_stopped)
            return;
        turn(push);
    }
}

static void send_batch(struct import_push *push, struct batch *batch)
{
    Kehu__Customers__V1__ImportRows rows = KEHU__CUSTOMERS__V1__IMPORT_ROWS__INIT;

    rows.columns = push->options.columns;
    rows.n_columns = push->options.column_count;
    rows.rows = batch->rows;
    rows.n_rows = batch->count;
    rows.dry_run = push->options.import_number == NULL;
    if (rows.dry_run)
        rows.settings = (Kehu__Customers__V1__ImportSettings *)push->options.settings;
    else
        rows.import_number = (char *)push->options.import_number;
    size_t count = kehu__customers__v1__import_rows__get_packed_size(&rows);
    uint8_t *bytes = malloc(count);

    if (bytes == NULL) {
        stop_without_memory(push);
        return;
    }
    kehu__customers__v1__import_rows__pack(&rows, bytes);
    ask(push, batch, bytes, count);
    free(bytes);
}

/* The batch that is being filled goes; the next place becomes free. */
static void close_batch(struct import_push *push)
{
    struct batch *batch = batch_at(push, push->filling);

    if (batch->count == 0 && batch->fault_count == 0)
        return;
    if (batch->count > 0)
        send_batch(push, batch);
    else
        batch->is_answered = true;
    push->filling++;
    tell_answered(push);
    while (push->filling - push->oldest == push->places && !push->has_stopped)
        turn(push);
}

/* --- filling --- */

static char *copy_of(struct text text)
{
    char *copy = malloc(text.bytes + 1);

    if (copy == NULL)
        return NULL;
    if (text.bytes > 0)
        memcpy(copy, text.at, text.bytes);
    copy[text.bytes] = '\0';
    return copy;
}

static Kehu__Customers__V1__ImportRow *make_row(const struct import_push *push, uint64_t line,
                                                const struct text *values, size_t *bytes)
{
    Kehu__Customers__V1__ImportRow *row = malloc(sizeof(*row));

    if (row == NULL)
        return NULL;
    kehu__customers__v1__import_row__init(row);
    row->line = line;
    row->values = calloc(push->options.column_count, sizeof(*row->values));
    for (size_t i = 0; row->values != NULL && i < push->options.column_count; i++) {
        row->values[i] = copy_of(values[i]);
        if (row->values[i] == NULL)
            break;
        row->n_values++;
        *bytes += values[i].bytes + 4;
    }
    if (row->n_values == push->options.column_count)
        return row;
    kehu__customers__v1__import_row__free_unpacked(row, NULL);
    return NULL;
}

void import_push_row(struct import_push *push, uint64_t line, const struct text *values)
{
    size_t bytes = 16;

    if (push->has_stopped)
        return;
    Kehu__Customers__V1__ImportRow *row = make_row(push, line, values, &bytes);
    struct batch *batch = batch_at(push, push->filling);

    if (row == NULL) {
        stop_without_memory(push);
        return;
    }
    if (batch->count > 0 && batch->bytes + bytes > IMPORT_PUSH_BATCH_BYTES) {
        close_batch(push);
        if (push->has_stopped) {
            kehu__customers__v1__import_row__free_unpacked(row, NULL);
            return;
        }
        batch = batch_at(push, push->filling);
    }
    batch->rows[batch->count++] = row;
    batch->bytes += bytes;
    batch->last_line = line;
    if (batch->count == push->options.batch)
        close_batch(push);
}

void import_push_fault(struct import_push *push, uint64_t line, size_t column, const char *name,
                       const char *what)
{
    struct batch *batch = batch_at(push, push->filling);

    if (push->has_stopped)
        return;
    struct fault fault = {line, column, strdup(name), strdup(what)};

    if (fault.name == NULL || fault.what == NULL) {
        free(fault.name);
        free(fault.what);
        stop_without_memory(push);
        return;
    }
    batch->faults[batch->fault_count++] = fault;
    batch->last_line = line;
    if (batch->fault_count == FAULTS)
        close_batch(push);
}

bool import_push_has_stopped(const struct import_push *push)
{
    return push->has_stopped;
}

/* --- the whole --- */

struct import_push *import_push_new(const struct import_push_options *options)
{
    /* The second signal ends at once. */
    struct sigaction on = {.sa_handler = interrupt, .sa_flags = (int)SA_RESETHAND};
    struct import_push *push = calloc(1, sizeof(*push));

    if (push == NULL)
        return NULL;
    push->options = *options;
    push->places = options->in_flight + 1;
    push->ring = calloc(push->places, sizeof(*push->ring));
    push->heard_at = now_s();
    if (push->ring == NULL) {
        free(push);
        return NULL;
    }
    for (size_t i = 0; i < push->places; i++)
        push->ring[i].push = push;
    interrupted = 0;
    sigaction(SIGINT, &on, NULL);
    sigaction(SIGTERM, &on, NULL);
    return push;
}

void import_push_end(struct import_push *push, struct import_push_result *result)
{
    close_batch(push);
    while (push->oldest < push->filling && !push->has_stopped)
        turn(push);
    if (push->has_stopped)
        kehu_wait(ctl_kehu(push->options.ctl), LAST_WAIT_MS);
    tell_answered(push);
    push->result.finished = !push->has_stopped;
    if (push->result.exit == CTL_DONE && push->result.rejected + push->result.broken > 0)
        push->result.exit = CTL_REFUSED;
    *result = push->result;
}

void import_push_free(struct import_push *push)
{
    if (push == NULL)
        return;
    for (size_t i = 0; i < push->places; i++) {
        /* A late answer must not find a batch that is gone. */
        if (ctl_kehu(push->options.ctl) != NULL && push->ring[i].is_asked &&
            !push->ring[i].is_answered) {
            ctl_disconnect(push->options.ctl);
        }
        empty_batch(&push->ring[i]);
    }
    free(push->ring);
    free(push);
}
