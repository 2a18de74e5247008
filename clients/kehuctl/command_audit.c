/* kehuctl audit: who read what is personal, who changed what. */
#include <stdio.h>
#include <time.h>

#include "common/pure/day.h"
#include "ctl.h"
#include "kehu/customers/v1/audit.pb-c.h"

#define PAGE 500
#define DEFAULT_TOP 100

static const char *local_time(struct ctl *ctl, const Google__Protobuf__Timestamp *at)
{
    time_t moment = at ? (time_t)at->seconds : 0;
    struct tm local;
    char text[32];

    if (!at || !localtime_r(&moment, &local))
        return "";
    strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &local);
    return arena_print(ctl->arena, "%s", text);
}

/* Midnight of the day in the stack's zone, so many days later; NULL where the option is absent. */
static Google__Protobuf__Timestamp *midnight(struct ctl *ctl, const char *option, int later)
{
    Google__Protobuf__Timestamp *at = arena_take(ctl->arena, sizeof(*at));
    int32_t day;

    if (!at || !ctl_date(ctl, option, &day))
        return NULL;
    struct day_date date = day_split(day + later);
    struct tm local = {
        .tm_year = date.year - 1900, .tm_mon = date.month - 1, .tm_mday = date.day, .tm_isdst = -1};

    google__protobuf__timestamp__init(at);
    at->seconds = mktime(&local);
    return at;
}

static void take_page(struct ctl *ctl, const Kehu__Customers__V1__AuditEntries *page,
                      struct ctl_table *table, json_t *array)
{
    for (size_t i = 0; i < page->n_entries; i++) {
        const Kehu__Customers__V1__AuditEntry *one = page->entries[i];
        const char *cells[] = {
            local_time(ctl, one->at), one->actor, one->key, one->act, one->subject, one->detail};

        if (ctl->json)
            json_array_append_new(array, ctl_json_message(&one->base));
        else
            ctl_table_row(table, cells);
    }
}

static char *text(const struct ctl *ctl, const char *option)
{
    const char *value = ctl_option(ctl, option);

    return (char *)(value ? value : "");
}

static int run(struct ctl *ctl)
{
    static const char *const headings[] = {"at", "who", "key", "act", "subject", "detail"};
    static const bool right[COUNT_OF(headings)] = {false};
    Kehu__Customers__V1__ReadAudit ask = KEHU__CUSTOMERS__V1__READ_AUDIT__INIT;
    long long left = ctl_integer(ctl, "--top", DEFAULT_TOP, 1, 1000000);
    struct ctl_table *table =
        ctl->json ? NULL : ctl_table_new(ctl, headings, right, COUNT_OF(headings));
    json_t *array = ctl->json ? json_array() : NULL;
    int code;

    ask.actor = text(ctl, "--who");
    ask.act = text(ctl, "--act");
    ask.subject = text(ctl, "--subject");
    ask.from = midnight(ctl, "--from", 0);
    ask.to = midnight(ctl, "--to", 1);
    do {
        ask.page_size = left < PAGE ? (uint32_t)left : PAGE;
        Kehu__Customers__V1__AuditEntries *page = (Kehu__Customers__V1__AuditEntries *)ctl_ask(
            ctl, &ask.base, &kehu__customers__v1__audit_entries__descriptor, &code);

        if (!page) {
            json_decref(array);
            return code;
        }
        take_page(ctl, page, table, array);
        left -= (long long)page->n_entries;
        ask.page_token = page->next_page_token;
    } while (ask.page_token[0] && left > 0);
    if (ctl->json)
        ctl_print_json(ctl, array);
    else
        ctl_table_print(table);
    return CTL_DONE;
}

static const struct ctl_option options[] = {
    {"--who", "CODE", "of this person, or of this key as itself", false},
    {"--act", "ACT", "\"read customer\"; \"read*\": all that begin so", false},
    {"--subject", "REF", "about this customer, or the person with this id", false},
    {"--from", "DAY", "from this day on", false},
    {"--to", "DAY", "up to this day, with it", false},
    {"--top", "N", "how many to show (default 100)", false},
};

const struct ctl_command ctl_audit = {
    .path = "audit",
    .arguments = "",
    .summary = "Show who read what is personal and who changed what",
    .help = "Latest first. Only for auditors of the staff directory; reading is audited itself.\n\n"
            "  kehuctl audit --as wang.fang --subject KH000123\n"
            "  kehuctl audit --as wang.fang --who li.na --act 'read*' --from 2026-09-01\n",
    .options = options,
    .option_count = COUNT_OF(options),
    .run = run,
};
