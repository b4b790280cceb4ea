/* pickle_known.c - the names that a pickle of random states may ask for, and what they stand for as data.
 * SPDX-License-Identifier: MIT
 *
 * What pickle writes for them was read off CPython 3.9 to 3.13, NumPy 1.19 to 2.4 and torch 2.13: numpy/_core/src/multiarray
 * (__reduce__ of ndarray and dtype), numpy/random/_pickle.py, torch/_utils.py, torch/serialization.py. */
#include <string.h> /* memcpy, memcmp */

#include "common/bits.h"  /* load64_le */
#include "state/pickle.h" /* pickle_call */

enum { MAX_DIMENSIONS = 32, MAX_STATE_NBYTES = 1 << 20 };

enum known {
    KNOWN_CLASS, /* a class: an object with its arguments, and later its state */
    KNOWN_ENCODE,
    KNOWN_BYTES,
    KNOWN_DICT,
    KNOWN_DTYPE,
    KNOWN_RECONSTRUCT,
    KNOWN_FROMBUFFER,
    KNOWN_SCALAR,
    KNOWN_TENSOR,
    KNOWN_TORCH_BYTES
};

static const struct {
    const char *name;
    enum known known;
} known_names[] = {
    {"_codecs encode", KNOWN_ENCODE},
    {"builtins bytes", KNOWN_BYTES},
    {"builtins bytearray", KNOWN_BYTES},
    {"__builtin__ bytes", KNOWN_BYTES},
    {"__builtin__ bytearray", KNOWN_BYTES},
    {"collections OrderedDict", KNOWN_DICT},
    {"random Random", KNOWN_CLASS},
    {"numpy ndarray", KNOWN_CLASS},
    {"numpy dtype", KNOWN_DTYPE},
    {"numpy.core.multiarray _reconstruct", KNOWN_RECONSTRUCT},
    {"numpy._core.multiarray _reconstruct", KNOWN_RECONSTRUCT},
    {"numpy.core.multiarray scalar", KNOWN_SCALAR},
    {"numpy._core.multiarray scalar", KNOWN_SCALAR},
    {"numpy.core.numeric _frombuffer", KNOWN_FROMBUFFER},
    {"numpy._core.numeric _frombuffer", KNOWN_FROMBUFFER},
    {"numpy.random __RandomState_ctor", KNOWN_CLASS},
    {"numpy.random._pickle __randomstate_ctor", KNOWN_CLASS},
    {"numpy.random._pickle __generator_ctor", KNOWN_CLASS},
    {"numpy.random._pickle __bit_generator_ctor", KNOWN_CLASS},
    {"numpy.random._mt19937 MT19937", KNOWN_CLASS},
    {"numpy.random._pcg64 PCG64", KNOWN_CLASS},
    {"numpy.random._pcg64 PCG64DXSM", KNOWN_CLASS},
    {"numpy.random._philox Philox", KNOWN_CLASS},
    {"numpy.random._sfc64 SFC64", KNOWN_CLASS},
    {"numpy.random.bit_generator SeedSequence", KNOWN_CLASS},
    {"numpy.random.bit_generator __pyx_unpickle_SeedSequence", KNOWN_CLASS},
    {"numpy.random._bit_generator SeedSequence", KNOWN_CLASS},
    {"numpy.random._bit_generator __pyx_unpickle_SeedSequence", KNOWN_CLASS},
    {"oneseed.python _made", KNOWN_CLASS},
    {"oneseed.python Random", KNOWN_CLASS},
    {"oneseed._numpy_legacy make_random_state", KNOWN_CLASS},
    {"oneseed._numpy_generator make_generator", KNOWN_CLASS},
    {"oneseed._numpy_bits make_bit_generator", KNOWN_CLASS},
    {"oneseed._numpy_bits MT19937", KNOWN_CLASS},
    {"oneseed._numpy_bits PCG64", KNOWN_CLASS},
    {"oneseed._numpy_bits PCG64DXSM", KNOWN_CLASS},
    {"oneseed._numpy_bits Philox", KNOWN_CLASS},
    {"oneseed._numpy_bits SFC64", KNOWN_CLASS},
    {"oneseed._numpy_bits SeedSequence", KNOWN_CLASS},
    {"torch._C Generator", KNOWN_CLASS},
    {"torch device", KNOWN_CLASS},
    {"oneseed.torch _rebuild_generator", KNOWN_CLASS},
    {"torch._utils _rebuild_tensor_v2", KNOWN_TENSOR},
    {"torch.storage _load_from_bytes", KNOWN_TORCH_BYTES},
    {"torch ByteStorage", KNOWN_CLASS},
    {"torch BoolStorage", KNOWN_CLASS},
    {"torch CharStorage", KNOWN_CLASS},
    {"torch ShortStorage", KNOWN_CLASS},
    {"torch IntStorage", KNOWN_CLASS},
    {"torch LongStorage", KNOWN_CLASS},
    {"torch HalfStorage", KNOWN_CLASS},
    {"torch BFloat16Storage", KNOWN_CLASS},
    {"torch FloatStorage", KNOWN_CLASS},
    {"torch DoubleStorage", KNOWN_CLASS},
};

