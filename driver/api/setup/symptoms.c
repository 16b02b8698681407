/* symptoms.c - what the parts of the doctor share: noting a finding, and looking into the journal. */
#include "api/setup/doctor.h"

#include "api/call.h"

#include <stdarg.h>
#include <stdio.h>

static void add(struct kw_doctor *doctor, struct kw_symptom symptom, const char *format, va_list arguments)
{
    char text[KW_TEXT_SIZE];
    vsnprintf(text, sizeof text, format, arguments);
    symptom.text = kw_arena_string(doctor->arena, text);
    symptom.mend = kw_arena_string(doctor->arena, symptom.mend);
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
    add(doctor, (struct kw_symptom){ finding, KW_BAD, code, NULL, mend }, format, arguments);
    va_end(arguments);
}

void kw_doctor_mention(struct kw_doctor *doctor, enum kw_diagnosis finding, const char *mend, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add(doctor, (struct kw_symptom){ finding, KW_NOTE, 0, NULL, mend }, format, arguments);
    va_end(arguments);
}

void kw_doctor_good(struct kw_doctor *doctor, enum kw_diagnosis finding, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add(doctor, (struct kw_symptom){ finding, KW_GOOD, 0, NULL, "" }, format, arguments);
    va_end(arguments);
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
