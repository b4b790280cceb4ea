/* _core_digest.c - digests of Python values, by kind of value.
 * SPDX-License-Identifier: MIT
 *
 * A value is written as a stream of tags, lengths and bytes, which is hashed with XXH3 (128 bits). How to write the
 * values of a type is found once per type and kept (struct type_entry). */
#include "_core_digest.h"

#include <string.h> /* memcpy, strcmp */

#define XXH_INLINE_ALL /* no run-time dependency */
#include <xxhash.h>    /* XXH3_128bits */

/* Exported by every CPython from 3.9 on; limited from 3.10. */
extern const char *PyUnicode_AsUTF8AndSize(PyObject *text, Py_ssize_t *nbytes);
extern PyObject *PyCell_Get(PyObject *cell);
extern void *PyMem_Calloc(size_t n, size_t nbytes);                        /* limited from 3.10 */
extern PyObject *PyObject_GenericGetDict(PyObject *object, void *context); /* limited from 3.10 */
extern PyObject *PyMember_GetOne(const char *object, struct PyMemberDef *member);

const struct core_digest_limits core_digest_limits = {
    .depth = 6, .n_nodes = 20000, .block_nbytes = 4u << 20, .total_nbytes = 4u << 20};

/* Tags of the stream. Digests are only compared between runs of one version of oneseed, so they may change. */
enum tag {
    TAG_ABSENT = 1,
    TAG_SINGLE,
    TAG_BOOL,
    TAG_INT,
    TAG_BIGINT,
    TAG_FLOAT,
    TAG_COMPLEX,
    TAG_TEXT,
    TAG_BYTES,
    TAG_LIST,
    TAG_TUPLE,
    TAG_DICT,
    TAG_SET,
    TAG_ITEMS,
    TAG_END,
    TAG_NAME,
    TAG_TYPE,
    TAG_FIELDS,
    TAG_ARRAY,
    TAG_TENSOR,
    TAG_CYCLE,
    TAG_DEEP,
    TAG_UNREAD,
    TAG_NUMBER,
};

enum kind {
    KIND_OPAQUE, /* by the name of its type alone */
    KIND_SINGLE, /* the only value of its type */
    KIND_BOOL,
    KIND_INT,
    KIND_FLOAT,
    KIND_COMPLEX,
    KIND_TEXT,
    KIND_BYTES,
    KIND_BYTEARRAY,
    KIND_LIST,
    KIND_TUPLE,
    KIND_DICT,
    KIND_ORDERED_DICT,
    KIND_SET,
    KIND_ITERABLE, /* through the iterator of the built-in base */
    KIND_GETTERS,  /* by a list of C attributes */
    KIND_CLASS,
    KIND_MODULE,
    KIND_FUNCTION,
    KIND_CODE, /* other callables and descriptors: by their name */
    KIND_PROXY,
    KIND_BUFFER,
    KIND_REPR, /* built-in types whose repr() is their value */
    KIND_RANDOM,
    KIND_CALL, /* by the result of one C method without arguments */
    KIND_ARRAY,
    KIND_SCALAR,
    KIND_TENSOR,
    KIND_OBJECT,
    KIND_EXCEPTION,
    KIND_ENUM,
};

/* A slot or C member. The definition belongs to the class: holding its descriptor would keep the class alive. */
struct slot {
    PyObject *name; /* strong */
    struct PyMemberDef *member;
};

/* Descriptor of a slot or C member, the same from 3.9 to 3.15. */
struct member_descriptor {
    PyObject_HEAD PyTypeObject *type;
    PyObject *name, *qualname;
    struct PyMemberDef *member;
};

struct type_entry {
    PyTypeObject *type;
    PyObject *alive; /* weak reference to a class made at run time: its address may come to mean another one */
    enum kind kind;
    bool is_subclass; /* of the built-in type that `kind` reads: the type's name and fields count too */
    bool public_only; /* fields with a leading underscore are the library's bookkeeping */
    uint64_t name[2]; /* digest of module and qualified name */
    bool has_dict;
    bool known_layout; /* RANDOM: the words can be read in place */
    struct slot *slots;
    size_t n_slots;
    PyObject *method; /* what ITERABLE and CALL call */
    const char *const *getters;
    PyTypeObject *base; /* the built-in type that `kind` reads */
};

/* ---- what is found once per process ---- */

typedef PyObject *descriptor_get(PyObject *descriptor, PyObject *object, PyObject *type);

static struct {
    PyObject *type_dict, *type_mro, *type_qualname, *type_module,
        *type_basicsize;                              /* the getters that every class has from `type` */
    PyTypeObject *getset, *member, *method, *wrapper; /* types of descriptors that are C code */
    descriptor_get *getset_get, *member_get;          /* NULL before 3.10 */
    PyObject *dunder_get, *dunder_qualname, *dunder_module, *dunder_closure, *dunder_defaults;
    PyObject *args, *enum_name, *enum_value, *parameters, *buffers, *modules, *name;
} known;

enum { N_TYPES = 1 << 14 }; /* a power of two; at most half filled */
static struct type_entry *types[N_TYPES];
static size_t n_types;

/* ---- the stream ---- */

static void fold(struct core_sink *sink)
{
    XXH128_hash_t hash = XXH3_128bits(sink->bytes, sink->n);
    memcpy(sink->bytes, &hash, sizeof hash);
    sink->n = sizeof hash;
}

static void put(struct core_sink *sink, const void *bytes, size_t nbytes)
{
    if (sink->n + nbytes > sizeof sink->bytes)
        fold(sink);
    memcpy(sink->bytes + sink->n, bytes, nbytes);
    sink->n += nbytes;
}

static void put_tag(struct core_sink *sink, enum tag tag)
{
    unsigned char byte = (unsigned char)tag;
    put(sink, &byte, 1);
}

static void put_number(struct core_sink *sink, enum tag tag, uint64_t number)
{
    put_tag(sink, tag);
    put(sink, &number, sizeof number);
}

static void put_digest(struct core_sink *sink, XXH128_hash_t hash)
{
    put(sink, &hash, sizeof hash);
}

enum { SHORT_BYTES = 256, N_BLOCKS = 64, BLOCK_NBYTES = 1024, SMALL_BLOCK_NBYTES = 64 };

/* How much of a buffer is read. */
struct coverage {
    bool all;
    size_t block_nbytes; /* else: of each of N_BLOCKS blocks; 0: nothing */
};

/* Takes what will be read from the budget. */
static struct coverage cover(struct core_walk *walk, uint64_t nbytes)
{
    struct core_digest_limits *limits = &walk->limits;
    struct coverage coverage = {.all = nbytes <= limits->block_nbytes && nbytes <= limits->total_nbytes};
    uint64_t read = nbytes;
    if (!coverage.all) {
        walk->flags |= ONESEED_FLAG_TRUNCATED;
        if (limits->block_nbytes == 0)
            return coverage;
        coverage.block_nbytes = limits->total_nbytes >= N_BLOCKS * BLOCK_NBYTES         ? BLOCK_NBYTES
                                : limits->total_nbytes >= N_BLOCKS * SMALL_BLOCK_NBYTES ? SMALL_BLOCK_NBYTES
                                                                                        : 0;
        read = N_BLOCKS * coverage.block_nbytes;
        coverage.all = read > 0 && nbytes <= read;
    }
    limits->total_nbytes -= read < limits->total_nbytes ? read : limits->total_nbytes;
    walk->cost += read / 64;
    return coverage;
}

/* First element of block k when `n` elements are sampled, `per_block` a block: the first and the last are in. */
static size_t block_start(size_t n, size_t per_block, size_t k)
{
    size_t span = n - per_block;
    return span / (N_BLOCKS - 1) * k + span % (N_BLOCKS - 1) * k / (N_BLOCKS - 1);
}

static void put_bytes(struct core_walk *walk, struct core_sink *sink, enum tag tag, const void *bytes, size_t nbytes)
{
    put_number(sink, tag, nbytes);
    if (nbytes <= SHORT_BYTES) {
        put(sink, bytes, nbytes);
        return;
    }
    struct coverage coverage = cover(walk, nbytes);
    if (coverage.all)
        put_digest(sink, XXH3_128bits(bytes, nbytes));
    else if (coverage.block_nbytes == 0)
        put_tag(sink, TAG_UNREAD);
    else
        for (size_t k = 0; k < N_BLOCKS; k++) {
            size_t start = block_start(nbytes, coverage.block_nbytes, k);
            put_digest(sink, XXH3_128bits((const char *)bytes + start, coverage.block_nbytes));
        }
}

static void put_text(struct core_walk *walk, struct core_sink *sink, PyObject *text)
{
    Py_ssize_t nbytes;
    const char *utf8 = PyUnicode_AsUTF8AndSize(text, &nbytes);
    if (utf8) {
        put_bytes(walk, sink, TAG_TEXT, utf8, (size_t)nbytes);
        return;
    }
    PyErr_Clear(); /* lone surrogates, as os.fsdecode() makes */
    PyObject *encoded = PyUnicode_AsEncodedString(text, "utf-8", "surrogatepass");
    if (encoded)
        put_bytes(walk, sink, TAG_TEXT, PyBytes_AsString(encoded), (size_t)PyBytes_Size(encoded));
    else
        PyErr_Clear();
    Py_XDECREF(encoded);
}

/* ---- reading through descriptors of C types ---- */

/* What `descriptor` (a getset or member of a C type) gives for `object`; NULL without error. */
static PyObject *get_through(PyObject *descriptor, PyObject *object)
{
    PyTypeObject *type = Py_TYPE(descriptor);
    PyObject *value = NULL;
    if (type == known.getset && known.getset_get)
        value = known.getset_get(descriptor, object, (PyObject *)Py_TYPE(object));
    else if (type == known.member && known.member_get)
        value = known.member_get(descriptor, object, (PyObject *)Py_TYPE(object));
    else if (type == known.getset || type == known.member)
        value = PyObject_CallMethodObjArgs(descriptor, known.dunder_get, object, (PyObject *)Py_TYPE(object), NULL);
    if (!value)
        PyErr_Clear();
    return value;
}

