/* The dictionary of fields: what may stand in each, what a file lacks, how complete it is. */
#include "services/customers/domain/fields.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/pure/day.h"

static const struct field *field_of(const char *name)
{
    const struct field *field = fields_find((struct text){name, strlen(name)});

    assert_non_null(field);
    return field;
}

/* What is stored, or NULL when refused; the caller's `refusal` says why. */
static enum fields_refusal refusal;
static const char *stored(const char *field, const char *value)
{
    static char room[8192];
    enum china_refusal detail = CHINA_FINE;
    struct text text = {value, strlen(value)};

    assert_true(fields_room(text) <= sizeof(room));
    refusal = fields_read(field_of(field), text, day_make(2026, 11, 21), room, &detail);
    return refusal ? NULL : room;
}

static void values_are_stored_in_one_form(void **state)
{
    static const struct {
        const char *field, *value, *stored;
    } rows[] = {
        {"phone", "138 0000 0001", "+8613800000001"},
        {"phone", "＋８６１３８０００００００１", "+8613800000001"},
        {"phone", "(0871)65180001转801", "+8687165180001 ext 801"},
        {"phone", "95588", "95588"},
        {"credit_code", "91350100m000100y43", "91350100M000100Y43"},
        {"email", " zhang@Example.COM ", "zhang@example.com"},
        {"name", "　昆明翠湖商贸有限公司 ", "昆明翠湖商贸有限公司"},
        {"legal_representative", "阿卜杜拉·买买提", "阿卜杜拉·买买提"},
        {"staff_count", "０120", "120"},
        {"turnover", "12.500", "12.5"},
        {"market_share", "100", "100"},
        {"birth_date", "1980-02-29", "1980-02-29"},
        {"gender", "female", "female"},
        {"address", "\u3000昆明市翠湖南路1号\n", "昆明市翠湖南路1号"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *is = stored(rows[i].field, rows[i].value);

        assert_non_null(is);
        assert_string_equal(is, rows[i].stored);
    }
    /* What was stored is stored again as it is. */
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_string_equal(stored(rows[i].field, rows[i].stored), rows[i].stored);
}

static void wrong_values_are_refused_with_their_reason(void **state)
{
    static const struct {
        const char *field, *value;
        enum fields_refusal refusal;
    } rows[] = {
        {"phone", "12800000001", FIELDS_NO_PHONE},
        {"credit_code", "91350211M000100Y43", FIELDS_NO_CREDIT_CODE},
        {"email", "nobody", FIELDS_NO_EMAIL},
        {"name", " \u3000 ", FIELDS_EMPTY},
        {"staff_count", "1.5", FIELDS_NO_NUMBER},
        {"staff_count", "-1", FIELDS_NO_NUMBER},
        {"staff_count", "many", FIELDS_NO_NUMBER},
        {"industry_rank", "0", FIELDS_NO_NUMBER},
        {"market_share", "100.1", FIELDS_NO_NUMBER},
        {"market_share", "0.1234567", FIELDS_NO_NUMBER},
        {"age", "131", FIELDS_NO_NUMBER},
        {"birth_date", "1981-02-29", FIELDS_NO_DAY},
        {"birth_date", "2026-11-22", FIELDS_NO_DAY},
        {"birth_date", "1899-12-31", FIELDS_NO_DAY},
        {"gender", "Male", FIELDS_NO_CHOICE},
        {"has_decision_power", "maybe", FIELDS_NO_CHOICE},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_null(stored(rows[i].field, rows[i].value));
        assert_int_equal(refusal, rows[i].refusal);
    }
}

static void a_text_has_at_most_its_characters_however_many_bytes(void **state)
{
    char text[101 * 3 + 1] = "";

    (void)state;
    for (int i = 0; i < 100; i++)
        strcat(text, "茶");
    assert_non_null(stored("industry", text));
    strcat(text, "茶");
    assert_null(stored("industry", text));
    assert_int_equal(refusal, FIELDS_TOO_LONG);
}

static void sensitive_facts_have_no_field(void **state)
{
    static const char *const names[] = {"id_number", "identity_card", "id_card",
                                        "family",    "native_place",  "marital_status",
                                        "",          "nam",           "names"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(names); i++)
        assert_null(fields_find((struct text){names[i], strlen(names[i])}));
}

static void every_field_has_both_names_and_belongs_to_somebody(void **state)
{
    (void)state;
    for (size_t i = 0; i < fields_count; i++) {
        assert_true(fields[i].english[0] && fields[i].chinese[0]);
        assert_true(strlen(fields[i].name) < FIELDS_MAX_NAME);
        assert_true(fields[i].of_persons || fields[i].of_organisations);
        assert_ptr_equal(field_of(fields[i].name), &fields[i]);
    }
}

static struct fields_score score_of(bool is_person, const char *const *names, size_t count,
                                    const char *disputed)
{
    struct fields_known known[FIELDS_MAX];

    for (size_t i = 0; i < count; i++)
        known[i] =
            (struct fields_known){field_of(names[i]), disputed && strcmp(names[i], disputed) == 0};
    return fields_score(is_person, known, count);
}

static void an_empty_file_lacks_the_basics_of_its_nature(void **state)
{
    static const char *const organisation[] = {"name", "address", "phone", "email",
                                               "legal_representative"};
    static const char *const person[] = {"name",   "address",    "phone",
                                         "gender", "birth_date", "occupation"};
    struct fields_score score = score_of(false, NULL, 0, NULL);

    (void)state;
    assert_int_equal(score.completeness_micros, 0);
    assert_int_equal(score.missing_count, COUNT_OF(organisation));
    for (size_t i = 0; i < COUNT_OF(organisation); i++)
        assert_string_equal(score.missing[i], organisation[i]);
    score = score_of(true, NULL, 0, NULL);
    assert_int_equal(score.missing_count, COUNT_OF(person));
    for (size_t i = 0; i < COUNT_OF(person); i++)
        assert_string_equal(score.missing[i], person[i]);
}

/* store/reference.c adds the same shares when an order tells the first name. */
static void a_name_is_a_sixteenth_of_an_organisation_and_an_eleventh_of_a_person(void **state)
{
    static const char *const name[] = {"name"};

    (void)state;
    assert_int_equal(score_of(false, name, 1, NULL).completeness_micros, 62500);
    assert_int_equal(score_of(true, name, 1, NULL).completeness_micros, 90909);
}

static void a_disputed_field_counts_half_and_is_missing(void **state)
{
    static const char *const known[] = {"name", "phone"};
    struct fields_score score = score_of(false, known, 2, "phone");

    (void)state;
    assert_int_equal(score.completeness_micros, 62500 + 31250);
    assert_int_equal(score.missing_count, 4);
    assert_string_equal(score.missing[1], "phone");
}

static void an_age_stands_for_a_birth_date_and_a_credit_code_for_nothing(void **state)
{
    static const char *const both[] = {"age", "birth_date"};
    static const char *const code[] = {"credit_code"};

    (void)state;
    assert_int_equal(score_of(true, both, 1, NULL).completeness_micros, 90909);
    assert_int_equal(score_of(true, both, 2, NULL).completeness_micros, 90909);
    assert_int_equal(score_of(true, both, 1, NULL).missing_count, 5);
    assert_int_equal(score_of(false, code, 1, NULL).completeness_micros, 0);
}

static void a_file_with_everything_is_complete(void **state)
{
    struct fields_known known[FIELDS_MAX];
    struct fields_score score;

    (void)state;
    for (size_t i = 0; i < fields_count; i++)
        known[i] = (struct fields_known){&fields[i], false};
    score = fields_score(false, known, fields_count);
    assert_int_equal(score.completeness_micros, 1000000);
    assert_int_equal(score.missing_count, 0);
    score = fields_score(true, known, fields_count);
    assert_int_equal(score.completeness_micros, 1000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_stored_in_one_form),
        cmocka_unit_test(wrong_values_are_refused_with_their_reason),
        cmocka_unit_test(a_text_has_at_most_its_characters_however_many_bytes),
        cmocka_unit_test(sensitive_facts_have_no_field),
        cmocka_unit_test(every_field_has_both_names_and_belongs_to_somebody),
        cmocka_unit_test(an_empty_file_lacks_the_basics_of_its_nature),
        cmocka_unit_test(a_name_is_a_sixteenth_of_an_organisation_and_an_eleventh_of_a_person),
        cmocka_unit_test(a_disputed_field_counts_half_and_is_missing),
        cmocka_unit_test(an_age_stands_for_a_birth_date_and_a_credit_code_for_nothing),
        cmocka_unit_test(a_file_with_everything_is_complete),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
