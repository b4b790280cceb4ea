/* plain.c - plain data in bounded memory: making it, and asking it.
 * SPDX-License-Identifier: MIT */
#include <stdarg.h> /* va_list */
#include <stdio.h>  /* vsnprintf */
#include <stdlib.h> /* malloc, free */
#include <string.h> /* memcpy, memcmp */

#include "common/bits.h" /* load32_le */
#include "state/plain.h" /* struct value */

/* Blocks double from the first one on. */
enum { FIRST_BLOCK_NBYTES = 1 << 12, LAST_BLOCK_NBYTES = 1 << 20 };

struct values_block {
    struct values_block *next;
    size_t used, capacity;
    max_align_t content[];
};

void values_free(struct values *values)
{
    while (values->blocks) {
        struct values_block *next = values->blocks->next;
        free(values->blocks);
        values->blocks = next;
    }
    values->nbytes = 0;
}

void *values_fail(struct values *values, const char *format, ...)
{
    if (values->error[0] == '\0') {
        va_list arguments;
        va_start(arguments, format);
        (void)vsnprintf(values->error, sizeof values->error, format, arguments);
        va_end(arguments);
    }
    return NULL;
}

void *values_alloc(struct values *values, size_t nbytes)
{
    size_t rounded = (nbytes + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
    if (nbytes > VALUES_MAX_NBYTES || rounded > VALUES_MAX_NBYTES - values->nbytes)
        return values_fail(values, "it needs more than %d MiB of memory", VALUES_MAX_NBYTES >> 20);
    struct values_block *block = values->blocks;
    if (!block || block->capacity - block->used < rounded) {
        size_t capacity = block ? 2 * block->capacity : FIRST_BLOCK_NBYTES;
        if (capacity > LAST_BLOCK_NBYTES)
            capacity = LAST_BLOCK_NBYTES;
        if (capacity < rounded)
            capacity = rounded;
        block = malloc(sizeof *block + capacity);
        if (!block)
            return values_fail(values, "no memory");
        *block = (struct values_block){.next = values->blocks, .capacity = capacity};
        values->blocks = block;
    }
    void *at = (uint8_t *)block->content + block->used;
    block->used += rounded;
    values->nbytes += rounded;
    return at;
}

struct value *value_new(struct values *values, enum value_type type)
{
    struct value *value = values_alloc(values, sizeof *value);
    if (value)
        *value = (struct value){.type = type};
    return value;
}

struct value *value_bool(struct values *values, bool truth)
{
    struct value *value = value_new(values, VALUE_BOOL);
    if (value)
        value->as.truth = truth;
    return value;
}

struct value *value_float(struct values *values, double number)
{
    struct value *value = value_new(values, VALUE_FLOAT);
    if (value)
        value->as.number = number;
    return value;
}

struct value *value_bytes(struct values *values, enum value_type type, const uint8_t *bytes, size_t n)
{
    struct value *value = value_new(values, type);
    if (value) {
        value->as.text.bytes = bytes;
        value->as.text.n = n;
    }
    return value;
}

/* --- Integers ----------------------------------------------------------------------------------------------------- */

static struct value *integer(struct values *values, uint32_t *words, size_t n, bool negative)
{
    struct value *value = value_new(values, VALUE_INT);
    if (!value)
        return NULL;
    while (n > 0 && words[n - 1] == 0)
        n--;
    value->as.integer.words = words;
    value->as.integer.n = n;
    value->as.integer.negative = negative && n > 0;
    return value;
}

static struct value *integer_u64(struct values *values, uint64_t number, bool negative)
{
    uint32_t *words = values_alloc(values, 2 * sizeof *words);
    if (!words)
        return NULL;
    words[0] = (uint32_t)number;
    words[1] = (uint32_t)(number >> 32);
    return integer(values, words, 2, negative);
}

struct value *value_u64(struct values *values, uint64_t number)
{
    return integer_u64(values, number, false);
}

struct value *value_i64(struct values *values, int64_t number)
{
    return integer_u64(values, number < 0 ? -(uint64_t)number : (uint64_t)number, number < 0);
}

struct value *value_int_bytes(struct values *values, const uint8_t *bytes, size_t n)
{
    if (n > 4 * VALUES_MAX_INT_WORDS)
        return values_fail(values, "an integer of %zu bytes: no generator has one", n);
    size_t n_words = (n + 3) / 4;
    uint32_t *words = values_alloc(values, (n_words + 1) * sizeof *words);
    if (!words)
        return NULL;
    bool negative = n > 0 && bytes[n - 1] & 0x80;
    uint32_t carry = 1;
    for (size_t i = 0; i < n_words; i++) {
        words[i] = 0;
        for (size_t k = 0; k < 4; k++) {
            uint32_t byte = 4 * i + k < n ? bytes[4 * i + k] : negative ? 0xff : 0;
            words[i] |= byte << 8 * k;
        }
        if (negative) { /* the magnitude */
            words[i] = ~words[i] + carry;
            carry = carry && words[i] == 0;
        }
    }
    words[n_words] = negative ? carry : 0;
    return integer(values, words, n_words + 1, negative);
}

static int digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return 16;
}

