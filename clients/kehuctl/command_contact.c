/* kehuctl contact show, list and people: who is at a customer. */
#include <stdio.h>
#include <string.h>

#include "common/pure/birthday.h"
#include "ctl.h"
#include "ctl_fields.h"
#include "kehu/customers/v1/people.pb-c.h"

static const struct ctl_column link_columns[] = {
    {"  customer", "customer_ref", false},
    {"name", "customer_name", false},
    {"role", "role", false},
    {"decision", "decision_role", false},
    {"title", "title", false},
    {"primary", "is_primary", false},
    {"since", "linked_at", false},
    {"by", "linked_by", false},
};
static const struct ctl_column channel_columns[] = {
    {"  place", "preference", true},    {"kind", "kind", false},
    {"value", "value", false},          {"status", "status", false},
    {"verified", "verified_on", false}, {"opted out", "opted_out", false},
    {"id", "channel_id", false},
};
static const struct ctl_column consent_columns[] = {
    {"  purpose", "purpose", false},    {"channel", "channel", false},
    {"state", "state", false},          {"given", "given_on", false},
    {"until", "expires_on", false},     {"evidence", "evidence", false},
    {"recorded", "recorded_at", false}, {"by", "recorded_by", false},
};
static const struct ctl_column contact_lines[] = {
    {"addressed as", "addressed_as", false},
    {"title", "title", false},
    {"department", "department", false},
    {"gender", "gender", false},
    {"birthday", "birthday", false},
    {"next birthday", "next_birthday", false},
    {"key contact", "is_key", false},
    {"may decide", "may_decide", false},
    {"language", "language", false},
    {"state", "state", false},
    {"source", "source", false},
    {"added", "added_at", false},
    {"by", "added_by", false},
    {"version", "version", false},
};

static void print_part(struct ctl *ctl, const char *title, void *rows, size_t count,
                       const struct ctl_column *columns, size_t column_count)
{
    if (count > 0)
        puts(title);
    ctl_fields_print_table(ctl, rows, count, columns, column_count);
}

/* "农历八月二十" of the stored "L--08-20"; a Gregorian one as it is stored. */
static char *birthday_text(struct ctl *ctl, char *stored)
{
    struct birthday birthday;
    char said[BIRTHDAY_SAID_BYTES];

    if (birthday_read((struct text){stored, strlen(stored)}, &birthday) != 0 ||
        birthday.calendar != BIRTHDAY_LUNAR)
        return stored;
    birthday_say_zh(&birthday, said);
    return arena_copy_text(ctl->arena, said, strlen(said));
}

static void print_contact(struct ctl *ctl, const Kehu__Customers__V1__Contact *contact)
{
    printf("%s\n", contact->name[0] ? contact->name : "(erased)");
    ctl_fields_print_card(ctl, &contact->base, contact_lines, COUNT_OF(contact_lines));
    print_part(ctl, "\nCustomers", contact->links, contact->n_links, link_columns,
               COUNT_OF(link_columns));
    if (contact->other_links)
        printf("  and %u outside of what you may see\n", contact->other_links);
    print_part(ctl, "\nChannels", contact->channels, contact->n_channels, channel_columns,
               COUNT_OF(channel_columns));
    print_part(ctl, "\nConsent", contact->consents, contact->n_consents, consent_columns,
               COUNT_OF(consent_columns));
    for (size_t i = 0; i < contact->n_sensitive; i++)
        printf("%s  %-14s %s\n", i ? "" : "\nSensitive\n", contact->sensitive[i]->field,
               contact->sensitive[i]->value);
}

static int run_show(struct ctl *ctl)
{
    Kehu__Customers__V1__GetContact ask = KEHU__CUSTOMERS__V1__GET_CONTACT__INIT;
    int code;

    ask.contact_id = ctl_fields_contact(ctl, ctl_argument(ctl, 0), &code);
    if (!ask.contact_id)
        return code;
    ctl_fields_fill(ctl, &ask.base);
    Kehu__Customers__V1__Contact *contact = (Kehu__Customers__V1__Contact *)ctl_fields_ask(
        ctl, &ask.base, &kehu__customers__v1__contact__descriptor, &code);

    if (!contact)
        return code;
    contact->birthday = birthday_text(ctl, contact->birthday);
    print_contact(ctl, contact);
    return CTL_DONE;
}

static const struct ctl_option show_options[] = {
    {"--unmask", NULL, "telephones and e-mail in full; audited", false},
    {"--with-sensitive", NULL, "also family, school …, where policy and consent allow; audited",
     false},
};

const struct ctl_command ctl_contact_show = {
    .path = "contact show",
    .arguments = "CONTACT",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Show one contact with channels and consent",
    .help = CTL_CONTACT_FORMS "\n\n"
                              "  kehuctl contact show KH000123/李娜\n"
                              "  kehuctl contact show KH000123/李娜 --unmask\n",
    .options = show_options,
    .option_count = COUNT_OF(show_options),
    .run = run_show,
};

/* --- lists --- */

static const char *first_channel(const Kehu__Customers__V1__Contact *contact)
{
    for (size_t i = 0; i < contact->n_channels; i++)
        if (contact->channels[i]->opted_out != KEHU__CUSTOMERS__V1__ANSWER__ANSWER_YES)
            return contact->channels[i]->value;
    return "";
}

