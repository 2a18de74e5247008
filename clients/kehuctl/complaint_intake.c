/* See complaint_intake.h. */
#include "complaint_intake.h"

#include <string.h>

#include "ctl_fields.h"
#include "ctl_line.h"

#define ATTACHMENTS 20

static bool is_any(struct ctl *ctl, const char *const *options, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (ctl_option(ctl, options[i]))
            return true;
    return false;
}

static void *take(struct ctl *ctl, size_t bytes)
{
    void *message = arena_take(ctl->arena, bytes);

    if (!message)
        ctl_usage(ctl, "out of memory");
    return message;
}

Kehu__Complaints__V1__Attachment **complaint_attachments(struct ctl *ctl, size_t *count)
{
    Kehu__Complaints__V1__Attachment **list =
        take(ctl, ATTACHMENTS * sizeof(Kehu__Complaints__V1__Attachment *));

    *count = 0;
    for (size_t i = 0; i < ctl->line->option_count; i++) {
        const char *url = ctl->line->values[i], *slash = strrchr(url, '/');

        if (strcmp(ctl->line->names[i], "--attach") != 0)
            continue;
        if (*count == ATTACHMENTS)
            ctl_usage(ctl, "--attach may stand at most %d times", ATTACHMENTS);
        list[*count] = take(ctl, sizeof(**list));
        kehu__complaints__v1__attachment__init(list[*count]);
        list[*count]->url = (char *)url;
        list[*count]->name = (char *)(slash && slash[1] ? slash + 1 : url);
        (*count)++;
    }
    return list;
}

Kehu__Complaints__V1__Remedy *complaint_remedy(struct ctl *ctl, const char *kind)
{
    Kehu__Complaints__V1__Remedy *remedy = take(ctl, sizeof(*remedy));

    kind = kind ? kind : ctl_option(ctl, "--remedy");
    if (!kind && (ctl_option(ctl, "--amount") || ctl_option(ctl, "--remedy-text")))
        ctl_usage(ctl, "an --amount needs --remedy: apology, explanation, repair, replacement, "
                       "refund, compensation or discount");
    if (!kind)
        return NULL;
    kehu__complaints__v1__remedy__init(remedy);
    remedy->kind = (char *)kind;
    remedy->amount_micros = complaint_amount(ctl, "--amount");
    remedy->currency = complaint_option(ctl, "--currency");
    remedy->description = complaint_option(ctl, "--remedy-text");
    return remedy;
}

Kehu__Complaints__V1__CaseHandling *complaint_handling(struct ctl *ctl)
{
    Kehu__Complaints__V1__CaseHandling *handling = take(ctl, sizeof(*handling));
    static const char *const options[] = {"--cause", "--unit", "--fault", "--remedy"};

    handling->remedy = complaint_remedy(ctl, NULL);
    if (!is_any(ctl, options, COUNT_OF(options)))
        return NULL;
    kehu__complaints__v1__case_handling__init(handling);
    ctl_fields_fill(ctl, &handling->base);
    handling->remedy = complaint_remedy(ctl, NULL);
    return handling;
}

/* --- who and about what --- */

static Kehu__Complaints__V1__Complainant *complainant(struct ctl *ctl, int *code)
{
    Kehu__Complaints__V1__Complainant *who = take(ctl, sizeof(*who));
    const char *customer = ctl_option(ctl, "--customer"), *phone = ctl_option(ctl, "--phone"),
               *contact = ctl_option(ctl, "--contact");
    bool is_anonymous = ctl_option(ctl, "--anonymous") != NULL;

    kehu__complaints__v1__complainant__init(who);
    if ((customer != NULL) + (phone != NULL) + is_anonymous != 1)
        ctl_usage(ctl, "who complains? Give one of --customer, --phone and --anonymous");
    who->reply_to = complaint_option(ctl, "--reply-to");
    if (contact) {
        who->contact_id = ctl_fields_contact(ctl, contact, code);
        if (!who->contact_id)
            return NULL;
    }
    if (customer) {
        who->who_case = KEHU__COMPLAINTS__V1__COMPLAINANT__WHO_CUSTOMER_REF;
        who->customer_ref = (char *)customer;
    } else if (phone) {
        who->who_case = KEHU__COMPLAINTS__V1__COMPLAINANT__WHO_PHONE;
        who->phone = (char *)phone;
    } else {
        who->who_case = KEHU__COMPLAINTS__V1__COMPLAINANT__WHO_ANONYMOUS;
        who->anonymous = true;
    }
    return who;
}

static Kehu__Complaints__V1__Links *links(struct ctl *ctl)
{
    Kehu__Complaints__V1__Links *links = take(ctl, sizeof(*links));

    kehu__complaints__v1__links__init(links);
    ctl_fields_fill(ctl, &links->base);
    links->order_number = complaint_option(ctl, "--order");
    return links;
}

static Kehu__Complaints__V1__SeverityFacts *severity(struct ctl *ctl)
{
    static const char *const options[] = {"--safety", "--legal-or-media", "--in-dispute"};
    Kehu__Complaints__V1__SeverityFacts *facts = take(ctl, sizeof(*facts));

    if (!is_any(ctl, options, COUNT_OF(options)))
        return NULL;
    kehu__complaints__v1__severity_facts__init(facts);
    ctl_fields_fill(ctl, &facts->base);
    facts->amount_micros = complaint_amount(ctl, "--in-dispute");
    return facts;
}

static Kehu__Complaints__V1__Authority *authority(struct ctl *ctl)
{
    Kehu__Complaints__V1__Authority *authority = take(ctl, sizeof(*authority));

    if (!ctl_option(ctl, "--authority"))
        return NULL;
    kehu__complaints__v1__authority__init(authority);
    authority->name = complaint_option(ctl, "--authority");
    authority->number = complaint_option(ctl, "--authority-number");
    authority->date = complaint_option(ctl, "--authority-date");
    authority->deadline = complaint_option(ctl, "--authority-deadline");
    return authority;
}

Kehu__Complaints__V1__OpenComplaint *complaint_intake(struct ctl *ctl, int *code)
{
    Kehu__Complaints__V1__OpenComplaint *open = take(ctl, sizeof(*open));

    kehu__complaints__v1__open_complaint__init(open);
    ctl_fields_fill(ctl, &open->base);
    open->content = complaint_text(ctl, ctl_argument(ctl, 0));
    open->complainant = complainant(ctl, code);
    if (!open->complainant)
        return NULL;
    open->submitted_at = complaint_time(ctl, "--at", 0);
    open->links = links(ctl);
    open->severity = severity(ctl);
    open->authority = authority(ctl);
    open->attachments = complaint_attachments(ctl, &open->n_attachments);
    return open;
}
