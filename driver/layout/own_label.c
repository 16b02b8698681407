/*
 * own_label.c - numbers that bring their own label: "ABN 51 824 753 556", "St.-Nr. 29/815/08150".
 *
 * A tax number may have letters of its own: a country's prefix ("DE 811 234 567") and what stands right before a digit
 * ("XAXX010101000") belong to the number; words before them are its label.
 */
#include "layout/flow.h"

#include <string.h>

static bool parts_words(char byte)
{
    return strchr(" .:#", byte) != NULL;
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_prefix(const char *word, size_t length)
{
    static const char prefixes[][8] = {
#define PREFIX(letters) letters,
#include "data/tax_names.def"
    };
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++)
        if (strlen(prefixes[i]) == length && strncmp(word, prefixes[i], length) == 0)
            return true;
    return false;
}

/* Whether a word of capitals and signs of ASCII may be the number's beginning where a digit follows it at once. */
static bool is_of_number(const char *word, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if ((word[i] & 0x80) || (word[i] >= 'a' && word[i] <= 'z'))
            return false;
    return true;
}

bool flow_brings_label(const char *value)
{
    size_t letters = 0;
    for (const char *word = value; *word;) {
        if (parts_words(*word)) {
            word++;
            continue;
        }
        size_t length = 0;
        while (word[length] && !parts_words(word[length]) && !is_digit(word[length]))
            length++;
        if (is_digit(word[length]) && is_of_number(word, length))
            return letters > 1;
        bool behind = is_prefix(word, length) && strpbrk(word, "0123456789") == word + length + 1;
        if (behind)
            return letters > 1;
        letters += length;
        if (is_digit(word[length]))
            return letters > 1;
        word += length;
    }
    return false;
}

const char *flow_labelled(struct flow *flow, const char *label, const char *value)
{
    return flow_named(flow, flow_brings_label(value) ? NULL : label, value);
}