enum { N_KNOWN = sizeof known_names / sizeof *known_names };

static size_t find(const struct value *name)
{
    for (size_t i = 0; i < N_KNOWN; i++) {
        if (value_is_text(name, known_names[i].name))
            return i;
    }
    return N_KNOWN;
}

bool pickle_knows(const struct value *name)
{
    return find(name) < N_KNOWN;
}

static const struct value *item(const struct value *list, size_t i)
{
    return i < value_n_items(list) ? list->as.list.items[i] : NULL;
}

/* --- Bytes -------------------------------------------------------------------------------------------------------- */

/* The bytes of a text of characters up to U+00FF, as _codecs.encode(text, 'latin1') and as Python 2's str. NULL: it is another one. */
static struct value *latin1(struct values *values, const struct value *text)
{
    const uint8_t *from = text->as.text.bytes, *end = from + text->as.text.n;
    uint8_t *bytes = values_alloc(values, text->as.text.n + 1);
    size_t n = 0;
    while (bytes && from < end) {
        if (*from < 0x80) {
            bytes[n++] = *from++;
        } else if (end - from >= 2 && (*from == 0xc2 || *from == 0xc3) && (from[1] & 0xc0) == 0x80) {
            bytes[n++] = (uint8_t)(*from << 6 | (from[1] & 0x3f));
            from += 2;
        } else {
            return values_fail(values, "a text for bytes with characters above U+00FF");
        }
    }
    return bytes ? value_bytes(values, VALUE_BYTES, bytes, n) : NULL;
}

static struct value *call_encode(struct values *values, const struct value *arguments)
{
    const struct value *text = item(arguments, 0), *codec = item(arguments, 1);
    if (!text || text->type != VALUE_TEXT || !(value_is_text(codec, "latin1") || value_is_text(codec, "latin-1")))
        return values_fail(values, "_codecs.encode of something else than a text to latin1");
    return latin1(values, text);
}

static struct value *call_bytes(struct values *values, const struct value *arguments)
{
    const struct value *from = item(arguments, 0);
    if (!from)
        return value_bytes(values, VALUE_BYTES, (const uint8_t *)"", 0);
    if (from->type == VALUE_TEXT && value_n_items(arguments) == 2)
        return call_encode(values, arguments);
    if (from->type != VALUE_BYTES || value_n_items(arguments) != 1)
        return values_fail(values, "bytes of something else than bytes");
    return value_bytes(values, VALUE_BYTES, from->as.text.bytes, from->as.text.n);
}

/* --- Arrays ------------------------------------------------------------------------------------------------------- */

