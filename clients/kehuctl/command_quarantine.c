/* kehuctl quarantine list and show: what a service rejected, and what came. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command_complaint.h"
#include "ctl_fields.h"
#include "ctl_method.h"
#include "ctl_words.h"
#include "kehu/bus/v1/service.pb-c.h"

#define PAGE 500
#define DEFAULT_TOP 100
#define DENIED "PERMISSION_DENIED"

/* The list of one service after the other. */
struct listing {
    struct ctl *ctl;
    long long left;
    bool has_more;
    struct ctl_table *table;
    json_t *array;
};

/* "OrderPlaced" of "kehu.customers.v1.OrderPlaced" */
static const char *short_type(const char *type)
{
    const char *dot = strrchr(type, '.');

    return dot ? dot + 1 : type;
}

static void take_item(struct listing *l, const Kehu__Bus__V1__QuarantinedItem *item)
{
    struct ctl *ctl = l->ctl;
    const char *service = ctl_service_name(ctl->service);

    if (ctl->json) {
        json_t *json = ctl_json_message(&item->base);

        json_object_set_new(json, "service", json_string(service));
        json_array_append_new(l->array, json);
        return;
    }
    const char *cells[] = {ctl_local_time(ctl, item->at),
                           service,
                           item->source,
                           short_type(item->type),
                           item->event_id,
                           item->field,
                           item->id,
                           complaint_line(ctl, item->why)};

    ctl_table_row(l->table, cells);
}

static int list_of(struct listing *l, Kehu__Bus__V1__ListQuarantine *ask)
{
    int code;

    ask->page_token = "";
    do {
        ask->page_size = l->left < PAGE ? (uint32_t)l->left : PAGE;
        Kehu__Bus__V1__QuarantineList *page = (Kehu__Bus__V1__QuarantineList *)ctl_ask(
            l->ctl, &ask->base, &kehu__bus__v1__quarantine_list__descriptor, &code);

        if (!page)
            return code;
        for (size_t i = 0; i < page->n_items; i++)
            take_item(l, page->items[i]);
        l->left -= (long long)page->n_items;
        ask->page_token = page->next_page_token;
    } while (ask->page_token[0] && l->left > 0);
    l->has_more |= ask->page_token[0] != '\0';
    return CTL_DONE;
}

/* A type is named in full, or shortly as one of the service that is asked. */
static char *full_type(struct ctl *ctl, const char *type)
{
    if (!type || strchr(type, '.'))
        return (char *)(type ? type : "");
    return arena_print(ctl->arena, "kehu.%s.v1.%s", ctl_service_name(ctl->service), type);
}

static bool was_refused_as(const struct ctl *ctl, int code, const char *statuses)
{
    return code == CTL_REFUSED && ctl->refused_as && strstr(statuses, ctl->refused_as);
}

/* Of each service. What none is named for is shown of those that this key may ask. */
static int list_all(struct listing *l, const enum ctl_service *services, size_t count,
                    Kehu__Bus__V1__ListQuarantine *ask)
{
    struct ctl *ctl = l->ctl;
    long long top = ctl_integer(ctl, "--top", DEFAULT_TOP, 1, 1000000);
    size_t denied = 0;

    for (size_t i = 0; i < count; i++) {
        bool is_last_hope = denied + 1 == count;

        ctl_speak(ctl, services[i]);
        ask->type = full_type(ctl, ctl_option(ctl, "--type"));
        l->left = top;
        ctl->unsaid = is_last_hope ? NULL : DENIED;
        int code = list_of(l, ask);

        if (code != CTL_DONE && (is_last_hope || !was_refused_as(ctl, code, DENIED)))
            return code;
        denied += code != CTL_DONE;
    }
    return CTL_DONE;
}

static int run_list(struct ctl *ctl)
{
    static const char *const headings[] = {"at",       "service", "source", "type",
                                           "event id", "field",   "id",     "why"};
    static const bool right[COUNT_OF(headings)] = {false};
    Kehu__Bus__V1__ListQuarantine ask = KEHU__BUS__V1__LIST_QUARANTINE__INIT;
    enum ctl_service services[CTL_SERVICES];
    size_t count = ctl_method_services(ctl, services);
    struct listing l = {
        .ctl = ctl,
        .table = ctl->json ? NULL : ctl_table_new(ctl, headings, right, COUNT_OF(headings)),
        .array = ctl->json ? json_array() : NULL,
    };
    int code;

    ctl_fields_fill(ctl, &ask.base);
    ask.since = complaint_time(ctl, "--since", 0);
    ask.until = complaint_time(ctl, "--until", 0);
    code = list_all(&l, services, count, &ask);
    if (code != CTL_DONE) {
        json_decref(l.array);
        return code;
    }
    if (ctl->json) {
        ctl_print_json(ctl, l.array);
        return CTL_DONE;
    }
    ctl_table_print(l.table);
    if (l.has_more)
        puts(ctl_sentence(ctl, "and more: --top N shows more of them"));
    return CTL_DONE;
}

