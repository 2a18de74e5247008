/* kehuctl complaint show and view: one case as its handler, and as the complainant may see it. */
#include "command_complaint.h"

#include <stdio.h>
#include <string.h>

#include "complaint_card.h"
#include "ctl_fields.h"
#include "ctl_words.h"

static const char *word(const struct ctl *ctl, const char *name)
{
    return complaint_word(ctl, WORDS_LABEL, name);
}

/* Labels of one width are aligned by the longest; those of cards are short in both languages. */
static void print_line(const struct ctl *ctl, const char *label, const char *value)
{
    if (value && value[0])
        printf("  %s: %s\n", word(ctl, label), value);
}

/* What the source of a historic case said of its end; a thing it did not say is not told. */
static const char *recorded_text(struct ctl *ctl, const Kehu__Complaints__V1__Case *one)
{
    return arena_print(ctl->arena, "%s%s%s", one->recorded_response,
                       one->recorded_timely ? word(ctl, ", answered in time") : "",
                       one->recorded_disputed ? word(ctl, ", disputed there") : "");
}

static const char *joined(struct ctl *ctl, char *const *words, size_t count,
                          enum complaint_words table)
{
    const char *all = "";

    for (size_t i = 0; i < count; i++) {
        const char *one = complaint_word(ctl, table, words[i]);

        if (one[0])
            all = arena_print(ctl->arena, "%s%s%s", all, all[0] ? ", " : "", one);
    }
    return all;
}

/* "kehu:KH000001" is what people call KH000001. */
static const char *reference(const char *ref)
{
    return strncmp(ref, "kehu:", 5) == 0 ? ref + 5 : ref;
}

/* From him who keeps out of the case it may be hidden who complains. */
static const char *unknown(const struct ctl *ctl, const Kehu__Complaints__V1__Case *one)
{
    for (size_t i = 0; ctl->actor && i < one->n_recused; i++)
        if (strcmp(one->recused[i], ctl->actor) == 0)
            return word(ctl, "not shown to you");
    return word(ctl, "not known yet");
}

static const char *complainant(struct ctl *ctl, const Kehu__Complaints__V1__Case *one)
{
    char *ids[] = {one->customer_id};
    const char *name = "";

    if (one->anonymous)
        return word(ctl, "anonymous");
    if (one->customer_id[0])
        name = complaint_name(complaint_names_of(ctl, ids, 1), one->customer_id);
    if (name[0])
        return name;
    if (one->customer_ref[0])
        return arena_print(ctl->arena, "%s%s%s", reference(one->customer_ref),
                           one->customer_id[0] ? "" : ", ",
                           one->customer_id[0] ? "" : word(ctl, "not known yet"));
    return one->customer_id[0] ? ctl_fields_handle(one->customer_id) : unknown(ctl, one);
}

static void print_head(struct ctl *ctl, const Kehu__Complaints__V1__Case *one)
{
    printf("%s  %s  %s%s%s\n", one->number,
           complaint_enum_word(ctl, WORDS_KIND, &kehu__complaints__v1__case_kind__descriptor,
                               (int)one->kind),
           complaint_enum_word(ctl, WORDS_STATE, &kehu__complaints__v1__case_state__descriptor,
                               (int)one->state),
           one->supervised ? "  " : "", one->supervised ? word(ctl, "supervised") : "");
    print_line(ctl, "summary", one->summary);
    if (strcmp(one->content, one->summary) != 0)
        print_line(ctl, "content", one->content);
    print_line(ctl, "customer", complainant(ctl, one));
    print_line(ctl, "channel",
               complaint_enum_word(ctl, WORDS_CHANNEL, &kehu__complaints__v1__channel__descriptor,
                                   (int)one->channel));
    if (one->authority && one->authority->name[0])
        print_line(ctl, "authority",
                   arena_print(ctl->arena, "%s %s %s", one->authority->name, one->authority->number,
                               one->authority->date));
    print_line(ctl, "priority",
               complaint_enum_word(ctl, WORDS_PRIORITY, &kehu__complaints__v1__priority__descriptor,
                                   (int)one->priority));
    print_line(ctl, "severity",
               complaint_enum_word(ctl, WORDS_SEVERITY, &kehu__complaints__v1__severity__descriptor,
                                   (int)one->severity));
    print_line(ctl, "handler", one->handler[0] ? one->handler : word(ctl, "nobody yet"));
    print_line(ctl, "team", one->team);
    if (one->chases)
        print_line(ctl, "chased", arena_print(ctl->arena, "×%u", one->chases));
}

