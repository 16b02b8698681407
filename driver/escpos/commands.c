/* commands.c - the rows of commands.def, writing them, and finding what a printer would obey inside data. */
#include "escpos/commands.h"

#include "escpos/escpos.h"

#include <string.h>

static const struct kw_command_row rows[] = {
#define KW_COMMAND(name, notation, bytes, parameters, reference) \
    { notation, bytes, sizeof bytes - 1, parameters, reference },
#include "escpos/commands.def"
#undef KW_COMMAND
};

const struct kw_command_row *kw_command_at(enum kw_command command)
{
    return &rows[command];
}

void kw_command_put(struct kw_buffer *out, enum kw_command command, const uint8_t *parameters, size_t count)
{
    const struct kw_command_row *row = &rows[command];
    uint8_t *at = kw_buffer_extend(out, row->length + count);
    if (!at)
        return;
    memcpy(at, row->bytes, row->length);
    if (count)
        memcpy(at + row->length, parameters, count);
}

size_t kw_command_write(uint8_t *out, size_t size, enum kw_command command, const uint8_t *parameters, size_t count)
{
    const struct kw_command_row *row = &rows[command];
    if (row->length + count > size)
        return 0;
    memcpy(out, row->bytes, row->length);
    if (count)
        memcpy(out + row->length, parameters, count);
    return row->length + count;
}

size_t kw_escpos_find_realtime(const uint8_t *bytes, size_t length)
{
    for (size_t at = 0; length - at >= 2;) {
        const uint8_t *dle = memchr(bytes + at, 0x10, length - at - 1);
        if (!dle)
            break;
        if (kw_is_realtime(dle))
            return (size_t)(dle - bytes);
        at = (size_t)(dle - bytes) + 1;
    }
    return SIZE_MAX;
}