static const struct ctl_option list_options[] = {
    CTL_SERVICE_OPTION,
    {"--source", "NAME", "of this source", false},
    {"--type", "TYPE", "of this type of event, OrderPlaced or its full name", false},
    {"--field", "PATH", "whose refused field is this or begins so, data.lines", false},
    {"--since", "TIME", "refused then or later, \"2026-11-22 17:30\"; a day alone: 00:00", false},
    {"--until", "TIME", "refused before, likewise", false},
    {"--top", "N", "how many of each service to show (default 100)", false},
};

const struct ctl_command ctl_quarantine_list = {
    .path = "quarantine list",
    .arguments = "[SERVICE]",
    .max_arguments = 1,
    .summary = "List what was rejected in the last 30 days, and why",
    .help = "Newest first, without contents. Without SERVICE of all of this installation. For\n"
            "administrators and auditors; any other key that may call ListQuarantine sees what it\n"
            "brought itself, of the services it may ask.\n\n"
            "  kehuctl quarantine list\n"
            "  kehuctl quarantine list --source shop --since 2026-11-22 --json\n"
            "  kehuctl quarantine list complaints --field data.complaint\n",
    .options = list_options,
    .option_count = COUNT_OF(list_options),
    .run = run_list,
};

/* --- one item --- */

static int print_as_json(struct ctl *ctl, const Kehu__Bus__V1__Quarantined *found)
{
    json_t *json = ctl_json_message(&found->base);
    json_t *data = json_loads(found->json, 0, NULL);

    json_object_set_new(json, "service", json_string(ctl_service_name(ctl->service)));
    json_object_set_new(json, "json", data ? data : json_null());
    ctl_print_json(ctl, json);
    return CTL_DONE;
}

/* The data as JSON in lines, or the bytes as --json has them. */
static void print_content(struct ctl *ctl, const Kehu__Bus__V1__Quarantined *found)
{
    json_t *data = json_loads(found->json, 0, NULL), *whole;
    char *text = data ? json_dumps(data, JSON_INDENT(2)) : NULL;

    json_decref(data);
    if (text) {
        printf("\n%s\n", text);
        free(text);
        return;
    }
    whole = ctl_json_message(&found->base);
    printf("\n%s\n%s\n",
           ctl_sentence(ctl, found->cut ? "too long to be kept whole; in BASE64:"
                                        : "it cannot be read as its type; in BASE64:"),
           json_string_value(json_object_get(whole, "content")));
    json_decref(whole);
}

static Kehu__Bus__V1__Quarantined *ask_item(struct ctl *ctl, enum ctl_service service, int *code)
{
    Kehu__Bus__V1__GetQuarantined ask = KEHU__BUS__V1__GET_QUARANTINED__INIT;

    ctl_speak(ctl, service);
    ask.id = (char *)ctl_argument(ctl, 0);
    return (Kehu__Bus__V1__Quarantined *)ctl_ask(ctl, &ask.base,
                                                 &kehu__bus__v1__quarantined__descriptor, code);
}

/* Where no service is named, of whichever has it. When none has, one says so that may be asked. */
static Kehu__Bus__V1__Quarantined *find_item(struct ctl *ctl, int *code)
{
    const char *named = ctl_option(ctl, "--service");
    enum ctl_service sayer = named ? ctl_method_service(ctl, named) : CTL_CUSTOMERS;
    bool has_sayer = false;

    ctl->unsaid = DENIED " NOT_FOUND";
    for (enum ctl_service i = 0; i < CTL_SERVICES && !named && !ctl->endpoint; i++) {
        if (i != CTL_CUSTOMERS && !ctl->places[i].is_recorded)
            continue;
        Kehu__Bus__V1__Quarantined *found = ask_item(ctl, i, code);

        if (found || !was_refused_as(ctl, *code, ctl->unsaid))
            return found;
        if (!has_sayer && !was_refused_as(ctl, *code, DENIED)) {
            has_sayer = true;
            sayer = i;
        }
    }
    ctl->unsaid = NULL;
    return ask_item(ctl, sayer, code);
}

static int run_show(struct ctl *ctl)
{
    static const struct ctl_column lines[] = {
        {"at", "at", false},         {"kept until", "kept_until", false},
        {"key", "key", false},       {"request", "request", false},
        {"source", "source", false}, {"event id", "event_id", false},
        {"type", "type", false},     {"field", "field", false},
        {"why", "why", false},
    };
    int code;
    Kehu__Bus__V1__Quarantined *found = find_item(ctl, &code);

    if (!found)
        return code;
    if (ctl->json)
        return print_as_json(ctl, found);
    ctl_fields_print_card(ctl, &found->item->base, lines, COUNT_OF(lines));
    print_content(ctl, found);
    return CTL_DONE;
}

static const struct ctl_option show_options[] = {CTL_SERVICE_OPTION};

const struct ctl_command ctl_quarantine_show = {
    .path = "quarantine show",
    .arguments = "ID",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Show what came and was rejected",
    .help =
        "ID is as `quarantine list` prints it; without --service each is asked. The data stands as\n"
        "JSON where it can be read as its type, else in base64. Every reading is audited.\n\n"
        "  kehuctl quarantine show 20261122-3f9a0b1c2d3e4f50\n"
        "  kehuctl quarantine show 20261122-3f9a0b1c2d3e4f50 --service complaints --json\n",
    .options = show_options,
    .option_count = COUNT_OF(show_options),
    .run = run_show,
};