static void print_contacts(struct ctl *ctl, Kehu__Customers__V1__Contact *const *contacts,
                           size_t count)
{
    static const char *const headings[] = {"name", "title",      "role",  "customer",
                                           "key",  "reached by", "state", "next birthday"};
    static const bool right[COUNT_OF(headings)];
    struct ctl_table *table = ctl_table_new(ctl, headings, right, COUNT_OF(headings));

    for (size_t i = 0; i < count; i++) {
        const Kehu__Customers__V1__Contact *contact = contacts[i];
        const Kehu__Customers__V1__ContactLink *link = contact->n_links ? contact->links[0] : NULL;
        const char *more =
            contact->n_links > 1 ? arena_print(ctl->arena, " +%zu", contact->n_links - 1) : "";
        const char *cells[] = {
            contact->name,
            link && link->title[0] ? link->title : contact->title,
            link ? link->role : "",
            arena_print(ctl->arena, "%s%s", link ? link->customer_ref : "", more),
            contact->is_key ? "yes" : "",
            first_channel(contact),
            contact->state,
            contact->next_birthday};

        ctl_table_row(table, cells);
    }
    ctl_table_print(table);
}

static int run_list(struct ctl *ctl)
{
    Kehu__Customers__V1__ListContacts ask = KEHU__CUSTOMERS__V1__LIST_CONTACTS__INIT;
    int code;

    ctl_fields_fill(ctl, &ask.base);
    if (ctl_argument(ctl, 0))
        ask.customer_ref = (char *)ctl_argument(ctl, 0);
    Kehu__Customers__V1__ContactList *list = (Kehu__Customers__V1__ContactList *)ctl_fields_ask(
        ctl, &ask.base, &kehu__customers__v1__contact_list__descriptor, &code);

    if (!list)
        return code;
    print_contacts(ctl, list->contacts, list->n_contacts);
    if (list->n_contacts == 0)
        puts("no contacts");
    if (list->next_page_token[0])
        printf("more with --page-token %s\n", list->next_page_token);
    return CTL_DONE;
}

static const struct ctl_option list_options[] = {
    {"--name", "TEXT", "name or its beginning, from any character on; pinyin; initials", false},
    {"--phone", "NUMBER", "a whole telephone, as people write it", false},
    {"--email", "ADDRESS", "a whole e-mail address", false},
    {"--last-four", "DIGITS", "the last four digits of a telephone", false},
    {"--only-key", NULL, "key contacts alone", false},
    {"--role", "ROLE", "with this role at the customer, or at any", false},
    {"--state", "STATE", "active, left or restricted (default: active and left)", false},
    {"--sort", "ORDER", "name (default), added or -added", false},
    {"--page-size", "N", "at most so many, up to 200 (default 50)", false},
    {"--page-token", "TOKEN", "goes on where the page before ended", false},
    {"--unmask", NULL, "telephones and e-mail in full; audited", false},
};

const struct ctl_command ctl_contact_list = {
    .path = "contact list",
    .arguments = "[CUSTOMER]",
    .max_arguments = 1,
    .summary = "List contacts of a customer, or by name or telephone",
    .help = "Of one customer, or by one of --name, --phone, --email and --last-four.\n\n"
            "  kehuctl contact list KH000123\n"
            "  kehuctl contact list --name ouyang\n"
            "  kehuctl contact list --phone 13800000001 --json\n",
    .options = list_options,
    .option_count = COUNT_OF(list_options),
    .run = run_list,
};

static int run_people(struct ctl *ctl)
{
    static const struct ctl_column columns[] = {
        {"  role", "role", false}, {"name", "name", false},  {"title", "title", false},
        {"duty", "duty", false},   {"key", "is_key", false}, {"approach", "approach", false},
    };
    Kehu__Customers__V1__GetPeople ask = KEHU__CUSTOMERS__V1__GET_PEOPLE__INIT;
    int code;

    ask.customer_ref = (char *)ctl_argument(ctl, 0);
    ctl_fields_fill(ctl, &ask.base);
    Kehu__Customers__V1__People *people = (Kehu__Customers__V1__People *)ctl_fields_ask(
        ctl, &ask.base, &kehu__customers__v1__people__descriptor, &code);

    if (!people)
        return code;
    printf("%s  %s\n", people->number, people->name);
    print_contacts(ctl, people->contacts, people->n_contacts);
    if (people->has_more)
        puts("and more: kehuctl contact list has all");
    if (people->decision_chain->n_entries)
        puts("\nDecision chain, whom to talk to first");
    ctl_fields_print_table(ctl, (void *)people->decision_chain->entries,
                           people->decision_chain->n_entries, columns, COUNT_OF(columns));
    if (people->decision_chain->n_warnings)
        printf("\nNobody is known to decide, and one should be (%s)\n",
               ctl_fields_text(ctl, &people->decision_chain->base, "reasons"));
    return CTL_DONE;
}

static const struct ctl_option people_options[] = {
    {"--unmask", NULL, "telephones and e-mail in full; audited", false},
};

const struct ctl_command ctl_contact_people = {
    .path = "contact people",
    .arguments = "CUSTOMER",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Show a customer's people and who decides",
    .help = "  kehuctl contact people KH000123\n",
    .options = people_options,
    .option_count = COUNT_OF(people_options),
    .run = run_people,
};
