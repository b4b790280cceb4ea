/* methods.c - methods of Python's own types.
 * SPDX-License-Identifier: MIT */
#include <math.h>   /* floor */
#include <string.h> /* memcmp */

#include "draw/ndarray.h" /* array_from */
#include "draw/sequences.h"

/* --- list and tuple -------------------------------------------------------------------------------------------------- */

static value list_append(vm *m, value self, const struct arguments *arguments)
{
    value item;
    take_arguments(m, "append", "object", arguments, &item);
    append(m, self, item);
    return NONE;
}

static value list_extend(vm *m, value self, const struct arguments *arguments)
{
    value over;
    take_arguments(m, "extend", "iterable", arguments, &over);
    value items = to_list(m, over);
    for (size_t i = 0; i < items.u.seq->n; i++)
        append(m, self, items.u.seq->items[i]);
    return NONE;
}

static value list_insert(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    take_arguments(m, "insert", "index object", arguments, a);
    struct sequence *s = self.u.seq;
    int64_t i = to_int64(m, a[0], "index"), n = (int64_t)s->n;
    i = i < 0 ? (i + n < 0 ? 0 : i + n) : i > n ? n : i;
    append(m, self, NONE);
    memmove(s->items + i + 1, s->items + i, (size_t)(n - i) * sizeof *s->items);
    s->items[i] = a[1];
    return NONE;
}

static value list_pop(vm *m, value self, const struct arguments *arguments)
{
    value index;
    take_arguments(m, "pop", "index=", arguments, &index);
    struct sequence *s = self.u.seq;
    if (s->n == 0)
        fail(m, "IndexError: pop from empty list");
    value item = get_item(m, self, index.kind == V_NOTHING ? INT(-1) : index);
    delete_item(m, self, index.kind == V_NOTHING ? INT(-1) : index);
    return item;
}

static value list_reverse(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "reverse", arguments);
    struct sequence *s = self.u.seq;
    for (size_t i = 0, k = s->n; i + 1 < k; i++) {
        value item = s->items[i];
        s->items[i] = s->items[--k];
        s->items[k] = item;
    }
    return NONE;
}

static value list_sort(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    take_arguments(m, "sort", "* key= reverse=", arguments, a);
    value sorted = to_list(m, self); /* a key that looks at the list sees it as it was */
    sort_values(m, sorted.u.seq->items, sorted.u.seq->n, a[0], a[1].kind != V_NOTHING && truth(m, a[1]));
    if (self.u.seq->n != sorted.u.seq->n)
        value_error(m, "list modified during sort");
    if (sorted.u.seq->n > 0)
        memcpy(self.u.seq->items, sorted.u.seq->items, sorted.u.seq->n * sizeof(value));
    return NONE;
}

static value sequence_index(vm *m, value self, const struct arguments *arguments)
{
    value item;
    take_arguments(m, "index", "value", arguments, &item);
    struct walk walk = walk_start(m, self);
    int64_t i = 0;
    for (value v; walk_next(m, &walk, &v); i++)
        if (values_equal(m, v, item))
            return INT(i);
    value_error(m, "the value is not in the %s", type_name(self));
}

static value sequence_count(vm *m, value self, const struct arguments *arguments)
{
    value item;
    take_arguments(m, "count", "value", arguments, &item);
    struct walk walk = walk_start(m, self);
    int64_t n = 0;
    for (value v; walk_next(m, &walk, &v);)
        n += values_equal(m, v, item);
    return INT(n);
}

static value list_remove(vm *m, value self, const struct arguments *arguments)
{
    delete_item(m, self, sequence_index(m, self, arguments));
    return NONE;
}

static value copy(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "copy", arguments);
    if (self.kind == V_LIST)
        return to_list(m, self);
    if (self.kind == V_SET) {
        value set = make_set(m);
        set_merge(m, set.u.set, self.u.set);
        return set;
    }
    value dict = make_dict(m);
    for (size_t i = 0; i < self.u.dict->n_entries; i++)
        if (self.u.dict->entries[i].used)
            dict_put(m, dict.u.dict, self.u.dict->entries[i].key, self.u.dict->entries[i].item);
    return dict;
}

