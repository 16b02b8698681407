/* bench.h - for tests of what speaks USB: one printer on umockdev's bus, called as delivery calls it. */
#ifndef KW_TESTS_USB_BENCH_H
#define KW_TESTS_USB_BENCH_H

#include "base/clock.h"
#include "transport/transport.h"
#include "usb/bed.h"

#define ID_TEXT "MFG:EPSON;CMD:ESC/POS;MDL:TM-T20;CLS:PRINTER;"

enum { DESCRIPTORS_SIZE = 50, PAYLOAD_SIZE = 40000, LATENESS_MS = 20000 };

extern const uint8_t plain_descriptors[DESCRIPTORS_SIZE];
extern const struct bed_device plain;       /* a printer of the usual kind, at port 1-1 */
extern const struct kw_link_options known;  /* the rows of this vendor: its 04b8:0202 is of a class of its own */
extern uint8_t payload[PAYLOAD_SIZE];       /* to be printed */
extern struct bed *bed;                     /* of the case that runs, */
extern struct bed_state *printer;           /* and the plain printer on it where the case has one */

/* As bed_enter; call it first in main. */
void bench_enter(char **argv);
int bench_set_up(void **state);
int bench_set_up_empty(void **state);
int bench_tear_down(void **state);
#define WITH_PRINTER(name) cmocka_unit_test_setup_teardown(name, bench_set_up, bench_tear_down)
#define WITHOUT(name) cmocka_unit_test_setup_teardown(name, bench_set_up_empty, bench_tear_down)

/* The deadline so far from now. */
int64_t in_ms(int ms);
/* Opens; says why not. */
int open_printer(const char *uri, const struct kw_link_options *options, struct kw_link **link);
/* One transfer, in so many milliseconds; returns its outcome. */
struct exchange { size_t sent, received; uint8_t in[64]; struct kw_error error; };
int exchange(struct kw_link *link, const void *out, size_t length, int ms, struct exchange *moved);
/* Sends the first bytes of payload again and again from where it stopped. Returns the last outcome. */
int send_all(struct kw_link *link, size_t length, int64_t until_ms, size_t *done, struct kw_error *error);

#endif
