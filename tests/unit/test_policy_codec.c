/* Policies as documents: completed, checked, kept as JSON, compared. */
#include "services/customers/codec/codec_policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/pure/uuid.h"
#include "kehu/customers/v1/policies.pb-c.h"

static int open_arena(void **state)
{
    *state = arena_new(4 << 20);
    return 0;
}

static int close_arena(void **state)
{
    arena_free(*state);
    return 0;
}

static struct codec_policy read_json(enum codec_policy_kind kind, const char *json,
                                     struct arena *arena)
{
    struct codec_policy policy;

    assert_int_equal(codec_policy_read(kind, json, arena, &policy), OK);
    return policy;
}

static void unset_fields_have_the_standard_value(void **state)
{
    struct codec_policy policy =
        read_json(CODEC_POLICY_GRADE, "{\"aShareMicros\": 250000}", *state);
    struct grade_policy standard = grade_policy_standard();

    standard.a_share_micros = 250000;
    assert_memory_equal(&policy.grade.general, &standard, sizeof(standard));
    policy = read_json(CODEC_POLICY_REVIEW, "{\"bMonths\": 4}", *state);
    assert_int_equal(policy.review.a_months, 3);
    assert_int_equal(policy.review.b_months, 4);
    assert_int_equal(policy.review.c_months, 12);
}

static void a_stored_document_holds_every_value_and_is_read_back_the_same(void **state)
{
    struct codec_policy policy = read_json(
        CODEC_POLICY_GRADE,
        "{\"regions\": [{\"regionCode\": \"云南\", \"method\": \"GRADE_METHOD_RANK\"}]}", *state);
    const char *json = codec_policy_json(&policy, *state);

    assert_non_null(strstr(json, "\"aShareMicros\":\"200000\""));
    assert_non_null(strstr(json, "\"confirmationDays\":10"));
    struct codec_policy again = read_json(CODEC_POLICY_GRADE, json, *state);

    assert_string_equal(codec_policy_json(&again, *state), json);
    assert_int_equal(grade_policy_for(&again.grade, TEXT_OF("云南")).method, GRADE_METHOD_IS_RANK);
    assert_int_equal(codec_policy_read(CODEC_POLICY_GRADE, "{\"aShare\": 1}", *state, &again),
                     INVALID_ARGUMENT);
    assert_int_equal(codec_policy_read(CODEC_POLICY_GRADE, "[", *state, &again), INVALID_ARGUMENT);
}

static void the_latest_version_is_in_force_and_the_first_is_built_in(void **state)
{
    struct policy_row list[] = {
        {"review", 3, 7, "li", "more", "{\"aMonths\": 2}"},
        {"review", 2, 5, "li", "less", "{\"aMonths\": 4, \"unheardOf\": 1}"},
    };
    const struct policy_rows rows = {list, 2}, none = {NULL, 0};
    struct codec_policy policy;

    assert_int_equal(codec_policy_find(&rows, CODEC_POLICY_REVIEW, 0, *state, &policy), OK);
    assert_int_equal(policy.version, 3);
    assert_int_equal(policy.review.a_months, 2);
    assert_string_equal(policy.by, "li");
    assert_int_equal(codec_policy_find(&rows, CODEC_POLICY_REVIEW, 1, *state, &policy), OK);
    assert_int_equal(policy.review.a_months, 3);
    assert_int_equal(policy.valid_from_us, 0);
    assert_int_equal(codec_policy_find(&rows, CODEC_POLICY_REVIEW, 2, *state, &policy), INTERNAL);
    assert_int_equal(codec_policy_find(&rows, CODEC_POLICY_REVIEW, 4, *state, &policy), NOT_FOUND);
    assert_int_equal(codec_policy_find(&none, CODEC_POLICY_GRADE, 0, *state, &policy), OK);
    assert_int_equal(policy.version, 1);
    assert_int_equal(policy_latest(&none), 1);
    assert_int_equal(policy_latest(&rows), 3);
}

