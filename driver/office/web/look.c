/* look.c - styles with the shop's colour in them, and the policy that names their digests. */
#include "office/web/look.h"

#include <math.h>
#include <sodium/crypto_hash_sha256.h>
#include <sodium/utils.h>
#include <stdio.h>
#include <string.h>

static const char base[] =
    ":root{color-scheme:light dark;--t:#1c1c1c;--b:#fff;--l:#5a5a5a;--a:%s;--w:#a11212}"
    "@media(prefers-color-scheme:dark){:root{--t:#f2f2f2;--b:#16181b;--l:#b8b8b8;--a:%s;--w:#ffb3ad}}"
    "*{box-sizing:border-box}body{margin:0 auto;max-width:36rem;padding:1rem;font:1.125rem/1.5 system-ui,sans-serif;"
    "color:var(--t);background:var(--b);overflow-wrap:break-word}h1{font-size:1.4rem;line-height:1.3;margin:.6rem 0}"
    "img{max-width:100%%}fieldset{border:0;margin:0;padding:0;min-width:0}legend{padding:0}"
    "button{font:inherit;min-height:48px;min-width:24px;padding:0;cursor:pointer;"
    "color:var(--t);background:var(--b);border:2px solid var(--a);border-radius:8px}"
    "button:hover,.g{color:var(--b);background:var(--a)}"
    ":focus-visible{outline:3px solid var(--t);outline-offset:2px}.h,footer{color:var(--l);font-size:1rem}"
    ".w{border:3px solid var(--w);padding:.5rem 1rem;margin:1rem 0}.w h2{font-size:1.1rem;margin:0}"
    ".t{border:2px dashed;padding:.3rem 1rem}"
    "summary{padding:.6rem 0;cursor:pointer}a{color:var(--a)}nav a,nav b,footer p a{display:inline-block;padding:.4rem 0;margin-inline-end:.6rem}";
static const char ask[] =
    ".s{display:grid;grid-template-columns:repeat(5,1fr);gap:4px;margin:1rem 0 .3rem}"
    ".s7{grid-template-columns:repeat(7,1fr)}.s11{grid-template-columns:repeat(6,1fr)}"
    ".e{display:flex;justify-content:space-between;gap:1rem;color:var(--l);font-size:1rem}.e span:last-child{text-align:end}"
    ".v{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden;white-space:nowrap}";
static const char more[] =
    "label,.o legend{display:block;margin-top:1rem;font-weight:600}"
    ".c{display:flex;gap:.6rem;font-weight:400}.c input,.o input{flex:none;width:24px;height:24px}"
    "textarea,select,input[type=text],input[type=password]{font:inherit;width:100%;min-height:48px;padding:.5rem;"
    "color:var(--t);background:var(--b);border:2px solid var(--l);border-radius:8px}"
    ".o label{display:inline-flex;align-items:center;gap:.4rem;min-height:44px;margin:0 .4rem 0 0;font-weight:400}"
    "p button{padding:0 1.5rem;margin-top:1rem}"
    "blockquote{margin:0;padding:.2rem 1rem;border-inline-start:4px solid var(--a);white-space:pre-line}";

bool kw_web_colour(const char *text, uint8_t rgb[3])
{
    size_t length = 0;
    return text && text[0] == '#' && strlen(text) == 7
        && sodium_hex2bin(rgb, 3, text + 1, 6, NULL, &length, NULL) == 0 && length == 3;
}

static double luminance(const uint8_t rgb[3])
{
    static const double weights[] = { 0.2126, 0.7152, 0.0722 };
    double sum = 0;
    for (int i = 0; i < 3; i++) {
        const double c = rgb[i] / 255.0;
        sum += weights[i] * (c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4));
    }
    return sum;
}

double kw_web_contrast(const uint8_t one[3], const uint8_t other[3])
{
    const double a = luminance(one), b = luminance(other);
    return (fmax(a, b) + 0.05) / (fmin(a, b) + 0.05);
}

/* Step by step towards the ink until it can be read as text on that ground. */
static void make_readable(const uint8_t rgb[3], const uint8_t ground[3], uint8_t ink, char out[8])
{
    enum { STEPS = 20 };
    const double least = 4.6;
    uint8_t tried[3];
    memcpy(tried, rgb, sizeof tried);
    for (int step = 1; step <= STEPS && kw_web_contrast(tried, ground) < least; step++)
        for (int i = 0; i < 3; i++)
            tried[i] = (uint8_t)(rgb[i] + (ink - rgb[i]) * step / STEPS);
    snprintf(out, 8, "#%02x%02x%02x", tried[0], tried[1], tried[2]);
}

static void digest(const char *style, char out[64])
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, (const unsigned char *)style, strlen(style));
    sodium_bin2base64(out, 64, hash, sizeof hash, sodium_base64_VARIANT_ORIGINAL);
}

void kw_web_look_make(struct kw_web_look *look, const char *colour)
{
    static const uint8_t own[] = { 0x0b, 0x4f, 0x8a }, white[] = { 255, 255, 255 }, dark[] = { 0x16, 0x18, 0x1b };
    uint8_t rgb[3];
    char light_text[8], dark_text[8], asks[64], mores[64];
    if (!kw_web_colour(colour, rgb))
        memcpy(rgb, own, sizeof rgb);
    make_readable(rgb, white, 0, light_text);
    make_readable(rgb, dark, 255, dark_text);
    int length = snprintf(look->ask, sizeof look->ask, base, light_text, dark_text);
    memcpy(look->more, look->ask, (size_t)length);
    memcpy(look->ask + length, ask, sizeof ask);
    memcpy(look->more + length, more, sizeof more);
    digest(look->ask, asks);
    digest(look->more, mores);
    snprintf(look->policy, sizeof look->policy,
             "default-src 'none'; style-src 'sha256-%s' 'sha256-%s'; img-src 'self'; form-action 'self';"
             " base-uri 'none'; frame-ancestors 'none'", asks, mores);
}