const struct native list_methods[] = {{"append", list_append, NATIVE_FUNCTION, 0},
                                      {"extend", list_extend, NATIVE_FUNCTION, 0},
                                      {"insert", list_insert, NATIVE_FUNCTION, 0},
                                      {"pop", list_pop, NATIVE_FUNCTION, 0},
                                      {"reverse", list_reverse, NATIVE_FUNCTION, 0},
                                      {"sort", list_sort, NATIVE_FUNCTION, 0},
                                      {"index", sequence_index, NATIVE_FUNCTION, 0},
                                      {"count", sequence_count, NATIVE_FUNCTION, 0},
                                      {"remove", list_remove, NATIVE_FUNCTION, 0},
                                      {"copy", copy, NATIVE_FUNCTION, 0},
                                      {NULL, NULL, NATIVE_FUNCTION, 0}};
const struct native tuple_methods[] = {{"index", sequence_index, NATIVE_FUNCTION, 0},
                                       {"count", sequence_count, NATIVE_FUNCTION, 0},
                                       {NULL, NULL, NATIVE_FUNCTION, 0}};
const struct native range_methods[] = {{"index", sequence_index, NATIVE_FUNCTION, 0},
                                       {"count", sequence_count, NATIVE_FUNCTION, 0},
                                       {NULL, NULL, NATIVE_FUNCTION, 0}};

/* --- str and bytes --------------------------------------------------------------------------------------------------- */

static value text_join(vm *m, value self, const struct arguments *arguments)
{
    value over;
    take_arguments(m, "join", "iterable", arguments, &over);
    struct writer w = writer_start(m);
    struct walk walk = walk_start(m, over);
    bool first = true;
    for (value item; walk_next(m, &walk, &item); first = false) {
        if (!(self.kind == V_BYTES ? item.kind == V_BYTES : is_text(item)))
            type_error(m, "sequence item: expected str instance, %s found", type_name(item));
        if (!first)
            put(&w, self.u.text->bytes, self.u.text->nbytes);
        put(&w, item.u.text->bytes, item.u.text->nbytes);
    }
    return make_text(m, self.kind == V_BYTES ? V_BYTES : V_STR, written(&w), w.n);
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static value text_split(vm *m, value self, const struct arguments *arguments)
{
    value separator, list = make_sequence(m, V_LIST, 0);
    take_arguments(m, "split", "sep=", arguments, &separator);
    const char *at = self.u.text->bytes, *end = at + self.u.text->nbytes;
    unsigned kind = self.kind == V_BYTES ? V_BYTES : V_STR;
    if (is_none(separator)) {
        while (at < end) {
            while (at < end && is_space(*at))
                at++;
            const char *start = at;
            while (at < end && !is_space(*at))
                at++;
            if (at > start)
                append(m, list, make_text(m, kind, start, (size_t)(at - start)));
        }
        return list;
    }
    if (!(is_text(separator) || separator.kind == V_BYTES) || separator.u.text->nbytes == 0)
        value_error(m, "empty separator");
    for (;;) {
        const char *hit = memmem(at, (size_t)(end - at), separator.u.text->bytes, separator.u.text->nbytes);
        append(m, list, make_text(m, kind, at, (size_t)((hit ? hit : end) - at)));
        if (!hit)
            return list;
        at = hit + separator.u.text->nbytes;
    }
}

static value text_case(vm *m, value self, char from, char to)
{
    value out = make_text(m, self.kind == V_BYTES ? V_BYTES : V_STR, self.u.text->bytes, self.u.text->nbytes);
    for (size_t i = 0; i < out.u.text->nbytes; i++) {
        char *c = &out.u.text->bytes[i];
        if ((unsigned char)*c >= 0x80 && self.kind != V_BYTES)
            fail(m, "upper() and lower() of characters beyond ASCII are not supported");
        if (*c >= from && *c <= from + 25)
            *c = (char)(*c - from + to);
    }
    return out;
}

static value text_upper(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "upper", arguments);
    return text_case(m, self, 'a', 'A');
}

static value text_lower(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "lower", arguments);
    return text_case(m, self, 'A', 'a');
}

static value text_strip(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "strip", arguments);
    const char *at = self.u.text->bytes, *end = at + self.u.text->nbytes;
    while (at < end && is_space(*at))
        at++;
    while (end > at && is_space(end[-1]))
        end--;
    return make_text(m, self.kind == V_BYTES ? V_BYTES : V_STR, at, (size_t)(end - at));
}