static void a_run_may_ask_for_another_method_and_long_term(void **state)
{
    struct codec_policy policy = read_json(
        CODEC_POLICY_GRADE,
        "{\"regions\": [{\"regionCode\": \"yn\", \"method\": \"GRADE_METHOD_RANK\"}]}", *state);
    struct codec_policy adjusted;

    policy.version = 4;
    assert_int_equal(
        codec_policy_adjust(&policy, GRADE_METHOD_IS_CUMULATIVE, 180, *state, &adjusted), OK);
    assert_int_equal(adjusted.version, 4);
    assert_int_equal(adjusted.grade.general.long_term_days, 180);
    assert_int_equal(grade_policy_for(&adjusted.grade, TEXT_OF("yn")).method,
                     GRADE_METHOD_IS_CUMULATIVE);
    assert_int_equal(grade_policy_for(&policy.grade, TEXT_OF("yn")).method, GRADE_METHOD_IS_RANK);
    assert_int_equal(policy.grade.general.long_term_days, 0);
    assert_int_equal(codec_policy_adjust(&policy, (enum grade_method)0, 0, *state, &adjusted), OK);
    assert_string_equal(codec_policy_json(&adjusted, *state), codec_policy_json(&policy, *state));
}

static void expect_change(const struct codec_policy_changes *changes, size_t i, const char *field,
                          const char *from, const char *to)
{
    assert_true(i < changes->count);
    assert_string_equal(changes->list[i].field, field);
    assert_string_equal(changes->list[i].from, from);
    assert_string_equal(changes->list[i].to, to);
}

static void two_documents_differ_field_by_field_and_region_by_region(void **state)
{
    struct codec_policy from =
        read_json(CODEC_POLICY_GRADE,
                  "{\"regions\": [{\"regionCode\": \"yn\", \"aShareMicros\": 150000},"
                  " {\"regionCode\": \"sc\", \"method\": \"GRADE_METHOD_RANK\"}]}",
                  *state);
    struct codec_policy to =
        read_json(CODEC_POLICY_GRADE,
                  "{\"method\": \"GRADE_METHOD_CUMULATIVE\", \"bShareMicros\": \"90000\","
                  " \"unknownRegionGivesNoAB\": true, \"regions\": [{\"regionCode\": \"gd\","
                  " \"bShareMicros\": 50000}, {\"regionCode\": \"yn\", \"aShareMicros\": 160000}]}",
                  *state);
    struct codec_policy_changes changes;

    assert_true(codec_policy_compare(from.document, to.document, *state, &changes));
    expect_change(&changes, 0, "method", "share", "cumulative");
    expect_change(&changes, 1, "b_share_micros", "100000", "90000");
    expect_change(&changes, 2, "unknown_region_gives_no_a_b", "false", "true");
    expect_change(&changes, 3, "regions[yn].a_share_micros", "150000", "160000");
    expect_change(&changes, 4, "regions[sc].region_code", "sc", "");
    expect_change(&changes, 5, "regions[sc].method", "rank", "");
    expect_change(&changes, 6, "regions[gd].region_code", "", "gd");
    expect_change(&changes, 7, "regions[gd].b_share_micros", "", "50000");
    assert_int_equal(changes.count, 8);
}

static void a_document_with_the_standard_written_out_is_no_difference(void **state)
{
    struct codec_policy from = read_json(CODEC_POLICY_GRADE, "{}", *state);
    struct codec_policy to =
        read_json(CODEC_POLICY_GRADE, "{\"aShareMicros\": 200000, \"aRank\": 5}", *state);
    struct codec_policy_changes changes;

    assert_true(codec_policy_compare(from.document, to.document, *state, &changes));
    assert_int_equal(changes.count, 0);
}

/* An ApplyPolicy with this grade policy. */
static enum status apply(Kehu__Customers__V1__GradePolicy *document, const char *kind,
                         const char *reason, uint32_t expected, struct arena *arena,
                         struct codec_policy_question *out, struct policy_faults *faults)
{
    Kehu__Customers__V1__Policy policy = KEHU__CUSTOMERS__V1__POLICY__INIT;
    Kehu__Customers__V1__ApplyPolicy ask = KEHU__CUSTOMERS__V1__APPLY_POLICY__INIT;
    uint8_t bytes[2000];

    policy.kind = (char *)kind;
    policy.reason = (char *)reason;
    if (document) {
        policy.document_case = KEHU__CUSTOMERS__V1__POLICY__DOCUMENT_GRADE;
        policy.grade = document;
    }
    ask.policy = &policy;
    ask.expected_version = expected;
    assert_true(kehu__customers__v1__apply_policy__get_packed_size(&ask) <= sizeof(bytes));
    size_t count = kehu__customers__v1__apply_policy__pack(&ask, bytes);