/* Calls a getter that was found in `type` itself: safe for classes with a metaclass of their own. */
static PyObject *of_type(PyObject *descriptor, PyTypeObject *type)
{
    PyObject *value =
        PyObject_CallMethodObjArgs(descriptor, known.dunder_get, (PyObject *)type, (PyObject *)&PyType_Type, NULL);
    if (!value)
        PyErr_Clear();
    return value;
}

/* New reference to what `type` itself (not its bases) has under `name`, or NULL. */
static PyObject *own_attribute(PyTypeObject *type, PyObject *name)
{
    PyObject *dict = of_type(known.type_dict, type);
    PyObject *value = dict ? PyObject_GetItem(dict, name) : NULL;
    Py_XDECREF(dict);
    if (!value)
        PyErr_Clear();
    return value;
}

static PyObject *own_attribute_string(PyTypeObject *type, const char *name)
{
    PyObject *text = PyUnicode_InternFromString(name);
    PyObject *value = text ? own_attribute(type, text) : NULL;
    Py_XDECREF(text);
    return value;
}

static bool is_c_method(PyObject *descriptor)
{
    return descriptor && (Py_TYPE(descriptor) == known.method || Py_TYPE(descriptor) == known.wrapper);
}

static PyObject *call(PyObject *method, PyObject *object)
{
    PyObject *value = PyObject_CallFunctionObjArgs(method, object, NULL);
    if (!value)
        PyErr_Clear();
    return value;
}

/* NULL when `method` is not C code, or fails. */
static PyObject *call_c(PyObject *method, PyObject *object)
{
    return is_c_method(method) ? call(method, object) : NULL;
}

static PyObject *get_own(PyTypeObject *base, const char *name, PyObject *object)
{
    PyObject *descriptor = own_attribute_string(base, name);
    PyObject *value = descriptor ? get_through(descriptor, object) : NULL;
    Py_XDECREF(descriptor);
    return value;
}

/* ---- NumPy: the array struct has had this layout since 1.7, also in 2.x ---- */

struct array_object {
    PyObject_HEAD char *data;
    int n_dims;
    Py_ssize_t *shape, *strides;
    PyObject *base, *dtype;
};

static struct {
    PyTypeObject *array, *generic;
    PyObject *array_tolist, *scalar_dtype, *scalar_tobytes, *scalar_item;
} numpy;

enum { API_ARRAY_TYPE = 2, API_GENERIC_TYPE = 10, MAX_DIMS = 64 };

/* The types of arrays and scalars, from the table that NumPy gives to C code. */
static void find_numpy(void)
{
    static const char *const modules[] = {"numpy._core._multiarray_umath", "numpy.core._multiarray_umath"};
    PyObject *loaded = PyImport_GetModuleDict();
    for (size_t i = 0; i < 2 && !numpy.array; i++) {
        PyObject *module = PyDict_GetItemString(loaded, modules[i]);
        PyObject *capsule =
            module && PyModule_Check(module) ? PyDict_GetItemString(PyModule_GetDict(module), "_ARRAY_API") : NULL;
        if (!capsule || !PyCapsule_CheckExact(capsule))
            continue;
        void **table = PyCapsule_GetPointer(capsule, NULL);
        if (table) {
            numpy.array = table[API_ARRAY_TYPE];
            numpy.generic = table[API_GENERIC_TYPE];
            numpy.array_tolist = own_attribute_string(numpy.array, "tolist");
            numpy.scalar_dtype = own_attribute_string(numpy.generic, "dtype");
            numpy.scalar_tobytes = own_attribute_string(numpy.generic, "tobytes");
            numpy.scalar_item = own_attribute_string(numpy.generic, "item");
        }
    }
    PyErr_Clear();
}

enum flavour { FLAVOUR_RAW, FLAVOUR_OBJECT, FLAVOUR_LONG_DOUBLE, FLAVOUR_AS_LIST };

struct dtype_entry {
    PyObject *dtype; /* strong: few, and most live for ever */
    uint64_t digest[2];
    size_t item_nbytes;
    enum flavour flavour;
};

enum { N_DTYPES = 64 };
static struct dtype_entry dtypes[N_DTYPES];

static PyObject *dtype_attribute(PyObject *dtype, const char *name)
{
    PyObject *value = PyObject_GetAttrString(dtype, name); /* numpy.dtype cannot be subclassed in Python */
    if (!value)
        PyErr_Clear();
    return value;
}

static long long dtype_number(PyObject *dtype, const char *name)
{
    PyObject *value = dtype_attribute(dtype, name);
    long long number = value && PyLong_Check(value) ? PyLong_AsLongLong(value) : -1;
    Py_XDECREF(value);
    PyErr_Clear();
    return number;
}

/* Structured types may have gaps between their fields, which nobody writes. */
static bool has_gaps(PyObject *dtype)
{
    PyObject *names = dtype_attribute(dtype, "names"), *fields = dtype_attribute(dtype, "fields");
    long long covered = 0;
    bool gaps = false;
    if (names && PyTuple_Check(names) && fields) {
        for (Py_ssize_t i = 0; i < PyTuple_Size(names); i++) {
            PyObject *field = PyObject_GetItem(fields, PyTuple_GetItem(names, i));
            PyObject *part = field && PyTuple_Check(field) ? PyTuple_GetItem(field, 0) : NULL;
            covered += part ? dtype_number(part, "itemsize") : 0;
            gaps = gaps || !part || has_gaps(part);
            Py_XDECREF(field);
        }
        gaps = gaps || covered != dtype_number(dtype, "itemsize");
    }
    Py_XDECREF(names);
    Py_XDECREF(fields);
    PyErr_Clear();
    return gaps;
}

static void walk_value(struct core_walk *walk, struct core_sink *sink, PyObject *value);

/* Borrowed from the table until the next call; NULL when the type could not be read. */
static const struct dtype_entry *dtype_entry(struct core_walk *walk, PyObject *dtype)
{
    struct dtype_entry *entry = &dtypes[((uintptr_t)dtype >> 4) % N_DTYPES];
    if (entry->dtype == dtype)
        return entry;
    struct dtype_entry fresh = {.dtype = dtype};
    PyObject *text = dtype_attribute(dtype, "str"), *letter = dtype_attribute(dtype, "char");
    PyObject *has_object = dtype_attribute(dtype, "hasobject"), *fields = dtype_attribute(dtype, "names");
    PyObject *type_name =
        of_type(known.type_qualname, Py_TYPE(dtype)); /* StringDType, bfloat16: not told apart by .str */
    long long item_nbytes = dtype_number(dtype, "itemsize");
    bool ok = text && PyUnicode_Check(text) && letter && PyUnicode_Check(letter) && has_object && item_nbytes >= 0;
    if (ok) {
        struct core_sink name = {0};
        put_text(walk, &name, text);
        if (type_name && PyUnicode_Check(type_name))
            put_text(walk, &name, type_name);
        if (fields && PyTuple_Check(fields))
            for (Py_ssize_t i = 0; i < PyTuple_Size(fields); i++)
                put_text(walk, &name, PyTuple_GetItem(fields, i));
        XXH128_hash_t hash = XXH3_128bits(name.bytes, name.n);
        memcpy(fresh.digest, &hash, sizeof hash);
        fresh.item_nbytes = (size_t)item_nbytes;
        Py_UCS4 c = PyUnicode_ReadChar(letter, 0);
        fresh.flavour = c == 'O'                                               ? FLAVOUR_OBJECT
                        : has_object == Py_True || c == 'T' || has_gaps(dtype) ? FLAVOUR_AS_LIST
                        : (c == 'g' || c == 'G') && item_nbytes % 16 == 0 && sizeof(long double) == 16
                            ? FLAVOUR_LONG_DOUBLE
                            : FLAVOUR_RAW;
    }
    Py_XDECREF(text);
    Py_XDECREF(letter);
    Py_XDECREF(has_object);
    Py_XDECREF(fields);
    Py_XDECREF(type_name);
    PyErr_Clear();
    if (!ok)
        return NULL;
    PyObject *dropped = entry->dtype;
    Py_INCREF(dtype);
    *entry = fresh;
    Py_XDECREF(dropped);
    return entry;
}

/* ---- elements of strided memory in logical order ---- */

struct strided {
    const char *data;
    int n_dims;
    const Py_ssize_t *shape, *strides; /* strides in bytes */
    size_t item_nbytes, n_items;
    bool contiguous, long_double;
};

static void describe(struct strided *view)
{
    Py_ssize_t expected = (Py_ssize_t)view->item_nbytes;
    view->n_items = 1;
    view->contiguous = true;
    for (int i = view->n_dims - 1; i >= 0; i--) {
        view->n_items *= (size_t)view->shape[i];
        view->contiguous = view->contiguous && (view->shape[i] == 1 || view->strides[i] == expected);
        expected *= view->shape[i];
    }
}

/* Copies `n` elements from the logical position `first` on. */
static void gather(const struct strided *view, size_t first, size_t n, char *to)
{
    Py_ssize_t at[MAX_DIMS];
    const char *from = view->data;
    size_t rest = first;
    for (int i = view->n_dims - 1; i >= 0; i--) {
        at[i] = (Py_ssize_t)(rest % (size_t)view->shape[i]);
        rest /= (size_t)view->shape[i];
        from += at[i] * view->strides[i];
    }
    while (n-- > 0) {
        memcpy(to, from, view->item_nbytes);
        to += view->item_nbytes;
        for (int i = view->n_dims - 1; i >= 0; i--) {
            from += view->strides[i];
            if (++at[i] < view->shape[i])
                break;
            from -= at[i] * view->strides[i];
            at[i] = 0;
        }
    }
}

#if defined(__x86_64__) || defined(__i386__)
enum { LONG_DOUBLE_USED = 10 }; /* of 16: the rest is padding that holds anything */
#else
enum { LONG_DOUBLE_USED = 16 };
#endif

static void clear_padding(char *bytes, size_t nbytes)
{
    for (size_t i = 0; i + 16 <= nbytes; i += 16)
        memset(bytes + i + LONG_DOUBLE_USED, 0, 16 - LONG_DOUBLE_USED);
}

