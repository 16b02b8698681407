/* values.h - cells of an export to scores, yes and no, and comments without addresses. */
#ifndef KW_ANSWERS_VALUES_H
#define KW_ANSWERS_VALUES_H

#include <stdbool.h>
#include <stddef.h>

/* A label and what it stands for: "Very satisfied" 5; KW_LABEL_NONE: it is no answer. */
enum { KW_LABEL_NONE = -1 };
struct kw_score_label { const char *text; int value; };

/* Which of the usual labels (data/scale_labels.def) are known. */
enum kw_labels { KW_LABELS_NPS, KW_LABELS_CSAT, KW_LABELS_CES, KW_LABELS_OWN /* none */ };
struct kw_scale { int low, high; enum kw_labels labels; };

/*
 * A score as digits of any script ("4,0" too), as "10 - Extremely likely" or "Satisfied (4)", as stars, by the shop's
 * labels, or by the usual ones of its scale; -1 for an empty cell, "N/A" and the usual codes of no answer, such as -99.
 * NULL, or what is wrong.
 */
const char *kw_value_score(const char *text, const struct kw_scale *scale, const struct kw_score_label *labels,
                           size_t count, int *score);
/* Yes in the languages of the forms, true, 1, and any other sign of consent that the platforms write. */
bool kw_value_yes(const char *text);
/* What the platforms write beside answers that the form's owner gave to try it. */
bool kw_value_preview(const char *text);
/* Empty, or one of the words for it: N/A, null. */
bool kw_value_none(const char *text);
/* Copies at most size - 1 bytes and never half a character. */
void kw_value_copy(char *out, size_t size, const char *text);
/*
 * Replaces what leads to a person, in place (scrub.c): addresses of mail and of people's pages, telephone and account
 * numbers. Not names and not streets.
 */
void kw_value_scrub(char *text);

#endif
