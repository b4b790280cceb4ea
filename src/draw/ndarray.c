/* ndarray.c - arrays: making, reading, writing, casting, broadcasting.
 * SPDX-License-Identifier: MIT */
#include <math.h>   /* ldexp, frexp, isnan, signbit */
#include <string.h> /* memcpy */

#include "draw/jax_array.h" /* is_jax_keys */
#include "draw/ndarray.h"
#include "draw/object.h" /* object_array */
#include "draw/tensor.h" /* tensor_numpy */

size_t dtype_nbytes(dtype dt)
{
    static const uint8_t nbytes[] = {1, 1, 1, 2, 2, 4, 4, 8, 8, 2, 4, 8, 2, 4, 0};
    return nbytes[dt];
}

const char *dtype_name(dtype dt)
{
    static const char *const names[] = {"bool",    "int8",    "uint8",    "int16",  "uint16",
                                        "int32",   "uint32",  "int64",    "uint64", "float16",
                                        "float32", "float64", "bfloat16", "str",    "none"};
    return names[dt];
}

/* --- Elements -------------------------------------------------------------------------------------------------------- */

double half_to_double(uint16_t bits)
{
    int exponent = bits >> 10 & 31, mantissa = bits & 1023;
    double x = exponent == 31  ? (mantissa ? (double)NAN : (double)INFINITY)
               : exponent == 0 ? ldexp(mantissa, -24)
                               : ldexp(1024 + mantissa, exponent - 25);
    return bits >> 15 ? -x : x;
}

uint16_t double_to_half(double x)
{
    uint16_t sign = signbit(x) ? 0x8000 : 0;
    if (isnan(x))
        return sign | 0x7e00;
    double magnitude = fabs(x);
    if (magnitude >= 65520)
        return sign | 0x7c00;
    if (magnitude == 0)
        return sign;
    int exponent;
    (void)frexp(magnitude, &exponent);
    int unit = exponent - 11 < -24 ? -24 : exponent - 11;
    double scaled = ldexp(magnitude, -unit), below = floor(scaled), rest = scaled - below;
    if (rest > 0.5 || (rest == 0.5 && fmod(below, 2) == 1))
        below += 1;
    /* In units of the smallest float16 of this exponent; a carry into the next exponent comes out right by itself. */
    uint32_t n = (uint32_t)below, biased = (uint32_t)(unit + 24);
    return (uint16_t)(sign | (unit == -24 ? n : n + (biased << 10)));
}

static double bfloat16_to_double(uint16_t bits)
{
    uint32_t wide = (uint32_t)bits << 16;
    float x;
    memcpy(&x, &wide, sizeof x);
    return x;
}

