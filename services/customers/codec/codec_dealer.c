/* Questions and commands about dealers. */
#include "services/customers/codec/codec_dealer.h"

#include <string.h>

#include "common/pure/decimal.h"
#include "kehu/customers/v1/dealers.pb-c.h"
#include "services/customers/codec/codec_check.h"

#define MILLION INT64_C(1000000)
#define MAX_COUNT 10000000

static void read_number(struct codec_people_reader *r, enum dealer_number i, const char *value,
                        struct dealer_change *out)
{
    bool is_count = i != DEALER_ANNUAL_SALES;
    int64_t micros;

    out->told.numbers[i] = DEALER_NO_NUMBER;
    if (!value[0])
        return;
    if (!decimal_parse(value, strlen(value), &micros) || micros < 0 ||
        (is_count && (micros % MILLION != 0 || micros / MILLION > MAX_COUNT)))
        codec_people_fault(r, dealer_number_names[i],
                           is_count ? "must be a whole number from 0 to 10000000 in digits alone"
                                    : "must be an amount such as 1200000, not negative");
    else
        out->told.numbers[i] = is_count ? micros / MILLION : micros;
}

static bool read_clear(const char *name, struct dealer_change *out)
{
    for (int i = 0; i < DEALER_TEXTS; i++)
        if (strcmp(dealer_text_names[i], name) == 0)
            return out->clears_text[i] = true;
    for (int i = 0; i < DEALER_NUMBERS; i++)
        if (strcmp(dealer_number_names[i], name) == 0)
            return out->clears_number[i] = true;
    return false;
}

enum status codec_get_save_dealer(const uint8_t *payload, size_t bytes, int32_t today,
                                  struct arena *arena, struct codec_dealer_ask *out,
                                  struct codec_file_faults *faults)
{
    CODEC_PEOPLE_OPEN(kehu__customers__v1__save_dealer__descriptor, today);
    const Kehu__Customers__V1__SaveDealer *ask = (const void *)message;
    Kehu__Customers__V1__DealerProfile none = KEHU__CUSTOMERS__V1__DEALER_PROFILE__INIT;
    const Kehu__Customers__V1__DealerProfile *from = ask->profile ? ask->profile : &none;
    const char *const texts[DEALER_TEXTS] = {from->shareholders, from->organisation,
                                             from->local_strength, from->standing,
                                             from->local_economy};
    const char *const numbers[DEALER_NUMBERS] = {from->staff_count, from->annual_sales,
                                                 from->annual_contracts};

    codec_people_ref(&r, "customer_ref", ask->customer_ref, &out->ref);
    out->expected_version = ask->expected_version;
    r.under = "profile.";
    for (int i = 0; i < DEALER_TEXTS; i++)
        out->change.told.texts[i] =
            codec_people_text(&r, dealer_text_names[i], texts[i], DEALER_MAX_TEXT, false);
    for (int i = 0; i < DEALER_NUMBERS; i++)
        read_number(&r, (enum dealer_number)i, numbers[i], &out->change);
    r.under = "";
    for (size_t i = 0; i < ask->n_clear; i++)
        if (!read_clear(ask->clear[i], &out->change))
            codec_people_fault(&r, arena_print(arena, "clear[%zu]", i), "is no field of a profile");
    return codec_people_end(&r);
}

enum status codec_get_save_channel_manager(const uint8_t *payload, size_t bytes, int32_t today,
                                           struct arena *arena, struct codec_dealer_ask *out,
                                           struct codec_file_faults *faults)
{
    CODEC_PEOPLE_OPEN(kehu__customers__v1__save_channel_manager__descriptor, today);
    const Kehu__Customers__V1__SaveChannelManager *ask = (const void *)message;
    const Kehu__Customers__V1__ChannelManager *from = ask->manager;
    struct dealer_manager *manager = &out->manager;