static void put_elements(struct core_sink *sink, const struct strided *view, size_t first, size_t n)
{
    char block[4096];
    size_t per_block = sizeof block / view->item_nbytes;
    if (view->contiguous && !view->long_double) {
        put_digest(sink, XXH3_128bits(view->data + first * view->item_nbytes, n * view->item_nbytes));
        return;
    }
    if (per_block == 0) { /* elements larger than a block: each in turn, they are contiguous in themselves */
        for (size_t i = first; i < first + n; i++) {
            const struct strided one = *view;
            Py_ssize_t offset = 0;
            size_t rest = i;
            for (int d = one.n_dims - 1; d >= 0; d--) {
                offset += (Py_ssize_t)(rest % (size_t)one.shape[d]) * one.strides[d];
                rest /= (size_t)one.shape[d];
            }
            put_digest(sink, XXH3_128bits(one.data + offset, one.item_nbytes));
        }
        return;
    }
    XXH3_state_t state;
    XXH3_INITSTATE(&state);
    XXH3_128bits_reset(&state);
    while (n > 0) {
        size_t now = n < per_block ? n : per_block;
        gather(view, first, now, block);
        if (view->long_double)
            clear_padding(block, now * view->item_nbytes);
        XXH3_128bits_update(&state, block, now * view->item_nbytes);
        first += now;
        n -= now;
    }
    put_digest(sink, XXH3_128bits_digest(&state));
}

static void put_strided(struct core_walk *walk, struct core_sink *sink, const struct strided *view)
{
    size_t nbytes = view->n_items * view->item_nbytes;
    if (nbytes == 0)
        return;
    struct coverage coverage = cover(walk, nbytes);
    if (coverage.all) {
        put_elements(sink, view, 0, view->n_items);
        return;
    }
    size_t per_block = coverage.block_nbytes / view->item_nbytes;
    per_block = per_block ? per_block : 1;
    if (coverage.block_nbytes == 0 || view->n_items < N_BLOCKS * per_block) { /* the latter: a few huge elements */
        put_tag(sink, TAG_UNREAD);
        return;
    }
    for (size_t k = 0; k < N_BLOCKS; k++)
        put_elements(sink, view, block_start(view->n_items, per_block, k), per_block);
}

/* ---- fields ---- */

/* New reference, NULL without error. */
static PyObject *dict_of(PyObject *object, const struct type_entry *entry)
{
    PyObject *dict = entry->has_dict ? PyObject_GenericGetDict(object, NULL) : NULL;
    PyErr_Clear();
    if (dict && !PyDict_Check(dict)) {
        Py_DECREF(dict);
        return NULL;
    }
    return dict;
}

static PyObject *slot_of(PyObject *object, const struct slot *slot)
{
    PyObject *value = PyMember_GetOne((const char *)object, slot->member);
    PyErr_Clear();
    return value;
}

/* ---- containers ---- */

static bool enter(struct core_walk *walk, struct core_sink *sink, PyObject *value)
{
    for (unsigned i = 0; i < walk->depth; i++)
        if (walk->path[i] == value) {
            put_number(sink, TAG_CYCLE, walk->depth - i);
            return false;
        }
    if (walk->depth >= walk->limits.depth || walk->depth >= CORE_DIGEST_PATH) {
        walk->flags |= ONESEED_FLAG_TRUNCATED;
        put_tag(sink, TAG_DEEP);
        return false;
    }
    walk->path[walk->depth++] = value;
    return true;
}

static void leave(struct core_walk *walk)
{
    walk->depth--;
}

static void walk_item(struct core_walk *walk, struct core_sink *sink, PyObject *sequence, Py_ssize_t i, bool tuple)
{
    PyObject *item = tuple ? PyTuple_GetItem(sequence, i) : PyList_GetItem(sequence, i);
    if (!item) { /* it became shorter meanwhile */
        PyErr_Clear();
        return;
    }
    Py_INCREF(item);
    walk_value(walk, sink, item);
    Py_DECREF(item);
}

/* All items, or when there are more than the budget allows: the first half of what it allows, a quarter spread over the
 * middle, and the last quarter. */
static void walk_sequence(struct core_walk *walk, struct core_sink *sink, PyObject *sequence, bool tuple)
{
    Py_ssize_t n = tuple ? PyTuple_Size(sequence) : PyList_Size(sequence);
    put_number(sink, tuple ? TAG_TUPLE : TAG_LIST, (uint64_t)n);
    if (n == 0 || !enter(walk, sink, sequence))
        return;
    Py_ssize_t allowed = (Py_ssize_t)walk->limits.n_nodes;
    if (n <= allowed) {
        for (Py_ssize_t i = 0; i < n; i++)
            walk_item(walk, sink, sequence, i, tuple);
    } else {
        walk->flags |= ONESEED_FLAG_TRUNCATED;
        Py_ssize_t half = allowed / 2, quarter = allowed / 4, middle = n - half - quarter;
        for (Py_ssize_t i = 0; i < half; i++)
            walk_item(walk, sink, sequence, i, tuple);
        for (Py_ssize_t i = 0; i < quarter; i++)
            walk_item(walk, sink, sequence, half + middle * i / quarter, tuple);
        for (Py_ssize_t i = n - quarter; i < n; i++)
            walk_item(walk, sink, sequence, i, tuple);
    }
    leave(walk);
}

static void walk_dict(struct core_walk *walk, struct core_sink *sink, PyObject *dict)
{
    PyObject *key, *value;
    Py_ssize_t at = 0;
    put_number(sink, TAG_DICT, (uint64_t)PyDict_Size(dict));
    if (PyDict_Size(dict) == 0 || !enter(walk, sink, dict))
        return;
    while (PyDict_Next(dict, &at, &key, &value)) {
        if (walk->limits.n_nodes < 2) {
            walk->flags |= ONESEED_FLAG_TRUNCATED;
            break;
        }
        Py_INCREF(key);
        Py_INCREF(value);
        walk_value(walk, sink, key);
        walk_value(walk, sink, value);
        Py_DECREF(key);
        Py_DECREF(value);
    }
    put_tag(sink, TAG_END);
    leave(walk);
}

struct unordered {
    uint64_t sum[2], n;
};

static void add_unordered(struct unordered *all, struct core_sink *member)
{
    XXH128_hash_t hash = XXH3_128bits(member->bytes, member->n);
    all->sum[0] += hash.low64;
    all->sum[1] += hash.high64;
    all->n++;
}

/* Any subset of a set would depend on its order: too large a set counts by its size alone. */
static void walk_set(struct core_walk *walk, struct core_sink *sink, PyObject *set, PyObject *iter_method)
{
    Py_ssize_t n = PySet_Size(set);
    put_number(sink, TAG_SET, (uint64_t)n);
    if (n == 0 || !enter(walk, sink, set))
        return;
    if ((uint64_t)n > walk->limits.n_nodes) {
        walk->flags |= ONESEED_FLAG_TRUNCATED;
        leave(walk);
        return;
    }
    /* Each member has the same allowance, or what the order put last would get less. */
    struct core_digest_limits before = walk->limits, each = before;
    uint64_t spent_nodes = 0, spent_nbytes = 0;
    each.n_nodes = before.n_nodes / (uint32_t)n;
    each.total_nbytes = before.total_nbytes / (uint64_t)n;
    struct unordered all = {0};
    PyObject *iterator = call(iter_method, set), *item;
    while (iterator && PyIter_Check(iterator) && (item = PyIter_Next(iterator))) {
        struct core_sink member;
        member.n = 0;
        walk->limits = each;
        walk_value(walk, &member, item);
        spent_nodes += each.n_nodes - walk->limits.n_nodes;
        spent_nbytes += each.total_nbytes - walk->limits.total_nbytes;
        add_unordered(&all, &member);
        Py_DECREF(item);
    }
    PyErr_Clear();
    Py_XDECREF(iterator);
    walk->limits = before;
    walk->limits.n_nodes -= spent_nodes < before.n_nodes ? (uint32_t)spent_nodes : before.n_nodes;
    walk->limits.total_nbytes -= spent_nbytes < before.total_nbytes ? spent_nbytes : before.total_nbytes;
    put(sink, all.sum, sizeof all.sum);
    leave(walk);
}

static void walk_items(struct core_walk *walk, struct core_sink *sink, PyObject *value, PyObject *iterator)
{
    PyObject *item;
    put_tag(sink, TAG_ITEMS);
    if (!enter(walk, sink, value))
        return;
    while (PyIter_Check(iterator) && (item = PyIter_Next(iterator))) {
        bool enough = walk->limits.n_nodes < 2;
        if (enough)
            walk->flags |= ONESEED_FLAG_TRUNCATED;
        else
            walk_value(walk, sink, item);
        Py_DECREF(item);
        if (enough)
            break;
    }
    PyErr_Clear();
    put_tag(sink, TAG_END);
    leave(walk);
}

static void walk_iterable(struct core_walk *walk, struct core_sink *sink, PyObject *value, PyObject *iter_method)
{
    PyObject *iterator = call(iter_method, value);
    if (iterator)
        walk_items(walk, sink, value, iterator);
    Py_XDECREF(iterator);
}

/* An OrderedDict's own order is found by hashing its keys, so it is asked for only when hashing runs no code of the
 * program; else the order of insertion counts. */
static bool has_plain_keys(PyObject *dict)
{
    PyObject *key, *value;
    Py_ssize_t at = 0;
    while (PyDict_Next(dict, &at, &key, &value))
        if (Py_TYPE(key) != &PyUnicode_Type && Py_TYPE(key) != &PyLong_Type && Py_TYPE(key) != &PyBytes_Type)
            return false;
    return true;
}

static void walk_ordered_dict(struct core_walk *walk, struct core_sink *sink, PyObject *dict, PyObject *items_method)
{
    PyObject *items = has_plain_keys(dict) ? call(items_method, dict) : NULL;
    PyObject *iterator = items ? PyObject_GetIter(items) : NULL;
    PyErr_Clear();
    if (iterator)
        walk_items(walk, sink, dict, iterator);
    else
        walk_dict(walk, sink, dict);
    Py_XDECREF(iterator);
    Py_XDECREF(items);
}

/* ---- objects by their fields ---- */

