/* answer.c - the last value as json, csv, npy, raw bytes or hexadecimal bits; large draws block by block.
 * SPDX-License-Identifier: MIT */
#include <string.h> /* memcpy */

#include "draw/answer.h"
#include "draw/bind.h"   /* stream_next */
#include "draw/object.h" /* struct object_class */
#include "draw/syntax.h" /* tree_memory */
#include "draw/tensor.h" /* tensor_values */

/* Elements in C order, of an array or of a stream. */
struct source {
    vm *m;
    unsigned dt;
    size_t item_nbytes;
    int n_dims;
    const int64_t *shape;
    const struct array *array; /* contiguous */
    struct stream *stream;
    uint64_t n_done;
};

static struct source open_source(vm *m, value v)
{
    struct source s = {.m = m};
    if (v.kind == V_NOTHING)
        fail(m, "there is no value to write: the last line that is an expression gives it");
    if (v.kind == V_STREAM) {
        s.stream = stream_of(v);
        s.dt = s.stream->plan.dt;
        s.item_nbytes = dtype_nbytes(s.dt);
        s.n_dims = s.stream->n_dims;
        s.shape = s.stream->shape;
        return s;
    }
    struct array *a = v.kind == V_TENSOR ? tensor_values(m, v, "the value") : array_from(m, v, DT_NONE);
    s.array = array_is_contiguous(a) ? a : array_copy(m, a);
    s.dt = a->dt;
    s.item_nbytes = a->item_nbytes;
    s.n_dims = a->n_dims;
    s.shape = s.array->shape;
    return s;
}

/* The next elements, at most a block. Their bytes are the machine's. */
static size_t next_block(struct source *s, char *block, const char **out)
{
    if (s->stream) {
        *out = block;
        return stream_next(s->m, s->stream, block, block_length(s->m));
    }
    uint64_t left = (uint64_t)array_size(s->array) - s->n_done;
    size_t length = block_length(s->m), n = left < length ? (size_t)left : length;
    *out = array_bytes(s->array) + s->n_done * s->item_nbytes;
    s->n_done += n;
    return n;
}

static bool is_little_endian(void)
{
    uint16_t one = 1;
    return *(const unsigned char *)&one == 1;
}

/* Files are little-endian on every machine. */
static void write_little(struct source *s, const char *bytes, size_t n)
{
    size_t width = s->dt == DT_STR ? 4 : s->item_nbytes;
    if (is_little_endian() || width == 1) {
        emit(s->m, bytes, n * s->item_nbytes);
        return;
    }
    for (size_t i = 0; i < n * s->item_nbytes; i += width)
        for (size_t k = width; k-- > 0;)
            emit(s->m, bytes + i + k, 1);
}

static void write_raw(struct source *s)
{
    char *block = tree_memory(s->m, block_length(s->m) * s->item_nbytes);
    const char *bytes;
    for (size_t n; (n = next_block(s, block, &bytes)) > 0;)
        write_little(s, bytes, n);
}

/* The format of numpy.lib.format, version 1.0: the header is padded to a multiple of 64 bytes. */
static void write_npy(struct source *s)
{
    static const char *const codes[] = {"|b1", "|i1", "|u1", "<i2", "<u2", "<i4",
                                        "<u4", "<i8", "<u8", "<f2", "<f4", "<f8"};
    struct writer w = writer_start(s->m);
    if (s->dt == DT_BFLOAT16)
        fail(s->m, "npy files have no bfloat16: --format raw or hex writes its bits");
    if (s->dt == DT_STR)
        put_format(&w, "{'descr': '<U%zu', 'fortran_order': False, 'shape': (", s->item_nbytes / 4);
    else
        put_format(&w, "{'descr': '%s', 'fortran_order': False, 'shape': (", codes[s->dt]);
    for (int i = 0; i < s->n_dims; i++)
        put_format(&w, i + 1 < s->n_dims ? "%lld, " : s->n_dims == 1 ? "%lld," : "%lld", (long long)s->shape[i]);
    put_text(&w, "), }");
    while ((10 + w.n + 1) % 64 != 0)
        put_text(&w, " ");
    put_text(&w, "\n");
    char magic[10] = {(char)0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (char)(w.n & 255), (char)(w.n >> 8)};
    emit(s->m, magic, sizeof magic);
    emit(s->m, written(&w), w.n);
    write_raw(s);
}

