/* kehuctl contact save, link, unlink, channel, sensitive: contacts from the command line. */
#include <stdio.h>
#include <string.h>

#include "ctl.h"
#include "ctl_fields.h"
#include "ctl_line.h"
#include "kehu/customers/v1/people.pb-c.h"

static int print_reply(struct ctl *ctl, const ProtobufCMessage *ask)
{
    int code;
    Kehu__Customers__V1__ContactReply *reply = (Kehu__Customers__V1__ContactReply *)ctl_fields_ask(
        ctl, ask, &kehu__customers__v1__contact_reply__descriptor, &code);

    if (!reply)
        return code;
    printf("contact %s  version %llu", ctl_fields_handle(reply->contact_id),
           (unsigned long long)reply->version);
    if (reply->part_id[0])
        printf("  id %s", ctl_fields_handle(reply->part_id));
    puts("");
    return CTL_DONE;
}

/* --- save --- */

#define MAX_NEW_CHANNELS 20

struct parts {
    Kehu__Customers__V1__ContactLink links[CTL_LINE_WORDS];
    Kehu__Customers__V1__ContactLink *link_list[CTL_LINE_WORDS];
    Kehu__Customers__V1__ContactChannel channels[CTL_LINE_WORDS];
    Kehu__Customers__V1__ContactChannel *channel_list[CTL_LINE_WORDS];
    size_t link_count, channel_count;
};

/* --customer REF … and --mobile, --phone, --email, --wechat VALUE …, in their order. */
static void read_parts(struct ctl *ctl, struct parts *parts)
{
    static const char *const kinds[] = {"--mobile", "--phone", "--email", "--wechat"};

    for (size_t i = 0; i < ctl->line->option_count; i++) {
        const char *name = ctl->line->names[i];

        if (strcmp(name, "--customer") == 0) {
            Kehu__Customers__V1__ContactLink *link = &parts->links[parts->link_count];

            kehu__customers__v1__contact_link__init(link);
            link->customer_ref = (char *)ctl->line->values[i];
            link->role = (char *)(ctl_option(ctl, "--role") ? ctl_option(ctl, "--role") : "");
            link->is_primary = ctl_option(ctl, "--primary") != NULL;
            parts->link_list[parts->link_count++] = link;
        }
        for (size_t k = 0; k < COUNT_OF(kinds); k++)
            if (strcmp(name, kinds[k]) == 0) {
                Kehu__Customers__V1__ContactChannel *channel =
                    &parts->channels[parts->channel_count];

                kehu__customers__v1__contact_channel__init(channel);
                channel->kind = (char *)kinds[k] + 2;
                channel->value = (char *)ctl->line->values[i];
                parts->channel_list[parts->channel_count++] = channel;
            }
    }
}

static int run_save(struct ctl *ctl)
{
    Kehu__Customers__V1__SaveContact ask = KEHU__CUSTOMERS__V1__SAVE_CONTACT__INIT;
    struct parts parts = {.link_count = 0};
    int code;

    ctl_fields_fill(ctl, &ask.base);
    if (ctl_argument(ctl, 0)) {
        ask.contact_id = ctl_fields_contact(ctl, ctl_argument(ctl, 0), &code);
        if (!ask.contact_id)
            return code;
    }
    read_parts(ctl, &parts);
    ask.links = parts.link_list;
    ask.n_links = parts.link_count;
    ask.channels = parts.channel_list;
    ask.n_channels = parts.channel_count;
    return print_reply(ctl, &ask.base);
}

static const struct ctl_option save_options[] = {
    {"--customer", "REF", "of a new contact: whose he is; may stand several times", false},
    {"--role", "ROLE", "of a new contact: purchasing, owner, finance, technical …", false},
    {"--primary", NULL, "of a new contact: the first one to ask there", false},
    {"--name", "NAME", "his name", false},
    {"--gender", "GENDER", "female or male", false},
    {"--salutation", "TEXT", "as he wishes to be addressed", false},
    {"--title", "TEXT", "采购经理", false},
    {"--department", "TEXT", "采购部", false},
    {"--birthday", "DATE", "1980-08-20, 8-20; lunar: L6-3, 八月二十, 闰六月初三, 腊月廿三", false},
    {"--language", "CODE", "zh-CN or en", false},
    {"--is-key", "ANSWER", "yes or no: a key contact", false},
    {"--state", "STATE", "active or left", false},
    {"--source", "SOURCE",
     "visit, survey, phone, web, industry_report, feedback, social, sales_data", false},
    {"--mobile", "NUMBER", "of a new contact; may stand several times, as the next three", false},
    {"--phone", "NUMBER", "of a new contact", false},
    {"--email", "ADDRESS", "of a new contact", false},
    {"--wechat", "NAME", "of a new contact", false},
    {"--clear", "FIELD", "empties gender, salutation, title, department, birthday or language",
     false},
    {"--expected-version", "N", "refused when another version is in force", false},
};