static bool is_bookkeeping(const struct type_entry *entry, PyObject *name)
{
    if (!PyUnicode_Check(name))
        return false;
    if (PyUnicode_CompareWithASCIIString(name, "_hash") == 0) /* a remembered hash: pathlib, datetime, fractions */
        return true;
    return entry->public_only && ((PyUnicode_GetLength(name) > 0 && PyUnicode_ReadChar(name, 0) == '_') ||
                                  PyUnicode_CompareWithASCIIString(name, "pid") == 0);
}

static void add_field(struct core_walk *walk, struct unordered *all, PyObject *name, PyObject *value)
{
    struct core_sink field;
    field.n = 0;
    walk_value(walk, &field, name);
    walk_value(walk, &field, value);
    add_unordered(all, &field);
}

/* The order in which fields were set first is no part of an object's value. */
static void walk_fields(struct core_walk *walk, struct core_sink *sink, PyObject *value, const struct type_entry *entry)
{
    if (!entry->has_dict && entry->n_slots == 0)
        return;
    if (!enter(walk, sink, value))
        return;
    struct unordered all = {0};
    PyObject *dict = dict_of(value, entry);
    if (dict) {
        PyObject *name, *field;
        Py_ssize_t at = 0;
        while (PyDict_Next(dict, &at, &name, &field)) {
            if (is_bookkeeping(entry, name))
                continue;
            Py_INCREF(name);
            Py_INCREF(field);
            add_field(walk, &all, name, field);
            Py_DECREF(name);
            Py_DECREF(field);
        }
    }
    Py_XDECREF(dict);
    for (size_t i = 0; i < entry->n_slots; i++) {
        PyObject *field = is_bookkeeping(entry, entry->slots[i].name) ? NULL : slot_of(value, &entry->slots[i]);
        if (field)
            add_field(walk, &all, entry->slots[i].name, field);
        Py_XDECREF(field);
    }
    put_tag(sink, TAG_FIELDS);
    put(sink, &all, sizeof all);
    leave(walk);
}

static void put_attribute(struct core_walk *walk, struct core_sink *sink, PyObject *value, PyObject *name)
{
    PyObject *attribute = PyObject_GetAttr(value, name);
    if (attribute && PyUnicode_Check(attribute))
        put_text(walk, sink, attribute);
    else
        put_tag(sink, TAG_ABSENT);
    Py_XDECREF(attribute);
    PyErr_Clear();
}

/* By name, and by what it carries along: values in its closure and its defaults. Exact functions only. */
static void walk_function(struct core_walk *walk, struct core_sink *sink, PyObject *function)
{
    put_tag(sink, TAG_NAME);
    put_attribute(walk, sink, function, known.dunder_module);
    put_attribute(walk, sink, function, known.dunder_qualname);
    if (walk->depth + 1 >= walk->limits.depth || !enter(walk, sink, function))
        return;
    PyObject *defaults = PyObject_GetAttr(function, known.dunder_defaults);
    PyObject *closure = PyObject_GetAttr(function, known.dunder_closure);
    PyErr_Clear();
    if (defaults && defaults != Py_None)
        walk_value(walk, sink, defaults);
    if (closure && PyTuple_Check(closure))
        for (Py_ssize_t i = 0; i < PyTuple_Size(closure); i++) {
            PyObject *content = PyCell_Get(PyTuple_GetItem(closure, i));
            PyErr_Clear();
            walk_value(walk, sink, content);
            Py_XDECREF(content);
        }
    Py_XDECREF(defaults);
    Py_XDECREF(closure);
    leave(walk);
}

/* ---- NumPy and PyTorch ---- */

static void walk_array(struct core_walk *walk, struct core_sink *sink, PyObject *value)
{
    struct array_object *array = (struct array_object *)value;
    put_tag(sink, TAG_ARRAY);
    const struct dtype_entry *dtype = array->dtype ? dtype_entry(walk, array->dtype) : NULL;
    if (!dtype || array->n_dims > MAX_DIMS || array->n_dims < 0) {
        walk->flags |= ONESEED_FLAG_UNDIGESTED;
        return;
    }
    enum flavour flavour = dtype->flavour;
    struct strided view = {.data = array->data,
                           .n_dims = array->n_dims,
                           .shape = array->shape,
                           .strides = array->strides,
                           .item_nbytes = dtype->item_nbytes,
                           .long_double = flavour == FLAVOUR_LONG_DOUBLE};
    put(sink, dtype->digest, sizeof dtype->digest);
    describe(&view);
    put_number(sink, TAG_TUPLE, (uint64_t)view.n_dims);
    for (int i = 0; i < view.n_dims; i++)
        put(sink, &view.shape[i], sizeof view.shape[i]);
    if (view.n_items == 0)
        return;
    if (flavour == FLAVOUR_OBJECT) {
        if (!enter(walk, sink, value))
            return;
        for (size_t i = 0; i < view.n_items; i++) {
            PyObject *item;
            if (walk->limits.n_nodes < 2) {
                walk->flags |= ONESEED_FLAG_TRUNCATED;
                break;
            }
            gather(&view, i, 1, (char *)&item);
            Py_XINCREF(item);
            walk_value(walk, sink, item ? item : Py_None);
            Py_XDECREF(item);
        }
        leave(walk);
    } else if (flavour == FLAVOUR_AS_LIST) {
        PyObject *list = view.n_items <= walk->limits.n_nodes ? call_c(numpy.array_tolist, value) : NULL;
        if (list)
            walk_value(walk, sink, list);
        else
            walk->flags |= ONESEED_FLAG_TRUNCATED;
        Py_XDECREF(list);
    } else {
        put_strided(walk, sink, &view);
    }
}

static void walk_scalar(struct core_walk *walk, struct core_sink *sink, PyObject *value)
{
    PyObject *dtype = numpy.scalar_dtype ? get_through(numpy.scalar_dtype, value) : NULL;
    const struct dtype_entry *entry = dtype ? dtype_entry(walk, dtype) : NULL;
    PyObject *bytes = entry && (entry->flavour == FLAVOUR_RAW || entry->flavour == FLAVOUR_LONG_DOUBLE)
                          ? call_c(numpy.scalar_tobytes, value)
                          : NULL;
    put_tag(sink, TAG_ARRAY);
    if (bytes && PyBytes_Check(bytes)) {
        put(sink, entry->digest, sizeof entry->digest);
        if (entry->flavour == FLAVOUR_LONG_DOUBLE)
            clear_padding(PyBytes_AsString(bytes), (size_t)PyBytes_Size(bytes)); /* ours alone: just made */
        put_bytes(walk, sink, TAG_BYTES, PyBytes_AsString(bytes), (size_t)PyBytes_Size(bytes));
    } else {
        PyObject *item = call_c(numpy.scalar_item, value);
        if (item && Py_TYPE(item) != Py_TYPE(value))
            walk_value(walk, sink, item);
        else
            walk->flags |= ONESEED_FLAG_UNDIGESTED;
        Py_XDECREF(item);
    }
    Py_XDECREF(bytes);
    Py_XDECREF(dtype);
}

static struct {
    PyTypeObject *tensor;
    PyObject *dtype, *shape, *is_cpu, *layout;                                     /* getters */
    PyObject *stride, *storage_offset, *element_size, *storage, *is_conj, *is_neg; /* methods */
    PyObject *storage_pointer, *storage_nbytes;                                    /* methods of the storage */
    PyObject *guard;                                                               /* no __torch_function__ */
} torch;

static void find_torch(PyTypeObject *tensor)
{
    if (torch.tensor == tensor)
        return;
    torch.tensor = tensor;
    torch.dtype = own_attribute_string(tensor, "dtype");
    torch.shape = own_attribute_string(tensor, "shape");
    torch.is_cpu = own_attribute_string(tensor, "is_cpu");
    torch.layout = own_attribute_string(tensor, "layout");
    torch.stride = own_attribute_string(tensor, "stride");
    torch.storage_offset = own_attribute_string(tensor, "storage_offset");
    torch.element_size = own_attribute_string(tensor, "element_size");
    torch.storage = own_attribute_string(tensor, "untyped_storage");
    torch.is_conj = own_attribute_string(tensor, "is_conj");
    torch.is_neg = own_attribute_string(tensor, "is_neg");
    PyObject *module = PyDict_GetItemString(PyImport_GetModuleDict(), "torch._C");
    if (module && PyModule_Check(module)) {
        PyObject *guard = PyDict_GetItemString(PyModule_GetDict(module), "DisableTorchFunction");
        PyObject *storage = PyDict_GetItemString(PyModule_GetDict(module), "StorageBase");
        Py_XINCREF(guard);
        torch.guard = guard;
        if (storage && PyType_Check(storage)) {
            torch.storage_pointer = own_attribute_string((PyTypeObject *)storage, "data_ptr");
            torch.storage_nbytes = own_attribute_string((PyTypeObject *)storage, "nbytes");
        }
    }
    PyErr_Clear();
}

/* Takes the reference. -1 when it is no number. */
static long long to_number(PyObject *value)
{
    long long number = value && PyLong_Check(value) ? PyLong_AsLongLong(value) : -1;
    Py_XDECREF(value);
    PyErr_Clear();
    return number;
}

static int read_sizes(PyObject *tuple, Py_ssize_t *sizes)
{
    int n = -1;
    if (tuple && PyTuple_Check(tuple) && PyTuple_Size(tuple) <= MAX_DIMS) {
        n = (int)PyTuple_Size(tuple);
        for (int i = 0; i < n; i++) {
            PyObject *size = PyTuple_GetItem(tuple, i);
            sizes[i] = PyLong_Check(size) ? PyLong_AsSsize_t(size) : -1;
            if (sizes[i] < 0) /* symbolic */
                n = -1;
        }
    }
    Py_XDECREF(tuple);
    PyErr_Clear();
    return n;
}

