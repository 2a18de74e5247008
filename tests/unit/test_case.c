/* Cases: their states and the one function that moves them, and their numbers. */
#include "services/complaints/domain/case.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/pure/day.h"
#include "services/complaints/domain/case_number.h"

/* --- states --- */

static struct case_facts in_state(enum case_state state)
{
    return (struct case_facts){.state = state,
                               .kind = CASE_IS_COMPLAINT,
                               .needs_solution = true,
                               .asks_confirmation = true,
                               .may_close_unconfirmed = true,
                               .may_reopen = true,
                               .has_reason = true};
}

static enum case_state move(const struct case_facts *facts, enum case_act act)
{
    enum case_state to = CASE_STATE_IS_NONE;
    struct case_refusal refusal = {.flaw = CASE_FINE};

    if (case_move(facts, act, &to, &refusal))
        assert_int_equal(refusal.flaw, CASE_FINE);
    else
        assert_int_not_equal(refusal.flaw, CASE_FINE);
    return to;
}

static enum case_flaw flaw_of(const struct case_facts *facts, enum case_act act)
{
    enum case_state to = CASE_STATE_IS_NONE;
    struct case_refusal refusal = {.flaw = CASE_FINE};

    assert_false(case_move(facts, act, &to, &refusal));
    assert_int_equal(to, CASE_STATE_IS_NONE);
    assert_int_equal(refusal.state, facts->state);
    assert_int_equal(refusal.allowed, case_allowed(facts));
    return refusal.flaw;
}

static void a_complaint_goes_from_received_to_closed_by_every_state(void **state)
{
    static const struct {
        enum case_act act;
        enum case_state to;
    } way[] = {
        {CASE_TAKES, CASE_ACKNOWLEDGED},
        {CASE_INVESTIGATES, CASE_INVESTIGATING},
        {CASE_PROPOSES, CASE_PROPOSED},
        {CASE_AGREES, CASE_AGREED},
        {CASE_ANSWERS, CASE_ANSWERED},
        {CASE_ASKS, CASE_CONFIRMATION_DUE},
        {CASE_DISPUTES, CASE_DISPUTED},
        {CASE_INVESTIGATES, CASE_INVESTIGATING},
        {CASE_PROPOSES, CASE_PROPOSED},
        {CASE_PROPOSES, CASE_PROPOSED},
        {CASE_AGREES, CASE_AGREED},
        {CASE_ANSWERS, CASE_ANSWERED},
        {CASE_ASKS, CASE_CONFIRMATION_DUE},
        {CASE_CONFIRMS, CASE_CONFIRMED},
        {CASE_CLOSES, CASE_CLOSED},
        {CASE_REOPENS, CASE_REOPENED},
        {CASE_INVESTIGATES, CASE_INVESTIGATING},
    };
    struct case_facts facts = in_state(CASE_RECEIVED);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(way); i++) {
        assert_int_equal(move(&facts, way[i].act), way[i].to);
        facts.state = way[i].to;
    }
}

