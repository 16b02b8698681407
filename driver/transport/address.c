/* address.c - taking printer addresses apart, and finding the transport of one. */
#include "transport/address.h"

#include <stdio.h>
#include <string.h>

/* Behind "scheme:" (and "//"); the whole of it when it begins with '/'. */
static const char *body_of(const char *uri)
{
    if (uri[0] == '/')
        return uri;
    const char *colon = strchr(uri, ':');
    if (!colon)
        return uri;
    return strncmp(colon + 1, "//", 2) == 0 ? colon + 3 : colon + 1;
}

static int hex_value(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    digit |= 0x20;
    return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

/* Copies text[0..length) with %XX resolved. %00 is a fault: no name has it. */
static bool decode(const char *text, size_t length, char *out, size_t size)
{
    size_t used = 0;
    for (size_t i = 0; i < length; i++) {
        char byte = text[i];
        if (byte == '%') {
            int high = i + 2 < length ? hex_value(text[i + 1]) : -1;
            int low = i + 2 < length ? hex_value(text[i + 2]) : -1;
            if (high < 0 || low < 0 || high + low == 0)
                return false;
            byte = (char)(high * 16 + low);
            i += 2;
        }
        if (used + 1 >= size)
            return false;
        out[used++] = byte;
    }
    out[used] = 0;
    return true;
}

bool kw_address_path(const char *uri, bool raw, char *out, size_t size)
{
    const char *body = body_of(uri);
    size_t length = strcspn(body, "?");
    if (uri[0] == '/')
        length = strlen(uri);
    if (!raw)
        return decode(body, length, out, size);
    if (length >= size)
        return false;
    memcpy(out, body, length);
    out[length] = 0;
    return true;
}

bool kw_address_next(const char *uri, const char **at, struct kw_address_pair *pair)
{
    if (!*at) {
        const char *query = uri[0] == '/' ? NULL : strchr(uri, '?');
        *at = query ? query + 1 : "";
    }
    if (**at == 0)
        return false;
    size_t length = strcspn(*at, "&");
    const char *equals = memchr(*at, '=', length);
    memset(pair, 0, sizeof *pair);
    size_t key = equals ? (size_t)(equals - *at) : length;
    pair->fault = !equals || !decode(*at, key, pair->key, sizeof pair->key) ||
                  !decode(equals + 1, length - key - 1, pair->value, sizeof pair->value);
    *at += length + ((*at)[length] == '&');
    return true;
}

bool kw_address_escape(const char *text, char *out, size_t size)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    size_t used = 0;
    for (; *text; text++) {
        size_t need = strchr(plain, *text) ? 1 : 3;
        if (used + need >= size)
            return false;
        if (need == 1)
            out[used] = *text;
        else
            snprintf(out + used, 4, "%%%02X", (unsigned char)*text);
        used += need;
    }
    out[used] = 0;
    return true;
}

const char *kw_transport_meant(const char *uri, const char **rest)
{
    static const struct { const char *begins, *before; bool kept; } slips[] = {
        { "socket://", "tcp://", false }, { "http://", "tcp://", false }, { "https://", "tcp://", false },
        { "ip://", "tcp://", false }, { "ipp://", "tcp://", false }, { "ipps://", "tcp://", false },
        { "lpd://", "tcp://", false }, { "rfcomm", "serial:/dev/", true }, { "lp", "file:/dev/usb/", true },
        { "tty", "serial:/dev/", true },
    };
    *rest = uri;
    if (*uri && strspn(uri, "0123456789.:") == strlen(uri))
        return "tcp://";
    for (size_t i = 0; i < sizeof slips / sizeof slips[0]; i++) {
        size_t length = strlen(slips[i].begins);
        if (strncmp(uri, slips[i].begins, length) == 0) {
            *rest = slips[i].kept ? uri : uri + length;
            return slips[i].before;
        }
    }
    return NULL;
}

/* A page, a queue and their port are another program's: the printer itself has the host's name at most. */
static int host_length(const char *uri, const char *rest)
{
    bool is_queue = strncmp(uri, "http", 4) == 0 || strncmp(uri, "ipp", 3) == 0 || strncmp(uri, "lpd", 3) == 0;
    size_t length = strcspn(rest, is_queue ? "/:" : rest == uri ? "" : "/");
    return length < 40 ? (int)length : 40;
}

const struct kw_transport_ops *kw_transport_find(const struct kw_transport_ops *const *schemes, const char *uri,
                                                 struct kw_error *error)
{
    size_t length = uri[0] == '/' ? 4 : strcspn(uri, ":");
    const char *scheme = uri[0] == '/' ? "file" : uri;
    if (strlen(uri) < KW_URI_MAX && (uri[0] == '/' || uri[length] == ':'))
        for (; *schemes; schemes++)
            if (strlen((*schemes)->scheme) == length && strncmp((*schemes)->scheme, scheme, length) == 0)
                return *schemes;
    const char *rest, *before = kw_transport_meant(uri, &rest);
    kw_fail(error, KWIT_E_INVALID, uri, "this is not a printer address; write usb:, tcp://HOST, serial:/dev/ttyUSB0, "
            "file:PATH or sim:DIR%s%s%.*s", before ? "; is it " : "", before ? before : "",
            before ? host_length(uri, rest) : 0, before ? rest : "");
    return NULL;
}
