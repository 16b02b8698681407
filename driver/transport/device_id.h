/* device_id.h - the IEEE 1284 device id: "MFG:EPSON;MDL:TM-T20III;CMD:ESC/POS;CLS:PRINTER;". */
#ifndef KW_TRANSPORT_DEVICE_ID_H
#define KW_TRANSPORT_DEVICE_ID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The answer to GET_DEVICE_ID as text: its length may be big- or little-endian, may or may not count itself, be odd,
 * wrong or missing. Control bytes go, as does what is not ASCII.
 */
void kw_device_id_decode(const uint8_t *bytes, size_t length, char *out, size_t size);

/* The value of a key in its short or long spelling (MFG, MDL, CMD, SN, DES, CLS …), "" when it is missing. */
bool kw_device_id_value(const char *device_id, const char *key, char *out, size_t size);

/* True when the id says that the device takes pages (PCL, PostScript, PDF, …) or labels and not ESC/POS. */
bool kw_device_id_other_language(const char *device_id);

#endif