static void put_hex(struct writer *w, const struct source *s, const char *at)
{
    static const char digits[] = "0123456789abcdef";
    char text[16];
    uint64_t bits = 0;
    size_t n = 2 * s->item_nbytes;
    if (s->item_nbytes == 8) {
        memcpy(&bits, at, 8);
    } else if (s->item_nbytes == 4) {
        uint32_t x;
        memcpy(&x, at, 4);
        bits = x;
    } else if (s->item_nbytes == 2) {
        uint16_t x;
        memcpy(&x, at, 2);
        bits = x;
    } else {
        bits = (unsigned char)*at;
    }
    for (size_t i = n; i-- > 0; bits >>= 4)
        text[i] = digits[bits & 15];
    put(w, text, n);
}

/* A number as Python prints it. */
static void put_plain(struct writer *w, const struct source *s, const char *at)
{
    char text[FLOAT_TEXT];
    int64_t i;
    if (dtype_is_float(s->dt)) {
        /* A bfloat16 as the float32 that it is. */
        float_repr(load_double(s->dt, at), s->dt == DT_BFLOAT16 ? 32 : 8 * (int)s->item_nbytes, text);
        put_text(w, text);
    } else if (s->dt == DT_BOOL) {
        put_text(w, *at ? "True" : "False");
    } else {
        i = load_integer(s->dt, at);
        put_format(w, s->dt == DT_UINT64 ? "%llu" : "%lld", (long long)i);
    }
}

static void put_csv_text(struct writer *w, const struct text *text)
{
    if (!strpbrk(text->bytes, ",\"\n\r")) {
        put(w, text->bytes, text->nbytes);
        return;
    }
    put_text(w, "\"");
    for (size_t i = 0; i < text->nbytes; i++)
        put(w, text->bytes[i] == '"' ? "\"\"" : &text->bytes[i], text->bytes[i] == '"' ? 2 : 1);
    put_text(w, "\"");
}

/* One line for each row of the last axis; a vector is a column. */
static void write_lines(struct source *s, bool hex)
{
    char *block = tree_memory(s->m, block_length(s->m) * s->item_nbytes);
    uint64_t n_columns = s->n_dims > 1 ? (uint64_t)s->shape[s->n_dims - 1] : 1, column = 0;
    struct writer w = writer_start(s->m);
    const char *at;
    if (hex && s->dt == DT_STR)
        fail(s->m, "--format hex writes numbers, not strings");
    for (size_t n; (n = next_block(s, block, &at)) > 0;) {
        w.n = 0;
        for (size_t i = 0; i < n; i++, at += s->item_nbytes) {
            if (hex)
                put_hex(&w, s, at);
            else if (s->dt == DT_STR && s->array) /* streams have none */
                put_csv_text(&w, array_item(s->m, s->array, at - s->array->buffer->bytes).u.text);
            else
                put_plain(&w, s, at);
            bool last = ++column == n_columns;
            column = last ? 0 : column;
            put(&w, last ? "\n" : hex ? " " : ",", 1);
        }
        emit(s->m, written(&w), w.n);
    }
}

/* --- JSON ------------------------------------------------------------------------------------------------------------ */

static void put_json_text(struct writer *w, const struct text *text)
{
    put_text(w, "\"");
    for (size_t i = 0; i < text->nbytes; i++) {
        unsigned char c = (unsigned char)text->bytes[i];
        if (c == '"' || c == '\\')
            put_format(w, "\\%c", c);
        else if (c < 32)
            put_format(w, "\\u%04x", c);
        else
            put(w, &text->bytes[i], 1);
    }
    put_text(w, "\"");
}