const struct ctl_command ctl_contact_save = {
    .path = "contact save",
    .arguments = "[CONTACT]",
    .max_arguments = 1,
    .summary = "Add a contact, or change one",
    .help = "Without CONTACT a new one. What is not said stays.\n" CTL_CONTACT_FORMS "\n\n"
            "  kehuctl contact save --customer KH000123 --name 李娜 --title 采购经理 \\\n"
            "      --role purchasing --mobile 13800000001 --email li.na@example.com\n"
            "  kehuctl contact save KH000123/李娜 --birthday 八月二十 --is-key yes\n",
    .options = save_options,
    .option_count = COUNT_OF(save_options),
    .run = run_save,
};

/* --- links --- */

static int run_link(struct ctl *ctl)
{
    Kehu__Customers__V1__LinkContact ask = KEHU__CUSTOMERS__V1__LINK_CONTACT__INIT;
    Kehu__Customers__V1__ContactLink link = KEHU__CUSTOMERS__V1__CONTACT_LINK__INIT;
    int code;

    ask.contact_id = ctl_fields_contact(ctl, ctl_argument(ctl, 0), &code);
    if (!ask.contact_id)
        return code;
    ctl_fields_fill(ctl, &ask.base);
    ctl_fields_fill(ctl, &link.base);
    link.customer_ref = (char *)ctl_argument(ctl, 1);
    link.is_primary = ctl_option(ctl, "--primary") != NULL;
    ask.link = &link;
    return print_reply(ctl, &ask.base);
}

static const struct ctl_option link_options[] = {
    {"--role", "ROLE", "purchasing, owner, finance, technical, legal_representative …", false},
    {"--title", "TEXT", "where it differs from his own", false},
    {"--department", "TEXT", "likewise", false},
    {"--primary", NULL, "the first one to ask there", false},
    {"--change", NULL, "he is linked already: give that link these words", false},
};

const struct ctl_command ctl_contact_link = {
    .path = "contact link",
    .arguments = "CONTACT CUSTOMER",
    .min_arguments = 2,
    .max_arguments = 2,
    .summary = "Link a contact to one more customer",
    .help = CTL_CONTACT_FORMS "\n\n  kehuctl contact link KH000123/李娜 KH000124 --role finance\n",
    .options = link_options,
    .option_count = COUNT_OF(link_options),
    .run = run_link,
};

static int run_unlink(struct ctl *ctl)
{
    Kehu__Customers__V1__UnlinkContact ask = KEHU__CUSTOMERS__V1__UNLINK_CONTACT__INIT;
    int code;

    ask.contact_id = ctl_fields_contact(ctl, ctl_argument(ctl, 0), &code);
    if (!ask.contact_id)
        return code;
    ask.customer_ref = (char *)ctl_argument(ctl, 1);
    return print_reply(ctl, &ask.base);
}

const struct ctl_command ctl_contact_unlink = {
    .path = "contact unlink",
    .arguments = "CONTACT CUSTOMER",
    .min_arguments = 2,
    .max_arguments = 2,
    .summary = "A contact is that customer's no more",
    .help = "The last customer stays.\n\n  kehuctl contact unlink KH000123/李娜 KH000124\n",
    .run = run_unlink,
};

/* --- channels --- */

/* The channel at that place of the order; NULL: none, which was said. */
static char *channel_at(struct ctl *ctl, char *contact_id, long long place, int *code)
{
    Kehu__Customers__V1__GetContact ask = KEHU__CUSTOMERS__V1__GET_CONTACT__INIT;

    ask.contact_id = contact_id;
    Kehu__Customers__V1__Contact *contact = (Kehu__Customers__V1__Contact *)ctl_ask(
        ctl, &ask.base, &kehu__customers__v1__contact__descriptor, code);

    if (!contact)
        return NULL;
    for (size_t i = 0; i < contact->n_channels; i++)
        if (contact->channels[i]->preference == place)
            return contact->channels[i]->channel_id;
    *code = CTL_REFUSED;
    ctl_say("he has no channel at place %lld", place);
    return NULL;
}