/* The arrows between different states, all of them: whatever is not here is refused. */
static void there_are_these_arrows_and_no_others(void **state)
{
    static const uint8_t arrows[][3] = {
        {CASE_RECEIVED, CASE_TAKES, CASE_ACKNOWLEDGED},
        {CASE_RECEIVED, CASE_SETTLES, CASE_ANSWERED},
        {CASE_RECEIVED, CASE_REJECTS, CASE_REJECTED},
        {CASE_RECEIVED, CASE_WITHDRAWS, CASE_WITHDRAWN},
        {CASE_RECEIVED, CASE_MERGES, CASE_DUPLICATE},
        {CASE_ACKNOWLEDGED, CASE_INVESTIGATES, CASE_INVESTIGATING},
        {CASE_ACKNOWLEDGED, CASE_REJECTS, CASE_REJECTED},
        {CASE_ACKNOWLEDGED, CASE_WITHDRAWS, CASE_WITHDRAWN},
        {CASE_ACKNOWLEDGED, CASE_MERGES, CASE_DUPLICATE},
        {CASE_INVESTIGATING, CASE_PROPOSES, CASE_PROPOSED},
        {CASE_INVESTIGATING, CASE_REJECTS, CASE_REJECTED},
        {CASE_INVESTIGATING, CASE_WITHDRAWS, CASE_WITHDRAWN},
        {CASE_INVESTIGATING, CASE_MERGES, CASE_DUPLICATE},
        {CASE_PROPOSED, CASE_AGREES, CASE_AGREED},
        {CASE_PROPOSED, CASE_ANSWERS, CASE_ANSWERED}, /* with the reason why unagreed */
        {CASE_AGREED, CASE_ANSWERS, CASE_ANSWERED},
        {CASE_ANSWERED, CASE_ASKS, CASE_CONFIRMATION_DUE},
        {CASE_CONFIRMATION_DUE, CASE_CONFIRMS, CASE_CONFIRMED},
        {CASE_CONFIRMATION_DUE, CASE_DISPUTES, CASE_DISPUTED},
        {CASE_CONFIRMATION_DUE, CASE_CLOSES_UNCONFIRMED, CASE_CLOSED_UNCONFIRMED},
        {CASE_CONFIRMED, CASE_CLOSES, CASE_CLOSED},
        {CASE_CLOSED, CASE_REOPENS, CASE_REOPENED},
        {CASE_DISPUTED, CASE_INVESTIGATES, CASE_INVESTIGATING},
        {CASE_CLOSED_UNCONFIRMED, CASE_REOPENS, CASE_REOPENED},
        {CASE_REOPENED, CASE_INVESTIGATES, CASE_INVESTIGATING},
    };
    size_t found = 0;

    (void)state;
    for (int from = CASE_RECEIVED; from < CASE_STATES; from++)
        for (int act = 0; act < CASE_ACTS; act++) {
            struct case_facts facts = in_state((enum case_state)from);
            struct case_refusal refusal;
            enum case_state to;

            if (!case_move(&facts, (enum case_act)act, &to, &refusal) || (int)to == from)
                continue;
            assert_true(found < COUNT_OF(arrows));
            assert_int_equal(arrows[found][0], from);
            assert_int_equal(arrows[found][1], act);
            assert_int_equal(arrows[found][2], to);
            found++;
        }
    assert_int_equal(found, COUNT_OF(arrows));
}

static void a_refusal_tells_the_state_and_what_is_allowed(void **state)
{
    struct case_facts facts = in_state(CASE_INVESTIGATING);
    struct case_refusal refusal;
    char text[CASE_REFUSAL_BYTES];
    enum case_state to;

    (void)state;
    assert_false(case_move(&facts, CASE_CLOSES, &to, &refusal));
    assert_int_equal(refusal.flaw, CASE_NOT_FROM_HERE);
    case_tell_refusal(&refusal, TELLING_IS_EN, text);
    assert_string_equal(text, "the case is investigating and cannot be closed; allowed: take, "
                              "propose, reject, withdraw, merge");
    case_tell_refusal(&refusal, TELLING_IS_ZH, text);
    assert_string_equal(text, "当前状态为“调查处理中”,不能“结案”;可以:受理、提出方案、不予受理、"
                              "撤回、并案");
    facts.state = CASE_WITHDRAWN;
    assert_false(case_move(&facts, CASE_TAKES, &to, &refusal));
    case_tell_refusal(&refusal, TELLING_IS_EN, text);
    assert_string_equal(text, "the case is withdrawn and cannot be taken; nothing more is allowed");
}

static void what_is_allowed_is_told_as_it_is_asked_for(void **state)
{
    struct case_facts facts = in_state(CASE_CONFIRMATION_DUE);
    struct case_refusal refusal;
    char text[CASE_REFUSAL_BYTES];
    enum case_state to;

    (void)state;
    facts.may_close_unconfirmed = false;
    assert_false(case_move(&facts, CASE_CLOSES_UNCONFIRMED, &to, &refusal));
    case_tell_refusal(&refusal, TELLING_IS_EN, text);
    assert_string_equal(text, "the case is confirmation due and cannot be closed unconfirmed: he "
                              "confirms first, or it takes 3 attempts on 3 different working days "
                              "over 2 channels; allowed: take, answer, confirm, dispute");
    for (int from = CASE_RECEIVED; from < CASE_STATES; from++) {
        facts = in_state((enum case_state)from);
        facts.may_close_unconfirmed = true;
        refusal = (struct case_refusal){CASE_NOT_FROM_HERE, facts.state, CASE_SETTLES,
                                        case_allowed(&facts)};
        case_tell_refusal(&refusal, TELLING_IS_EN, text);
        assert_null(strchr(text, '_'));
        assert_null(strstr(text, "allowed: settle"));
    }
}