/* Integers of 64 bits as strings, floats with their bits beside them, in "bits". */
static void put_json_values(struct writer *w, struct source *s)
{
    char *block = tree_memory(s->m, block_length(s->m) * s->item_nbytes);
    const char *at;
    bool quoted = s->dt == DT_INT64 || s->dt == DT_UINT64, floats = dtype_is_float(s->dt), first = true;
    struct writer bits = writer_start(s->m);
    put_text(w, "\"values\":[");
    for (size_t n; (n = next_block(s, block, &at)) > 0;) {
        for (size_t i = 0; i < n; i++, at += s->item_nbytes, first = false) {
            put_text(w, first ? "" : ",");
            bool special = floats && !__builtin_isfinite(load_double(s->dt, at));
            if (s->dt == DT_STR && s->array) {
                put_json_text(w, array_item(s->m, s->array, at - s->array->buffer->bytes).u.text);
            } else if (s->dt == DT_BOOL) {
                put_text(w, *at ? "true" : "false");
            } else {
                put_text(w, quoted || special ? "\"" : "");
                put_plain(w, s, at);
                put_text(w, quoted || special ? "\"" : "");
            }
            if (floats) {
                put_text(&bits, first ? "\"" : ",\"");
                put_hex(&bits, s, at);
                put_text(&bits, "\"");
            }
        }
    }
    put_text(w, "]");
    if (floats) {
        put_text(w, ",\"bits\":[");
        put(w, written(&bits), bits.n);
        put_text(w, "]");
    }
}

/* A list, tuple or dict as its parts, a number or array as --format json writes it alone. */
static void put_json(struct writer *w, value v);

static bool is_json_array(value v)
{
    bool is_object = v.kind == V_OBJECT && instance_of(v)->class->array;
    return is_object || v.kind == V_ARRAY || v.kind == V_TENSOR || v.kind == V_STREAM || v.kind == V_SCALAR ||
           v.kind == V_FLOAT || v.kind == V_INT || v.kind == V_BOOL || v.kind == V_NPSTR;
}

static void put_json_items(struct writer *w, const value *items, size_t n)
{
    put_text(w, "[");
    for (size_t i = 0; i < n; i++) {
        put_text(w, i ? ",{" : "{");
        put_json(w, items[i]);
        put_text(w, "}");
    }
    put_text(w, "]");
}

static void put_json(struct writer *w, value v)
{
    vm *m = w->m;
    enter(m);
    if (is_json_array(v)) {
        struct source s = open_source(m, v);
        put_format(w, "\"dtype\":\"%s\",\"shape\":[", dtype_name((dtype)s.dt));
        for (int i = 0; i < s.n_dims; i++)
            put_format(w, i ? ",%lld" : "%lld", (long long)s.shape[i]);
        put_text(w, "],");
        put_json_values(w, &s);
    } else if (is_sequence(v)) {
        put_text(w, v.kind == V_LIST ? "\"list\":" : "\"tuple\":");
        put_json_items(w, v.u.seq->items, v.u.seq->n);
    } else {
        struct writer repr = writer_start(m);
        put_repr(&repr, v);
        put_text(w, "\"repr\":");
        put_json_text(w, make_text(m, V_STR, written(&repr), repr.n).u.text);
    }
    leave(m);
}

static void write_json(vm *m, value v)
{
    struct writer w = writer_start(m);
    put_text(&w, "{\"format\":\"oneseed-draw/1\",");
    if (v.kind == V_NOTHING)
        fail(m, "there is no value to write: the last line that is an expression gives it");
    if (is_sequence(v)) { /* its text, too, as before there were parts */
        struct writer repr = writer_start(m);
        put_repr(&repr, v);
        put_text(&w, "\"repr\":");
        put_json_text(&w, make_text(m, V_STR, written(&repr), repr.n).u.text);
        put_text(&w, ",");
    }
    put_json(&w, v);
    put_text(&w, "}\n");
    emit(m, written(&w), w.n);
}

void write_answer(vm *m, value v)
{
    if (m->settings.format == DRAW_JSON) {
        write_json(m, v);
        return;
    }
    if (v.kind == V_BYTES && m->settings.format == DRAW_RAW) {
        emit(m, v.u.text->bytes, v.u.text->nbytes);
        return;
    }
    struct source s = open_source(m, v);
    if (m->settings.format == DRAW_NPY)
        write_npy(&s);
    else if (m->settings.format == DRAW_RAW)
        write_raw(&s);
    else
        write_lines(&s, m->settings.format == DRAW_HEX);
}
