/* Methods, services and event types of the contract; see ctl_method.h. */
#include "ctl_method.h"

#include <stdio.h>
#include <string.h>

#include "common/registry.h"
#include "ctl_line.h"

#define NAMES_MAX 2000

/* "kehu.customers.v1.GetCustomer" of service "customers"; false for messages outside kehu. */
static bool split_name(const char *full, char service[64], const char **method)
{
    int taken = 0;

    if (sscanf(full, "kehu.%63[a-z_].v1.%n", service, &taken) != 1 || taken == 0)
        return false;
    *method = full + taken;
    return true;
}

/* Questions of that service, and the floor's, which every service answers. */
static bool is_asked_of(const ProtobufCMessageDescriptor *descriptor, enum ctl_service which,
                        const char **method)
{
    char service[64];

    return registry_is_question(descriptor->name) &&
           split_name(descriptor->name, service, method) &&
           (strcmp(service, "bus") == 0 || strcmp(service, ctl_service_name(which)) == 0);
}

bool ctl_method_at(size_t i, char name[160], const ProtobufCMessageDescriptor **descriptor)
{
    const char *method;

    for (enum ctl_service which = 0; which < CTL_SERVICES; which++)
        for (size_t at = 0; (*descriptor = registry_at(at)); at++)
            if (is_asked_of(*descriptor, which, &method) && i-- == 0) {
                snprintf(name, 160, "%s.%.90s", ctl_service_name(which), method);
                return true;
            }
    return false;
}

enum ctl_service ctl_method_service(const struct ctl *ctl, const char *name)
{
    const char *all = "";

    for (enum ctl_service i = 0; i < CTL_SERVICES; i++) {
        if (strcmp(ctl_service_name(i), name) == 0)
            return i;
        all = arena_print(ctl->arena, "%s%s%s", all, i ? ", " : "", ctl_service_name(i));
    }
    ctl_usage(ctl, "there is no service \"%s\"; there are: %s", name, all);
}

/* The one named by the argument or by --service; NULL: none is. */
static const char *named_service(struct ctl *ctl)
{
    const char *argument = ctl_argument(ctl, 0), *option = ctl_option(ctl, "--service");

    if (argument && option && strcmp(argument, option) != 0)
        ctl_usage(ctl, "give %s or --service %s, not both", argument, option);
    return argument ? argument : option;
}

void ctl_method_speak(struct ctl *ctl)
{
    const char *name = named_service(ctl);

    if (name)
        ctl_speak(ctl, ctl_method_service(ctl, name));
}

size_t ctl_method_services(struct ctl *ctl, enum ctl_service out[CTL_SERVICES])
{
    const char *name = named_service(ctl);
    size_t count = 0;

    if (name || ctl->endpoint) {
        out[0] = name ? ctl_method_service(ctl, name) : CTL_CUSTOMERS;
        return 1;
    }
    for (enum ctl_service i = 0; i < CTL_SERVICES; i++)
        if (i == CTL_CUSTOMERS || ctl->places[i].is_recorded)
            out[count++] = i;
    return count;
}

const ProtobufCMessageDescriptor *ctl_method_find(struct ctl *ctl, const char *method)
{
    const ProtobufCMessageDescriptor *descriptor;
    static char names[NAMES_MAX][160];
    const char *candidates[NAMES_MAX], *dot = strchr(method, '.');
    char service[64], full[200];
    size_t count = 0;

    if (dot && (size_t)(dot - method) < sizeof(service)) {
        snprintf(service, sizeof(service), "%.*s", (int)(dot - method), method);
        ctl_speak(ctl, ctl_method_service(ctl, service));
        snprintf(full, sizeof(full), "kehu.%s.v1.%.100s", service, dot + 1);
        descriptor = registry_find(full);
        snprintf(full, sizeof(full), "kehu.bus.v1.%.100s", dot + 1);
        if (!descriptor)
            descriptor = registry_find(full);
        if (descriptor)
            return descriptor;
    }
    while (count < NAMES_MAX && ctl_method_at(count, names[count], &descriptor)) {
        candidates[count] = names[count];
        count++;
    }
    const char *nearest = ctl_line_nearest(method, candidates, count);

    ctl_usage(ctl, "there is no method \"%s\"%s%s%s; `kehuctl call --list` shows all", method,
              nearest ? ": did you mean " : "", nearest ? nearest : "", nearest ? "?" : "");
}

const char *ctl_method_event_type(struct ctl *ctl, const char *service, const char *name)
{
    const char *full = strchr(name, '.') ? arena_print(ctl->arena, "%s", name)
                                         : arena_print(ctl->arena, "kehu.%s.v1.%s", service, name);
    const ProtobufCMessageDescriptor *descriptor;
    const char *candidates[NAMES_MAX];
    size_t count = 0;

    if (full && registry_find(full))
        return full;
    for (size_t i = 0; (descriptor = registry_at(i)) && count < NAMES_MAX; i++)
        candidates[count++] = descriptor->short_name;
    const char *nearest = ctl_line_nearest(name, candidates, count);

    ctl_usage(ctl, "there is no event type \"%s\"%s%s%s", name, nearest ? ": did you mean " : "",
              nearest ? nearest : "", nearest ? "?" : "");
}
