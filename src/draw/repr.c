/* repr.c - how Python and NumPy print values that are no arrays.
 * SPDX-License-Identifier: MIT */
#include <math.h>   /* isfinite, isnan */
#include <stdio.h>  /* snprintf */
#include <string.h> /* memchr */

#include "draw/jax_array.h"        /* put_jax_class */
#include "draw/bind.h"             /* put_holder */
#include "draw/iterators.h"        /* struct iterator */
#include "draw/ndarray.h"          /* dtype_name */
#include "draw/tensor.h"           /* put_tensor */
#include "draw/tensorflow_eager.h" /* is_tensorflow_dtype */

/* Not printable in Python's sense: controls, and the few spaces and format characters that people meet. */
static bool is_printable(uint32_t c)
{
    return !(c < 32 || (c >= 127 && c <= 160) || c == 0xad || (c >= 0x2000 && c <= 0x200f) ||
             (c >= 0x2028 && c <= 0x202f) || (c >= 0x205f && c <= 0x206f) || c == 0x1680 || c == 0x3000 ||
             c == 0xfeff || (c >= 0xe000 && c <= 0xf8ff));
}

static void put_quoted(struct writer *w, const struct text *text, bool bytes)
{
    const unsigned char *at = (const unsigned char *)text->bytes, *end = at + text->nbytes;
    bool single = memchr(at, '\'', text->nbytes) != NULL, twice = memchr(at, '"', text->nbytes) != NULL;
    char quote = single && !twice ? '"' : '\'';
    put(w, &quote, 1);
    while (at < end) {
        size_t n = bytes || *at < 0x80 ? 1 : *at < 0xe0 ? 2 : *at < 0xf0 ? 3 : 4;
        uint32_t c = n == 1 ? *at : n == 2 ? *at & 31u : n == 3 ? *at & 15u : *at & 7u;
        for (size_t k = 1; k < n; k++)
            c = c << 6 | (at[k] & 63u);
        if (c == (unsigned char)quote || c == '\\')
            put_format(w, "\\%c", (char)c);
        else if (c == '\n' || c == '\r' || c == '\t')
            put_text(w, c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\t");
        else if (bytes ? c < 32 || c > 126 : !is_printable(c))
            put_format(w, c < 256 ? "\\x%02x" : c < 65536 ? "\\u%04x" : "\\U%08x", c);
        else
            put(w, (const char *)at, n);
        at += n;
    }
    put(w, &quote, 1);
}

static void put_items(struct writer *w, const value *items, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            put_text(w, ", ");
        put_repr(w, items[i]);
    }
}

static void put_dict(struct writer *w, const struct dict *dict)
{
    bool first = true;
    put_text(w, "{");
    for (size_t i = 0; i < dict->n_entries; i++) {
        if (!dict->entries[i].used)
            continue;
        put_text(w, first ? "" : ", ");
        first = false;
        put_repr(w, dict->entries[i].key);
        put_text(w, ": ");
        put_repr(w, dict->entries[i].item);
    }
    put_text(w, "}");
}

/* As a dict's in its call since Python 3.12, as a list of pairs before. */
static void put_ordered(struct writer *w, const struct dict *dict)
{
    bool pairs = w->m->settings.python_version != 0 && w->m->settings.python_version < 312, first = true;
    put_text(w, "OrderedDict(");
    if (!pairs && dict->n > 0)
        put_dict(w, dict);
    for (size_t i = 0; pairs && i < dict->n_entries; i++) {
        if (!dict->entries[i].used)
            continue;
        put_text(w, first ? "[(" : ", (");
        first = false;
        put_repr(w, dict->entries[i].key);
        put_text(w, ", ");
        put_repr(w, dict->entries[i].item);
        put_text(w, ")");
    }
    put_text(w, pairs && !first ? "])" : ")");
}

static void put_set(struct writer *w, const struct set *set)
{
    bool first = true;
    require_set_order(w->m, set);
    if (set->used == 0) {
        put_text(w, set->frozen ? "frozenset()" : "set()");
        return;
    }
    put_text(w, set->frozen ? "frozenset({" : "{");
    for (size_t i = 0; i <= set->mask; i++) {
        if (set->slots[i].state != 1)
            continue;
        put_text(w, first ? "" : ", ");
        first = false;
        put_repr(w, set->slots[i].key);
    }
    put_text(w, set->frozen ? "})" : "}");
}