static value text_encode(vm *m, value self, const struct arguments *arguments)
{
    value encoding;
    take_arguments(m, "encode", "encoding=", arguments, &encoding);
    if (encoding.kind != V_NOTHING && !(is_text(encoding) && (strcmp(encoding.u.text->bytes, "utf-8") == 0 ||
                                                              strcmp(encoding.u.text->bytes, "utf8") == 0)))
        fail(m, "only the encoding utf-8 is supported");
    return make_text(m, V_BYTES, self.u.text->bytes, self.u.text->nbytes);
}

static value bytes_hex(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "hex", arguments);
    struct writer w = writer_start(m);
    for (size_t i = 0; i < self.u.text->nbytes; i++)
        put_format(&w, "%02x", (unsigned char)self.u.text->bytes[i]);
    return make_text(m, V_STR, written(&w), w.n);
}

/* "{} {:.3f} {0}".format(…) */
static value text_format(vm *m, value self, const struct arguments *arguments)
{
    struct writer w = writer_start(m);
    const char *at = self.u.text->bytes, *end = at + self.u.text->nbytes;
    for (size_t next = 0; at < end;) {
        if ((*at == '{' || *at == '}') && at + 1 < end && at[1] == *at) {
            put(&w, at, 1);
            at += 2;
            continue;
        }
        if (*at == '}')
            value_error(m, "Single '}' encountered in format string");
        if (*at != '{') {
            put(&w, at++, 1);
            continue;
        }
        const char *close = memchr(at, '}', (size_t)(end - at));
        if (!close)
            value_error(m, "expected '}' before end of string");
        const char *colon = memchr(at, ':', (size_t)(close - at)), *name_end = colon ? colon : close;
        size_t n_name = (size_t)(name_end - at - 1), i = 0;
        value item = NOTHING;
        if (n_name == 0)
            i = next++;
        for (size_t k = 0; k < n_name; k++)
            i = at[1 + k] >= '0' && at[1 + k] <= '9' && i < 1000 ? i * 10 + (size_t)(at[1 + k] - '0') : SIZE_MAX / 20;
        for (size_t k = 0; k < arguments->n_named; k++)
            if (strlen(arguments->names[k]) == n_name && memcmp(arguments->names[k], at + 1, n_name) == 0)
                item = arguments->named[k];
        if (item.kind == V_NOTHING && i < arguments->n_positional)
            item = arguments->positional[i];
        if (item.kind == V_NOTHING)
            fail(m,
                 "IndexError: Replacement field out of range for positional args tuple (fields are numbers or names)");
        put_formatted(&w, item, colon ? colon + 1 : close, colon ? (size_t)(close - colon - 1) : 0);
        at = close + 1;
    }
    return make_text(m, V_STR, written(&w), w.n);
}

static value text_find(vm *m, value self, const struct arguments *arguments)
{
    value part;
    take_arguments(m, "find", "sub", arguments, &part);
    if (!is_text(part))
        type_error(m, "must be str, not %s", type_name(part));
    const char *start = self.u.text->bytes, *at = strstr(start, part.u.text->bytes);
    if (strlen(start) != self.u.text->nbytes || strlen(part.u.text->bytes) != part.u.text->nbytes)
        fail(m, "find() of text with a NUL is not supported");
    if (!at)
        return INT(-1);
    int64_t n = 0; /* characters, not bytes */
    for (const char *c = start; c < at; c++)
        n += ((unsigned char)*c & 0xc0) != 0x80;
    return INT(n);
}

const struct native str_methods[] = {{"find", text_find, NATIVE_FUNCTION, 0},
                                     {"join", text_join, NATIVE_FUNCTION, 0},
                                     {"split", text_split, NATIVE_FUNCTION, 0},
                                     {"upper", text_upper, NATIVE_FUNCTION, 0},
                                     {"lower", text_lower, NATIVE_FUNCTION, 0},
                                     {"strip", text_strip, NATIVE_FUNCTION, 0},
                                     {"encode", text_encode, NATIVE_FUNCTION, 0},
                                     {"format", text_format, NATIVE_FUNCTION, 0},
                                     {NULL, NULL, NATIVE_FUNCTION, 0}};
const struct native bytes_methods[] = {
    {"hex", bytes_hex, NATIVE_FUNCTION, 0}, {"join", text_join, NATIVE_FUNCTION, 0}, {NULL, NULL, NATIVE_FUNCTION, 0}};

/* --- dict and set ---------------------------------------------------------------------------------------------------- */