/* The elements of a tensor in main memory with an ordinary layout, when all of them lie inside its storage. */
static bool read_tensor(PyObject *value, struct strided *view, Py_ssize_t *shape, Py_ssize_t *strides)
{
    PyObject *is_cpu = torch.is_cpu ? get_through(torch.is_cpu, value) : NULL;
    bool in_memory = is_cpu == Py_True;
    Py_XDECREF(is_cpu);
    PyObject *storage = in_memory ? call_c(torch.storage, value) : NULL;
    if (!storage)
        return false;
    long long address = to_number(call_c(torch.storage_pointer, storage));
    long long n_stored = to_number(call_c(torch.storage_nbytes, storage));
    Py_DECREF(storage);
    long long offset = to_number(call_c(torch.storage_offset, value));
    long long item_nbytes = to_number(call_c(torch.element_size, value));
    int n_strides = read_sizes(call_c(torch.stride, value), strides);
    if (address == 0 || n_stored < 0 || offset < 0 || item_nbytes <= 0 || n_strides != view->n_dims)
        return false;
    long long last = offset;
    for (int i = 0; i < view->n_dims; i++) {
        last += (long long)(shape[i] - 1) * strides[i];
        strides[i] *= (Py_ssize_t)item_nbytes;
    }
    if ((last + 1) * item_nbytes > n_stored)
        return false;
    view->data = (const char *)(uintptr_t)address + offset * item_nbytes;
    view->item_nbytes = (size_t)item_nbytes;
    view->shape = shape;
    view->strides = strides;
    describe(view);
    return true;
}

static void put_repr(struct core_walk *walk, struct core_sink *sink, PyObject *value)
{
    PyObject *text = value ? PyObject_Repr(value) : NULL;
    if (text)
        put_text(walk, sink, text);
    else
        put_tag(sink, TAG_ABSENT);
    Py_XDECREF(text);
    PyErr_Clear();
}

static void walk_tensor_inside(struct core_walk *walk, struct core_sink *sink, PyObject *value)
{
    Py_ssize_t shape[MAX_DIMS], strides[MAX_DIMS];
    struct strided view = {.n_dims = -1};
    PyObject *dtype = torch.dtype ? get_through(torch.dtype, value) : NULL;
    put_repr(walk, sink, dtype);
    Py_XDECREF(dtype);
    view.n_dims = read_sizes(torch.shape ? get_through(torch.shape, value) : NULL, shape);
    put_number(sink, TAG_TUPLE, (uint64_t)view.n_dims);
    size_t n_items = 1;
    for (int i = 0; i < view.n_dims; i++) {
        put(sink, &shape[i], sizeof shape[i]);
        n_items *= (size_t)shape[i];
    }
    if (view.n_dims >= 0 && n_items == 0)
        return;
    PyObject *conj = call_c(torch.is_conj, value), *neg = call_c(torch.is_neg, value);
    put_number(sink, TAG_NUMBER, (uint64_t)(conj == Py_True) | (uint64_t)(neg == Py_True) << 1);
    Py_XDECREF(conj);
    Py_XDECREF(neg);
    if (view.n_dims >= 0 && read_tensor(value, &view, shape, strides))
        put_strided(walk, sink, &view);
    else
        walk->flags |= ONESEED_FLAG_UNDIGESTED;
}

/* Reads a tensor's own C attributes; with the guard, modes and subclasses of the program are not asked. */
static void walk_tensor(struct core_walk *walk, struct core_sink *sink, PyObject *value, PyTypeObject *base)
{
    find_torch(base);
    put_tag(sink, TAG_TENSOR);
    PyObject *guard = torch.guard ? PyObject_CallFunctionObjArgs(torch.guard, NULL) : NULL;
    PyObject *inside = guard ? PyObject_CallMethod(guard, "__enter__", NULL) : NULL;
    PyErr_Clear();
    if (inside) {
        walk_tensor_inside(walk, sink, value);
        PyObject *left = PyObject_CallMethod(guard, "__exit__", "OOO", Py_None, Py_None, Py_None);
        Py_XDECREF(left);
    } else {
        walk->flags |= ONESEED_FLAG_UNDIGESTED;
    }
    Py_XDECREF(inside);
    Py_XDECREF(guard);
    PyErr_Clear();
}

static void walk_buffer(struct core_walk *walk, struct core_sink *sink, PyObject *value)
{
    python_buffer view;
    if (PyObject_GetBuffer(value, &view, CORE_BUFFER_STRIDES) < 0) {
        PyErr_Clear();
        walk->flags |= ONESEED_FLAG_UNDIGESTED;
        return;
    }
    bool plain = !view.format || !strpbrk(view.format, "OPgz&XT");
    struct strided strided = {.data = view.buf,
                              .n_dims = view.ndim,
                              .shape = view.shape,
                              .strides = view.strides,
                              .item_nbytes = (size_t)view.itemsize};
    put_number(sink, TAG_ARRAY, (uint64_t)view.ndim);
    if (view.format)
        put_bytes(walk, sink, TAG_TEXT, view.format, strlen(view.format));
    if (plain && view.shape && view.strides && view.itemsize > 0) {
        describe(&strided);
        for (int i = 0; i < view.ndim; i++)
            put(sink, &view.shape[i], sizeof view.shape[i]);
        put_strided(walk, sink, &strided);
    } else if (plain) {
        put_bytes(walk, sink, TAG_BYTES, view.buf, (size_t)view.len);
    } else {
        walk->flags |= ONESEED_FLAG_UNDIGESTED;
    }
    PyBuffer_Release(&view);
}

/* ---- how to write the values of a type ---- */

/* Types by name. A match counts for subclasses too. */
struct rule {
    const char *module, *name; /* module may end in `*`; name NULL = any */
    enum kind kind;
    const char *method;
    const char *const *getters;
    bool public_only;
};

static const char *const range_fields[] = {"start", "stop", "step", NULL};
static const char *const date_fields[] = {"year", "month", "day", NULL};
static const char *const datetime_fields[] = {"year",   "month",       "day",  "hour",   "minute",
                                              "second", "microsecond", "fold", "tzinfo", NULL};
static const char *const time_fields[] = {"hour", "minute", "second", "microsecond", "fold", "tzinfo", NULL};
static const char *const delta_fields[] = {"days", "seconds", "microseconds", NULL};
static const char *const generator_fields[] = {"_bit_generator", NULL};
static const char *const bit_generator_fields[] = {"state", NULL};
static const char *const seed_sequence_fields[] = {"entropy", "spawn_key", "pool_size", "n_children_spawned", NULL};
static const char *const dtype_fields[] = {"str", "names", NULL};
static const char *const pandas_block_fields[] = {"values", "_mgr_locs", "ndim", NULL};
static const char *const pandas_manager_fields[] = {"blocks", "axes", NULL};
static const char *const pandas_place_fields[] = {"as_array", NULL};
static const char *const pandas_time_fields[] = {"_value", "value", NULL};
static const char *const text_file_fields[] = {"buffer", NULL};
static const char *const buffered_file_fields[] = {"raw", NULL};
static const char *const raw_file_fields[] = {"mode", NULL};