/* dtype('u4', align, copy). */
static struct value *call_dtype(struct values *values, const struct value *arguments)
{
    const struct value *text = item(arguments, 0);
    struct value *dtype = value_new(values, VALUE_DTYPE);
    if (!dtype)
        return NULL;
    if (!text || text->type != VALUE_TEXT || text->as.text.n < 2 || text->as.text.n > 8)
        return values_fail(values, "a NumPy dtype that is not known");
    const uint8_t *bytes = text->as.text.bytes;
    uint32_t number = 0;
    for (size_t i = 1; i < text->as.text.n; i++) {
        if (bytes[i] < '0' || bytes[i] > '9')
            return values_fail(values, "a NumPy dtype that is not known");
        number = number * 10 + (bytes[i] - '0');
    }
    if (!memchr("uifbUSO", bytes[0], 7) || number == 0)
        return values_fail(values, "a NumPy dtype that is not known");
    dtype->as.array.kind = (char)bytes[0];
    dtype->as.array.item_nbytes = bytes[0] == 'U' ? 4 * number : number;
    return dtype;
}

/* (version, byte order, ...) */
static bool set_dtype(struct values *values, struct value *dtype, const struct value *state)
{
    const struct value *order = item(state, 1);
    if (!order || order->type != VALUE_TEXT || order->as.text.n != 1 || !memchr("<>|=", order->as.text.bytes[0], 4)) {
        values_fail(values, "a NumPy dtype with an unknown byte order");
        return false;
    }
    dtype->as.array.big_endian = order->as.text.bytes[0] == '>';
    return true;
}

/* The product of the numbers of a shape; false: it is none. */
static bool shape_items(const struct value *shape, size_t *n_out)
{
    uint64_t n = 1, length;
    if (!shape || shape->type != VALUE_LIST || value_n_items(shape) > MAX_DIMENSIONS)
        return false;
    for (size_t i = 0; i < value_n_items(shape); i++) {
        if (!value_to_u64(item(shape, i), UINT32_MAX, &length) || (length != 0 && n > UINT32_MAX / length))
            return false;
        n *= length;
    }
    *n_out = (size_t)n;
    return true;
}

/* Makes `array` an array of the dtype. False, with the error set: the numbers do not fit. */
static bool set_array(struct values *values, struct value *array, const struct value *shape, const struct value *dtype,
                      const struct value *content)
{
    size_t n_items;
    if (!dtype || dtype->type != VALUE_DTYPE || !content || !shape_items(shape, &n_items)) {
        values_fail(values, "a NumPy array with a broken description");
        return false;
    }
    if (dtype->as.array.kind == 'O') {
        if (content->type != VALUE_LIST || content->as.list.n != n_items) {
            values_fail(values, "a NumPy array of objects with a broken description");
            return false;
        }
        *array = value_n_items(shape) == 0 ? *content->as.list.items[0] : *content;
        return true;
    }
    if (content->type == VALUE_TEXT) /* Python 2's str */
        content = value_bytes(values, VALUE_BYTES, content->as.text.bytes, content->as.text.n);
    if (!content)
        return false;
    uint32_t nbytes = dtype->as.array.item_nbytes;
    if (content->type != VALUE_BYTES || (uint64_t)n_items * nbytes != content->as.text.n) {
        values_fail(values, "a NumPy array whose content does not fit its shape");
        return false;
    }
    *array = *dtype;
    array->type = VALUE_ARRAY;
    array->as.array.bytes = content->as.text.bytes;
    array->as.array.n_items = n_items;
    array->as.array.scalar = value_n_items(shape) == 0;
    return true;
}

/* _frombuffer(bytes, dtype, shape, order) */
static struct value *call_frombuffer(struct values *values, const struct value *arguments)
{
    struct value *array = value_new(values, VALUE_ARRAY);
    bool ok = array && set_array(values, array, item(arguments, 2), item(arguments, 1), item(arguments, 0));
    return ok ? array : NULL;
}