struct value *value_int_text(struct values *values, const char *text, size_t n)
{
    bool negative = n > 0 && text[0] == '-';
    size_t i = n > 0 && (text[0] == '-' || text[0] == '+') ? 1 : 0;
    uint32_t base = 10;
    if (n - i > 2 && text[i] == '0' && (text[i + 1] == 'x' || text[i + 1] == 'X')) {
        base = 16;
        i += 2;
    }
    if (i == n)
        return values_fail(values, "an integer without digits");
    if (n - i > 4 * VALUES_MAX_INT_WORDS) /* 4 bits and less of a digit: it fits the words */
        return values_fail(values, "an integer of %zu digits: no generator has one", n - i);
    size_t n_words = (n - i) / 8 + 1;
    uint32_t *words = values_alloc(values, n_words * sizeof *words);
    if (!words)
        return NULL;
    memset(words, 0, n_words * sizeof *words);
    for (size_t used = 1; i < n; i++) {
        uint64_t carry = (uint64_t)digit_of(text[i]);
        if (carry >= base)
            return values_fail(values, "an integer with other characters than digits");
        for (size_t k = 0; k < used; k++) {
            carry += (uint64_t)words[k] * base;
            words[k] = (uint32_t)carry;
            carry >>= 32;
        }
        if (carry && used < n_words)
            words[used++] = (uint32_t)carry;
    }
    return integer(values, words, n_words, negative);
}

/* --- Lists -------------------------------------------------------------------------------------------------------- */

struct value *value_list(struct values *values, struct value *const *items, size_t n)
{
    struct value *list = value_new(values, VALUE_LIST);
    if (!list || n == 0)
        return list;
    struct value **own = values_alloc(values, n * sizeof(struct value *));
    if (!own)
        return NULL;
    memcpy(own, items, n * sizeof(struct value *));
    list->as.list.items = own;
    list->as.list.n = list->as.list.capacity = n;
    return list;
}

bool value_append(struct values *values, struct value *list, struct value *item)
{
    if (list->as.list.n == list->as.list.capacity) {
        size_t capacity = list->as.list.capacity ? 2 * list->as.list.capacity : 4;
        struct value **grown = values_alloc(values, capacity * sizeof(struct value *));
        if (!grown)
            return false;
        if (list->as.list.n > 0)
            memcpy(grown, list->as.list.items, list->as.list.n * sizeof(struct value *));
        list->as.list.items = grown;
        list->as.list.capacity = capacity;
    }
    list->as.list.items[list->as.list.n++] = item;
    return true;
}

/* --- Asking ------------------------------------------------------------------------------------------------------- */

bool value_is_text(const struct value *value, const char *text)
{
    return value && (value->type == VALUE_TEXT || value->type == VALUE_BYTES || value->type == VALUE_NAME) &&
           value->as.text.n == strlen(text) && memcmp(value->as.text.bytes, text, value->as.text.n) == 0;
}

const struct value *value_member(const struct value *dict, const char *name)
{
    if (!dict || dict->type != VALUE_DICT)
        return NULL;
    const struct value *found = NULL; /* of equal keys the last one counts, as in Python */
    for (size_t i = 0; i + 1 < dict->as.list.n; i += 2) {
        if (value_is_text(dict->as.list.items[i], name))
            found = dict->as.list.items[i + 1];
    }
    return found;
}

size_t value_n_items(const struct value *value)
{
    return value && value->type == VALUE_LIST ? value->as.list.n : 0;
}

/* The bits of item i of an array. */
static uint64_t array_item(const struct value *array, size_t i)
{
    uint32_t nbytes = array->as.array.item_nbytes;
    const uint8_t *from = array->as.array.bytes + i * nbytes;
    uint64_t item = 0;
    for (uint32_t k = 0; k < nbytes && k < 8; k++)
        item |= (uint64_t)from[array->as.array.big_endian ? nbytes - 1 - k : k] << 8 * k;
    return item;
}