/* For types made in C and in the standard library. The first class in a type's order that has a rule decides. */
static const struct rule rules[] = {
    {"builtins", "NoneType", KIND_SINGLE, NULL, NULL, false},
    {"builtins", "ellipsis", KIND_SINGLE, NULL, NULL, false},
    {"builtins", "NotImplementedType", KIND_SINGLE, NULL, NULL, false},
    {"builtins", "bool", KIND_BOOL, NULL, NULL, false},
    {"builtins", "int", KIND_INT, NULL, NULL, false},
    {"builtins", "float", KIND_FLOAT, NULL, NULL, false},
    {"builtins", "complex", KIND_COMPLEX, NULL, NULL, false},
    {"builtins", "str", KIND_TEXT, NULL, NULL, false},
    {"builtins", "bytes", KIND_BYTES, NULL, NULL, false},
    {"builtins", "bytearray", KIND_BYTEARRAY, NULL, NULL, false},
    {"builtins", "list", KIND_LIST, NULL, NULL, false},
    {"builtins", "tuple", KIND_TUPLE, NULL, NULL, false},
    {"builtins", "dict", KIND_DICT, NULL, NULL, false},
    {"builtins", "set", KIND_SET, "__iter__", NULL, false},
    {"builtins", "frozenset", KIND_SET, "__iter__", NULL, false},
    {"builtins", "range", KIND_GETTERS, NULL, range_fields, false},
    {"builtins", "slice", KIND_GETTERS, NULL, range_fields, false},
    {"builtins", "dict_keys", KIND_ITERABLE, "__iter__", NULL, false},
    {"builtins", "dict_values", KIND_ITERABLE, "__iter__", NULL, false},
    {"builtins", "dict_items", KIND_ITERABLE, "__iter__", NULL, false},
    {"builtins", "odict_keys", KIND_OPAQUE, NULL, NULL, false}, /* walking one hashes its keys: the program's code */
    {"builtins", "odict_values", KIND_OPAQUE, NULL, NULL, false},
    {"builtins", "odict_items", KIND_OPAQUE, NULL, NULL, false},
    {"builtins", "mappingproxy", KIND_PROXY, NULL, NULL, false},
    {"builtins", "memoryview", KIND_BUFFER, NULL, NULL, false},
    {"builtins", "type", KIND_CLASS, NULL, NULL, false},
    {"builtins", "module", KIND_MODULE, NULL, NULL, false},
    {"builtins", "function", KIND_FUNCTION, NULL, NULL, false},
    {"builtins", "method", KIND_CODE, NULL, NULL, false},
    {"builtins", "builtin_function_or_method", KIND_CODE, NULL, NULL, false},
    {"builtins", "method_descriptor", KIND_CODE, NULL, NULL, false},
    {"builtins", "wrapper_descriptor", KIND_CODE, NULL, NULL, false},
    {"builtins", "method-wrapper", KIND_CODE, NULL, NULL, false},
    {"builtins", "classmethod_descriptor", KIND_CODE, NULL, NULL, false},
    {"builtins", "BaseException", KIND_EXCEPTION, NULL, NULL, false},
    {"builtins", "generator", KIND_OPAQUE, NULL, NULL, false},
    {"builtins", "coroutine", KIND_OPAQUE, NULL, NULL, false},
    {"builtins", "async_generator", KIND_OPAQUE, NULL, NULL, false},
    {"builtins", "frame", KIND_OPAQUE, NULL, NULL, false},
    {"builtins", "traceback", KIND_OPAQUE, NULL, NULL, false},
    {"builtins", "code", KIND_CODE, NULL, NULL, false},
    {"builtins", "property", KIND_OPAQUE, NULL, NULL, false},
    {"builtins", "weakref*", KIND_OPAQUE, NULL, NULL, false},
    {"weakref", NULL, KIND_OPAQUE, NULL, NULL, false},
    {"_thread", NULL, KIND_OPAQUE, NULL, NULL, false},
    {"threading", NULL, KIND_OBJECT, NULL, NULL, true},
    {"multiprocessing*", NULL, KIND_OBJECT, NULL, NULL, true},
    {"concurrent*", NULL, KIND_OBJECT, NULL, NULL, true},
    {"asyncio*", NULL, KIND_OPAQUE, NULL, NULL, false},
    {"subprocess", NULL, KIND_OBJECT, NULL, NULL, true},
    {"logging*", NULL, KIND_OPAQUE, NULL, NULL, false},
    {"socket", NULL, KIND_OPAQUE, NULL, NULL, false},
    {"_socket", NULL, KIND_OPAQUE, NULL, NULL, false},
    {"tempfile", NULL, KIND_OPAQUE, NULL, NULL, false},
    {"collections", "deque", KIND_ITERABLE, "__iter__", NULL, false},
    {"collections", "OrderedDict", KIND_ORDERED_DICT, "items", NULL, false},
    {"array", "array", KIND_BUFFER, NULL, NULL, false},
    {"mmap", "mmap", KIND_BUFFER, NULL, NULL, false},
    {"random", "SystemRandom", KIND_OPAQUE, NULL, NULL, false},
    {"_random", "Random", KIND_RANDOM, "getstate", NULL, false},
    {"enum", "Enum", KIND_ENUM, NULL, NULL, false},
    {"decimal", "Decimal", KIND_CALL, "as_tuple", NULL, false},
    {"datetime", "datetime", KIND_GETTERS, NULL, datetime_fields, false},
    {"datetime", "date", KIND_GETTERS, NULL, date_fields, false},
    {"datetime", "time", KIND_GETTERS, NULL, time_fields, false},
    {"datetime", "timedelta", KIND_GETTERS, NULL, delta_fields, false},
    {"datetime", "timezone", KIND_REPR, NULL, NULL, false},
    {"_io", "BytesIO", KIND_CALL, "getvalue", NULL, false},
    {"_io", "StringIO", KIND_CALL, "getvalue", NULL, false},
    {"_io", "TextIOWrapper", KIND_GETTERS, NULL, text_file_fields, false},
    {"_io", "BufferedReader", KIND_GETTERS, NULL, buffered_file_fields, false},
    {"_io", "BufferedWriter", KIND_GETTERS, NULL, buffered_file_fields, false},
    {"_io", "BufferedRandom", KIND_GETTERS, NULL, buffered_file_fields, false},
    {"_io", "FileIO", KIND_GETTERS, NULL, raw_file_fields, false},
    {"numpy", "dtype", KIND_GETTERS, NULL, dtype_fields, false},
    {"numpy", "ufunc", KIND_CODE, NULL, NULL, false},
    {"numpy.random*", "Generator", KIND_GETTERS, NULL, generator_fields, false},
    {"numpy.random*", "RandomState", KIND_GETTERS, NULL, generator_fields, false},
    {"numpy.random*", "SeedSequence", KIND_GETTERS, NULL, seed_sequence_fields, false},
    {"numpy.random*", "MT19937", KIND_GETTERS, NULL, bit_generator_fields, false},
    {"numpy.random*", "PCG64", KIND_GETTERS, NULL, bit_generator_fields, false},
    {"numpy.random*", "PCG64DXSM", KIND_GETTERS, NULL, bit_generator_fields, false},
    {"numpy.random*", "Philox", KIND_GETTERS, NULL, bit_generator_fields, false},
    {"numpy.random*", "SFC64", KIND_GETTERS, NULL, bit_generator_fields, false},
    {"pandas._libs.internals", "BlockManager", KIND_GETTERS, NULL, pandas_manager_fields, false},
    {"pandas._libs.internals", "BlockPlacement", KIND_GETTERS, NULL, pandas_place_fields, false},
    {"pandas._libs.internals", "*", KIND_GETTERS, NULL, pandas_block_fields, false},
    {"pandas._libs.tslibs*", "_Timestamp", KIND_GETTERS, NULL, pandas_time_fields, false},
    {"pandas._libs.tslibs*", "_Timedelta", KIND_GETTERS, NULL, pandas_time_fields, false},
    {"torch._C", "TensorBase", KIND_TENSOR, NULL, NULL, false},
    {"torch._C", "_TensorBase", KIND_TENSOR, NULL, NULL, false},
    {"torch._C", "Generator", KIND_CALL, "get_state", NULL, false},
    {"torch", "dtype", KIND_REPR, NULL, NULL, false},
    {"torch", "device", KIND_REPR, NULL, NULL, false},
    {"torch", "layout", KIND_REPR, NULL, NULL, false},
    {"torch", "memory_format", KIND_REPR, NULL, NULL, false},
};

static bool name_matches(const char *pattern, const char *text)
{
    size_t n = strlen(pattern);
    if (n && pattern[n - 1] == '*')
        return strncmp(pattern, text, n - 1) == 0;
    return strcmp(pattern, text) == 0;
}

/* Borrowed from `object`; "" when it is no text. */
static const char *text_of(PyObject *object)
{
    const char *text = object && PyUnicode_Check(object) ? PyUnicode_AsUTF8AndSize(object, &(Py_ssize_t){0}) : NULL;
    PyErr_Clear();
    return text ? text : "";
}

static const struct rule *rule_of(PyTypeObject *type)
{
    PyObject *module = of_type(known.type_module, type), *name = of_type(known.type_qualname, type);
    const char *module_text = text_of(module), *name_text = text_of(name);
    const struct rule *found = NULL;
    bool made_by_class = (PyType_GetFlags(type) & Py_TPFLAGS_HEAPTYPE) != 0;
    for (size_t i = 0; i < sizeof rules / sizeof *rules && !found; i++) {
        if (made_by_class && strcmp(rules[i].module, "builtins") == 0)
            continue; /* a class of the program that says it is a builtin */
        if (name_matches(rules[i].module, module_text) && (!rules[i].name || name_matches(rules[i].name, name_text)))
            found = &rules[i];
    }
    Py_XDECREF(module);
    Py_XDECREF(name);
    return found;
}

static void digest_name(struct type_entry *entry)
{
    struct core_walk walk;
    core_walk_begin(&walk);
    walk.limits = core_digest_limits;
    PyObject *module = of_type(known.type_module, entry->type), *name = of_type(known.type_qualname, entry->type);
    if (module && PyUnicode_Check(module))
        put_text(&walk, &walk.sink, module);
    if (name && PyUnicode_Check(name))
        put_text(&walk, &walk.sink, name);
    Py_XDECREF(module);
    Py_XDECREF(name);
    core_walk_end(&walk, entry->name);
}

static bool starts_with_dunder(PyObject *name)
{
    return PyUnicode_GetLength(name) > 1 && PyUnicode_ReadChar(name, 0) == '_' && PyUnicode_ReadChar(name, 1) == '_';
}

static void add_slot(struct type_entry *entry, PyObject *name, PyObject *descriptor)
{
    struct slot *grown = PyMem_Realloc(entry->slots, (entry->n_slots + 1) * sizeof *grown);
    if (!grown)
        return;
    entry->slots = grown;
    Py_INCREF(name);
    entry->slots[entry->n_slots++] = (struct slot){name, ((struct member_descriptor *)descriptor)->member};
}

/* What instances keep: the dict, and slots and C members of every class in the type's order. */
static void find_fields(struct type_entry *entry, PyObject *mro)
{
    for (Py_ssize_t i = 0; i < PyTuple_Size(mro); i++) {
        PyObject *base = PyTuple_GetItem(mro, i);
        PyObject *proxy = PyType_Check(base) ? of_type(known.type_dict, (PyTypeObject *)base) : NULL;
        PyObject *items = proxy ? PyMapping_Items(proxy) : NULL;
        Py_ssize_t n = items && PyList_Check(items) ? PyList_Size(items) : 0;
        for (Py_ssize_t k = 0; k < n; k++) {
            PyObject *pair = PyList_GetItem(items, k), *name = PyTuple_GetItem(pair, 0),
                     *what = PyTuple_GetItem(pair, 1);
            bool is_member = Py_TYPE(what) == known.member;
            if (!PyUnicode_Check(name) || (!is_member && Py_TYPE(what) != known.getset))
                continue;
            if (PyUnicode_CompareWithASCIIString(name, "__dict__") == 0)
                entry->has_dict = true;
            else if (is_member && !starts_with_dunder(name))
                add_slot(entry, name, what);
        }
        Py_XDECREF(items);
        Py_XDECREF(proxy);
        PyErr_Clear();
    }
}

/* random.Random: the words of its state as they lie in memory. The struct has been this since 2.3; another one would
 * have another size. */
struct random_object {
    PyObject_HEAD int position;
    uint32_t words[624];
};

static size_t basic_size(PyTypeObject *type)
{
    PyObject *size = known.type_basicsize ? get_through(known.type_basicsize, (PyObject *)type) : NULL;
    size_t number = size && PyLong_Check(size) ? PyLong_AsSize_t(size) : 0;
    Py_XDECREF(size);
    PyErr_Clear();
    return number;
}

static void apply_rule(struct type_entry *entry, const struct rule *rule, PyTypeObject *base)
{
    entry->kind = rule->kind;
    entry->base = base;
    entry->getters = rule->getters;
    entry->public_only = rule->public_only;
    entry->known_layout = rule->kind == KIND_RANDOM && basic_size(base) == sizeof(struct random_object);
    if (!rule->method)
        return;
    entry->method = own_attribute_string(base, rule->method);
    if (!is_c_method(entry->method)) /* the pure Python twin of a C type, or a name that means another thing */
        entry->kind = rule->kind == KIND_CALL || rule->kind == KIND_RANDOM || rule->kind == KIND_ORDERED_DICT
                          ? KIND_OBJECT
                          : KIND_OPAQUE;
}