/* scalar(dtype, bytes) */
static struct value *call_scalar(struct values *values, const struct value *arguments)
{
    struct value *array = value_new(values, VALUE_ARRAY), *shape = value_new(values, VALUE_LIST);
    bool ok = array && shape && set_array(values, array, shape, item(arguments, 0), item(arguments, 1));
    return ok ? array : NULL;
}

/* (version, shape, dtype, is Fortran's order, content) */
static bool set_reconstructed(struct values *values, struct value *array, const struct value *state)
{
    return set_array(values, array, item(state, 1), item(state, 2), item(state, 4));
}

/* --- torch -------------------------------------------------------------------------------------------------------- */

/* 0: a storage that is not known. */
static uint32_t storage_item_nbytes(const struct value *name)
{
    static const struct {
        const char *name;
        uint32_t nbytes;
    } sizes[] = {{"torch ByteStorage", 1},  {"torch BoolStorage", 1},     {"torch CharStorage", 1},
                 {"torch ShortStorage", 2}, {"torch IntStorage", 4},      {"torch LongStorage", 8},
                 {"torch HalfStorage", 2},  {"torch BFloat16Storage", 2}, {"torch FloatStorage", 4},
                 {"torch DoubleStorage", 8}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        if (value_is_text(name, sizes[i].name))
            return sizes[i].nbytes;
    }
    return 0;
}

static bool is_of_bytes(const struct value *name)
{
    return value_is_text(name, "torch ByteStorage");
}

/* ('module', class, file, source), in files of before 1.6 around a class of torch.nn.Module: the class itself. */
static struct value *module_class(struct values *values, const struct value *class)
{
    struct value *copy = value_new(values, class->type);
    if (copy)
        *copy = *class;
    return copy;
}

/* ('storage', class, key, location, number of items) */
struct value *pickle_storage(struct values *values, const struct value *id, const struct pickle_storages *storages)
{
    const struct value *key = item(id, 2), *class = item(id, 1);
    uint64_t n_items;
    if (storages && value_is_text(item(id, 0), "module") && class && class->type == VALUE_NAME)
        return module_class(values, class);
    if (!value_is_text(item(id, 0), "storage") || !key || key->type != VALUE_TEXT || !class ||
        class->type != VALUE_NAME || !value_to_u64(item(id, 4), INT64_MAX, &n_items))
        return values_fail(values, "a persistent id that is no storage of torch's");
    if (storages && storages->see &&
        !storages->see(storages->context, key->as.text.bytes, key->as.text.n, storage_item_nbytes(class)))
        return NULL;
    /* States are bytes: weights are not looked for. */
    if (!storages || !storages->find || !is_of_bytes(class) || n_items > MAX_STATE_NBYTES)
        return value_new(values, VALUE_NONE);
    struct value *array = value_new(values, VALUE_ARRAY);
    size_t n;
    const uint8_t *bytes;
    if (!array)
        return NULL;
    if (!storages->find(storages->context, key->as.text.bytes, key->as.text.n, &bytes, &n) || n < n_items) {
        char printable[64];
        return values_fail(values, "storage %s of a tensor is not there",
                           value_printable(printable, key->as.text.bytes, key->as.text.n));
    }
    array->as.array.bytes = bytes;
    array->as.array.n_items = (size_t)n_items;
    array->as.array.item_nbytes = 1;
    array->as.array.kind = 'u';
    return array;
}