static bool prints_old_scalars(const vm *m)
{
    return m->settings.numpy_version != 0 && m->settings.numpy_version < 20000;
}

static void put_scalar(struct writer *w, value v, bool repr)
{
    if (v.dt == DT_BFLOAT16) { /* ml_dtypes' */
        put_format(w, isnan(v.u.f) ? "nan" : "%g", v.u.f);
        return;
    }
    bool wrapped = repr && !prints_old_scalars(w->m);
    if (v.dt == DT_BOOL) {
        put_text(w, wrapped ? (v.u.i ? "np.True_" : "np.False_") : v.u.i ? "True" : "False");
        return;
    }
    if (wrapped)
        put_format(w, "np.%s(", dtype_name(v.dt));
    if (dtype_is_float(v.dt)) {
        char text[FLOAT_TEXT];
        uint32_t version = w->m->settings.numpy_version;
        bool early = v.dt != DT_FLOAT64 && (version == 0 || version >= 20300); /* see array_print.c */
        float_repr_below(v.u.f, 8 * (int)dtype_nbytes(v.dt), !early ? 1e16 : v.dt == DT_FLOAT32 ? 1e6 : 1e3, text);
        put_text(w, text);
    } else {
        put_big(w, plain_integer(w->m, v));
    }
    if (wrapped)
        put_text(w, ")");
}

static void put_native(struct writer *w, const struct native *native)
{
    if (is_tensorflow_dtype(NATIVE(native))) {
        put_format(w, "tf.%s", native->dt == DT_STR + 1 ? "string" : native->name);
        return;
    }
    if (native->sort != NATIVE_CLASS) {
        put_format(w, "<built-in function %s>", native->name);
        return;
    }
    if (put_jax_class(w, native))
        return;
    bool python = find_native(builtins, native->name) == native;
    bool generator = find_native(module_random.natives, native->name) == native;
    bool bits = find_native(module_numpy_random.natives, native->name) == native;
    static const char *const homes[][2] = {{"Generator", "numpy.random._generator"},
                                           {"RandomState", "numpy.random.mtrand"},
                                           {"SeedSequence", "numpy.random.bit_generator"},
                                           {"PCG64", "numpy.random._pcg64"},
                                           {"PCG64DXSM", "numpy.random._pcg64"},
                                           {"MT19937", "numpy.random._mt19937"},
                                           {"Philox", "numpy.random._philox"},
                                           {"SFC64", "numpy.random._sfc64"}};
    if (tensor_function_named(native->name) == native) {
        put_format(w, "<class 'torch.%s'>", native->name);
        return;
    }
    if (!python && !generator && !bits && find_native(numpy_functions, native->name) != native)
        fail(w->m, "a class of torch or scikit-learn prints the file that it is in: print its __name__");
    const char *home = python ? "" : generator ? "random." : bits ? "numpy.random." : "numpy.";
    for (size_t i = 0; bits && i < sizeof homes / sizeof *homes; i++)
        if (strcmp(homes[i][0], native->name) == 0) {
            put_format(w, "<class '%s.%s'>", homes[i][1], native->name);
            return;
        }
    put_format(w, "<class '%s%s'>", home, native->name);
}

