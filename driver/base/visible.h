/* visible.h - text of others' on its way to a terminal, a spreadsheet or a log: nothing in it acts on what shows it. */
#ifndef KW_BASE_VISIBLE_H
#define KW_BASE_VISIBLE_H

#include "base/buffer.h"

#include <stdbool.h>
#include <stdint.h>

/* Controls, line and paragraph ends, and marks that turn text about (UAX #9: embeddings, overrides and isolates). */
bool kw_steers(uint32_t code);

/* Adds the text with what steers named, [U+202E]. Ill-formed UTF-8 becomes U+FFFD. */
void kw_buffer_visible(struct kw_buffer *buffer, const char *text);
/* The same, with `escape` before each of the special characters (ASCII, not NUL). */
void kw_buffer_escaped(struct kw_buffer *buffer, const char *text, const char *special, char escape);
/*
 * The same for a text of several lines that may hold isolates of our own: line ends (LF, CR LF) and tabs stay, and an
 * isolate that is still open where its line ends is closed there.
 */
void kw_buffer_visible_lines(struct kw_buffer *buffer, const char *text, size_t length);
/* A value behind "name=": as it is where it is one word, else in quotation marks with those inside escaped. */
void kw_buffer_log_value(struct kw_buffer *buffer, const char *value);

#endif