    return codec_get_apply_policy(bytes, count, arena, out, faults);
}

static void a_policy_to_apply_is_read_with_what_it_replaces(void **state)
{
    Kehu__Customers__V1__GradePolicy document = KEHU__CUSTOMERS__V1__GRADE_POLICY__INIT;
    struct codec_policy_question question;
    struct policy_faults faults;

    document.a_share_micros = 300000;
    assert_int_equal(apply(&document, "", "stricter", 4, *state, &question, &faults), OK);
    assert_int_equal(question.kind, CODEC_POLICY_GRADE);
    assert_int_equal(question.expected_version, 4);
    assert_string_equal(question.policy.reason, "stricter");
    assert_int_equal(question.policy.grade.general.a_share_micros, 300000);
    assert_int_equal(question.policy.grade.general.b_share_micros, 100000);
}

static void every_fault_of_a_policy_has_its_path(void **state)
{
    Kehu__Customers__V1__GradePolicy document = KEHU__CUSTOMERS__V1__GRADE_POLICY__INIT;
    Kehu__Customers__V1__RegionGradePolicy region = KEHU__CUSTOMERS__V1__REGION_GRADE_POLICY__INIT;
    Kehu__Customers__V1__RegionGradePolicy *regions[] = {&region};
    struct codec_policy_question question;
    struct policy_faults faults;

    document.b_share_micros = 300000;
    document.regions = regions;
    document.n_regions = 1;
    assert_int_equal(apply(&document, "grade", "", 0, *state, &question, &faults),
                     INVALID_ARGUMENT);
    assert_int_equal(faults.count, 4);
    assert_string_equal(faults.list[0].field, "policy.grade.b_share_micros");
    assert_string_equal(faults.list[1].field, "policy.grade.regions[0].region_code");
    assert_string_equal(faults.list[2].field, "policy.reason");
    assert_string_equal(faults.list[3].field, "expected_version");
}

static void a_policy_needs_a_document_of_its_kind(void **state)
{
    Kehu__Customers__V1__GradePolicy document = KEHU__CUSTOMERS__V1__GRADE_POLICY__INIT;
    struct codec_policy_question question;
    struct policy_faults faults;

    assert_int_equal(apply(NULL, "grade", "r", 1, *state, &question, &faults), INVALID_ARGUMENT);
    assert_string_equal(faults.list[0].field, "policy");
    assert_int_equal(apply(&document, "review", "r", 1, *state, &question, &faults),
                     INVALID_ARGUMENT);
    assert_string_equal(faults.list[0].field, "policy.kind");
    assert_int_equal(codec_get_apply_policy(NULL, 0, *state, &question, &faults), INVALID_ARGUMENT);
    assert_true(faults.count > 0);
    assert_int_equal(codec_get_apply_policy((const uint8_t *)"\xff", 1, *state, &question, &faults),
                     INVALID_ARGUMENT);
    assert_int_equal(faults.count, 1);
}

static void a_kind_has_one_subject_for_ever(void **state)
{
    struct id grade = policy_document_subject(&codec_policy_kinds, CODEC_POLICY_GRADE);
    struct id review = policy_document_subject(&codec_policy_kinds, CODEC_POLICY_REVIEW);
    char text[UUID_TEXT_BYTES];

    (void)state;
    uuid_print(&grade, text);
    assert_string_equal(text, "8e8f3052-d3a4-836c-9452-9b59bba2c516");
    uuid_print(&review, text);
    assert_string_equal(text, "79de746b-166c-8c48-92e8-8c1feaf2722d");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unset_fields_have_the_standard_value),
        cmocka_unit_test(a_stored_document_holds_every_value_and_is_read_back_the_same),
        cmocka_unit_test(the_latest_version_is_in_force_and_the_first_is_built_in),
        cmocka_unit_test(a_run_may_ask_for_another_method_and_long_term),
        cmocka_unit_test(two_documents_differ_field_by_field_and_region_by_region),
        cmocka_unit_test(a_document_with_the_standard_written_out_is_no_difference),
        cmocka_unit_test(a_policy_to_apply_is_read_with_what_it_replaces),
        cmocka_unit_test(every_fault_of_a_policy_has_its_path),
        cmocka_unit_test(a_policy_needs_a_document_of_its_kind),
        cmocka_unit_test(a_kind_has_one_subject_for_ever),
    };

    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
