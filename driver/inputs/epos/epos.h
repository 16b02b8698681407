/*
 * epos.h - ePOS-Print XML, in which programs of the web tell a printer what to print, turned into a page of ours: its
 * text, pictures and symbols where that document has them. What it asks for and cannot be is an error before paper.
 */
#ifndef KW_INPUTS_EPOS_EPOS_H
#define KW_INPUTS_EPOS_EPOS_H

#include "page/page.h"
#include "profile/profile.h"
#include "text/text.h"

enum { KW_EPOS_BYTES = 2 * 1024 * 1024, KW_EPOS_ELEMENTS = 20000, KW_EPOS_DEPTH = 32, KW_EPOS_JOB = 64 };

struct kw_epos {
    struct kw_page page;
    char job[KW_EPOS_JOB];          /* <printjobid>: the same again is the same try; "" none */
};

/*
 * Reads a <epos-print>, in a SOAP envelope or not. SYNTAX: it is no XML, or has a document type of its own; INVALID: it
 * asks for what is not there, and the text says for what. The page lives in the arena.
 */
int kw_epos_read(struct kw_arena *arena, const char *xml, size_t length, struct kw_text *text,
                 const struct kw_profile *profile, struct kw_epos *out, struct kw_error *error);

#endif
