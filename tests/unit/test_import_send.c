/*
 * Batches and the count of their answers, against a libkehu that answers as it is told.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/kehuctl/import_send.c"

/* --- the stand-in --- */

struct asked {
    kehu_answered answered;
    void *owner;
    size_t events;
};

static struct {
    struct asked waiting[IMPORT_SEND_MAX_IN_FLIGHT];
    size_t waiting_count, room;
    size_t requests, most_waiting, largest_batch, largest_bytes;
    size_t refuse_after; /* requests that are answered well; then PERMISSION_DENIED */
    bool is_silent;
    char said[4096];
} fake;

static Kehu__Bus__V1__Outcome outcome_of_next(void)
{
    static unsigned count;

    return count++ % 10 == 9 ? KEHU__BUS__V1__OUTCOME__OUTCOME_REJECTED
                             : KEHU__BUS__V1__OUTCOME__OUTCOME_ACCEPTED;
}

enum kehu_result kehu_ask(struct kehu *kehu, const struct kehu_question *question,
                          kehu_answered answered, void *owner)
{
    Kehu__Bus__V1__Publish *publish;

    (void)kehu;
    if (fake.waiting_count == fake.room)
        return KEHU_FULL;
    if (question->payload_bytes > 8 << 20)
        return KEHU_TOO_LARGE;
    assert_string_equal(question->type, "kehu.bus.v1.Publish");
    publish = kehu__bus__v1__publish__unpack(NULL, question->payload_bytes, question->payload);
    assert_non_null(publish);
    fake.waiting[fake.waiting_count++] = (struct asked){answered, owner, publish->n_events};
    fake.requests++;
    if (publish->n_events > fake.largest_batch)
        fake.largest_batch = publish->n_events;
    if (question->payload_bytes > fake.largest_bytes)
        fake.largest_bytes = question->payload_bytes;
    if (fake.waiting_count > fake.most_waiting)
        fake.most_waiting = fake.waiting_count;
    kehu__bus__v1__publish__free_unpacked(publish, NULL);
    return KEHU_OK;
}

static void answer_well(const struct asked *asked)
{
    Kehu__Bus__V1__PublishedItem items[2000], *list[2000];
    Kehu__Bus__V1__Published published = KEHU__BUS__V1__PUBLISHED__INIT;
    struct kehu_answer answer = {.status_name = "OK", .message = ""};
    uint8_t *bytes;

    for (size_t i = 0; i < asked->events; i++) {
        kehu__bus__v1__published_item__init(&items[i]);
        items[i].outcome = outcome_of_next();
        items[i].historic = items[i].outcome == KEHU__BUS__V1__OUTCOME__OUTCOME_ACCEPTED;
        items[i].field = (char *)"data.number";
        items[i].why = (char *)"is wrong";
        list[i] = &items[i];
    }
    published.n_items = asked->events;
    published.items = list;
    bytes = malloc(kehu__bus__v1__published__get_packed_size(&published));
    answer.payload_bytes = kehu__bus__v1__published__pack(&published, bytes);
    answer.payload = bytes;
    asked->answered(asked->owner, &answer);
    free(bytes);
}

void kehu_turn(struct kehu *kehu, int timeout_ms)
{
    struct asked asked;

    (void)kehu, (void)timeout_ms;
    if (fake.is_silent) {
        raise(SIGINT);
        return;
    }
    if (fake.waiting_count == 0)
        return;
    asked = fake.waiting[--fake.waiting_count];
    if (fake.requests > fake.refuse_after) {
        struct kehu_violation violation = {"events[0].source", "is not this key's"};
        struct kehu_answer answer = {.status = PERMISSION_DENIED,
                                     .status_name = "PERMISSION_DENIED",
                                     .message = "no",
                                     .violations = &violation,
                                     .violation_count = 1};

        asked.answered(asked.owner, &answer);
        return;
    }
    answer_well(&asked);
}

bool kehu_wait(struct kehu *kehu, int timeout_ms)
{
    assert_int_equal(timeout_ms, 5000);
    if (fake.is_silent)
        return false;
    while (fake.waiting_count > 0)
        kehu_turn(kehu, 0);
    return true;
}

size_t kehu_waiting(const struct kehu *kehu)
{
    (void)kehu;
    return fake.waiting_count;
}

struct kehu *ctl_kehu(const struct ctl *ctl)
{
    return ctl->places[ctl->service].kehu;
}

void ctl_say(const char *format, ...)
{
    size_t used = strlen(fake.said);
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(fake.said + used, sizeof(fake.said) - used, format, arguments);
    va_end(arguments);
    strncat(fake.said, "\n", sizeof(fake.said) - strlen(fake.said) - 1);
}

struct ctl_progress *ctl_progress_new(struct ctl *ctl, const char *what, uint64_t total)
{
    (void)ctl, (void)what, (void)total;
    return NULL;
}

void ctl_progress_set(struct ctl_progress *progress, uint64_t done)
{
    (void)progress, (void)done;
}

void ctl_progress_end(struct ctl_progress *progress)
{
    (void)progress;
}

/* --- events --- */

struct given {
    size_t left, bytes;
    uint8_t *data;
};