static void classify(struct type_entry *entry)
{
    PyTypeObject *type = entry->type;
    PyObject *mro = of_type(known.type_mro, type);
    entry->kind = KIND_OBJECT;
    if (!mro || !PyTuple_Check(mro)) {
        entry->kind = KIND_OPAQUE;
        Py_XDECREF(mro);
        return;
    }
    if (!numpy.array)
        find_numpy();
    if (numpy.array && PyType_IsSubtype(type, numpy.array)) {
        entry->kind = KIND_ARRAY;
        entry->base = numpy.array;
    } else {
        for (Py_ssize_t i = 0; i < PyTuple_Size(mro); i++) {
            PyTypeObject *base = (PyTypeObject *)PyTuple_GetItem(mro, i);
            const struct rule *rule = PyType_Check((PyObject *)base) ? rule_of(base) : NULL;
            if (!rule)
                continue;
            apply_rule(entry, rule, base);
            break;
        }
        bool has_value = entry->kind == KIND_FLOAT || entry->kind == KIND_COMPLEX || entry->kind == KIND_TEXT;
        if (numpy.generic && PyType_IsSubtype(type, numpy.generic) && !has_value) {
            entry->kind = KIND_SCALAR;
            entry->base = numpy.generic;
        }
    }
    entry->is_subclass = entry->base != type;
    bool has_fields = entry->kind == KIND_OBJECT || entry->kind == KIND_ENUM || entry->kind == KIND_EXCEPTION ||
                      (entry->kind == KIND_GETTERS && entry->getters == raw_file_fields); /* its name */
    if (has_fields || (entry->is_subclass && entry->kind != KIND_OPAQUE && entry->kind != KIND_SCALAR))
        find_fields(entry, mro);
    Py_DECREF(mro);
}