static int run_channel(struct ctl *ctl)
{
    Kehu__Customers__V1__SaveChannel ask = KEHU__CUSTOMERS__V1__SAVE_CHANNEL__INIT;
    Kehu__Customers__V1__RemoveChannel gone = KEHU__CUSTOMERS__V1__REMOVE_CHANNEL__INIT;
    Kehu__Customers__V1__ContactChannel channel = KEHU__CUSTOMERS__V1__CONTACT_CHANNEL__INIT;
    long long change = ctl_integer(ctl, "--change", 0, 1, 20);
    long long remove = ctl_integer(ctl, "--remove", 0, 1, 20);
    int code;
    char *contact = ctl_fields_contact(ctl, ctl_argument(ctl, 0), &code);

    if (!contact)
        return code;
    if (remove) {
        gone.contact_id = contact;
        gone.channel_id = channel_at(ctl, contact, remove, &code);
        return gone.channel_id ? print_reply(ctl, &gone.base) : code;
    }
    ctl_fields_fill(ctl, &channel.base);
    if (change) {
        channel.channel_id = channel_at(ctl, contact, change, &code);
        if (!channel.channel_id)
            return code;
    }
    if (ctl_option(ctl, "--place"))
        channel.preference = (uint32_t)ctl_integer(ctl, "--place", 0, 1, 20);
    ask.contact_id = contact;
    ask.channel = &channel;
    return print_reply(ctl, &ask.base);
}

static const struct ctl_option channel_options[] = {
    {"--kind", "KIND", "mobile, phone, email, wechat, wecom, qq, fax or address", false},
    {"--value", "TEXT", "the number, address or name", false},
    {"--change", "PLACE", "the channel at this place of his order, instead of a new one", false},
    {"--remove", "PLACE", "takes that channel away", false},
    {"--place", "N", "its place in the order, 1 first", false},
    {"--status", "STATUS", "unverified, verified or wrong", false},
    {"--verified-on", "DATE", "the day it was verified (default today)", false},
    {"--opted-out", "ANSWER", "yes: nothing is sent by it; no: again", false},
};

const struct ctl_command ctl_contact_channel = {
    .path = "contact channel",
    .arguments = "CONTACT",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Add, change or remove a way to reach a contact",
    .help = CTL_CONTACT_FORMS
    "\n\n"
    "  kehuctl contact channel KH000123/李娜 --kind mobile --value 13800000001 --place 1\n"
    "  kehuctl contact channel KH000123/李娜 --change 2 --opted-out yes\n"
    "  kehuctl contact channel KH000123/李娜 --remove 3\n",
    .options = channel_options,
    .option_count = COUNT_OF(channel_options),
    .run = run_channel,
};

/* --- sensitive values --- */

static int run_sensitive(struct ctl *ctl)
{
    Kehu__Customers__V1__SaveSensitive ask = KEHU__CUSTOMERS__V1__SAVE_SENSITIVE__INIT;
    Kehu__Customers__V1__SensitiveValue value = KEHU__CUSTOMERS__V1__SENSITIVE_VALUE__INIT;
    int code;

    ask.contact_id = ctl_fields_contact(ctl, ctl_argument(ctl, 0), &code);
    if (!ask.contact_id)
        return code;
    value.field = (char *)ctl_argument(ctl, 1);
    value.value = (char *)(ctl_argument(ctl, 2) ? ctl_argument(ctl, 2) : "");
    ask.value = &value;
    return print_reply(ctl, &ask.base);
}

const struct ctl_command ctl_contact_sensitive = {
    .path = "contact sensitive",
    .arguments = "CONTACT FIELD [VALUE]",
    .min_arguments = 2,
    .max_arguments = 3,
    .summary = "Keep family, school and the like, where allowed",
    .help = "Policy people must name FIELD and the contact must agree to purpose profile; without\n"
            "VALUE it is removed. FIELD: family, native_place, school, major, interests, hobbies,\n"
            "marital_status, children, income_level or character.\n\n"
            "  kehuctl contact sensitive KH000123/李娜 hobbies 羽毛球\n",
    .run = run_sensitive,
};
