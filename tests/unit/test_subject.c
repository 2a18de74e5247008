/* Subject access to cases: their rows as a document that he can read. */
#include "services/complaints/codec/codec_subject.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "kehu/complaints/v1/privacy.pb-c.h"
#include "services/complaints/store/case_personal.h"

#define FIRST "08000000-0000-0000-0000-000000000000"
#define SECOND "09000000-0000-0000-0000-000000000000"

static struct arena *arena;
static struct subject_case his[] = {{{{8}}, TEXT_OF("TS-1")}, {{{9}}, TEXT_OF("TS-2")}};
static const struct subject_cases cases = {his, 2};
static const struct subject_rows nothing;

static int open_arena(void **state)
{
    (void)state;
    arena = arena_new(64 << 20);
    return 0;
}

static int close_arena(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static struct subject_row row(const char *table, const char *json)
{
    return (struct subject_row){{table, strlen(table)}, {json, strlen(json)}};
}

static const Kehu__Complaints__V1__SubjectCases *
document(struct subject_row *list, size_t count, bool has_more, enum telling_language language)
{
    const struct subject_rows rows = {list, count, false};
    const struct codec_subject_page page = {&cases, 2, has_more, &rows, &nothing, language};

    return (const void *)codec_subject_cases(&page, arena);
}

/* "messages.0.text" of the parsed document. */
static json_t *part_of(json_t *told, size_t nth_case, size_t nth_part)
{
    json_t *of_case = json_array_get(json_object_get(told, "cases"), nth_case);

    return json_array_get(json_object_get(of_case, "parts"), nth_part);
}

static const char *said(json_t *part, size_t nth_row, const char *name)
{
    json_t *of = json_array_get(json_object_get(part, "rows"), nth_row);

    return json_string_value(json_object_get(of, name));
}

static void each_case_is_told_with_its_own_rows_in_the_order_of_time(void **state)
{
    struct subject_row rows[] = {
        row("cases", "{\"id\":\"" SECOND "\",\"content\":\"漏水\"}"),
        row("cases", "{\"id\":\"" FIRST "\",\"content\":\"漏电\"}"),
        row("case_message", "{\"case_id\":\"" FIRST "\",\"id\":\"02\",\"text\":\"later\"}"),
        row("case_message", "{\"case_id\":\"" SECOND "\",\"id\":\"03\",\"text\":\"other\"}"),
        row("case_message", "{\"case_id\":\"" FIRST "\",\"id\":\"01\",\"text\":\"sooner\"}"),
    };
    const Kehu__Complaints__V1__SubjectCases *out =
        document(rows, COUNT_OF(rows), false, TELLING_IS_ZH);
    json_t *told;

    (void)state;
    assert_non_null(out);
    told = json_loads(out->json, 0, NULL);
    assert_non_null(told);
    assert_int_equal(out->cases, 2);
    assert_int_equal(out->values, 13);
    assert_string_equal(out->next_page_token, "");
    assert_string_equal(said(part_of(told, 0, 0), 0, "content"), "漏电");
    assert_string_equal(said(part_of(told, 0, 1), 0, "text"), "sooner");
    assert_string_equal(said(part_of(told, 0, 1), 1, "text"), "later");
    assert_string_equal(said(part_of(told, 1, 1), 0, "text"), "other");
    assert_string_equal(json_string_value(json_object_get(part_of(told, 0, 0), "title")), "案件");
    assert_string_equal(json_string_value(json_object_get(part_of(told, 0, 1), "title")),
                        "往来记录");
    json_decref(told);
}

static void numbers_are_words_and_what_only_machines_need_is_left_out(void **state)
{
    struct subject_row rows[] = {
        row("cases", "{\"id\":\"" FIRST "\",\"kind\":1,\"state\":9,\"channel\":1,\"severity\":3,"
                     "\"remedy\":\"refund\",\"remedy_micros\":1500000,\"amount_micros\":2000000,"
                     "\"version\":4,\"figures\":1,\"phone_hash\":\"\\\\x01\"}"),
        row("case_message", "{\"case_id\":\"" FIRST "\",\"id\":\"1\","
                            "\"attachments\":\"[{\\\"name\\\":\\\"a.jpg\\\"}]\"}"),
        row("clock", "{\"case_id\":\"" FIRST "\",\"id\":\"1\",\"kind\":5,\"state\":3}"),
    };
    json_t *told = json_loads(document(rows, COUNT_OF(rows), false, TELLING_IS_EN)->json, 0, NULL);
    json_t *file = part_of(told, 0, 0), *of;

    (void)state;
    assert_string_equal(said(file, 0, "kind"), "complaint");
    assert_string_equal(said(file, 0, "state"), "closed");
    assert_string_equal(said(file, 0, "channel"), "hotline");
    assert_string_equal(said(file, 0, "severity"), "serious");
    assert_string_equal(said(file, 0, "remedy"), "refund");
    assert_string_equal(said(file, 0, "remedy_amount"), "1.5");
    assert_string_equal(said(file, 0, "amount"), "2");
    of = json_array_get(json_object_get(file, "rows"), 0);
    assert_null(json_object_get(of, "version"));
    assert_null(json_object_get(of, "figures"));
    assert_null(json_object_get(of, "phone_hash"));
    of = json_array_get(json_object_get(part_of(told, 0, 1), "rows"), 0);
    assert_true(json_is_array(json_object_get(of, "attachments")));
    assert_string_equal(said(part_of(told, 0, 2), 0, "kind"), "resolution");
    json_decref(told);
}

/* He must not be told less because a table came later. */
static void every_table_with_personal_values_of_cases_has_a_heading(void **state)
{
    (void)state;
    for (size_t i = 0; i < case_personal_column_count; i++) {
        const struct personal_column *column = &case_personal_columns[i];
        struct subject_row one =
            row(column->table, strcmp(column->table, "cases") == 0 ? "{\"id\":\"" FIRST "\"}"
                                                                   : "{\"case_id\":\"" FIRST "\"}");
        const Kehu__Complaints__V1__SubjectCases *told;

        if (strcmp(column->of, "other") == 0)
            continue;
        told = document(&one, 1, false, TELLING_IS_EN);
        if (!strstr(told->json, "\"title\""))
            fail_msg("%s has no heading in codec_subject.c", column->table);
    }
}

static void an_answer_that_grows_too_large_goes_on_with_the_next_case(void **state)
{
    static const char begin[] = "{\"id\":\"" FIRST "\",\"content\":\"";
    size_t bytes = CODEC_SUBJECT_BYTES + 100;
    char *large = malloc(bytes);
    struct subject_row rows[2];
    const Kehu__Complaints__V1__SubjectCases *out;
    struct subject_cases rest = {&his[1], 1};
    struct codec_subject_page page = {
        .cases = &rest, .count = 1, .others = &nothing, .language = TELLING_IS_ZH};

    (void)state;
    memset(large, 'x', bytes);
    memcpy(large, begin, strlen(begin));
    memcpy(large + bytes - 3, "\"}", 3);
    rows[0] = row("cases", large);
    rows[1] = row("cases", "{\"id\":\"" SECOND "\",\"content\":\"漏水\"}");
    out = document(rows, 2, false, TELLING_IS_ZH);
    assert_int_equal(out->cases, 1);
    assert_string_equal(out->next_page_token, "s0." FIRST);
    page.personal = &(struct subject_rows){&rows[1], 1, false};
    out = (const void *)codec_subject_cases(&page, arena);
    assert_int_equal(out->cases, 1);
    assert_string_equal(out->next_page_token, "");
    free(large);
}

static void who_has_no_cases_is_told_so(void **state)
{
    const struct subject_cases none = {.count = 0};
    const struct codec_subject_page page = {&none, 0, false, &nothing, &nothing, TELLING_IS_ZH};
    const Kehu__Complaints__V1__SubjectCases *out = (const void *)codec_subject_cases(&page, arena);

    (void)state;
    assert_int_equal(out->cases, 0);
    assert_string_equal(out->json, "{\"cases\": []}");
    assert_string_equal(out->next_page_token, "");
}

static const char *fault_of(Kehu__Complaints__V1__GetSubjectCases *ask)
{
    static uint8_t packed[60000];
    size_t bytes = protobuf_c_message_pack(&ask->base, packed);
    struct codec_faults faults = {.count = 0};
    struct codec_subject out;
    enum status status = codec_get_subject_cases(packed, bytes, arena, &out, &faults);

    return status == OK ? "" : faults.list[0].field;
}

static void a_question_names_one_to_a_thousand_ids_a_page_and_a_language(void **state)
{
    Kehu__Complaints__V1__GetSubjectCases ask = KEHU__COMPLAINTS__V1__GET_SUBJECT_CASES__INIT;
    char *ids[SUBJECT_MAX_IDS + 1];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(ids); i++)
        ids[i] = FIRST;
    ask.person_ids = ids;
    assert_string_equal(fault_of(&ask), "person_ids");
    ask.n_person_ids = COUNT_OF(ids);
    assert_string_equal(fault_of(&ask), "person_ids");
    ask.n_person_ids = SUBJECT_MAX_IDS;
    assert_string_equal(fault_of(&ask), "");
    ask.page_size = SUBJECT_MAX_PAGE + 1;
    assert_string_equal(fault_of(&ask), "page_size");
    ask.page_size = SUBJECT_MAX_PAGE;
    ask.lang = "fr";
    assert_string_equal(fault_of(&ask), "lang");
    ask.lang = "en";
    ask.page_token = "a0." FIRST;
    assert_string_equal(fault_of(&ask), "page_token");
    ask.page_token = "s0." FIRST;
    assert_string_equal(fault_of(&ask), "");
    ids[0] = "KH000001";
    assert_string_equal(fault_of(&ask), "person_ids");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_case_is_told_with_its_own_rows_in_the_order_of_time),
        cmocka_unit_test(numbers_are_words_and_what_only_machines_need_is_left_out),
        cmocka_unit_test(every_table_with_personal_values_of_cases_has_a_heading),
        cmocka_unit_test(an_answer_that_grows_too_large_goes_on_with_the_next_case),
        cmocka_unit_test(who_has_no_cases_is_told_so),
        cmocka_unit_test(a_question_names_one_to_a_thousand_ids_a_page_and_a_language),
    };

    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
