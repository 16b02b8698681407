/* fuzz_replies.c - anything that a printer may answer: no reply is longer than its place, none is lost track of. */
#include "escpos/escpos.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_reply(const struct kw_reply *reply)
{
    if (reply->kind == KW_REPLY_NONE || reply->length == 0 || reply->length > KW_REPLY_MAX)
        abort();
    if (reply->kind == KW_REPLY_ASB && reply->length != 4)
        abort();
    if (reply->kind == KW_REPLY_STATUS && (reply->length != 1 || (reply->bytes[0] & 0x93) != 0x12))
        abort();
    if (reply->kind == KW_REPLY_ECHO && reply->length != KW_PROCESS_ID_BYTES + 3)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct kw_reply_reader reader = { .length = 0 };
    struct kw_printer_state state = { 0 };
    struct kw_reply reply;
    for (size_t i = 0; i < size; i++) {
        if (!kw_reply_feed(&reader, data[i], &reply)) {
            if (reader.length >= KW_REPLY_MAX)
                abort();
            continue;
        }
        check_reply(&reply);
        kw_escpos_take_status(&state, (int)(i % 6), reply.bytes[0]);
        if (kw_escpos_cause(&state) > 0)
            abort();
    }
    return 0;
}