    codec_people_ref(&r, "customer_ref", ask->customer_ref, &out->ref);
    r.under = "manager.";
    if (!from) {
        codec_people_fault(&r, "name", "is missing");
        return codec_people_end(&r);
    }
    out->is_new = !codec_people_id(&r, "manager_id", from->manager_id, false, &manager->id);
    manager->name = codec_people_text(&r, "name", from->name, 100, true);
    manager->from_on = codec_people_day(&r, "from_on", from->from_on, DEALER_NO_DAY, today);
    manager->to_on = codec_people_day(&r, "to_on", from->to_on, DEALER_NO_DAY, INT32_MAX);
    manager->memo = codec_people_text(&r, "memo", from->memo, DEALER_MAX_TEXT, false);
    if (!from->from_on[0])
        codec_people_fault(&r, "from_on", "is missing: the first day as YYYY-MM-DD");
    if (manager->to_on != DEALER_NO_DAY && manager->to_on < manager->from_on)
        codec_people_fault(&r, "to_on", "must not be before from_on");
    return codec_people_end(&r);
}

enum status codec_get_add_dealer_memo(const uint8_t *payload, size_t bytes, int32_t today,
                                      struct arena *arena, struct codec_dealer_ask *out,
                                      struct codec_file_faults *faults)
{
    CODEC_PEOPLE_OPEN(kehu__customers__v1__add_dealer_memo__descriptor, today);
    const Kehu__Customers__V1__AddDealerMemo *ask = (const void *)message;

    codec_people_ref(&r, "customer_ref", ask->customer_ref, &out->ref);
    r.under = "memo.";
    if (!ask->memo)
        codec_people_fault(&r, "memo", "is missing");
    else {
        out->memo.on_day = codec_people_day(&r, "on", ask->memo->on, today, today);
        out->memo.memo = codec_people_text(&r, "memo", ask->memo->memo, DEALER_MAX_TEXT, true);
    }
    return codec_people_end(&r);
}

enum status codec_get_score_dealer(const uint8_t *payload, size_t bytes, int32_t today,
                                   struct arena *arena, struct codec_dealer_ask *out,
                                   struct codec_file_faults *faults)
{
    CODEC_PEOPLE_OPEN(kehu__customers__v1__score_dealer__descriptor, today);
    const Kehu__Customers__V1__ScoreDealer *ask = (const void *)message;
    Kehu__Customers__V1__DealerScore none = KEHU__CUSTOMERS__V1__DEALER_SCORE__INIT;
    const Kehu__Customers__V1__DealerScore *from = ask->score ? ask->score : &none;
    const uint32_t points[DEALER_CRITERIA] = {from->enthusiasm_attitude,
                                              from->enthusiasm_action,
                                              from->flexibility,
                                              from->downstream_count,
                                              from->coverage,
                                              from->downstream_relation,
                                              from->capital};

    codec_people_ref(&r, "customer_ref", ask->customer_ref, &out->ref);
    r.under = "score.";
    out->score.scored_on = codec_people_day(&r, "scored_on", from->scored_on, today, today);
    for (int i = 0; i < DEALER_CRITERIA; i++) {
        out->score.points[i] = points[i];
        if (points[i] < 1 || points[i] > 5)
            codec_people_fault(&r, dealer_criterion_names[i],
                               "must be from 1 (poor) to 5 (very good)");
    }
    out->score.note = codec_people_text(&r, "note", from->note, DEALER_MAX_NOTE, false);
    return codec_people_end(&r);
}

enum status codec_get_propose_give_up(const uint8_t *payload, size_t bytes, int32_t today,
                                      struct arena *arena, struct codec_dealer_ask *out,
                                      struct codec_file_faults *faults)
{
    CODEC_PEOPLE_OPEN(kehu__customers__v1__propose_give_up__descriptor, today);
    const Kehu__Customers__V1__ProposeGiveUp *ask = (const void *)message;

    codec_people_ref(&r, "customer_ref", ask->customer_ref, &out->ref);
    out->reason =
        codec_people_word(&r, "reason", ask->reason, dealer_reasons, DEALER_REASON_WORDS, NULL);
    out->explanation =
        codec_people_text(&r, "explanation", ask->explanation, DEALER_MAX_TEXT, true);
    out->has_successor = ask->successor_ref[0] != '\0';
    if (out->has_successor)
        codec_people_ref(&r, "successor_ref", ask->successor_ref, &out->successor);
    return codec_people_end(&r);
}

