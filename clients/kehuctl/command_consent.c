/* kehuctl contact consent, consents and may: what a contact agreed to. */
#include <stdio.h>

#include "ctl.h"
#include "ctl_fields.h"
#include "kehu/customers/v1/people.pb-c.h"

static int run_consent(struct ctl *ctl)
{
    Kehu__Customers__V1__RecordConsent ask = KEHU__CUSTOMERS__V1__RECORD_CONSENT__INIT;
    Kehu__Customers__V1__Consent consent = KEHU__CUSTOMERS__V1__CONSENT__INIT;
    int code;

    ask.contact_id = ctl_fields_contact(ctl, ctl_argument(ctl, 0), &code);
    if (!ask.contact_id)
        return code;
    ctl_fields_fill(ctl, &consent.base);
    consent.purpose = (char *)ctl_argument(ctl, 1);
    consent.channel = (char *)ctl_argument(ctl, 2);
    consent.state = (char *)ctl_argument(ctl, 3);
    ask.consent = &consent;
    Kehu__Customers__V1__ContactReply *reply = (Kehu__Customers__V1__ContactReply *)ctl_fields_ask(
        ctl, &ask.base, &kehu__customers__v1__contact_reply__descriptor, &code);

    if (!reply)
        return code;
    printf("recorded  version %llu\n", (unsigned long long)reply->version);
    return CTL_DONE;
}

static const struct ctl_option consent_options[] = {
    {"--evidence", "TEXT", "how we know: the form, the recording; needed with granted", false},
    {"--given-on", "DATE", "default today", false},
    {"--expires-on", "DATE", "the last day it holds", false},
    {"--source", "TEXT", "where it was said", false},
};

const struct ctl_command ctl_contact_consent = {
    .path = "contact consent",
    .arguments = "CONTACT PURPOSE CHANNEL STATE",
    .min_arguments = 4,
    .max_arguments = 4,
    .summary = "Record what a contact agreed to or refused",
    .help =
        "PURPOSE: service, care, marketing, survey, profile. CHANNEL: any, phone, sms, email,\n"
        "wechat, post, visit. STATE: granted, refused, withdrawn, unknown.\n\n"
        "  kehuctl contact consent KH000123/李娜 care sms granted --evidence \"表单 2026-11-02\"\n"
        "  kehuctl contact consent KH000123/李娜 marketing any withdrawn\n",
    .options = consent_options,
    .option_count = COUNT_OF(consent_options),
    .run = run_consent,
};

static int run_consents(struct ctl *ctl)
{
    static const struct ctl_column columns[] = {
        {"recorded", "recorded_at", false}, {"purpose", "purpose", false},
        {"channel", "channel", false},      {"state", "state", false},
        {"given", "given_on", false},       {"until", "expires_on", false},
        {"evidence", "evidence", false},    {"by", "recorded_by", false},
    };
    Kehu__Customers__V1__ListConsents ask = KEHU__CUSTOMERS__V1__LIST_CONSENTS__INIT;
    int code;

    ask.contact_id = ctl_fields_contact(ctl, ctl_argument(ctl, 0), &code);
    if (!ask.contact_id)
        return code;
    ctl_fields_fill(ctl, &ask.base);
    Kehu__Customers__V1__ConsentList *list = (Kehu__Customers__V1__ConsentList *)ctl_fields_ask(
        ctl, &ask.base, &kehu__customers__v1__consent_list__descriptor, &code);

    if (!list)
        return code;
    ctl_fields_print_table(ctl, (void *)list->consents, list->n_consents, columns,
                           COUNT_OF(columns));
    if (list->n_consents == 0)
        puts("nothing recorded: service messages only");
    if (list->next_page_token[0])
        printf("more with --page-token %s\n", list->next_page_token);
    return CTL_DONE;
}

static const struct ctl_option consents_options[] = {
    {"--purpose", "PURPOSE", "of this purpose alone", false},
    {"--page-size", "N", "at most so many, up to 200 (default 50)", false},
    {"--page-token", "TOKEN", "goes on where the page before ended", false},
};

const struct ctl_command ctl_contact_consents = {
    .path = "contact consents",
    .arguments = "CONTACT",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Show all that a contact ever agreed to or refused",
    .help = "Latest first.\n\n  kehuctl contact consents KH000123/李娜 --purpose marketing\n",
    .options = consents_options,
    .option_count = COUNT_OF(consents_options),
    .run = run_consents,
};

static int run_may(struct ctl *ctl)
{
    Kehu__Customers__V1__CheckConsent ask = KEHU__CUSTOMERS__V1__CHECK_CONSENT__INIT;
    int code;

    ask.contact_id = ctl_fields_contact(ctl, ctl_argument(ctl, 0), &code);
    if (!ask.contact_id)
        return code;
    ask.purpose = (char *)ctl_argument(ctl, 1);
    ask.channel = (char *)ctl_argument(ctl, 2);
    Kehu__Customers__V1__ConsentAnswer *answer =
        (Kehu__Customers__V1__ConsentAnswer *)ctl_fields_ask(
            ctl, &ask.base, &kehu__customers__v1__consent_answer__descriptor, &code);

    if (!answer)
        return code;
    printf("%s: %s\n", answer->allowed ? "yes" : "no", answer->reason);
    return CTL_DONE;
}

const struct ctl_command ctl_contact_may = {
    .path = "contact may",
    .arguments = "CONTACT PURPOSE CHANNEL",
    .min_arguments = 3,
    .max_arguments = 3,
    .summary = "May a contact be addressed for this, this way, today?",
    .help = "  kehuctl contact may KH000123/李娜 care sms\n",
    .run = run_may,
};