/* _rebuild_tensor_v2(storage, offset, size, stride, ...) */
static struct value *call_tensor(struct values *values, const struct value *arguments)
{
    const struct value *storage = item(arguments, 0), *size = item(arguments, 2), *stride = item(arguments, 3);
    uint64_t offset, step, length, expected = 1;
    size_t n_items;
    if (storage && storage->type == VALUE_NONE)
        return value_new(values, VALUE_NONE);
    if (!storage || storage->type != VALUE_ARRAY || !value_to_u64(item(arguments, 1), UINT32_MAX, &offset) ||
        !shape_items(size, &n_items) || value_n_items(stride) != value_n_items(size))
        return values_fail(values, "a tensor with a broken description");
    for (size_t i = value_n_items(size); i > 0; i--) {
        if (!value_to_u64(item(stride, i - 1), UINT32_MAX, &step) ||
            !value_to_u64(item(size, i - 1), UINT32_MAX, &length))
            return values_fail(values, "a tensor with a broken description");
        if (length != 1 && step != expected) /* not in memory order: it is no state */
            return value_new(values, VALUE_NONE);
        expected *= length;
    }
    if (offset > storage->as.array.n_items || n_items > storage->as.array.n_items - offset)
        return values_fail(values, "a tensor that is larger than its storage");
    struct value *tensor = value_new(values, VALUE_ARRAY);
    if (!tensor)
        return NULL;
    *tensor = *storage;
    tensor->as.array.bytes += offset * storage->as.array.item_nbytes;
    tensor->as.array.n_items = n_items;
    return tensor;
}

/* pickle_read_torch, but what is read counts as memory: else bytes that are named often were read often. */
static struct value *call_torch_bytes(struct values *values, const struct value *arguments, unsigned depth)
{
    const struct value *bytes = item(arguments, 0);
    if (!bytes || bytes->type != VALUE_BYTES)
        return values_fail(values, "torch.storage._load_from_bytes of something else than bytes");
    if (!values_alloc(values, bytes->as.text.n))
        return NULL;
    const struct value *read = pickle_read_torch(values, bytes->as.text.bytes, bytes->as.text.n, depth + 1);
    struct value *copy = read ? value_new(values, read->type) : NULL;
    if (copy)
        *copy = *read;
    return copy;
}

/* The five pickles: a magic number, a version, facts of the machine, the object, the keys of the storages. */
static const uint8_t torch_magic[] = {0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46,
                                      0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, '.'};

bool pickle_is_torch(const uint8_t *bytes, size_t n)
{
    return n >= sizeof torch_magic && memcmp(bytes, torch_magic, sizeof torch_magic) == 0;
}

/* The sizes of the storages' items, by key: the pickle says them, and one behind the other the storages are found by them. */
struct sizes {
    struct values *values;
    struct size {
        const struct size *next;
        const uint8_t *key;
        size_t n_key;
        uint32_t item_nbytes;
    } * *rows; /* by a hash of the key */
};

enum { N_SIZE_ROWS = 4096 };

static size_t size_row(const uint8_t *key, size_t n_key)
{
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (size_t i = 0; i < n_key; i++)
        hash = (hash ^ key[i]) * 16777619u;
    return hash % N_SIZE_ROWS;
}

static const struct size *find_size(const struct sizes *sizes, const uint8_t *key, size_t n_key)
{
    const struct size *size = sizes->rows[size_row(key, n_key)];
    while (size && (size->n_key != n_key || memcmp(size->key, key, n_key) != 0))
        size = size->next;
    return size;
}

static bool see_size(const void *context, const uint8_t *key, size_t n_key, uint32_t item_nbytes)
{
    const struct sizes *sizes = context;
    if (find_size(sizes, key, n_key))
        return true;
    struct size *size = values_alloc(sizes->values, sizeof *size), **row = &sizes->rows[size_row(key, n_key)];
    if (!size)
        return false;
    *size = (struct size){*row, key, n_key, item_nbytes};
    *row = size;
    return true;
}

struct tail {
    const struct value *keys;
    const struct sizes *sizes;
    const uint8_t *at, *end;
};