/* An event with a text of so many bytes as its id's field, which is all that is looked at. */
static bool next_event(void *owner, struct import_event *event)
{
    struct given *given = owner;
    size_t head;

    if (given->left == 0)
        return false;
    given->left--;
    given->data[0] = 1 << 3 | 2;
    head = 1 + put_varint(given->data + 1, given->bytes);
    memset(given->data + head, 'x', given->bytes);
    *event = (struct import_event){"SO-1", given->data, head + given->bytes, 3};
    return true;
}

static struct import_result send_events(size_t count, size_t bytes,
                                        const struct import_options *options)
{
    struct ctl ctl = {0};
    struct given given = {count, bytes, malloc(bytes + 16)};
    struct import_source source = {next_event, &given, count};
    struct import_result result;

    import_send(&ctl, &source, options, &result);
    free(given.data);
    return result;
}

static int reset(void **state)
{
    (void)state;
    memset(&fake, 0, sizeof(fake));
    fake.room = IMPORT_SEND_MAX_IN_FLIGHT;
    fake.refuse_after = SIZE_MAX;
    return 0;
}

static void every_event_is_sent_and_counted(void **state)
{
    struct import_result result = send_events(1050, 20, &(struct import_options){100, 8, 0});

    (void)state;
    assert_int_equal(result.accepted, 945);
    assert_int_equal(result.historic, 945);
    assert_int_equal(result.rejected, 105);
    assert_int_equal(result.duplicates, 0);
    assert_int_equal(result.lines, 3150);
    assert_true(result.finished);
    assert_int_equal(result.exit, CTL_REFUSED);
    assert_int_equal(fake.requests, 11);
    assert_int_equal(fake.largest_batch, 100);
    assert_int_equal(fake.most_waiting, 8);
    assert_non_null(strstr(fake.said, "rejected: SO-1: data.number: is wrong\n"));
    assert_non_null(strstr(fake.said, "rejected: 5 more\n"));
}

static void a_batch_is_no_larger_than_a_mebibyte(void **state)
{
    (void)state;
    assert_true(send_events(20, 300000, &(struct import_options){100, 8, 0}).finished);
    assert_true(fake.largest_bytes <= IMPORT_SEND_BATCH_BYTES + 8);
    assert_int_equal(fake.largest_batch, 3);
}

static void an_event_larger_than_any_service_takes_is_rejected(void **state)
{
    struct import_result result = send_events(1, 9 << 20, &(struct import_options){100, 8, 0});

    (void)state;
    assert_int_equal(result.rejected, 1);
    assert_int_equal(result.exit, CTL_REFUSED);
    assert_non_null(strstr(fake.said, "larger than 8 MiB"));
}

static void a_full_library_is_asked_again(void **state)
{
    (void)state;
    fake.room = 2;
    assert_true(send_events(1000, 20, &(struct import_options){100, 8, 0}).finished);
    assert_int_equal(fake.requests, 10);
}

static void a_refused_request_ends_the_import_with_its_violations(void **state)
{
    struct import_result result;

    (void)state;
    fake.refuse_after = 0;
    result = send_events(5000, 20, &(struct import_options){100, 2, 0});
    assert_int_equal(result.exit, CTL_REFUSED);
    assert_false(result.finished);
    assert_int_equal(fake.requests, 2);
    assert_string_equal(fake.said,
                        "refused: PERMISSION_DENIED: no\n  events[0].source: is not this key's\n");
}

static void an_interrupted_import_is_not_finished(void **state)
{
    struct import_result result;

    (void)state;
    fake.is_silent = true;
    result = send_events(5000, 20, &(struct import_options){100, 2, 0});
    assert_int_equal(result.exit, CTL_UNFINISHED);
    assert_false(result.finished);
    assert_int_equal(result.accepted, 0);
}

static void a_rate_is_kept(void **state)
{
    struct import_result result = send_events(100, 20, &(struct import_options){100, 8, 400});

    (void)state;
    assert_true(result.finished);
    assert_true(result.seconds >= 0.24); /* a batch waits for its tokens */
    assert_true(result.seconds < 2);
}

static void the_result_has_its_counts_in_one_piece(void **state)
{
    struct import_result result = {28816, 0, 0, 28816, 525461, 1.25, true, CTL_DONE};
    json_t *json = import_send_json("uci", 28816, &result);
    char *text = json_dumps(json, JSON_COMPACT);

    (void)state;
    assert_string_equal(text, "{\"source\":\"uci\",\"events\":28816,\"accepted\":28816,"
                              "\"duplicates\":0,\"rejected\":0,\"lines\":525461,"
                              "\"historic\":28816,\"finished\":true,\"seconds\":\"1.25\"}");
    free(text);
    json_decref(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(every_event_is_sent_and_counted, reset),
        cmocka_unit_test_setup(a_batch_is_no_larger_than_a_mebibyte, reset),
        cmocka_unit_test_setup(an_event_larger_than_any_service_takes_is_rejected, reset),
        cmocka_unit_test_setup(a_full_library_is_asked_again, reset),
        cmocka_unit_test_setup(a_refused_request_ends_the_import_with_its_violations, reset),
        cmocka_unit_test_setup(an_interrupted_import_is_not_finished, reset),
        cmocka_unit_test_setup(a_rate_is_kept, reset),
        cmocka_unit_test(the_result_has_its_counts_in_one_piece),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