static void drop_entry(struct type_entry *entry)
{
    for (size_t i = 0; i < entry->n_slots; i++)
        Py_DECREF(entry->slots[i].name);
    PyMem_Free(entry->slots);
    Py_XDECREF(entry->alive);
    Py_XDECREF(entry->method);
    PyMem_Free(entry);
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored                                                                                         \
    "-Wdeprecated-declarations" /* its successor PyWeakref_GetRef() is there from 3.13 only */
static bool is_current(const struct type_entry *entry, PyTypeObject *type)
{
    return entry->type == type && (!entry->alive || PyWeakref_GetObject(entry->alive) == (PyObject *)type);
}

#pragma GCC diagnostic pop

/* Index where `type` is or may be put. */
static size_t find_index(const PyTypeObject *type)
{
    size_t i = (size_t)(((uintptr_t)type >> 4) * 0x9e3779b97f4a7c15u >> 32) & (N_TYPES - 1);
    while (types[i] && types[i]->type != type)
        i = (i + 1) & (N_TYPES - 1);
    return i;
}

/* Forgets classes that are gone. Entries of living classes stay where they are in memory: callers hold them. */
static void sweep(void)
{
    struct type_entry **kept = PyMem_Calloc(N_TYPES, sizeof *kept);
    size_t n_kept = 0;
    if (!kept)
        return;
    for (size_t i = 0; i < N_TYPES; i++) {
        if (types[i] && is_current(types[i], types[i]->type))
            kept[n_kept++] = types[i];
        else if (types[i])
            drop_entry(types[i]);
        types[i] = NULL;
    }
    for (size_t i = 0; i < n_kept; i++)
        types[find_index(kept[i]->type)] = kept[i];
    n_types = n_kept;
    PyMem_Free(kept);
}

/* How to write values of `type`; NULL when there is no memory, or more classes than anybody has. */
static const struct type_entry *entry_of(PyTypeObject *type)
{
    size_t i = find_index(type);
    if (types[i] && is_current(types[i], type))
        return types[i];
    if (n_types >= N_TYPES / 2)
        sweep();
    struct type_entry *entry = n_types < N_TYPES / 2 ? PyMem_Calloc(1, sizeof *entry) : NULL;
    if (!entry)
        return NULL;
    entry->type = type;
    if (PyType_GetFlags(type) & Py_TPFLAGS_HEAPTYPE) {
        entry->alive = PyWeakref_NewRef((PyObject *)type, NULL);
        if (!entry->alive) {
            PyErr_Clear();
            PyMem_Free(entry);
            return NULL;
        }
    }
    digest_name(entry);
    classify(entry);
    i = find_index(type); /* again: reading the type may have come back here */
    if (types[i])
        drop_entry(types[i]);
    else
        n_types++;
    types[i] = entry;
    return entry;
}

/* ---- one value ---- */

static void walk_int(struct core_walk *walk, struct core_sink *sink, PyObject *value)
{
    int overflow = 0;
    long long number = PyLong_AsLongLongAndOverflow(value, &overflow);
    if (!overflow) {
        put_number(sink, TAG_INT, (uint64_t)number);
        return;
    }
    PyObject *text = PyNumber_ToBase(value, 16);
    put_tag(sink, TAG_BIGINT);
    if (text)
        put_text(walk, sink, text);
    Py_XDECREF(text);
    PyErr_Clear();
}

static void walk_getters(struct core_walk *walk, struct core_sink *sink, PyObject *value,
                         const struct type_entry *entry)
{
    put_tag(sink, TAG_FIELDS);
    if (!enter(walk, sink, value))
        return;
    core_pause(); /* reading a NumPy generator's state makes arrays: none of the program's business */
    for (const char *const *name = entry->getters; *name; name++) {
        PyObject *field = get_own(entry->base, *name, value);
        walk_value(walk, sink, field);
        Py_XDECREF(field);
    }
    core_resume();
    leave(walk);
}

static void walk_call(struct core_walk *walk, struct core_sink *sink, PyObject *value, const struct type_entry *entry)
{
    core_pause();
    PyObject *result = call(entry->method, value);
    core_resume();
    if (result)
        walk_value(walk, sink, result);
    else
        walk->flags |= ONESEED_FLAG_UNDIGESTED;
    Py_XDECREF(result);
}

static void walk_random(struct core_walk *walk, struct core_sink *sink, PyObject *value, const struct type_entry *entry)
{
    const struct random_object *generator = (const struct random_object *)value;
    if (!entry->known_layout) {
        walk_call(walk, sink, value, entry);
        return;
    }
    put_number(sink, TAG_NUMBER, (uint64_t)generator->position);
    put_digest(sink, XXH3_128bits(generator->words, sizeof generator->words));
}

static PyObject *from_dict(PyObject *value, const struct type_entry *entry, PyObject *name)
{
    PyObject *dict = dict_of(value, entry);
    PyObject *field = dict ? PyDict_GetItemWithError(dict, name) : NULL;
    Py_XINCREF(field);
    Py_XDECREF(dict);
    PyErr_Clear();
    return field;
}

/* By name; a combination of flags has none and counts by its value. */
static void walk_enum(struct core_walk *walk, struct core_sink *sink, PyObject *value, const struct type_entry *entry)
{
    PyObject *name = from_dict(value, entry, known.enum_name);
    put_tag(sink, TAG_NAME);
    if (name && PyUnicode_Check(name)) {
        put_text(walk, sink, name);
    } else if (enter(walk, sink, value)) {
        PyObject *number = from_dict(value, entry, known.enum_value);
        walk_value(walk, sink, number);
        Py_XDECREF(number);
        leave(walk);
    }
    Py_XDECREF(name);
}

static void walk_by_kind(struct core_walk *walk, struct core_sink *sink, PyObject *value,
                         const struct type_entry *entry)
{
    switch (entry->kind) {
    case KIND_SINGLE:
        put_tag(sink, TAG_SINGLE);
        put(sink, entry->name, sizeof entry->name);
        break;
    case KIND_BOOL:
        put_number(sink, TAG_BOOL, value == Py_True);
        break;
    case KIND_INT:
        walk_int(walk, sink, value);
        break;
    case KIND_FLOAT: {
        double number = PyFloat_AsDouble(value);
        put_tag(sink, TAG_FLOAT);
        put(sink, &number, sizeof number);
        break;
    }
    case KIND_COMPLEX: {
        double parts[2] = {PyComplex_RealAsDouble(value), PyComplex_ImagAsDouble(value)};
        put_tag(sink, TAG_COMPLEX);
        put(sink, parts, sizeof parts);
        break;
    }
    case KIND_TEXT:
        put_text(walk, sink, value);
        break;
    case KIND_BYTES:
        put_bytes(walk, sink, TAG_BYTES, PyBytes_AsString(value), (size_t)PyBytes_Size(value));
        break;
    case KIND_BYTEARRAY:
        put_bytes(walk, sink, TAG_BYTES, PyByteArray_AsString(value), (size_t)PyByteArray_Size(value));
        break;
    case KIND_LIST:
    case KIND_TUPLE:
        walk_sequence(walk, sink, value, entry->kind == KIND_TUPLE);
        break;
    case KIND_DICT:
        walk_dict(walk, sink, value);
        break;
    case KIND_ORDERED_DICT:
        walk_ordered_dict(walk, sink, value, entry->method);
        break;
    case KIND_SET:
        walk_set(walk, sink, value, entry->method);
        break;
    case KIND_ITERABLE:
        walk_iterable(walk, sink, value, entry->method);
        break;
    case KIND_GETTERS:
        walk_getters(walk, sink, value, entry);
        break;
    case KIND_FUNCTION:
        walk_function(walk, sink, value);
        break;
    case KIND_CLASS: {
        const struct type_entry *class = entry_of((PyTypeObject *)value);
        if (class)
            put(sink, class->name, sizeof class->name);
        break;
    }
    case KIND_MODULE: {
        PyObject *name = PyDict_GetItemWithError(PyModule_GetDict(value), known.name);
        put_tag(sink, TAG_NAME);
        if (name && PyUnicode_Check(name))
            put_text(walk, sink, name);
        break;
    }
    case KIND_CODE:
        put_attribute(walk, sink, value, known.dunder_qualname);
        break;
    case KIND_PROXY: /* a struct with the mapping as its only field, from 3.3 to 3.14 */
        walk_value(walk, sink, *(PyObject **)((char *)value + sizeof(PyObject)));
        break;
    case KIND_BUFFER:
        walk_buffer(walk, sink, value);
        break;
    case KIND_REPR:
        put_repr(walk, sink, value);
        break;
    case KIND_RANDOM:
        walk_random(walk, sink, value, entry);
        break;
    case KIND_CALL:
        walk_call(walk, sink, value, entry);
        break;
    case KIND_ARRAY:
        walk_array(walk, sink, value);
        break;
    case KIND_SCALAR:
        walk_scalar(walk, sink, value);
        break;
    case KIND_TENSOR:
        walk_tensor(walk, sink, value, entry->base);
        break;
    case KIND_EXCEPTION: {
        PyObject *args = get_own((PyTypeObject *)PyExc_BaseException, "args", value);
        if (enter(walk, sink, value)) {
            walk_value(walk, sink, args);
            leave(walk);
        }
        Py_XDECREF(args);
        break;
    }
    case KIND_ENUM:
        walk_enum(walk, sink, value, entry);
        break;
    case KIND_OBJECT:
        if (!entry->has_dict && entry->n_slots == 0)
            walk->flags |= ONESEED_FLAG_UNDIGESTED;
        break;
    case KIND_OPAQUE:
        walk->flags |= ONESEED_FLAG_UNDIGESTED;
        break;
    }
}

static void walk_value(struct core_walk *walk, struct core_sink *sink, PyObject *value)
{
    if (!value) {
        put_tag(sink, TAG_ABSENT);
        return;
    }
    if (walk->limits.n_nodes == 0) {
        walk->flags |= ONESEED_FLAG_TRUNCATED;
        put_tag(sink, TAG_UNREAD);
        return;
    }
    walk->limits.n_nodes--;
    walk->cost++;
    const struct type_entry *entry = entry_of(Py_TYPE(value));
    if (!entry) {
        walk->flags |= ONESEED_FLAG_UNDIGESTED;
        return;
    }
    bool bare = entry->kind == KIND_OBJECT || entry->kind == KIND_OPAQUE || entry->kind == KIND_ENUM ||
                entry->kind == KIND_EXCEPTION || entry->kind == KIND_GETTERS || entry->kind == KIND_CALL ||
                entry->kind == KIND_RANDOM || entry->kind == KIND_ITERABLE || entry->kind == KIND_ORDERED_DICT;
    if (bare || entry->is_subclass) {
        put_tag(sink, TAG_TYPE);
        put(sink, entry->name, sizeof entry->name);
    }
    walk_by_kind(walk, sink, value, entry);
    if (entry->kind != KIND_ENUM)
        walk_fields(walk, sink, value, entry);
    PyErr_Clear();
}

/* ---- what others call ---- */

void core_walk_begin(struct core_walk *walk)
{
    walk->depth = 0;
    walk->flags = 0;
    walk->cost = 0;
    walk->sink.n = 0;
}

void core_walk_number(struct core_walk *walk, uint64_t number)
{
    put_number(&walk->sink, TAG_NUMBER, number);
}

void core_walk_value(struct core_walk *walk, PyObject *value, const struct core_digest_limits *limits)
{
    walk->limits = *limits;
    walk_value(walk, &walk->sink, value);
}

void core_walk_end(struct core_walk *walk, uint64_t out[2])
{
    XXH128_hash_t hash = XXH3_128bits(walk->sink.bytes, walk->sink.n);
    out[0] = hash.low64;
    out[1] = hash.high64;
    if (out[0] == 0 && out[1] == 0)
        out[0] = 1;
}

void core_digest(PyObject *value, uint64_t out[2], uint8_t *flags)
{
    struct core_saved_error saved;
    struct core_walk walk;
    core_save_error(&saved);
    core_walk_begin(&walk);
    core_walk_value(&walk, value, &core_digest_limits);
    core_walk_end(&walk, out);
    *flags = (uint8_t)(*flags | walk.flags);
    core_restore_error(&saved);
}

enum core_value_role core_value_role(PyObject *value)
{
    const struct type_entry *entry = entry_of(Py_TYPE(value));
    if (!entry)
        return CORE_VALUE_DATA;
    switch (entry->kind) {
    case KIND_CLASS:
    case KIND_MODULE:
    case KIND_FUNCTION:
    case KIND_CODE:
        return CORE_VALUE_CODE;
    case KIND_OBJECT:
    case KIND_EXCEPTION:
        return CORE_VALUE_INSTANCE;
    default:
        return CORE_VALUE_DATA;
    }
}

/* torch.nn.Module keeps these apart from its other fields, and finds them in its __getattr__. */
static PyObject *module_field(PyObject *dict, PyObject *name)
{
    PyObject *const kept[] = {known.parameters, known.buffers, known.modules};
    for (size_t i = 0; i < 3; i++) {
        PyObject *part = PyDict_GetItemWithError(dict, kept[i]);
        PyObject *field = part && PyDict_Check(part) ? PyDict_GetItemWithError(part, name) : NULL;
        if (field)
            return field;
    }
    return NULL;
}

void core_walk_name(struct core_walk *walk, PyObject *value)
{
    const struct type_entry *entry = entry_of(Py_TYPE(value));
    walk->limits = (struct core_digest_limits){.depth = 0, .n_nodes = 2};
    if (entry && entry->kind == KIND_FUNCTION) {
        put_tag(&walk->sink, TAG_NAME);
        put_attribute(walk, &walk->sink, value, known.dunder_qualname);
    } else {
        walk_value(walk, &walk->sink, value);
    }
}

PyObject *core_field(PyObject *object, PyObject *name, bool *method)
{
    const struct type_entry *entry = entry_of(Py_TYPE(object));
    *method = false;
    if (entry && entry->kind == KIND_MODULE) {
        PyObject *value = PyDict_GetItemWithError(PyModule_GetDict(object), name);
        Py_XINCREF(value);
        PyErr_Clear();
        return value;
    }
    if (entry && entry->kind == KIND_CLASS)
        return own_attribute((PyTypeObject *)object, name);
    if (!entry || (entry->kind != KIND_OBJECT && entry->kind != KIND_EXCEPTION && !entry->is_subclass))
        return NULL;
    for (size_t i = 0; i < entry->n_slots; i++)
        if (entry->slots[i].name == name) { /* both interned */
            PyObject *field = slot_of(object, &entry->slots[i]);
            if (field)
                return field;
        }
    PyObject *dict = dict_of(object, entry);
    PyObject *field = NULL;
    if (dict) {
        field = PyDict_GetItemWithError(dict, name);
        if (!field)
            field = module_field(dict, name);
        Py_XINCREF(field);
    }
    Py_XDECREF(dict);
    *method = !field && entry->kind == KIND_OBJECT && (PyType_GetFlags(entry->type) & Py_TPFLAGS_HEAPTYPE);
    PyErr_Clear();
    return field;
}

PyDoc_STRVAR(digest_doc, "digest(value) -> (first half, second half, flags)\n\n"
                         "Digest of a value, equal in two processes when the values are equal.");

static PyObject *digest(PyObject *module, PyObject *value)
{
    (void)module;
    uint64_t out[2];
    uint8_t flags = 0;
    core_digest(value, out, &flags);
    return Py_BuildValue("KKi", (unsigned long long)out[0], (unsigned long long)out[1], (int)flags);
}

static PyMethodDef methods[] = {{"digest", digest, METH_O, digest_doc}, {NULL, NULL, 0, NULL}};

/* Before 3.10 the slots of static types cannot be asked for; then the descriptors are called as Python does it. */
static descriptor_get *getter_of(PyTypeObject *type)
{
    void *slot = PyType_GetSlot(type, Py_tp_descr_get);
    PyErr_Clear();
    descriptor_get *get;
    memcpy(&get, &slot, sizeof get);
    return get;
}

static PyObject *known_item(PyObject *mapping, const char *name)
{
    PyObject *text = PyUnicode_InternFromString(name), *value = text ? PyObject_GetItem(mapping, text) : NULL;
    Py_XDECREF(text);
    return value;
}

static int find_known(void)
{
    PyObject *type_dict = PyObject_GetAttrString((PyObject *)&PyType_Type, "__dict__");
    PyObject *join = PyObject_GetAttrString((PyObject *)&PyUnicode_Type, "join");
    PyObject *iter = PyObject_GetAttrString((PyObject *)&PySet_Type, "__iter__");
    PyObject *start = PyObject_GetAttrString((PyObject *)&PySlice_Type, "start");
    if (type_dict && join && iter && start) {
        known.type_dict = known_item(type_dict, "__dict__");
        known.type_mro = known_item(type_dict, "__mro__");
        known.type_qualname = known_item(type_dict, "__qualname__");
        known.type_module = known_item(type_dict, "__module__");
        known.type_basicsize = known_item(type_dict, "__basicsize__");
    }
    bool all = known.type_dict && known.type_mro && known.type_qualname && known.type_module;
    if (all && join && iter && start) {
        known.getset = Py_TYPE(known.type_dict);
        known.member = Py_TYPE(start);
        known.method = Py_TYPE(join);
        known.wrapper = Py_TYPE(iter);
        known.getset_get = getter_of(known.getset);
        known.member_get = getter_of(known.member);
    }
    Py_XDECREF(type_dict);
    Py_XDECREF(join);
    Py_XDECREF(iter);
    Py_XDECREF(start);
    return PyErr_Occurred() ? -1 : 0;
}

static int find_names(void)
{
    const struct {
        PyObject **to;
        const char *text;
    } names[] = {{&known.dunder_get, "__get__"},
                 {&known.dunder_qualname, "__qualname__"},
                 {&known.dunder_module, "__module__"},
                 {&known.dunder_closure, "__closure__"},
                 {&known.dunder_defaults, "__defaults__"},
                 {&known.args, "args"},
                 {&known.enum_name, "_name_"},
                 {&known.enum_value, "_value_"},
                 {&known.parameters, "_parameters"},
                 {&known.buffers, "_buffers"},
                 {&known.modules, "_modules"},
                 {&known.name, "__name__"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        *names[i].to = PyUnicode_InternFromString(names[i].text);
        if (!*names[i].to)
            return -1;
    }
    return 0;
}

int core_digest_exec(PyObject *module)
{
    if (!known.name && (find_names() < 0 || find_known() < 0))
        return -1;
    return PyModule_AddFunctions(module, methods);
}
