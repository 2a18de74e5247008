/* Whether a person may be addressed, sentence by sentence. */
#include "services/customers/domain/consent.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define TODAY 20000
#define MAX 8

static struct consent list[MAX];
static size_t count;

static int begin(void **state)
{
    (void)state;
    count = 0;
    return 0;
}

static struct consent *say(const char *purpose, const char *channel, const char *given)
{
    list[count] = (struct consent){.purpose = purpose,
                                   .channel = channel,
                                   .state = given,
                                   .given_on = TODAY - 10,
                                   .expires_on = CONSENT_NO_DAY};
    return &list[count++];
}

static void check(const char *purpose, const char *channel, bool allowed, const char *reason)
{
    struct consent_verdict verdict = consent_allows(purpose, channel, list, count, TODAY);

    assert_string_equal(verdict.reason, reason);
    assert_int_equal(verdict.allowed, allowed);
}

static void nothing_known_allows_service_and_nothing_else(void **state)
{
    (void)state;
    check("service", "sms", true, "service");
    check("care", "sms", false, "unknown");
    check("marketing", "email", false, "unknown");
    check("survey", "phone", false, "unknown");
    check("profile", "any", false, "unknown");
}

static void imported_people_have_consent_unknown(void **state)
{
    (void)state;
    say("care", "any", "unknown");
    say("service", "any", "unknown");
    check("service", "sms", true, "service");
    check("care", "sms", false, "unknown");
}

static void a_grant_is_for_its_purpose_and_channel_alone(void **state)
{
    (void)state;
    say("care", "sms", "granted");
    check("care", "sms", true, "granted");
    check("care", "email", false, "unknown");
    check("marketing", "sms", false, "unknown");
}

static void a_grant_of_any_channel_covers_each(void **state)
{
    (void)state;
    say("care", "any", "granted");
    check("care", "sms", true, "granted");
    check("care", "any", true, "granted");
}

static void the_latest_word_counts(void **state)
{
    (void)state;
    say("care", "sms", "granted");
    say("care", "sms", "withdrawn");
    check("care", "sms", false, "withdrawn");
    say("care", "sms", "granted");
    check("care", "sms", true, "granted");
}

static void a_refused_channel_is_opened_only_by_a_word_about_itself(void **state)
{
    (void)state;
    say("care", "sms", "refused");
    say("care", "any", "granted");
    check("care", "sms", false, "refused");
    check("care", "email", true, "granted");
}

static void refusing_any_channel_stops_what_was_agreed_to_before(void **state)
{
    (void)state;
    say("marketing", "sms", "granted");
    say("marketing", "any", "withdrawn");
    check("marketing", "sms", false, "withdrawn");
    say("marketing", "sms", "granted");
    check("marketing", "sms", true, "granted");
    check("marketing", "email", false, "withdrawn");
}

static void a_refusal_stops_service_too(void **state)
{
    (void)state;
    say("service", "sms", "refused");
    check("service", "sms", false, "refused");
    check("service", "email", true, "service");
}

static void a_grant_holds_through_its_last_day(void **state)
{
    struct consent *word = say("care", "sms", "granted");

    (void)state;
    word->expires_on = TODAY;
    check("care", "sms", true, "granted");
    word->expires_on = TODAY - 1;
    check("care", "sms", false, "expired");
    word->purpose = "service";
    check("service", "sms", true, "service");
}

static void of_two_grants_the_one_that_still_holds_counts(void **state)
{
    (void)state;
    say("care", "any", "granted");
    say("care", "sms", "granted")->expires_on = TODAY - 1;
    check("care", "sms", true, "granted");
    list[0].expires_on = TODAY - 1;
    check("care", "sms", false, "expired");
}

static void the_verdict_names_the_word_it_rests_on(void **state)
{
    (void)state;
    say("care", "any", "granted");
    say("care", "sms", "refused");
    assert_ptr_equal(consent_allows("care", "sms", list, count, TODAY).by, &list[1]);
    assert_ptr_equal(consent_allows("care", "email", list, count, TODAY).by, &list[0]);
    assert_null(consent_allows("survey", "email", list, count, TODAY).by);
}

static void a_word_is_given_up_to_today_and_ends_after_it_began(void **state)
{
    struct consent *word = say("care", "sms", "granted");

    (void)state;
    assert_null(consent_check_days(word, TODAY));
    word->given_on = TODAY + 1;
    assert_non_null(consent_check_days(word, TODAY));
    word->given_on = TODAY;
    word->expires_on = TODAY - 1;
    assert_non_null(consent_check_days(word, TODAY));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(nothing_known_allows_service_and_nothing_else, begin),
        cmocka_unit_test_setup(imported_people_have_consent_unknown, begin),
        cmocka_unit_test_setup(a_grant_is_for_its_purpose_and_channel_alone, begin),
        cmocka_unit_test_setup(a_grant_of_any_channel_covers_each, begin),
        cmocka_unit_test_setup(the_latest_word_counts, begin),
        cmocka_unit_test_setup(a_refused_channel_is_opened_only_by_a_word_about_itself, begin),
        cmocka_unit_test_setup(refusing_any_channel_stops_what_was_agreed_to_before, begin),
        cmocka_unit_test_setup(a_refusal_stops_service_too, begin),
        cmocka_unit_test_setup(a_grant_holds_through_its_last_day, begin),
        cmocka_unit_test_setup(of_two_grants_the_one_that_still_holds_counts, begin),
        cmocka_unit_test_setup(the_verdict_names_the_word_it_rests_on, begin),
        cmocka_unit_test_setup(a_word_is_given_up_to_today_and_ends_after_it_began, begin),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
