/* commands.h - the catalogue of commands by name, and writing one. Private to escpos. */
#ifndef KW_ESCPOS_COMMANDS_H
#define KW_ESCPOS_COMMANDS_H

#include "base/buffer.h"

#include <stdint.h>

enum kw_command {
#define KW_COMMAND(name, notation, bytes, parameters, reference) KW_COMMAND_##name,
#include "escpos/commands.def"
#undef KW_COMMAND
    KW_COMMAND_COUNT
};

/* One row of commands.def, with its words in it: pointers would be relocated at every start. */
struct kw_command_row {
    char notation[16];
    char bytes[12];
    uint8_t length;
    int8_t parameters;
    char reference[80];
};
const struct kw_command_row *kw_command_at(enum kw_command command);

/* Adds the command with its parameters (as many as the row says; more may follow where it says -1). */
void kw_command_put(struct kw_buffer *out, enum kw_command command, const uint8_t *parameters, size_t count);
#define kw_put(out, command, ...) \
    kw_command_put((out), (command), (const uint8_t[]){ __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ }))
static inline void kw_put_plain(struct kw_buffer *out, enum kw_command command)
{
    kw_command_put(out, command, NULL, 0);
}

/* `10 04`, `10 05` and `10 14`, which a printer obeys wherever they stand. */
static inline bool kw_is_realtime(const uint8_t *two)
{
    return two[0] == 0x10 && (two[1] == 0x04 || two[1] == 0x05 || two[1] == 0x14);
}

/* The same into a small array of a caller outside; returns the length. */
size_t kw_command_write(uint8_t *out, size_t size, enum kw_command command, const uint8_t *parameters, size_t count);

#endif