void put_repr(struct writer *w, value v)
{
    char text[FLOAT_TEXT];
    step(w->m, 1);
    enter(w->m);
    switch (v.kind) {
    case V_NONE:
        put_text(w, "None");
        break;
    case V_ELLIPSIS:
        put_text(w, "Ellipsis");
        break;
    case V_BOOL:
        put_text(w, v.u.i ? "True" : "False");
        break;
    case V_INT:
    case V_BIG:
        put_big(w, v);
        break;
    case V_FLOAT:
        float_repr(v.u.f, 64, text);
        put_text(w, text);
        break;
    case V_SCALAR:
        put_scalar(w, v, true);
        break;
    case V_STR:
        put_quoted(w, v.u.text, false);
        break;
    case V_NPSTR:
        put_text(w, prints_old_scalars(w->m) ? "" : "np.str_(");
        put_quoted(w, v.u.text, false);
        put_text(w, prints_old_scalars(w->m) ? "" : ")");
        break;
    case V_BYTES:
        put_text(w, "b");
        put_quoted(w, v.u.text, true);
        break;
    case V_LIST:
        put_text(w, "[");
        put_items(w, v.u.seq->items, v.u.seq->n);
        put_text(w, "]");
        break;
    case V_TUPLE:
        if (v.u.seq->type == torch_size_type) {
            put_text(w, "torch.Size([");
            put_items(w, v.u.seq->items, v.u.seq->n);
            put_text(w, "])");
            break;
        }
        if (put_return_type(w, v))
            break;
        put_text(w, "(");
        put_items(w, v.u.seq->items, v.u.seq->n);
        put_text(w, v.u.seq->n == 1 ? ",)" : ")");
        break;
    case V_DICT:
        if (v.u.dict->ordered)
            put_ordered(w, v.u.dict);
        else
            put_dict(w, v.u.dict);
        break;
    case V_SET:
        put_set(w, v.u.set);
        break;
    case V_RANGE: {
        const struct range *r = v.u.range;

        put_format(w, "range(%lld, %lld", (long long)r->start, (long long)r->stop);
        if (r->step != 1)
            put_format(w, ", %lld", (long long)r->step);
        put_text(w, ")");
        break;
    }
    case V_SLICE:
        put_text(w, "slice(");
        put_items(w, &v.u.slice->start, 3);
        put_text(w, ")");
        break;
    case V_DTYPE:
        if (v.dt == DT_STR && v.u.i > 0)
            put_format(w, "dtype('<U%lld')", (long long)v.u.i);
        else
            put_format(w, v.dt == DT_BFLOAT16 ? "dtype(%s)" : "dtype('%s')", v.dt == DT_STR ? "<U" : dtype_name(v.dt));
        break;
    case V_MODULE:
        put_format(w, "<module '%s'>", v.u.module->name);
        break;
    case V_NATIVE:
        put_native(w, v.u.native);
        break;
    case V_ARRAY:
        put_array(w, v.u.array, true);
        break;
    case V_TENSOR:
        put_tensor(w, v.u.tensor);
        break;
    case V_TORCH_DTYPE:
        put_format(w, "torch.%s", dtype_name(v.dt));
        break;
    case V_DEVICE:
        put_format(w, "device(type='%s'", device_name(v.dt));
        if (v.u.i >= 0)
            put_format(w, ", index=%lld", (long long)v.u.i);
        put_text(w, ")");
        break;
    case V_METHOD:
        put_format(w, "<built-in method %s of %s object>", v.u.method->native->name, type_name(v.u.method->self));
        break;
    case V_ITERATOR:
        fail(w->m, "a %s prints its address: make it a list", v.u.iterator->type);
    case V_VIEW:
        put_format(w, "%s([", view_type(v.u.view));
        put_items(w, to_list(w->m, v).u.seq->items, v.u.view->dict.u.dict->n);
        put_text(w, "])");
        break;
    default:
        put_holder(w, v);
    }
    leave(w->m);
}

void put_str(struct writer *w, value v)
{
    if (is_text(v))
        put(w, v.u.text->bytes, v.u.text->nbytes);
    else if (v.kind == V_SCALAR)
        put_scalar(w, v, false);
    else if (v.kind == V_ARRAY)
        put_array(w, v.u.array, false);
    else if (v.kind == V_DTYPE && v.dt == DT_STR)
        put_format(w, "<U%lld", (long long)v.u.i);
    else if (v.kind == V_DTYPE)
        put_text(w, dtype_name(v.dt));
    else if (is_tensorflow_dtype(v))
        put_format(w, "<dtype: '%s'>", v.u.native->name);
    else if (v.kind == V_DEVICE)
        put_device(w, v);
    else if (v.kind >= V_STREAM)
        put_holder_str(w, v);
    else
        put_repr(w, v);
}