enum status codec_get_decide_give_up(const uint8_t *payload, size_t bytes, int32_t today,
                                     struct arena *arena, struct codec_dealer_ask *out,
                                     struct codec_file_faults *faults)
{
    CODEC_PEOPLE_OPEN(kehu__customers__v1__decide_give_up__descriptor, today);
    const Kehu__Customers__V1__DecideGiveUp *ask = (const void *)message;

    codec_people_ref(&r, "customer_ref", ask->customer_ref, &out->ref);
    out->decision = codec_people_word(&r, "decision", ask->decision, dealer_give_up_states + 1,
                                      "approved, rejected or withdrawn", NULL);
    out->note = codec_people_text(&r, "note", ask->note, DEALER_MAX_NOTE, false);
    return codec_people_end(&r);
}

enum status codec_get_get_dealer(const uint8_t *payload, size_t bytes, int32_t today,
                                 struct arena *arena, struct codec_dealer_ask *out,
                                 struct codec_file_faults *faults)
{
    CODEC_PEOPLE_OPEN(kehu__customers__v1__get_dealer__descriptor, today);
    const Kehu__Customers__V1__GetDealer *ask = (const void *)message;

    codec_people_ref(&r, "customer_ref", ask->customer_ref, &out->ref);
    return codec_people_end(&r);
}

enum status codec_get_list_dealers(const uint8_t *payload, size_t bytes, struct arena *arena,
                                   struct dealer_question *out, struct codec_file_faults *faults)
{
    static const char *const states[] = {"active", "given_up", NULL};
    CODEC_PEOPLE_OPEN(kehu__customers__v1__list_dealers__descriptor, 0);
    const Kehu__Customers__V1__ListDealers *ask = (const void *)message;

    out->only_false_enthusiasm = ask->only_false_enthusiasm;
    out->without_score = ask->without_score;
    if (ask->only_false_enthusiasm && ask->without_score)
        codec_people_fault(&r, "without_score", "and only_false_enthusiasm leave nobody");
    out->state = codec_check_text_of(
        codec_people_word(&r, "state", ask->state, states, "active or given_up", ""));
    out->page_size = codec_people_page(&r, ask->page_size);
    out->has_after = codec_people_token(&r, ask->page_token, &out->after);
    return codec_people_end(&r);
}

enum status codec_get_list_give_ups(const uint8_t *payload, size_t bytes, struct arena *arena,
                                    struct dealer_question *out, struct codec_file_faults *faults)
{
    CODEC_PEOPLE_OPEN(kehu__customers__v1__list_give_ups__descriptor, 0);
    const Kehu__Customers__V1__ListGiveUps *ask = (const void *)message;

    out->state =
        codec_check_text_of(codec_people_word(&r, "state", ask->state, dealer_give_up_states,
                                              "proposed, approved, rejected or withdrawn", ""));
    out->page_size = codec_people_page(&r, ask->page_size);
    out->has_after = codec_people_token(&r, ask->page_token, &out->after);
    return codec_people_end(&r);
}

enum status codec_get_report_dealer_stability(const uint8_t *payload, size_t bytes, int32_t today,
                                              struct arena *arena, int32_t *from, int32_t *to,
                                              struct codec_file_faults *faults)
{
    CODEC_PEOPLE_OPEN(kehu__customers__v1__report_dealer_stability__descriptor, today);
    const Kehu__Customers__V1__ReportDealerStability *ask = (const void *)message;

    *from = codec_people_day(&r, "from", ask->from, CODEC_PEOPLE_NO_DAY, today);
    *to = codec_people_day(&r, "to", ask->to, today, INT32_MAX);
    if (!ask->from[0])
        codec_people_fault(&r, "from", "is missing: the first day as YYYY-MM-DD");
    else if (*to < *from)
        codec_people_fault(&r, "to", "must not be before from");
    return codec_people_end(&r);
}