/* Storages lie one behind the other, in the order of the keys: the number of items, then those. */
static bool find_in_tail(const void *context, const uint8_t *key, size_t n_key, const uint8_t **bytes_out,
                         size_t *n_out)
{
    const struct tail *tail = context;
    const uint8_t *at = tail->at;
    for (size_t i = 0; i < value_n_items(tail->keys); i++) {
        const struct value *name = item(tail->keys, i);
        if (tail->end - at < 8 || name->type != VALUE_TEXT)
            return false;
        const struct size *size = find_size(tail->sizes, name->as.text.bytes, name->as.text.n);
        uint64_t n = load64_le(at), left = (uint64_t)(tail->end - at - 8);
        if (!size || size->item_nbytes == 0 || n > left / size->item_nbytes)
            return false;
        if (name->as.text.n == n_key && memcmp(name->as.text.bytes, key, n_key) == 0) {
            *bytes_out = at + 8;
            *n_out = (size_t)n;
            return true;
        }
        at += 8 + n * size->item_nbytes;
    }
    return false;
}

const struct value *pickle_read_torch(struct values *values, const uint8_t *bytes, size_t n, unsigned depth)
{
    if (!pickle_is_torch(bytes, n))
        return values_fail(values, "torch's bytes do not begin as torch.save() begins them");
    struct sizes sizes = {values, values_alloc(values, N_SIZE_ROWS * sizeof *sizes.rows)};
    if (!sizes.rows)
        return NULL;
    memset(sizes.rows, 0, N_SIZE_ROWS * sizeof *sizes.rows);
    const struct pickle_storages only_sizes = {.context = &sizes, .see = see_size};
    size_t at = sizeof torch_magic, used, object = 0;
    const struct value *read = NULL;
    for (int i = 0; i < 4; i++) { /* version, facts, object, keys */
        object = i == 2 ? at : object;
        read = pickle_read(values, bytes + at, n - at, &only_sizes, depth, &used);
        if (!read)
            return NULL;
        at += used;
    }
    struct tail tail = {read, &sizes, bytes + at, bytes + n};
    struct pickle_storages storages = {&tail, NULL, find_in_tail};
    return pickle_read(values, bytes + object, n - object, &storages, depth, NULL);
}

/* --- All of them -------------------------------------------------------------------------------------------------- */

static struct value *call_class(struct values *values, const struct value *name, const struct value *arguments)
{
    struct value *object = value_new(values, VALUE_OBJECT);
    if (object) {
        object->as.object.name = name;
        object->as.object.arguments = arguments;
    }
    return object;
}

struct value *pickle_call(struct values *values, const struct value *name, const struct value *arguments,
                          unsigned depth)
{
    size_t known = find(name);
    if (known == N_KNOWN)
        return call_class(values, name, arguments);
    switch (known_names[known].known) {
    case KNOWN_ENCODE:
        return call_encode(values, arguments);
    case KNOWN_BYTES:
        return call_bytes(values, arguments);
    case KNOWN_DICT:
        return value_n_items(arguments) == 0
                   ? value_new(values, VALUE_DICT)
                   : values_fail(values, "an OrderedDict with arguments, as Python 2 pickled it");
    case KNOWN_DTYPE:
        return call_dtype(values, arguments);
    case KNOWN_FROMBUFFER:
        return call_frombuffer(values, arguments);
    case KNOWN_SCALAR:
        return call_scalar(values, arguments);
    case KNOWN_TENSOR:
        return call_tensor(values, arguments);
    case KNOWN_TORCH_BYTES:
        return call_torch_bytes(values, arguments, depth);
    case KNOWN_RECONSTRUCT:
    case KNOWN_CLASS:
    default:
        return call_class(values, name, arguments);
    }
}

bool pickle_set_state(struct values *values, struct value *object, const struct value *state)
{
    if (object->type == VALUE_DTYPE)
        return set_dtype(values, object, state);
    if (object->type == VALUE_DICT) /* the attributes of an OrderedDict, as a model's weights have some */
        return true;
    if (object->type != VALUE_OBJECT) {
        values_fail(values, "a state for something that has none");
        return false;
    }
    size_t known = find(object->as.object.name);
    if (known < N_KNOWN && known_names[known].known == KNOWN_RECONSTRUCT)
        return set_reconstructed(values, object, state);
    object->as.object.state = state;
    return true;
}
