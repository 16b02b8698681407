/* symptoms.c - what the parts of the doctor share: noting a finding, and looking into the journal. */
#include "api/setup/doctor.h"

#include "api/call.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void add(struct kw_doctor *doctor, struct kw_symptom symptom, const char *format, va_list arguments)
{
    char text[KW_TEXT_SIZE];
    vsnprintf(text, sizeof text, format, arguments);
    symptom.text = kw_arena_string(doctor->arena, text);
    symptom.runs = strncmp(symptom.mend, KW_RUN, strlen(KW_RUN)) == 0;
    symptom.mend = kw_arena_string(doctor->arena, symptom.mend + (symptom.runs ? strlen(KW_RUN) : 0));
    struct kw_symptom *symptoms = kw_arena_grow(doctor->arena, doctor->symptoms, doctor->count, &doctor->capacity,
                                                sizeof *symptoms);
    if (!symptoms || !symptom.text || !symptom.mend) {
        doctor->no_memory = true;
        return;
    }
    doctor->symptoms = symptoms;
    symptoms[doctor->count++] = symptom;
    doctor->bad = doctor->bad || symptom.severity == KW_BAD;
}

void kw_doctor_bad(struct kw_doctor *doctor, enum kw_diagnosis finding, int code, const char *mend, const char *format,
                   ...)
{
    va_list arguments;
    va_start(arguments, format);
    add(doctor, (struct kw_symptom){ finding, KW_BAD, false, code, NULL, mend }, format, arguments);
    va_end(arguments);
}

void kw_doctor_mention(struct kw_doctor *doctor, enum kw_diagnosis finding, const char *mend, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add(doctor, (struct kw_symptom){ finding, KW_NOTE, false, 0, NULL, mend }, format, arguments);
    va_end(arguments);
}

void kw_doctor_good(struct kw_doctor *doctor, enum kw_diagnosis finding, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add(doctor, (struct kw_symptom){ finding, KW_GOOD, false, 0, NULL, "" }, format, arguments);
    va_end(arguments);
}

/* The shell's quotes; a name that has one itself is left to whoever reads. */
static void add_option(struct kw_buffer *call, const char *option, const char *name)
{
    if (name && !strchr(name, '\''))
        kw_buffer_format(call, " %s '%s'", option, name);
}

const char *kw_doctor_call(const struct kw_doctor *doctor, const char *words)
{
    enum { CALL_CEILING = 16 * 1024 };
    struct kw_buffer call;
    kw_buffer_init(&call, CALL_CEILING);
    kw_buffer_format(&call, KW_RUN "kwit");
    add_option(&call, "--config", doctor->context->config_file);
    add_option(&call, "--state", doctor->context->state_dir);
    kw_buffer_format(&call, " %s", words);
    const char *kept = call.failed ? NULL : kw_arena_string(doctor->arena, kw_buffer_string(&call));
    kw_buffer_free(&call);
    return kept ? kept : "";
}

/* The first directory on the way that this user may not enter: behind it nothing can be looked at. NULL: none. */
static const char *closed_on_the_way(const struct kw_doctor *doctor, const char *path)
{
    char *part = kw_arena_string(doctor->arena, path);
    for (char *slash = part ? strchr(part + 1, '/') : NULL; slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        if (access(part, X_OK) != 0 && errno == EACCES)
            return part;
        *slash = '/';
    }
    return NULL;
}

const char *kw_doctor_let(const struct kw_doctor *doctor, const char *rights, const char *path)
{
    const char *closed = closed_on_the_way(doctor, path);
    const char *mend = strchr(path, '\'') ? NULL
        : kw_arena_format(doctor->arena, KW_RUN "sudo setfacl -m u:\"$(id -un)\":%s '%s'", closed ? "x" : rights,
                          closed ? closed : path);
    return mend ? mend : "";
}

int kw_doctor_journal(const struct kw_doctor *doctor, struct kw_call *call)
{
    *call = (struct kw_call){ .context = doctor->context, .looks = true };
    int code = kw_call_begin(call);
    call->config = doctor->config;
    return code == 0 ? kw_call_open_journal(call, false) : code;
}

bool kw_doctor_remembers(const struct kw_doctor *doctor, const char *identity)
{
    struct kw_call call;
    struct kw_printer_row row = { 0 };
    bool known = kw_doctor_journal(doctor, &call) == 0 &&
                 kw_printer_get(call.journal, identity, call.arena, &row, &call.error) == 0;
    kw_call_close(&call);
    return known && row.answered;
}