static void only_early_cases_are_rejected_withdrawn_or_merged_and_with_a_reason(void **state)
{
    struct case_facts facts = in_state(CASE_PROPOSED);

    (void)state;
    assert_int_equal(flaw_of(&facts, CASE_REJECTS), CASE_NOT_FROM_HERE);
    assert_int_equal(flaw_of(&facts, CASE_WITHDRAWS), CASE_NOT_FROM_HERE);
    assert_int_equal(flaw_of(&facts, CASE_MERGES), CASE_NOT_FROM_HERE);
    facts = in_state(CASE_INVESTIGATING);
    facts.has_reason = false;
    assert_int_equal(flaw_of(&facts, CASE_REJECTS), CASE_NEEDS_REASON);
    assert_int_equal(flaw_of(&facts, CASE_WITHDRAWS), CASE_NEEDS_REASON);
    assert_int_equal(flaw_of(&facts, CASE_MERGES), CASE_NEEDS_REASON);
}

static void a_rejection_is_decided_by_another_than_the_handler(void **state)
{
    struct case_facts facts = in_state(CASE_ACKNOWLEDGED);

    (void)state;
    facts.by_handler = true;
    assert_int_equal(flaw_of(&facts, CASE_REJECTS), CASE_NEEDS_OTHER_PERSON);
    assert_int_equal(move(&facts, CASE_WITHDRAWS), CASE_WITHDRAWN);
    facts.by_handler = false;
    assert_int_equal(move(&facts, CASE_REJECTS), CASE_REJECTED);
}

static void a_complaint_is_answered_after_agreement_unless_nobody_must_or_can_agree(void **state)
{
    struct case_facts facts = in_state(CASE_INVESTIGATING);

    (void)state;
    assert_int_equal(flaw_of(&facts, CASE_ANSWERS), CASE_NEEDS_AGREEMENT);
    facts.needs_solution = false; /* the fault is not ours */
    assert_int_equal(move(&facts, CASE_ANSWERS), CASE_ANSWERED);
    facts = in_state(CASE_INVESTIGATING);
    facts.is_anonymous = true;
    assert_int_equal(move(&facts, CASE_ANSWERS), CASE_ANSWERED);
    facts = in_state(CASE_INVESTIGATING);
    facts.kind = CASE_IS_SUGGESTION;
    assert_int_equal(move(&facts, CASE_ANSWERS), CASE_ANSWERED);
    facts = in_state(CASE_PROPOSED);
    assert_int_equal(move(&facts, CASE_ANSWERS), CASE_ANSWERED);
    facts.has_reason = false;
    assert_int_equal(flaw_of(&facts, CASE_ANSWERS), CASE_NEEDS_AGREEMENT);
}

static void an_answered_case_is_closed_where_confirmation_is_not_asked(void **state)
{
    struct case_facts facts = in_state(CASE_ANSWERED);

    (void)state;
    assert_int_equal(flaw_of(&facts, CASE_CLOSES), CASE_NEEDS_CONFIRMATION);
    facts.asks_confirmation = false;
    assert_int_equal(move(&facts, CASE_CLOSES), CASE_CLOSED);
}

static void closing_unconfirmed_takes_the_attempts(void **state)
{
    struct case_facts facts = in_state(CASE_CONFIRMATION_DUE);

    (void)state;
    facts.may_close_unconfirmed = false;
    assert_int_equal(flaw_of(&facts, CASE_CLOSES_UNCONFIRMED), CASE_NEEDS_ATTEMPTS);
}

static void taking_over_moves_nothing_and_what_ended_is_not_taken(void **state)
{
    (void)state;
    for (int at = CASE_ACKNOWLEDGED; at < CASE_STATES; at++) {
        struct case_facts facts = in_state((enum case_state)at);

        if (case_is_ended(facts.state))
            assert_int_equal(flaw_of(&facts, CASE_TAKES), CASE_NOT_FROM_HERE);
        else
            assert_int_equal(move(&facts, CASE_TAKES), at);
    }
}

static void what_is_recorded_keeps_its_state(void **state)
{
    (void)state;
    assert_int_equal(case_recorded_state(true), CASE_CLOSED);
    assert_int_equal(case_recorded_state(false), CASE_INVESTIGATING);
}