static void print_about(struct ctl *ctl, const Kehu__Complaints__V1__Case *one)
{
    if (one->links) {
        print_line(ctl, "order", one->links->order_number);
        print_line(ctl, "product", one->links->product);
        print_line(ctl, "batch", one->links->batch);
    }
    print_line(ctl, "issue", one->issue);
    print_line(ctl, "region", one->region);
    print_line(ctl, "submitted", ctl_local_time(ctl, one->submitted_at));
    print_line(ctl, "received", ctl_local_time(ctl, one->received_at));
    print_line(ctl, "closed", ctl_local_time(ctl, one->closed_at));
    print_line(ctl, "known elsewhere as", one->external_ref);
    if (one->historic)
        print_line(ctl, "historic", recorded_text(ctl, one));
    print_line(ctl, "duplicate of", one->duplicate_of);
    print_line(ctl, "recurs of", one->recurs_of);
    print_line(ctl, "perhaps the same as",
               joined(ctl, one->possibly_same_as, one->n_possibly_same_as, WORDS_LABEL));
    print_line(ctl, "recused", joined(ctl, one->recused, one->n_recused, WORDS_LABEL));
}

static void print_remedy(struct ctl *ctl, const Kehu__Complaints__V1__Case *one)
{
    const Kehu__Complaints__V1__Remedy *remedy = one->handling ? one->handling->remedy : NULL;

    if (!remedy || !remedy->kind[0])
        return;
    print_line(
        ctl, "remedy",
        arena_print(ctl->arena, "%s%s%s%s%s%s%s%s", complaint_word(ctl, WORDS_REMEDY, remedy->kind),
                    remedy->amount_micros ? " " : "",
                    remedy->amount_micros ? ctl_decimal(ctl, remedy->amount_micros) : "",
                    remedy->amount_micros ? " " : "", remedy->amount_micros ? remedy->currency : "",
                    one->remedy_state[0] ? " (" : "",
                    complaint_word(ctl, WORDS_REMEDY_STATE, one->remedy_state),
                    one->remedy_state[0] ? ")" : ""));
}

static void print_handling(struct ctl *ctl, const Kehu__Complaints__V1__Case *one)
{
    if (one->handling) {
        print_line(ctl, "cause", one->handling->cause);
        print_line(ctl, "unit", one->handling->unit);
        print_line(ctl, "fault",
                   complaint_enum_word(ctl, WORDS_FAULT, &kehu__complaints__v1__fault__descriptor,
                                       (int)one->handling->fault));
    }
    print_remedy(ctl, one);
    print_line(ctl, "topic", one->topic);
    if (one->rating)
        print_line(ctl, "rating", arena_print(ctl->arena, "%u", one->rating));
    print_line(ctl, "version", arena_print(ctl->arena, "%llu", (unsigned long long)one->version));
}

/* What may be done, and what is missing: what a handler looks for first. */
static void print_outlook(struct ctl *ctl, const Kehu__Complaints__V1__Case *one)
{
    const char *verbs = joined(ctl, one->allowed, one->n_allowed, WORDS_VERB);

    if (verbs[0])
        printf("\n%s: %s\n", word(ctl, "next"), verbs);
    if (one->closed_at || one->historic)
        return;
    if (one->n_open_conditions)
        printf("%s:\n", word(ctl, "before closing"));
    for (size_t i = 0; i < one->n_open_conditions; i++)
        printf("  %s\n", complaint_word(ctl, WORDS_CONDITION, one->open_conditions[i]));
}

/* Room for both, with what is known already first. */
static void *join(struct ctl *ctl, void *const *known, size_t known_count, void *const *more,
                  size_t more_count)
{
    void **all = arena_take_array(ctl->arena, known_count + more_count, sizeof(*all));

    if (!all)
        ctl_usage(ctl, "the case is too long to be shown whole");
    if (known_count)
        memcpy(all, known, known_count * sizeof(*all));
    if (more_count)
        memcpy(all + known_count, more, more_count * sizeof(*all));
    return all;
}

/* The page after goes behind what is known; a list that was over begins anew in it, and is not
 * taken again. */
static void add_page(struct ctl *ctl, Kehu__Complaints__V1__Case *one,
                     const Kehu__Complaints__V1__Case *page)
{
    if (one->next_messages_token[0]) {
        one->messages = join(ctl, (void *const *)one->messages, one->n_messages,
                             (void *const *)page->messages, page->n_messages);
        one->n_messages += page->n_messages;
        one->next_messages_token = page->next_messages_token;
    }
    if (one->next_history_token[0]) {
        one->history = join(ctl, (void *const *)one->history, one->n_history,
                            (void *const *)page->history, page->n_history);
        one->n_history += page->n_history;
        one->next_history_token = page->next_history_token;
    }
}

