/* kehuctl privacy: how a person stands, restriction, erasure, holds. */
#include "command_privacy.h"

#include <stdio.h>
#include <string.h>

#include "ctl_fields.h"
#include "kehu/customers/v1/privacy.pb-c.h"

static const struct ctl_option reason_options[] = {
    {"--reason", "TEXT", "why; without personal values", true},
};
static const struct ctl_option erase_options[] = {
    {"--reason", "REASON", "request, retention, wrong_person or other", true},
    {"--dry-run", NULL, "say what would happen", false},
};
static const struct ctl_option hold_options[] = {
    {"--kind", "KIND", "case, commitment, dispute or other", true},
    {"--subject", "TEXT", "what it is about: the number of the case", true},
    {"--until", "DATE", "its last day; without: until it is released", false},
};
static const struct ctl_option release_options[] = {
    {"--kind", "KIND", "as it was placed", true},
    {"--subject", "TEXT", "as it was placed", true},
    {"--holder", "NAME", "who placed it; without: who asks", false},
};
#define PERSON COMMAND_PRIVACY_PERSON

bool command_privacy_person(struct ctl *ctl, Kehu__Customers__V1__PersonRef *person, int *code)
{
    const char *ref = ctl_argument(ctl, 0);

    kehu__customers__v1__person_ref__init(person);
    if (strchr(ref, '/')) {
        char *id = ctl_fields_contact(ctl, ref, code);

        if (!id)
            return false;
        person->contact_id = id;
        return true;
    }
    /* A UUID may be either's: contacts have no other name, customers have a number. */
    if (strlen(ref) == 36 && !strchr(ref, ':'))
        person->contact_id = (char *)ref;
    else
        person->customer_ref = (char *)ref;
    return true;
}

static char *option(const struct ctl *ctl, const char *name)
{
    const char *value = ctl_option(ctl, name);

    return (char *)(value ? value : "");
}

static void print_holds(const Kehu__Customers__V1__PersonStanding *person)
{
    for (size_t i = 0; i < person->n_holds; i++) {
        const Kehu__Customers__V1__Hold *hold = person->holds[i];

        printf("  held by   %s: %s (%s), %s%s\n", hold->kind, hold->subject, hold->holder,
               hold->until[0] ? "until " : "until it is released", hold->until);
    }
}

static void print_standing(const Kehu__Customers__V1__PersonStanding *person, bool is_dry)
{
    printf("%s  %s%s\n", person->person_id, is_dry ? "nothing changed; would be " : "",
           person->state);
    if (person->values)
        printf("  values    %u\n", person->values);
    print_holds(person);
    if (person->erases_on[0])
        printf("  erased by itself on %s\n", person->erases_on);
    for (size_t i = 0; i < person->n_parts; i++)
        printf("  done by   %s: %u values\n", person->parts[i]->service, person->parts[i]->values);
}

static int ask_standing(struct ctl *ctl, const ProtobufCMessage *ask)
{
    int code;
    Kehu__Customers__V1__PersonStanding *person = (Kehu__Customers__V1__PersonStanding *)ctl_ask(
        ctl, ask, &kehu__customers__v1__person_standing__descriptor, &code);

    if (!person)
        return code;
    if (ctl->json)
        ctl_print_json(ctl, ctl_json_message(&person->base));
    else
        print_standing(person, ctl_option(ctl, "--dry-run") != NULL);
    return CTL_DONE;
}

static int run_show(struct ctl *ctl)
{
    Kehu__Customers__V1__GetPersonStanding ask = KEHU__CUSTOMERS__V1__GET_PERSON_STANDING__INIT;
    Kehu__Customers__V1__PersonRef person;
    int code;

    if (!command_privacy_person(ctl, &person, &code))
        return code;
    ask.person = &person;
    return ask_standing(ctl, &ask.base);
}

const struct ctl_command ctl_privacy_show = {
    .path = "privacy show",
    .arguments = "PERSON",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Show whether a person is restricted or erased, and what holds him",
    .help = PERSON "  kehuctl privacy show KH000123\n",
    .run = run_show,
};

static int run_restrict(struct ctl *ctl)
{
    Kehu__Customers__V1__RestrictPerson ask = KEHU__CUSTOMERS__V1__RESTRICT_PERSON__INIT;
    Kehu__Customers__V1__PersonRef person;
    int code;

    if (!command_privacy_person(ctl, &person, &code))
        return code;
    ask.person = &person;
    ask.reason = option(ctl, "--reason");
    return ask_standing(ctl, &ask.base);
}