static void every_name_is_read_again_and_every_word_stands_in_both_languages(void **state)
{
    (void)state;
    for (int i = 1; i < CASE_STATES; i++) {
        const char *name = case_state_name((enum case_state)i);

        assert_int_equal(case_state_read((struct text){name, strlen(name)}), i);
        assert_true(strlen(case_state_label((enum case_state)i, TELLING_IS_ZH)) > 0);
        assert_true(strlen(case_state_label((enum case_state)i, TELLING_IS_EN)) > 0);
    }
    for (int i = 1; i < CASE_KINDS; i++) {
        const char *name = case_kind_name((enum case_kind)i);

        assert_int_equal(case_kind_read((struct text){name, strlen(name)}), i);
    }
    for (int i = 1; i < CASE_CHANNELS; i++) {
        const char *name = case_channel_name((enum case_channel)i);

        assert_int_equal(case_channel_read((struct text){name, strlen(name)}), i);
    }
    assert_string_equal(case_state_label(CASE_CONFIRMATION_DUE, TELLING_IS_ZH), "待回访");
    assert_int_equal(case_state_read(TEXT_OF("gone")), CASE_STATE_IS_NONE);
    assert_string_equal(case_state_name((enum case_state)99), "");
}

/* --- numbers --- */

static void a_number_is_kind_day_and_four_digits_or_more(void **state)
{
    char out[CASE_NUMBER_BYTES];
    int32_t day = day_make(2026, 9, 30);

    (void)state;
    assert_int_equal(case_number_print(CASE_IS_COMPLAINT, day, 1, out), 16);
    assert_string_equal(out, "TS-20260930-0001");
    case_number_print(CASE_IS_SUGGESTION, day, 9999, out);
    assert_string_equal(out, "JY-20260930-9999");
    case_number_print(CASE_IS_FEEDBACK, day, 10000, out);
    assert_string_equal(out, "FK-20260930-10000");
    case_number_print(CASE_IS_ENQUIRY, day, 42, out);
    assert_string_equal(out, "ZX-20260930-0042");
    case_number_print(CASE_IS_SERVICE_REQUEST, day, CASE_NUMBER_LAST, out);
    assert_string_equal(out, "FW-20260930-999999999");
}

static void a_number_is_read_as_people_write_it(void **state)
{
    static const char *const good[] = {"TS-20260930-0042", "ts-20260930-0042", "TS202609300042",
                                       "  TS－20260930—0042 "};
    static const char *const bad[] = {"",
                                      "TS",
                                      "KH000123",
                                      "TS-20260931-0001",
                                      "TS-20260930-0000",
                                      "TS-20260930-001",
                                      "XX-20260930-0001",
                                      "TS-20260930-00x1",
                                      "TS-20260930-1234567890",
                                      "TS-20260930-00000000000000000001"};
    enum case_kind kind;
    int32_t day;
    uint32_t nth;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        assert_true(case_number_parse((struct text){good[i], strlen(good[i])}, &kind, &day, &nth));
        assert_int_equal(kind, CASE_IS_COMPLAINT);
        assert_int_equal(day, day_make(2026, 9, 30));
        assert_int_equal(nth, 42);
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(case_number_parse((struct text){bad[i], strlen(bad[i])}, &kind, &day, &nth));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_complaint_goes_from_received_to_closed_by_every_state),
        cmocka_unit_test(there_are_these_arrows_and_no_others),
        cmocka_unit_test(a_refusal_tells_the_state_and_what_is_allowed),
        cmocka_unit_test(what_is_allowed_is_told_as_it_is_asked_for),
        cmocka_unit_test(only_early_cases_are_rejected_withdrawn_or_merged_and_with_a_reason),
        cmocka_unit_test(a_rejection_is_decided_by_another_than_the_handler),
        cmocka_unit_test(a_complaint_is_answered_after_agreement_unless_nobody_must_or_can_agree),
        cmocka_unit_test(an_answered_case_is_closed_where_confirmation_is_not_asked),
        cmocka_unit_test(closing_unconfirmed_takes_the_attempts),
        cmocka_unit_test(taking_over_moves_nothing_and_what_ended_is_not_taken),
        cmocka_unit_test(what_is_recorded_keeps_its_state),
        cmocka_unit_test(every_name_is_read_again_and_every_word_stands_in_both_languages),
        cmocka_unit_test(a_number_is_kind_day_and_four_digits_or_more),
        cmocka_unit_test(a_number_is_read_as_people_write_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