/* The case, with --all with every page of what was said and done; NULL: *code. */
static Kehu__Complaints__V1__Case *ask_case(struct ctl *ctl, int *code)
{
    Kehu__Complaints__V1__GetCase ask = KEHU__COMPLAINTS__V1__GET_CASE__INIT;
    const ProtobufCMessageDescriptor *reply = &kehu__complaints__v1__case__descriptor;

    ask.ref = (char *)ctl_argument(ctl, 0);
    ask.with_history = ctl_option(ctl, "--history") != NULL;
    Kehu__Complaints__V1__Case *one =
        (Kehu__Complaints__V1__Case *)complaint_ask(ctl, &ask.base, reply, code);

    while (one && ctl_option(ctl, "--all") &&
           (one->next_messages_token[0] || one->next_history_token[0])) {
        ask.messages_token = one->next_messages_token;
        ask.history_token = one->next_history_token;
        Kehu__Complaints__V1__Case *page =
            (Kehu__Complaints__V1__Case *)complaint_ask(ctl, &ask.base, reply, code);

        if (!page)
            return NULL;
        add_page(ctl, one, page);
    }
    return one;
}

static int run_show(struct ctl *ctl)
{
    int code = CTL_DONE;
    Kehu__Complaints__V1__Case *one = ask_case(ctl, &code);

    if (!one)
        return code;
    if (ctl->json) {
        ctl_print_json(ctl, ctl_json_message(&one->base));
        return CTL_DONE;
    }
    print_head(ctl, one);
    print_about(ctl, one);
    print_handling(ctl, one);
    complaint_card_clocks(ctl, one->clocks, one->n_clocks, ctl_option(ctl, "--history") != NULL);
    complaint_card_work(ctl, one);
    complaint_card_messages(ctl, one->messages, one->n_messages);
    complaint_card_history(ctl, one->history, one->n_history);
    if (one->next_messages_token[0] || one->next_history_token[0])
        puts(ctl_sentence(ctl, "and more: --all shows all of them"));
    print_outlook(ctl, one);
    return CTL_DONE;
}

static const struct ctl_option show_options[] = {
    {"--history", NULL, "also who did what and when, and deadlines that are over", false},
    {"--all", NULL, "every message and the whole history, not the latest 50 and 200 alone", false},
};

const struct ctl_command ctl_complaint_show = {
    .path = "complaint show",
    .arguments = "REF",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Show one case: deadlines, what was said, what may be done, what is missing",
    .help = COMPLAINT_REF_HELP "Times are in the stack's zone; in --json they are UTC.\n\n"
                               "  kehuctl complaint show TS-20260930-0001\n"
                               "  kehuctl complaint show cfpb:2834771 --history --lang zh\n",
    .options = show_options,
    .option_count = COUNT_OF(show_options),
    .run = run_show,
};

/* --- what the complainant may see --- */

static int run_view(struct ctl *ctl)
{
    Kehu__Complaints__V1__GetComplainantView ask = KEHU__COMPLAINTS__V1__GET_COMPLAINANT_VIEW__INIT;
    int code;

    ask.ref = (char *)ctl_argument(ctl, 0);
    Kehu__Complaints__V1__ComplainantView *view =
        (Kehu__Complaints__V1__ComplainantView *)complaint_ask_shown(
            ctl, &ask.base, &kehu__complaints__v1__complainant_view__descriptor, &code);

    if (!view)
        return code;
    printf("%s  %s  %s\n", view->number,
           complaint_enum_word(ctl, WORDS_KIND, &kehu__complaints__v1__case_kind__descriptor,
                               (int)view->kind),
           ctl_is_zh(ctl) ? view->state_zh : view->state_en);
    print_line(ctl, "received", ctl_local_time(ctl, view->received_at));
    print_line(ctl, "answer by", ctl_local_time(ctl, view->answer_by));
    print_line(ctl, "handler", view->handler);
    complaint_card_messages(ctl, view->messages, view->n_messages);
    return CTL_DONE;
}

const struct ctl_command ctl_complaint_view = {
    .path = "complaint view",
    .arguments = "REF",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Show what the complainant may see of a case",
    .help = "No internal notes, no names of other people, no lesson.\n\n"
            "  kehuctl complaint view TS-20260930-0001 --lang zh\n",
    .run = run_view,
};