/* By way of float, as c10::BFloat16: ties to even, every NaN is 0x7fc0. */
static uint16_t double_to_bfloat16(double x)
{
    float narrow = (float)x;
    uint32_t bits;
    if (isnan(x))
        return 0x7fc0;
    memcpy(&bits, &narrow, sizeof bits);
    return (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

double load_double(unsigned dt, const char *at)
{
    if (dt == DT_FLOAT64) {
        double x;
        memcpy(&x, at, sizeof x);
        return x;
    }
    if (dt == DT_FLOAT32) {
        float x;
        memcpy(&x, at, sizeof x);
        return x;
    }
    if (dt == DT_FLOAT16) {
        uint16_t x;
        memcpy(&x, at, sizeof x);
        return half_to_double(x);
    }
    if (dt == DT_BFLOAT16) {
        uint16_t x;
        memcpy(&x, at, sizeof x);
        return bfloat16_to_double(x);
    }
    int64_t i = load_integer(dt, at);
    return dt == DT_UINT64 ? (double)(uint64_t)i : (double)i;
}

#define LOAD(type)                                                                                                     \
    {                                                                                                                  \
        type x;                                                                                                        \
        memcpy(&x, at, sizeof x);                                                                                      \
        return (int64_t)x;                                                                                             \
    }
#define STORE(type)                                                                                                    \
    {                                                                                                                  \
        type y = (type)x;                                                                                              \
        memcpy(at, &y, sizeof y);                                                                                      \
        break;                                                                                                         \
    }

int64_t load_integer(unsigned dt, const char *at)
{
    switch (dt) {
    case DT_BOOL:
    case DT_UINT8:
        return (unsigned char)*at;
    case DT_INT8:
        return (signed char)*at;
    case DT_INT16:
        LOAD(int16_t)
    case DT_UINT16:
        LOAD(uint16_t)
    case DT_INT32:
        LOAD(int32_t)
    case DT_UINT32:
        LOAD(uint32_t)
    case DT_INT64:
        LOAD(int64_t)
    case DT_UINT64:
        LOAD(uint64_t)
    default: {
        if (!dtype_is_float(dt)) /* characters: no number, and refused before */
            return 0;
        /* Out of range is undefined in C and a warning in NumPy: saturated here, refused before by array_cast. */
        double x = load_double(dt, at);
        return isnan(x) || x < -9223372036854775808.0 || x >= 9223372036854775808.0 ? INT64_MIN : (int64_t)x;
    }
    }
}

void store_integer(unsigned dt, char *at, int64_t x)
{
    switch (dt) {
    case DT_BOOL:
        *at = x != 0;
        break;
    case DT_INT8:
    case DT_UINT8:
        *at = (char)x;
        break;
    case DT_INT16:
    case DT_UINT16:
        STORE(uint16_t)
    case DT_INT32:
    case DT_UINT32:
        STORE(uint32_t)
    case DT_INT64:
    case DT_UINT64:
        STORE(int64_t)
    default:
        store_double(dt, at, (double)x);
    }
}

void store_double(unsigned dt, char *at, double x)
{
    switch (dt) {
    case DT_FLOAT16: {
        uint16_t half = double_to_half(x);
        memcpy(at, &half, sizeof half);
        break;
    }
    case DT_BFLOAT16: {
        uint16_t narrow = double_to_bfloat16(x);
        memcpy(at, &narrow, sizeof narrow);
        break;
    }
    case DT_FLOAT32:
        STORE(float)
    case DT_FLOAT64:
        memcpy(at, &x, sizeof x);
        break;
    case DT_BOOL:
        *at = x != 0;
        break;
    case DT_UINT64:
        store_integer(dt, at,
                      x >= 9223372036854775808.0 && x < 18446744073709551616.0  ? (int64_t)(uint64_t)x
                      : x > -9223372036854775808.0 && x < 9223372036854775808.0 ? (int64_t)x
                                                                                : INT64_MIN);
        break;
    default:
        store_integer(dt, at, x > -9223372036854775808.0 && x < 9223372036854775808.0 ? (int64_t)x : INT64_MIN);
    }
}

double round_to(unsigned dt, double x)
{
    return dt == DT_FLOAT16    ? half_to_double(double_to_half(x))
           : dt == DT_FLOAT32  ? (double)(float)x
           : dt == DT_BFLOAT16 ? bfloat16_to_double(double_to_bfloat16(x))
                               : x;
}

/* --- Making ---------------------------------------------------------------------------------------------------------- */

int64_t array_size(const struct array *a)
{
    int64_t n = 1;
    for (int i = 0; i < a->n_dims; i++)
        n *= a->shape[i];
    return n;
}

struct array *array_new(vm *m, dtype dt, int n_dims, const int64_t *shape, size_t n_characters)
{
    if (n_dims > MAX_DIMS)
        value_error(m, "more than %d dimensions", MAX_DIMS);
    struct array *a = heap_object(m, V_ARRAY, sizeof *a);
    size_t item_nbytes = dt == DT_STR ? 4 * (n_characters ? n_characters : 1) : dtype_nbytes(dt), nbytes = item_nbytes;
    a->dt = (uint8_t)dt;
    a->n_dims = (uint8_t)n_dims;
    a->item_nbytes = (uint32_t)item_nbytes;
    bool empty = false;
    for (int i = 0; i < n_dims; i++) {
        if (shape[i] < 0)
            value_error(m, "negative dimensions are not allowed");
        empty = empty || shape[i] == 0;
    }
    for (int i = n_dims; i-- > 0;) {
        a->shape[i] = shape[i];
        a->strides[i] = (int64_t)nbytes;
        if (!empty && (uint64_t)shape[i] > ((size_t)1 << 46) / nbytes)
            value_error(
                m, "array is too big (only a last expression that is one call of a distribution is drawn in blocks)");
        if (shape[i] > 0 && !empty)
            nbytes *= (size_t)shape[i];
    }
    a->buffer = heap_object(m, V_BUFFER, sizeof *a->buffer);
    nbytes = empty ? 0 : nbytes;
    a->buffer->bytes = heap_resize(m, NULL, 0, nbytes);
    a->buffer->nbytes = nbytes;
    step(m, nbytes / 64);
    memset(a->buffer->bytes, 0, nbytes);
    return a;
}

struct array *array_view(vm *m, const struct array *a)
{
    struct array *view = heap_object(m, V_ARRAY, sizeof *view);
    object header = view->header;
    *view = *a;
    view->header = header;
    return view;
}

bool array_is_contiguous(const struct array *a)
{
    int64_t nbytes = a->item_nbytes;
    for (int i = a->n_dims; i-- > 0;) {
        if (a->shape[i] == 0)
            return true;
        if (a->shape[i] != 1 && a->strides[i] != nbytes)
            return false;
        nbytes *= a->shape[i];
    }
    return true;
}

struct cursor cursor_start(const struct array *a)
{
    struct cursor c = {.a = a, .offset = a->offset, .left = array_size(a)};
    return c;
}

void cursor_next(struct cursor *c)
{
    c->left--;
    for (int i = c->a->n_dims; i-- > 0;) {
        c->offset += c->a->strides[i];
        if (++c->index[i] < c->a->shape[i])
            return;
        c->offset -= c->a->strides[i] * c->a->shape[i];
        c->index[i] = 0;
    }
}

struct array *array_copy(vm *m, const struct array *a)
{
    struct array *copy = array_new(m, a->dt, a->n_dims, a->shape, a->item_nbytes / 4);
    char *out = copy->buffer->bytes;
    if (array_is_contiguous(a)) {
        memcpy(out, array_bytes(a), copy->buffer->nbytes);
        return copy;
    }
    for (struct cursor c = cursor_start(a); cursor_more(&c); cursor_next(&c), out += a->item_nbytes)
        memcpy(out, a->buffer->bytes + c.offset, a->item_nbytes);
    return copy;
}

struct array *array_cast(vm *m, const struct array *a, dtype dt)
{
    if (a->dt == dt)
        return array_copy(m, a);
    if (a->dt == DT_STR || dt == DT_STR)
        type_error(m, "casting between str and numbers is not supported");
    struct array *out = array_new(m, dt, a->n_dims, a->shape, 0);
    char *at = out->buffer->bytes;
    bool from_float = dtype_is_float(a->dt), to_integer = dtype_is_integer(dt);
    for (struct cursor c = cursor_start(a); cursor_more(&c); cursor_next(&c), at += out->item_nbytes) {
        const char *from = a->buffer->bytes + c.offset;
        if (!from_float && dt != DT_BOOL && !dtype_is_float(dt)) {
            store_integer(dt, at, load_integer(a->dt, from));
            continue;
        }
        if (dt == DT_FLOAT32 && (a->dt == DT_INT64 || a->dt == DT_UINT64)) { /* rounded once */
            int64_t i = load_integer(a->dt, from);
            float f = a->dt == DT_UINT64 ? (float)(uint64_t)i : (float)i;
            memcpy(at, &f, sizeof f);
            continue;
        }
        double x = load_double(a->dt, from);
        if (from_float && to_integer) {
            double bits = (double)(8 * dtype_nbytes(dt)), most = ldexp(1, (int)bits - !dtype_is_unsigned(dt));
            double least = dtype_is_unsigned(dt) ? 0 : -most;
            if (isnan(x) || trunc(x) < least || trunc(x) >= most)
                value_error(m, "a float that %s cannot hold: what a cast makes of it depends on the machine",
                            dtype_name(dt));
        }
        store_double(dt, at, x);
    }
    return out;
}

struct array *array_as(vm *m, struct array *a, dtype dt)
{
    return a->dt == dt && array_is_contiguous(a) ? a : array_cast(m, a, dt);
}

/* --- One element ----------------------------------------------------------------------------------------------------- */

static value text_item(vm *m, const char *at, size_t nbytes)
{
    struct writer w = writer_start(m);
    size_t n = 0;
    for (size_t i = 0; i < nbytes; i += 4) { /* trailing NULs are padding */
        uint32_t point;
        memcpy(&point, at + i, 4);
        if (point != 0)
            n = i + 4;
    }
    for (size_t i = 0; i < n; i += 4) {
        uint32_t c;
        memcpy(&c, at + i, 4);
        char out[4] = {(char)c};
        size_t length = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
        for (size_t k = length; length > 1 && k-- > 1; c >>= 6)
            out[k] = (char)(0x80 | (c & 0x3f));
        if (length > 1)
            out[0] = (char)((0xf00 >> length & 0xff) | c);
        put(&w, out, length);
    }
    return make_text(m, V_NPSTR, written(&w), w.n);
}

value array_item(vm *m, const struct array *a, int64_t offset)
{
    const char *at = a->buffer->bytes + offset;
    if (a->dt == DT_STR)
        return text_item(m, at, a->item_nbytes);
    if (dtype_is_float(a->dt))
        return scalar_float(a->dt, load_double(a->dt, at));
    return scalar_int(a->dt, load_integer(a->dt, at));
}

static void store_text(struct array *a, char *at, const struct text *text)
{
    const unsigned char *c = (const unsigned char *)text->bytes, *end = c + text->nbytes;
    size_t room = a->item_nbytes / 4;
    memset(at, 0, a->item_nbytes);
    for (size_t i = 0; i < room && c < end; i++) {
        size_t n = *c < 0x80 ? 1 : *c < 0xe0 ? 2 : *c < 0xf0 ? 3 : 4;
        uint32_t point = n == 1 ? *c : n == 2 ? *c & 31u : n == 3 ? *c & 15u : *c & 7u;
        for (size_t k = 1; k < n; k++)
            point = point << 6 | (c[k] & 63u);
        memcpy(at + 4 * i, &point, 4);
        c += n;
    }
}

static void check_bounds(vm *m, unsigned dt, value v)
{
    if (v.kind == V_SCALAR)
        return; /* casts wrap */
    uint64_t u;
    bool fits = v.kind != V_BIG;
    if (dt == DT_UINT64)
        fits = fits_u64(v, &u);
    else if (fits && dt == DT_BOOL)
        fits = true;
    else if (fits && dt != DT_INT64) {
        int64_t bits = (int64_t)(8 * dtype_nbytes(dt)), most = ((int64_t)1 << (bits - !dtype_is_unsigned(dt))) - 1;
        fits = v.u.i <= most && v.u.i >= (dtype_is_unsigned(dt) ? 0 : -most - 1);
    }
    if (!fits && m->settings.numpy_version != 0 && m->settings.numpy_version < 20000)
        fail(m, "an integer that %s cannot hold, by a NumPy before 2.0, is not supported", dtype_name(dt));
    if (!fits)
        fail(m, "OverflowError: Python integer out of bounds for %s", dtype_name(dt));
}

void array_put_item(vm *m, struct array *a, int64_t offset, value item)
{
    char *at = a->buffer->bytes + offset;
    if (item.kind == V_ARRAY && item.u.array->n_dims == 0)
        item = array_item(m, item.u.array, item.u.array->offset);
    if (a->dt == DT_STR) {
        if (!is_text(item))
            type_error(m, "an array of str takes str only here");
        store_text(a, at, item.u.text);
        return;
    }
    if (!is_number(item))
        type_error(m, "an array of %s takes numbers, not '%s'", dtype_name(a->dt), type_name(item));
    if (is_integer(item)) {
        if (dtype_is_float(a->dt)) {
            store_double(a->dt, at, to_double(m, item, "the item"));
            return;
        }
        check_bounds(m, a->dt, item);
        uint64_t bits;
        value plain = plain_integer(m, item);
        (void)fits_u64(plain, &bits);
        store_integer(a->dt, at, plain.kind == V_BIG ? (int64_t)bits : plain.u.i);
        return;
    }
    double x = item.u.f;
    if (!dtype_is_float(a->dt) && a->dt != DT_BOOL && !(x > -9.2e18 && x < 9.2e18))
        value_error(m, "cannot convert float %s to integer", isnan(x) ? "NaN" : "infinity or of that size");
    store_double(a->dt, at, x);
}

value array_or_scalar(vm *m, struct array *a)
{
    return a->n_dims == 0 ? array_item(m, a, a->offset) : array_value(a);
}

value scalar_item(vm *m, value v)
{
    if (v.kind == V_NPSTR)
        return make_text(m, V_STR, v.u.text->bytes, v.u.text->nbytes);
    if (v.kind != V_SCALAR)
        return v;
    if (v.dt == DT_BOOL)
        return BOOL(v.u.i != 0);
    return dtype_is_float(v.dt) ? FLOAT(v.u.f) : plain_integer(m, v);
}

static value list_from(vm *m, const struct array *a, int axis, int64_t offset)
{
    if (axis == a->n_dims)
        return scalar_item(m, array_item(m, a, offset));
    value list = make_sequence(m, V_LIST, (size_t)a->shape[axis]);
    for (int64_t i = 0; i < a->shape[axis]; i++)
        list.u.seq->items[i] = list_from(m, a, axis + 1, offset + i * a->strides[axis]);
    return list;
}

value array_to_list(vm *m, const struct array *a)
{
    return list_from(m, a, 0, a->offset);
}

/* --- np.array(…) ----------------------------------------------------------------------------------------------------- */

/* What nested sequences hold: the shape, and the dtype of all numbers. */
struct finding {
    int64_t shape[MAX_DIMS];
    int n_dims; /* of the first leaf; -1: none seen */
    dtype dt;
    size_t n_characters;
    bool none;
};

static void merge_dtype(vm *m, struct finding *f, dtype dt)
{
    if (f->dt != DT_NONE && (f->dt == DT_STR) != (dt == DT_STR))
        type_error(m, "an array of numbers and strings is not supported");
    f->dt = f->dt == DT_NONE ? dt : dt == DT_STR ? DT_STR : promote(m, f->dt, dt);
}

static _Noreturn void refuse_item(vm *m, value v)
{
    if (is_jax_keys(v))
        type_error(m, "JAX array with PRNGKey dtype cannot be converted to a NumPy array. Use jax.random.key_data(arr) "
                      "if you wish to extract the underlying integer array.");
    type_error(m, "an array of '%s' is not supported (numbers, bool and str are)", type_name(v));
}

static void find_shape(vm *m, struct finding *f, value v, int depth)
{
    uint64_t fits;
    struct array *own = object_array(m, v);
    if (own)
        v = array_value(own);
    if (v.kind == V_RANGE || is_sequence(v)) {
        uint64_t n = value_length(m, v);
        if (depth >= MAX_DIMS)
            value_error(m, "more than %d dimensions", MAX_DIMS);
        if (f->n_dims >= 0 && (depth >= f->n_dims || f->shape[depth] != (int64_t)n))
            value_error(m, "setting an array element with a sequence. The requested array has an inhomogeneous shape");
        if (f->n_dims < 0)
            f->shape[depth] = (int64_t)n;
        if (v.kind == V_RANGE) {
            merge_dtype(m, f, DT_INT64);
            f->n_dims = depth + 1;
        } else if (n == 0) {
            f->n_dims = f->n_dims < 0 ? depth + 1 : f->n_dims;
        }
        enter(m);
        for (uint64_t i = 0; v.kind != V_RANGE && i < n; i++)
            find_shape(m, f, v.u.seq->items[i], depth + 1);
        leave(m);
        return;
    }
    if (v.kind == V_ARRAY) {
        const struct array *a = v.u.array;
        if (depth + a->n_dims > MAX_DIMS)
            value_error(m, "more than %d dimensions", MAX_DIMS);
        for (int i = 0; i < a->n_dims; i++) {
            if (f->n_dims >= 0 && f->shape[depth + i] != a->shape[i])
                value_error(m, "arrays of different shapes in one array");
            f->shape[depth + i] = a->shape[i];
        }
        if (f->n_dims >= 0 && f->n_dims != depth + a->n_dims)
            value_error(m, "arrays of different shapes in one array");
        f->n_dims = depth + a->n_dims;
        merge_dtype(m, f, a->dt);
        if (a->dt == DT_STR && a->item_nbytes / 4 > f->n_characters)
            f->n_characters = a->item_nbytes / 4;
        return;
    }
    if (f->n_dims >= 0 && f->n_dims != depth)
        value_error(m, "setting an array element with a sequence. The requested array has an inhomogeneous shape");
    f->n_dims = depth;
    if (is_text(v)) {
        merge_dtype(m, f, DT_STR);
        f->n_characters = v.u.text->n_points > f->n_characters ? v.u.text->n_points : f->n_characters;
    } else if (v.kind == V_BIG) {
        if (!fits_u64(v, &fits))
            fail(m, "an array of integers that uint64 cannot hold is not supported");
        merge_dtype(m, f, DT_UINT64);
    } else if (is_number(v)) {
        merge_dtype(m, f,
                    v.kind == V_BOOL    ? DT_BOOL
                    : v.kind == V_INT   ? DT_INT64
                    : v.kind == V_FLOAT ? DT_FLOAT64
                                        : v.dt);
    } else {
        refuse_item(m, v);
    }
}

static void fill_from(vm *m, struct array *out, int64_t *offset, value v)
{
    struct array *own = object_array(m, v);
    if (own)
        v = array_value(own);
    if (v.kind == V_ARRAY) {
        const struct array *a = v.u.array;
        for (struct cursor c = cursor_start(a); cursor_more(&c); cursor_next(&c), *offset += out->item_nbytes)
            array_put_item(m, out, *offset, array_item(m, a, c.offset));
    } else if (v.kind == V_RANGE) {
        for (uint64_t i = 0; i < v.u.range->n; i++, *offset += out->item_nbytes)
            array_put_item(m, out, *offset, INT(range_item(v.u.range, i)));
    } else if (is_sequence(v)) {
        for (size_t i = 0; i < v.u.seq->n; i++)
            fill_from(m, out, offset, v.u.seq->items[i]);
    } else {
        array_put_item(m, out, *offset, v);
        *offset += out->item_nbytes;
    }
}

struct array *array_from(vm *m, value v, dtype dt)
{
    struct array *own = object_array(m, v);
    if (v.kind == V_TENSOR)
        v = tensor_numpy(m, v);
    if (own)
        v = array_value(own);
    if (v.kind == V_ARRAY)
        return dt == DT_NONE || dt == v.u.array->dt ? v.u.array : array_cast(m, v.u.array, dt);
    if (v.kind == V_SET || v.kind == V_DICT || v.kind == V_NONE)
        type_error(m, "an array of '%s' is not supported (numbers, bool and str are)", type_name(v));
    struct finding f = {.n_dims = -1, .dt = DT_NONE};
    find_shape(m, &f, v, 0);
    if (f.dt == DT_NONE)
        f.dt = DT_FLOAT64;
    if (dt == DT_STR && f.dt != DT_STR)
        type_error(m, "casting between str and numbers is not supported");
    struct array *a = array_new(m, dt == DT_NONE ? f.dt : dt, f.n_dims, f.shape, f.n_characters);
    int64_t offset = 0;
    step(m, (uint64_t)array_size(a));
    if (array_size(a) > 0)
        fill_from(m, a, &offset, v);
    return a;
}

/* --- Shapes ---------------------------------------------------------------------------------------------------------- */

int shape_from(vm *m, value v, int64_t shape[MAX_DIMS])
{
    if (v.kind == V_ARRAY && v.u.array->n_dims > 0)
        v = array_to_list(m, v.u.array);
    if (!is_sequence(v)) {
        shape[0] = to_int64(m, v, "a size");
        return 1;
    }
    if (v.u.seq->n > MAX_DIMS)
        value_error(m, "more than %d dimensions", MAX_DIMS);
    for (size_t i = 0; i < v.u.seq->n; i++)
        shape[i] = to_int64(m, v.u.seq->items[i], "a dimension");
    return (int)v.u.seq->n;
}

value shape_tuple(vm *m, const int64_t *shape, int n_dims)
{
    value tuple = make_sequence(m, V_TUPLE, (size_t)n_dims);
    for (int i = 0; i < n_dims; i++)
        tuple.u.seq->items[i] = INT(shape[i]);
    return tuple;
}

const char *dims_text(vm *m, int n_dims, const int64_t *shape)
{
    struct writer w = writer_start(m);
    put_text(&w, "(");
    for (int i = 0; i < n_dims; i++)
        put_format(&w, "%s%lld", i ? "," : "", (long long)shape[i]);
    put_text(&w, n_dims == 1 ? ",)" : ")");
    return written(&w);
}

bool shapes_agree(struct array *const *arrays, size_t n, int *n_dims_out, int64_t *shape)
{
    int n_dims = 0;
    for (size_t k = 0; k < n; k++)
        n_dims = arrays[k]->n_dims > n_dims ? arrays[k]->n_dims : n_dims;
    for (int i = 0; i < n_dims; i++)
        shape[i] = 1;
    *n_dims_out = n_dims;
    for (size_t k = 0; k < n; k++)
        for (int i = 0; i < arrays[k]->n_dims; i++) {
            int64_t *to = &shape[n_dims - arrays[k]->n_dims + i], from = arrays[k]->shape[i];
            if (*to == 1)
                *to = from;
            else if (from != 1 && from != *to)
                return false;
        }
    return true;
}

void broadcast_shapes(vm *m, struct array *const *arrays, size_t n, int *n_dims_out, int64_t *shape)
{
    if (shapes_agree(arrays, n, n_dims_out, shape))
        return;
    for (size_t k = 1; k < n; k++)
        for (size_t i = 0; i < k; i++) {
            struct array *pair[] = {arrays[i], arrays[k]};
            if (!shapes_agree(pair, 2, n_dims_out, shape))
                value_error(m,
                            "shape mismatch: objects cannot be broadcast to a single shape.  Mismatch is between arg "
                            "%zu with shape %s and arg %zu with shape %s.",
                            i, dims_text(m, arrays[i]->n_dims, arrays[i]->shape), k,
                            dims_text(m, arrays[k]->n_dims, arrays[k]->shape));
        }
    value_error(m, "shape mismatch: objects cannot be broadcast to a single shape");
}

struct array *array_broadcast(vm *m, const struct array *a, int n_dims, const int64_t *shape)
{
    struct array *view = array_view(m, a);
    int more = n_dims - a->n_dims;
    bool fits = more >= 0;
    for (int i = 0; fits && i < a->n_dims; i++)
        fits = a->shape[i] == 1 || a->shape[i] == shape[more + i];
    if (!fits)
        value_error(m, "could not broadcast input array from shape %s into shape %s", dims_text(m, a->n_dims, a->shape),
                    dims_text(m, n_dims, shape));
    view->n_dims = (uint8_t)n_dims;
    for (int i = 0; i < n_dims; i++) {
        bool own = i >= more && a->shape[i - more] == shape[i];
        view->shape[i] = shape[i];
        view->strides[i] = own ? a->strides[i - more] : 0;
    }
    return view;
}

struct array *array_reshape(vm *m, struct array *a, int n_dims, int64_t *shape)
{
    int64_t size = array_size(a), known = 1;
    int open = -1;
    for (int i = 0; i < n_dims; i++) {
        if (shape[i] < 0) {
            if (open >= 0)
                value_error(m, "can only specify one unknown dimension");
            open = i;
        } else {
            if (shape[i] > 0 && known > INT64_MAX / shape[i])
                value_error(m, "cannot reshape array of size %lld into that shape", (long long)size);
            known *= shape[i];
        }
    }
    int64_t rest = known > 0 ? size / known : 0;
    if (known * (open >= 0 ? rest : 1) != size)
        value_error(m, "cannot reshape array of size %lld into shape %s", (long long)size, dims_text(m, n_dims, shape));
    if (open >= 0)
        shape[open] = rest;
    struct array *out = array_is_contiguous(a) ? array_view(m, a) : array_copy(m, a);
    int64_t nbytes = a->item_nbytes;
    out->n_dims = (uint8_t)n_dims;
    for (int i = n_dims; i-- > 0;) {
        out->shape[i] = shape[i];
        out->strides[i] = nbytes;
        nbytes *= shape[i] ? shape[i] : 1;
    }
    return out;
}

void array_assign_in_place(vm *m, struct array *a, value from, bool same_kind)
{
    struct array *source = array_from(m, from, DT_NONE);
    if (same_kind && source->dt != a->dt && dtype_is_float(source->dt) && !dtype_is_float(a->dt))
        type_error(m, "cannot cast from %s to %s in place (same_kind)", dtype_name(source->dt), dtype_name(a->dt));
    if (source->buffer == a->buffer)
        source = array_copy(m, source);
    source = array_broadcast(m, source, a->n_dims, a->shape);
    struct cursor to = cursor_start(a);
    for (struct cursor c = cursor_start(source); cursor_more(&c); cursor_next(&c), cursor_next(&to))
        array_put_item(m, a, to.offset, array_item(m, source, c.offset));
}