static value dict_view(vm *m, value self, const struct arguments *arguments, int what, const char *name)
{
    take_none(m, name, arguments);
    struct view *view = heap_object(m, V_VIEW, sizeof *view);
    view->dict = self;
    view->what = what;
    return object_value(V_VIEW, view);
}

static value dict_keys(vm *m, value self, const struct arguments *arguments)
{
    return dict_view(m, self, arguments, VIEW_KEYS, "keys");
}

static value dict_values(vm *m, value self, const struct arguments *arguments)
{
    return dict_view(m, self, arguments, VIEW_VALUES, "values");
}

static value dict_items(vm *m, value self, const struct arguments *arguments)
{
    return dict_view(m, self, arguments, VIEW_ITEMS, "items");
}

static value dict_get_method(vm *m, value self, const struct arguments *arguments)
{
    value a[2], item;
    take_arguments(m, "get", "key default=", arguments, a);
    if (dict_get(m, self.u.dict, a[0], &item))
        return item;
    return a[1].kind == V_NOTHING ? NONE : a[1];
}

const struct native dict_methods[] = {
    {"keys", dict_keys, NATIVE_FUNCTION, 0},   {"values", dict_values, NATIVE_FUNCTION, 0},
    {"items", dict_items, NATIVE_FUNCTION, 0}, {"get", dict_get_method, NATIVE_FUNCTION, 0},
    {"copy", copy, NATIVE_FUNCTION, 0},        {NULL, NULL, NATIVE_FUNCTION, 0}};

static value set_add_method(vm *m, value self, const struct arguments *arguments)
{
    value item;
    take_arguments(m, "add", "element", arguments, &item);
    set_add(m, self.u.set, item);
    return NONE;
}

static value set_discard(vm *m, value self, const struct arguments *arguments)
{
    value item;
    take_arguments(m, "discard", "element", arguments, &item);
    (void)set_remove(m, self.u.set, item);
    return NONE;
}

static value set_remove_method(vm *m, value self, const struct arguments *arguments)
{
    value item;
    take_arguments(m, "remove", "element", arguments, &item);
    if (!set_remove(m, self.u.set, item))
        fail(m, "KeyError: the element is not in the set");
    return NONE;
}

static value set_update(vm *m, value self, const struct arguments *arguments)
{
    value over;
    take_arguments(m, "update", "others", arguments, &over);
    if (over.kind == V_SET) {
        set_merge(m, self.u.set, over.u.set);
        return NONE;
    }
    struct walk walk = walk_start(m, over);
    for (value item; walk_next(m, &walk, &item);)
        set_add(m, self.u.set, item);
    return NONE;
}

const struct native set_methods[] = {{"add", set_add_method, NATIVE_FUNCTION, 0},
                                     {"discard", set_discard, NATIVE_FUNCTION, 0},
                                     {"remove", set_remove_method, NATIVE_FUNCTION, 0},
                                     {"update", set_update, NATIVE_FUNCTION, 0},
                                     {"copy", copy, NATIVE_FUNCTION, 0},
                                     {NULL, NULL, NATIVE_FUNCTION, 0}};

/* --- int and float --------------------------------------------------------------------------------------------------- */

static value int_bit_length(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "bit_length", arguments);
    return INT((int64_t)big_bit_length(plain_integer(m, self)));
}

static value float_is_integer(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "is_integer", arguments);
    return BOOL(isfinite(self.u.f) && floor(self.u.f) == self.u.f);
}

static value float_hex(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "hex", arguments);
    struct writer w = writer_start(m);
    if (self.u.f == 0)
        put_text(&w, signbit(self.u.f) ? "-0x0.0p+0" : "0x0.0p+0");
    else if (isfinite(self.u.f) && fabs(self.u.f) >= 2.2250738585072014e-308)
        put_format(&w, "%.13a", self.u.f);
    else
        fail(m, "hex() of nan, infinities and subnormals is not supported");
    return make_text(m, V_STR, written(&w), w.n);
}

const struct native int_methods[] = {{"bit_length", int_bit_length, NATIVE_FUNCTION, 0},
                                     {NULL, NULL, NATIVE_FUNCTION, 0}};
const struct native float_methods[] = {{"is_integer", float_is_integer, NATIVE_FUNCTION, 0},
                                       {"hex", float_hex, NATIVE_FUNCTION, 0},
                                       {NULL, NULL, NATIVE_FUNCTION, 0}};
