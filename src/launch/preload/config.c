/* config.c - the configuration of this process: the words of ONESEED_CONFIG, decoded once.
 * SPDX-License-Identifier: MIT */
#include <string.h>   /* strcmp, memcpy */
#include <sys/mman.h> /* mmap: the program's malloc is not ours to use this early */

#include "launch/preload/frame.h" /* config_read */

enum { MAX_WORDS = 48 };

static struct {
    const char *given; /* for the children */
    struct {
        const char *key;
        const char *value;
    } words[MAX_WORDS];
    size_t n_words;
} config;

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* Decodes %XX in place; anything else stands for itself. */
static void decode(char *text)
{
    char *out = text;
    while (*text) {
        int high = *text == '%' ? hex_value(text[1]) : -1;
        int low = high >= 0 ? hex_value(text[2]) : -1;
        if (low >= 0) {
            *out++ = (char)(high << 4 | low);
            text += 3;
        } else {
            *out++ = *text++;
        }
    }
    *out = 0;
}

bool config_read(const char *text)
{
    size_t nbytes = strlen(text) + 1;
    char *memory = mmap(NULL, 2 * nbytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return false;
    memcpy(memory, text, nbytes);
    config.given = memory;
    char *word = memory + nbytes;
    memcpy(word, text, nbytes);
    while (*word) {
        size_t length = strcspn(word, " ");
        bool last = !word[length];
        word[length] = 0;
        char *equals = strchr(word, '=');
        if (equals) {
            *equals = 0;
            decode(equals + 1);
            config_set(word, equals + 1);
        }
        if (last)
            break;
        word += length + 1;
    }
    return true;
}

void config_set(const char *key, const char *value)
{
    if (config.n_words == MAX_WORDS)
        return;
    config.words[config.n_words].key = key;
    config.words[config.n_words].value = value;
    config.n_words++;
}

const char *config_text(void)
{
    return config.given;
}

const char *preload_config(const char *key)
{
    for (size_t i = 0; i < config.n_words; i++)
        if (!strcmp(config.words[i].key, key))
            return config.words[i].value;
    return NULL;
}

/* The entry `word` or `word:variant` of a comma-separated list, with its length; NULL when it is not there. */
static const char *find_entry(const char *list, const char *word, size_t *nbytes_out)
{
    size_t word_nbytes = strlen(word);
    while (list && *list) {
        size_t length = strcspn(list, ",");
        bool same = length >= word_nbytes && !memcmp(list, word, word_nbytes);
        if (same && (length == word_nbytes || list[word_nbytes] == ':')) {
            *nbytes_out = length;
            return list;
        }
        list += length + (list[length] == ',');
    }
    return NULL;
}

bool preload_listed(const char *key, const char *word)
{
    size_t nbytes;
    return find_entry(preload_config(key), word, &nbytes) != NULL;
}

bool preload_control(const char *name)
{
    return preload_listed("controls", name);
}

const char *preload_variant(const char *key, const char *name, char *text, size_t text_nbytes)
{
    size_t nbytes;
    const char *entry = find_entry(preload_config(key), name, &nbytes);
    if (!entry || !text_nbytes)
        return NULL;
    size_t skip = strlen(name) + (entry[strlen(name)] == ':');
    size_t length = nbytes > skip ? nbytes - skip : 0;
    if (length >= text_nbytes)
        length = text_nbytes - 1;
    memcpy(text, entry + skip, length);
    text[length] = 0;
    return text;
}

bool preload_root_seed(uint64_t *seed_out)
{
    const char *text = preload_config("seed");
    if (!text || *text < '0' || *text > '9')
        return false;
    uint64_t seed = 0;
    for (; *text >= '0' && *text <= '9'; text++)
        seed = seed * 10 + (uint64_t)(*text - '0');
    *seed_out = seed;
    return true;
}
