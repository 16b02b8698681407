/*
 * star.h - the sole owner of the command bytes of Star's native languages: pages to pieces of bytes, answers to state.
 *
 * Two forms of one page, both in dots: raster mode (`ESC * r`), which the graphic models (TSP100) and those of Star
 * Line Mode speak, and `ESC GS S` of StarPRNT. Everything is drawn: graphic models have no letters at all. Facts: Star
 * Line Mode Command Specifications; StarPRNT Command Specifications. No function here does I/O.
 */
#ifndef KW_STAR_STAR_H
#define KW_STAR_STAR_H

#include "escpos/escpos.h"

enum { KW_STAR_QUESTION_BYTES = 16 };

/* As kw_escpos_encode. `ESC ACK`, which a printer obeys in real time, stands in no picture. */
int kw_star_encode(struct kw_arena *arena, const struct kw_page *page, const struct kw_profile *profile,
                   struct kw_encoded *encoded, struct kw_error *error);

/* ---- what delivery says beside the pieces; each writes into out and returns its length ---- */

size_t kw_star_ask_status(int n, uint8_t out[KW_STAR_QUESTION_BYTES]);         /* ESC ACK SOH: the whole status */
/*
 * ETB: counted when all before it is printed and the motor stands. The first of a session clears the count, and sends
 * as many as make a number that the printer, which last told `told`, cannot come to by what an earlier session left in
 * it. *expected is the count that answers it, from 0 to 31.
 */
size_t kw_star_ask_barrier(bool first, int told, int *expected, uint8_t out[KW_STAR_QUESTION_BYTES]);
/* The pulse of an encoded drawer piece in real time. */
size_t kw_star_pulse_instead(const uint8_t *bytes, size_t length, uint8_t out[KW_STAR_QUESTION_BYTES]);
/* Out of an unfinished command and of raster mode, whose picture is dropped. */
bool kw_star_unstick(struct kw_buffer *out);

/* Tells answers apart: a status block is a FRAME, whoever asked for it; other bytes are GARBAGE or flow control. */
bool kw_star_reply_feed(struct kw_reply_reader *reader, uint8_t byte, struct kw_reply *reply);
/* Folds a FRAME into the state; gives the count of ETBs. */
int kw_star_take_frame(struct kw_printer_state *state, const struct kw_reply *reply);

#endif
