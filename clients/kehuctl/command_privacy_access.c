/*
 * kehuctl privacy access: all that is known of a person as one document. The customers service says
 * what it keeps and by which ids he is known, the complaints service what it keeps of his cases. A
 * document that lacks his cases would be handed out as if it were whole: it is made only where
 * somebody asks for it, and then says itself what it lacks.
 */
#include <stdio.h>
#include <string.h>

#include "command_privacy.h"
#include "kehu/complaints/v1/privacy.pb-c.h"

#define WITHOUT "--without-cases"

static const struct ctl_option options[] = {
    {"--lang", "LANG", "zh (default) or en: the headings", false},
    {"--out", "FILE", "write the document there instead of showing it", false},
    {WITHOUT, NULL, "leave his cases out, and say so in the document", false},
};

static const char *lang_of(const struct ctl *ctl)
{
    const char *lang = ctl_option(ctl, "--lang");

    return lang ? lang : "";
}

static int write_document(const char *path, const json_t *document)
{
    FILE *file = fopen(path, "wx"); /* never over another */
    bool is_written;

    if (!file) {
        ctl_say("%s cannot be made: it may be there already", path);
        return CTL_UNFINISHED;
    }
    is_written = json_dumpf(document, file, JSON_INDENT(2)) == 0 && fputc('\n', file) != EOF;
    if (fclose(file) != 0 || !is_written) {
        ctl_say("%s could not be written", path);
        return CTL_UNFINISHED;
    }
    return CTL_DONE;
}

/* With --json on one line, else on many, to be read. */
static int print_document(const struct ctl *ctl, json_t *document)
{
    if (ctl->json) {
        ctl_print_json(ctl, json_incref(document));
    } else {
        json_dumpf(document, stdout, JSON_INDENT(2));
        putchar('\n');
    }
    return CTL_DONE;
}

/* A page of his cases to those before. NULL: refused, and said. */
static const Kehu__Complaints__V1__SubjectCases *
add_page(struct ctl *ctl, const Kehu__Complaints__V1__GetSubjectCases *ask, json_t *cases,
         int *code)
{
    const Kehu__Complaints__V1__SubjectCases *page =
        (const Kehu__Complaints__V1__SubjectCases *)ctl_ask(
            ctl, &ask->base, &kehu__complaints__v1__subject_cases__descriptor, code);
    json_t *told = page ? json_loads(page->json, 0, NULL) : NULL;

    if (page && json_array_extend(cases, json_object_get(told, "cases")) != 0) {
        ctl_say("the complaints service answered cases that cannot be read");
        *code = CTL_UNFINISHED;
        page = NULL;
    }
    json_decref(told);
    return page;
}

/* All his cases. False: not all of them could be asked for; said, and *code says how it ended. */
static bool add_cases(struct ctl *ctl, const Kehu__Customers__V1__SubjectAccess *access,
                      json_t *cases, int *code)
{
    Kehu__Complaints__V1__GetSubjectCases ask = KEHU__COMPLAINTS__V1__GET_SUBJECT_CASES__INIT;
    const Kehu__Complaints__V1__SubjectCases *page;

    ask.n_person_ids = access->n_person_ids;
    ask.person_ids = access->person_ids;
    ask.lang = (char *)lang_of(ctl);
    do {
        page = add_page(ctl, &ask, cases, code);
        if (!page)
            return false;
        ask.page_token = page->next_page_token;
    } while (ask.page_token[0] != '\0');
    return true;
}

static int tell(struct ctl *ctl, const Kehu__Customers__V1__SubjectAccess *access, json_t *document)
{
    const char *path = ctl_option(ctl, "--out");
    json_t *cases = json_array();
    int code;

    if (ctl_option(ctl, WITHOUT)) {
        json_object_set_new(document, "without", json_pack("[s]", "cases"));
    } else if (!add_cases(ctl, access, cases, &code)) {
        json_decref(cases);
        ctl_say("nothing was %s: what the complaints service keeps of his cases is missing. Ask "
                "again when it answers; " WITHOUT " tells the rest, and says what it lacks",
                path ? "written" : "shown");
        return code;
    } else {
        json_object_set(document, "cases", cases);
    }
    json_decref(cases);
    return path ? write_document(path, document) : print_document(ctl, document);
}

static int run(struct ctl *ctl)
{
    Kehu__Customers__V1__GetSubjectAccess ask = KEHU__CUSTOMERS__V1__GET_SUBJECT_ACCESS__INIT;
    const Kehu__Customers__V1__SubjectAccess *access;
    Kehu__Customers__V1__PersonRef person;
    json_t *document;
    int code;

    if (!command_privacy_person(ctl, &person, &code))
        return code;
    ask.person = &person;
    ask.lang = (char *)lang_of(ctl);
    access = (const Kehu__Customers__V1__SubjectAccess *)ctl_ask(
        ctl, &ask.base, &kehu__customers__v1__subject_access__descriptor, &code);
    if (!access)
        return code;
    document = json_loads(access->json, 0, NULL);
    if (!document) {
        ctl_say("the customers service answered a document that cannot be read");
        return CTL_UNFINISHED;
    }
    code = tell(ctl, access, document);
    json_decref(document);
    return code;
}

const struct ctl_command ctl_privacy_access = {
    .path = "privacy access",
    .arguments = "PERSON",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Everything known of a person, his cases too, as JSON for him to read",
    .help = COMMAND_PRIVACY_PERSON
    "  kehuctl privacy access KH000123 --out zhang-san.json\n\n"
    "Without the complaints service nothing is written: half a document looks like a whole one.\n"
    "Where cases are told apart, or the day does not wait: " WITHOUT ". Internal notes are in it:\n"
    "look through it for what is about others before it is handed out.\n",
    .options = options,
    .option_count = COUNT_OF(options),
    .run = run,
};
