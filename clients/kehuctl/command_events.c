/* kehuctl events tail: a service's log of events, from a position on. */
#include "ctl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl_method.h"
#include "kehu/bus/v1/service.pb-c.h"

#define PAGE 500
#define TYPES_MAX 32
/* Shorter than the client's first repeat, so that a quiet log is not asked twice at once. */
#define FOLLOW_WAIT_S 1

struct tail {
    struct ctl *ctl;
    const char *service;
    const char *next;
    uint64_t printed, max;
    bool follow;
    size_t type_count;
    char *types[TYPES_MAX];
};

static void take_types(struct tail *tail)
{
    const char *text = ctl_option(tail->ctl, "--type");

    while (text && *text) {
        size_t length = strcspn(text, ",");
        const char *name = arena_copy_text(tail->ctl->arena, text, length);

        if (length > 0 && tail->type_count == TYPES_MAX)
            ctl_usage(tail->ctl, "--type takes at most %d types", TYPES_MAX);
        if (length > 0)
            tail->types[tail->type_count++] =
                (char *)ctl_method_event_type(tail->ctl, tail->service, name);
        text += length + (text[length] == ',');
    }
}

static const char *text_of(const json_t *event, const char *member)
{
    const char *text = json_string_value(json_object_get(event, member));

    return text ? text : "";
}

static void print_event(const struct tail *tail, const ProtobufCMessage *message)
{
    json_t *event = ctl_json_event(message);
    const char *type = text_of(event, "type"), *dot = strrchr(type, '.');
    const json_t *position = json_object_get(event, "position");

    if (tail->ctl->json) {
        ctl_print_json(tail->ctl, event);
        return;
    }
    if (tail->printed == 0)
        printf("%-20s  %-20s  %-36s  %7s  %s\n", "time", "type", "subject", "version", "id");
    /* To the second: people compare moments, programs read --json. */
    printf("%.19s%-1s  %-20s  %-36s  %7lld  %s", text_of(event, "time"),
           text_of(event, "time")[0] ? "Z" : "", dot ? dot + 1 : type, text_of(event, "subject"),
           (long long)json_integer_value(json_object_get(event, "entityversion")),
           text_of(event, "id"));
    if (json_is_integer(position))
        printf("  %lld", (long long)json_integer_value(position));
    else if (position)
        printf("  %s", json_string_value(position));
    putchar('\n');
    json_decref(event);
}

/* One page; false when it was the last, with the exit code. */
static bool fetch_page(struct tail *tail, int *code)
{
    Kehu__Bus__V1__Fetch fetch = KEHU__BUS__V1__FETCH__INIT;
    Google__Protobuf__Duration wait = GOOGLE__PROTOBUF__DURATION__INIT;
    uint64_t left = tail->max - tail->printed;
    struct arena *whole = tail->ctl->arena, *page = arena_new((size_t)256 * 1024 * 1024);

    if (!page) {
        *code = CTL_UNFINISHED;
        return false;
    }
    wait.seconds = FOLLOW_WAIT_S;
    fetch.consumer = "kehuctl";
    fetch.after = (char *)tail->next;
    fetch.max = left < PAGE ? (uint32_t)left : PAGE;
    fetch.wait = tail->follow ? &wait : NULL;
    fetch.n_types = tail->type_count;
    fetch.types = tail->types;
    /* Following may go on for days: each page has memory of its own. */
    tail->ctl->arena = page;
    Kehu__Bus__V1__Fetched *fetched = (Kehu__Bus__V1__Fetched *)ctl_ask(
        tail->ctl, &fetch.base, &kehu__bus__v1__fetched__descriptor, code);

    tail->ctl->arena = whole;
    bool more = false;

    if (fetched) {
        for (size_t i = 0; i < fetched->n_events; i++, tail->printed++)
            print_event(tail, &fetched->events[i]->base);
        if (fflush(stdout) != 0)
            *code = CTL_UNFINISHED; /* nobody reads any more */
        free((void *)tail->next);
        tail->next = strdup(fetched->next);
        more = tail->next && *code == CTL_DONE && (fetched->more || tail->follow) &&
               tail->printed < tail->max && !ctl_is_interrupted();
    }
    arena_free(page);
    return more;
}

static int run(struct ctl *ctl)
{
    ctl_method_speak(ctl);
    struct tail tail = {
        .ctl = ctl,
        .service = ctl_service_name(ctl->service),
        .follow = ctl_option(ctl, "--follow") != NULL,
        .max = (uint64_t)ctl_integer(ctl, "--max", INT64_MAX, 1, INT64_MAX),
    };
    const char *after = ctl_option(ctl, "--after");
    int code;

    take_types(&tail);
    tail.next = strdup(after ? after : "");
    ctl_catch_interrupt();
    while (fetch_page(&tail, &code))
        ;
    if (code == CTL_DONE && tail.printed == 0)
        fprintf(stderr, "no events after this position\n");
    if (code == CTL_DONE && tail.next && tail.next[0])
        fprintf(stderr, "next position: %s\n", tail.next);
    free((void *)tail.next);
    return code;
}

static const struct ctl_option options[] = {
    CTL_SERVICE_OPTION,
    {"--after", "POSITION", "only what comes after; \"end\": only what comes from now on", false},
    {"--type", "TYPE,..", "only these, OrderRecorded or the full name", false},
    {"--follow", NULL, "wait for more instead of ending; Ctrl-C ends", false},
    {"--max", "N", "end after so many events", false},
};

const struct ctl_command ctl_events_tail = {
    .path = "events tail",
    .arguments = "[SERVICE]",
    .min_arguments = 0,
    .max_arguments = 1,
    .summary = "Print the events a service has published",
    .help = "One line per event, with --json one document per event. The position to go on\n"
            "from is said on standard error at the end.\n\n"
            "  kehuctl events tail customers --type OrderRecorded --max 10\n"
            "  kehuctl events tail complaints --after end --follow --json\n",
    .options = options,
    .option_count = COUNT_OF(options),
    .run = run,
};