const struct ctl_command ctl_privacy_restrict = {
    .path = "privacy restrict",
    .arguments = "PERSON",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Hide a person from everybody but the privacy officer",
    .help = PERSON "  kehuctl privacy restrict KH000123 --reason 'disputes his data'\n",
    .options = reason_options,
    .option_count = COUNT_OF(reason_options),
    .run = run_restrict,
};

static int run_lift(struct ctl *ctl)
{
    Kehu__Customers__V1__LiftRestriction ask = KEHU__CUSTOMERS__V1__LIFT_RESTRICTION__INIT;
    Kehu__Customers__V1__PersonRef person;
    int code;

    if (!command_privacy_person(ctl, &person, &code))
        return code;
    ask.person = &person;
    ask.reason = option(ctl, "--reason");
    return ask_standing(ctl, &ask.base);
}

const struct ctl_command ctl_privacy_lift = {
    .path = "privacy lift",
    .arguments = "PERSON",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Show a restricted person again; an erasure that waits is given up",
    .help = PERSON "  kehuctl privacy lift KH000123 --reason 'settled with him'\n",
    .options = reason_options,
    .option_count = COUNT_OF(reason_options),
    .run = run_lift,
};

static int run_erase(struct ctl *ctl)
{
    Kehu__Customers__V1__ErasePerson ask = KEHU__CUSTOMERS__V1__ERASE_PERSON__INIT;
    Kehu__Customers__V1__PersonRef person;
    int code;

    if (!command_privacy_person(ctl, &person, &code))
        return code;
    ask.person = &person;
    ask.reason = option(ctl, "--reason");
    ask.dry_run = ctl_option(ctl, "--dry-run") != NULL;
    return ask_standing(ctl, &ask.base);
}

const struct ctl_command ctl_privacy_erase = {
    .path = "privacy erase",
    .arguments = "PERSON",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Erase a person for good; while a hold stands he is restricted instead",
    .help = PERSON "It cannot be undone: look with --dry-run first.\n\n"
                   "  kehuctl privacy erase KH000123 --reason request --dry-run\n",
    .options = erase_options,
    .option_count = COUNT_OF(erase_options),
    .run = run_erase,
};

static int ask_hold(struct ctl *ctl, const ProtobufCMessage *ask)
{
    int code;
    Kehu__Customers__V1__HoldReply *reply = (Kehu__Customers__V1__HoldReply *)ctl_ask(
        ctl, ask, &kehu__customers__v1__hold_reply__descriptor, &code);

    if (!reply)
        return code;
    if (ctl->json)
        ctl_print_json(ctl, ctl_json_message(&reply->base));
    else
        printf("hold %s%s\n", reply->hold_id,
               reply->erased ? ": it was the last one, the person is erased" : "");
    return CTL_DONE;
}

static int run_hold(struct ctl *ctl)
{
    Kehu__Customers__V1__PlaceHold ask = KEHU__CUSTOMERS__V1__PLACE_HOLD__INIT;
    Kehu__Customers__V1__Hold hold = KEHU__CUSTOMERS__V1__HOLD__INIT;
    Kehu__Customers__V1__PersonRef person;
    int code;

    if (!command_privacy_person(ctl, &person, &code))
        return code;
    hold.kind = option(ctl, "--kind");
    hold.subject = option(ctl, "--subject");
    hold.until = option(ctl, "--until");
    ask.person = &person;
    ask.hold = &hold;
    return ask_hold(ctl, &ask.base);
}

const struct ctl_command ctl_privacy_hold = {
    .path = "privacy hold",
    .arguments = "PERSON",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Say why a person cannot be erased yet",
    .help = PERSON "  kehuctl privacy hold KH000123 --kind case --subject TS-20260930-0001\n",
    .options = hold_options,
    .option_count = COUNT_OF(hold_options),
    .run = run_hold,
};

static int run_release(struct ctl *ctl)
{
    Kehu__Customers__V1__ReleaseHold ask = KEHU__CUSTOMERS__V1__RELEASE_HOLD__INIT;
    Kehu__Customers__V1__PersonRef person;
    int code;

    if (!command_privacy_person(ctl, &person, &code))
        return code;
    ask.person = &person;
    ask.kind = option(ctl, "--kind");
    ask.subject = option(ctl, "--subject");
    ask.holder = option(ctl, "--holder");
    return ask_hold(ctl, &ask.base);
}

const struct ctl_command ctl_privacy_release = {
    .path = "privacy release",
    .arguments = "PERSON",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "End a hold; the last one erases who waits for it",
    .help = PERSON "  kehuctl privacy release KH000123 --kind case --subject TS-20260930-0001\n",
    .options = release_options,
    .option_count = COUNT_OF(release_options),
    .run = run_release,
};