static bool is_whole_numbers(const struct value *value)
{
    if (value->type != VALUE_ARRAY || value->as.array.item_nbytes > 8)
        return false;
    return value->as.array.kind == 'u' || value->as.array.kind == 'i' || value->as.array.kind == 'b';
}

/* A number of an array; false for a negative one. */
static bool array_number(const struct value *array, size_t i, uint64_t *number_out)
{
    *number_out = array_item(array, i);
    unsigned top = (8 * array->as.array.item_nbytes - 1) % 64;
    return array->as.array.kind != 'i' || (*number_out >> top & 1) == 0;
}

bool value_words(const struct value *value, uint32_t *words_out, size_t n_words)
{
    if (!value)
        return false;
    memset(words_out, 0, n_words * sizeof *words_out);
    uint64_t number;
    if (value->type == VALUE_TEXT) {
        if (value->as.text.n == 0 || value->as.text.n > 100) /* 100 digits have more than 256 bits */
            return false;
        struct values scratch = {.blocks = NULL};
        const struct value *parsed = value_int_text(&scratch, (const char *)value->as.text.bytes, value->as.text.n);
        bool ok = parsed && value_words(parsed, words_out, n_words);
        values_free(&scratch);
        return ok;
    }
    switch (value->type) {
    case VALUE_BOOL:
        words_out[0] = value->as.truth;
        return true;
    case VALUE_INT:
        if (value->as.integer.negative || value->as.integer.n > n_words)
            return false;
        if (value->as.integer.n > 0)
            memcpy(words_out, value->as.integer.words, value->as.integer.n * sizeof *words_out);
        return true;
    case VALUE_ARRAY:
        if (value->as.array.n_items != 1 || !is_whole_numbers(value) || !array_number(value, 0, &number))
            return false;
        if (n_words == 1 && number > UINT32_MAX)
            return false;
        words_out[0] = (uint32_t)number;
        if (n_words > 1)
            words_out[1] = (uint32_t)(number >> 32);
        return true;
    default:
        return false;
    }
}

bool value_to_u64(const struct value *value, uint64_t max, uint64_t *number_out)
{
    uint32_t words[2];
    if (!value_words(value, words, 2))
        return false;
    *number_out = words[0] | (uint64_t)words[1] << 32;
    return *number_out <= max;
}

bool value_to_double(const struct value *value, double *number_out)
{
    uint64_t bits;
    if (value && value->type == VALUE_FLOAT) {
        *number_out = value->as.number;
        return true;
    }
    if (value && value->type == VALUE_ARRAY && value->as.array.n_items == 1 && value->as.array.kind == 'f' &&
        value->as.array.item_nbytes == 8) {
        bits = array_item(value, 0);
        memcpy(number_out, &bits, sizeof bits);
        return true;
    }
    bool negative = value && value->type == VALUE_INT && value->as.integer.negative;
    struct value positive = value ? *value : (struct value){.type = VALUE_NONE};
    if (negative)
        positive.as.integer.negative = false;
    if (!value || value->type == VALUE_TEXT || !value_to_u64(&positive, (uint64_t)1 << 53, &bits))
        return false;
    *number_out = negative ? -(double)bits : (double)bits;
    return true;
}

size_t value_n_numbers(const struct value *value)
{
    if (!value)
        return 0;
    switch (value->type) {
    case VALUE_LIST:
        return value->as.list.n;
    case VALUE_ARRAY:
        return is_whole_numbers(value) ? value->as.array.n_items : 0;
    case VALUE_BYTES:
        return value->as.text.n;
    default:
        return 0;
    }
}

bool value_to_numbers(const struct value *value, unsigned bits, uint64_t *out, size_t n)
{
    if (value_n_numbers(value) != n)
        return false;
    uint64_t max = bits == 64 ? UINT64_MAX : ((uint64_t)1 << bits) - 1;
    for (size_t i = 0; i < n; i++) {
        bool ok = true;
        if (value->type == VALUE_LIST)
            ok = value_to_u64(value->as.list.items[i], max, &out[i]);
        else if (value->type == VALUE_ARRAY)
            ok = array_number(value, i, &out[i]);
        else
            out[i] = value->as.text.bytes[i];
        if (!ok || out[i] > max)
            return false;
    }
    return true;
}

const char *value_printable(char out[64], const uint8_t *bytes, size_t n)
{
    size_t length = n < 60 ? n : 60;
    for (size_t i = 0; i < length; i++)
        out[i] = bytes[i] >= 0x20 && bytes[i] < 0x7f ? (char)bytes[i] : '?';
    memcpy(out + length, "...", n > 60 ? 4 : 1);
    if (n <= 60)
        out[length] = '\0';
    return out;
}
