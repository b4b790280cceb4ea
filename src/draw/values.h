/* values.h - the values of `oneseed draw`: Python's and NumPy's, on a heap that is swept between statements.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DRAW_VALUE_H
#define ONESEED_DRAW_VALUE_H

#include <stdbool.h> /* bool */
#include <stddef.h>  /* size_t */
#include <stdint.h>  /* int64_t */

typedef struct vm vm;

/* In NumPy's order of promotion within a kind. */
typedef enum dtype {
    DT_BOOL,
    DT_INT8,
    DT_UINT8,
    DT_INT16,
    DT_UINT16,
    DT_INT32,
    DT_UINT32,
    DT_INT64,
    DT_UINT64,
    DT_FLOAT16,
    DT_FLOAT32,
    DT_FLOAT64,
    DT_BFLOAT16, /* PyTorch's, not one of NumPy's */
    DT_STR,      /* fixed width, UCS-4; the width is the array's */
    DT_NONE
} dtype;

typedef enum value_kind {
    V_NOTHING, /* no value: an argument that was not given */
    V_NONE,
    V_ELLIPSIS,
    V_BOOL,
    V_INT,
    V_FLOAT,
    V_SCALAR, /* NumPy's scalar of a number: `dt` says which; floats in .f, all else in .i (uint64: its bits) */
    V_NATIVE, /* a function, class or dtype-like name of a table */
    V_DTYPE,  /* np.dtype: `dt`; of text .i is its width in characters, 0: any */
    V_MODULE,
    V_TORCH_DTYPE, /* torch.float32: `dt` */
    V_CONTEXT,     /* what a `with` takes (torch_context.c) */
    V_DEVICE,      /* torch.device: `dt` is a device_type, .i the index, -1: none */
    /* From here on objects of the heap. */
    V_BIG,
    V_STR,
    V_NPSTR, /* NumPy's scalar of a string: a struct text, too */
    V_BYTES,
    V_LIST,
    V_TUPLE,
    V_DICT,
    V_SET,
    V_RANGE,
    V_SLICE,
    V_ITERATOR, /* generator expressions, zip, …: makes its items as it is walked */
    V_VIEW,     /* keys, values or items of a dict */
    V_SCOPE,    /* the names of a comprehension or call; never a value of its own */
    V_BUFFER,   /* what arrays view; never a value of its own */
    V_ARRAY,
    V_TENSOR,
    V_STREAM,   /* draws that were not made yet: the last expression, in blocks */
    V_FUNCTION, /* lambda or def */
    V_ABSENT,   /* what was imported and is not here: a struct text of its name */
    V_METHOD,   /* a function with its object */
    V_PYTHON,   /* random.Random */
    V_BITGEN,
    V_RANDOMSTATE,
    V_GENERATOR,
    V_SEEDSEQ,
    V_SPLITTER, /* a splitter of scikit-learn */
    V_TORCH,    /* torch.Generator */
    V_OBJECT    /* of one of PyTorch's classes (object.h) */
} value_kind;

typedef struct object object;
struct object {
    object *next;
    size_t nbytes;
    uint8_t kind;
    bool marked;
};

struct native;
struct module;
struct holder;

typedef struct value {
    uint8_t kind, dt;
    union {
        int64_t i;
        double f;
        const struct native *native;
        const struct module *module;
        object *o;
        struct big *big;
        struct text *text;
        struct sequence *seq;
        struct dict *dict;
        struct set *set;
        struct range *range;
        struct slice *slice;
        struct iterator *iterator;
        struct view *view;
        struct scope *scope;
        struct array *array;
        struct tensor *tensor;
        struct method *method;
        struct function *function;
        struct holder *holder;
    } u;
} value;

/* Sign and magnitude, least significant limb first, no leading zero limbs; only what int64_t does not hold. */
struct big {
    object header;
    uint32_t n;
    bool negative;
    uint32_t limbs[];
};

/* str (UTF-8), NumPy's str and bytes. A NUL follows the bytes. */
struct text {
    object header;
    size_t nbytes, n_points;
    char bytes[];
};

struct sequence { /* list, tuple */
    object header;
    value *items;
    size_t n, n_allocated;
    const char *type; /* of a tuple that is a torch.Size: torch_size_type */
};

struct dict_entry {
    value key, item;
    uint64_t hash;
    bool used; /* not deleted */
};
struct dict {
    object header;
    struct dict_entry *entries;
    size_t n, n_entries, n_allocated; /* alive, alive and deleted, room */
    bool ordered;                     /* prints as an OrderedDict */
    uint32_t *slots;                  /* entry + 1, 0: free */
    size_t n_slots;
};

struct set_entry {
    value key;
    uint64_t hash;
    uint8_t state; /* 0 never used, 1 used, 2 deleted */
};
struct set { /* CPython's table: its slot order is the order of iteration */
    object header;
    struct set_entry *slots;
    size_t mask, fill, used;
    bool seeded; /* a string was in it: the order depends on PYTHONHASHSEED */
    bool unsure; /* and on which words the compiling process had met before */
    bool frozen;
};

struct range {
    object header;
    int64_t start, stop, step; /* stop: as it was given, for printing */
    uint64_t n;
};

struct slice {
    object header;
    value start, stop, step;
};

enum view_what { VIEW_KEYS, VIEW_VALUES, VIEW_ITEMS };

/* Of a dict, and as alive as it. */
struct view {
    object header;
    value dict;
    int what; /* view_what */
};

struct method {
    object header;
    value self;
    const struct native *native;
};

struct buffer {
    object header;
    size_t nbytes;
    char *bytes;
    bool unknown; /* torch.empty: what the memory holds was not written yet */
};

/* How the objects of the frameworks begin: the values that they hold. */
enum { MAX_HELD = 8 };
struct holder {
    object header;
    size_t n_held;
    value held[MAX_HELD];
};

enum { MAX_DIMS = 16 };
struct array {
    object header;
    struct buffer *buffer;
    uint8_t dt, n_dims;
    uint32_t item_nbytes;
    int64_t offset; /* of the first element, in bytes */
    int64_t shape[MAX_DIMS], strides[MAX_DIMS];
};

typedef enum device_type { DEVICE_CPU, DEVICE_CUDA } device_type;

/* PyTorch's tensor: an array with what its print says beside the values. */
struct tensor {
    object header;
    struct array *array;
    const char *grad_fn; /* "AddBackward0"; NULL: a leaf */
    bool requires_grad, is_parameter;
    bool is_view;   /* of a tensor that requires grad */
    uint8_t device; /* a device_type */
    int16_t device_index;
};

struct arguments {
    const value *positional;
    size_t n_positional;
    const char *const *names;
    const value *named;
    size_t n_named;
};

typedef value (*native_function)(vm *m, value self, const struct arguments *arguments);
struct native {
    const char *name;
    native_function call; /* NULL: a name only (np.float32 as a dtype has a call, too) */
    enum {
        NATIVE_FUNCTION,
        NATIVE_CLASS,
        NATIVE_PROPERTY /* called with no arguments when it is looked up */
    } sort;
    uint8_t dt; /* the dtype that the name stands for, + 1; 0: none */
};

struct module {
    const char *name;
    const struct native *natives; /* up to a NULL name */
    /* What is no function: constants, submodules. V_NOTHING: no such name. NULL: nothing of the kind. */
    value (*lookup)(vm *m, const char *name);
    /* The object whose methods are functions of the module. NULL: none. */
    value (*global)(vm *m);
};

#define NOTHING        ((value){.kind = V_NOTHING})
#define NONE           ((value){.kind = V_NONE})
#define BOOL(x)        ((value){.kind = V_BOOL, .u.i = (x) ? 1 : 0})
#define INT(x)         ((value){.kind = V_INT, .u.i = (x)})
#define FLOAT(x)       ((value){.kind = V_FLOAT, .u.f = (x)})
#define NATIVE(x)      ((value){.kind = V_NATIVE, .u.native = (x)})
#define MODULE(x)      ((value){.kind = V_MODULE, .u.module = (x)})
#define DTYPE(x)       ((value){.kind = V_DTYPE, .dt = (uint8_t)(x)})
#define TORCH_DTYPE(x) ((value){.kind = V_TORCH_DTYPE, .dt = (uint8_t)(x)})

static inline value scalar_int(dtype dt, int64_t i)
{
    return (value){.kind = V_SCALAR, .dt = (uint8_t)dt, .u.i = i};
}
static inline value scalar_float(dtype dt, double f)
{
    return (value){.kind = V_SCALAR, .dt = (uint8_t)dt, .u.f = f};
}
static inline bool dtype_is_float(unsigned dt)
{
    return dt >= DT_FLOAT16 && dt <= DT_BFLOAT16;
}
static inline bool dtype_is_integer(unsigned dt)
{
    return dt >= DT_INT8 && dt <= DT_UINT64;
}
static inline bool dtype_is_unsigned(unsigned dt)
{
    return dt == DT_UINT8 || dt == DT_UINT16 || dt == DT_UINT32 || dt == DT_UINT64;
}
size_t dtype_nbytes(dtype dt); /* DT_STR: of one character */
const char *dtype_name(dtype dt);

static inline value object_value(unsigned kind, void *o)
{
    return (value){.kind = (uint8_t)kind, .u.o = o};
}

/* --- Heap (heap.c). Nothing here returns NULL: no memory is an error of the program that runs. --------------------- */

void *heap_object(vm *m, value_kind kind, size_t nbytes); /* zeroed */
/* Memory that an object owns, counted and freed with it. */
void *heap_resize(vm *m, void *bytes, size_t old_nbytes, size_t new_nbytes);
void heap_release(vm *m, void *bytes, size_t nbytes);
/* Between statements: drops what nothing holds. */
void heap_sweep(vm *m);
void heap_destroy(vm *m);
/* Counts one step of the program; past the limit it is an error. */
void step(vm *m, uint64_t n);

/* --- Making values --------------------------------------------------------------------------------------------------- */

value make_text(vm *m, value_kind kind, const char *bytes, size_t nbytes);
value make_str(vm *m, const char *text);
value make_sequence(vm *m, value_kind kind, size_t n); /* n times None */
void append(vm *m, value sequence, value item);
value make_slice(vm *m, value start, value stop, value step);
value make_range(vm *m, int64_t start, int64_t stop, int64_t step);
value make_method(vm *m, value self, const struct native *native);
value make_dict(vm *m);
value make_set(vm *m);
static inline int64_t range_item(const struct range *range, uint64_t i)
{
    return (int64_t)((uint64_t)range->start + (uint64_t)range->step * i);
}

/* --- Dicts and sets (table.c) ---------------------------------------------------------------------------------------- */

bool dict_get(vm *m, const struct dict *dict, value key, value *item_out);
void dict_put(vm *m, struct dict *dict, value key, value item);
bool dict_remove(vm *m, struct dict *dict, value key);
bool set_has(vm *m, const struct set *set, value key);
void set_add(vm *m, struct set *set, value key);
bool set_remove(vm *m, struct set *set, value key);
/* set.update(other) for a set: the slots are copied where CPython copies them. */
void set_merge(vm *m, struct set *set, const struct set *other);
/* Python's hash. Sets *seeded_out when it depends on PYTHONHASHSEED. Unhashable: an error. */
int64_t value_hash(vm *m, value v, bool *seeded_out);
/* An error when the order of the set is not known. */
void require_set_order(vm *m, const struct set *set);

/* --- Numbers --------------------------------------------------------------------------------------------------------- */

static inline bool is_integer(value v) /* with a value that int_value() gives, or V_BIG */
{
    return v.kind == V_INT || v.kind == V_BOOL || v.kind == V_BIG ||
           (v.kind == V_SCALAR && (dtype_is_integer(v.dt) || v.dt == DT_BOOL));
}
static inline bool is_number(value v)
{
    return is_integer(v) || v.kind == V_FLOAT || v.kind == V_SCALAR;
}
static inline bool is_text(value v)
{
    return v.kind == V_STR || v.kind == V_NPSTR;
}
static inline bool is_none(value v)
{
    return v.kind == V_NONE || v.kind == V_NOTHING;
}
static inline bool is_sequence(value v)
{
    return v.kind == V_LIST || v.kind == V_TUPLE;
}
/* NumPy's and bool's integers as V_INT or V_BIG. */
value plain_integer(vm *m, value v);
/* As an int64_t; what does not fit is an error that names `what`. */
int64_t to_int64(vm *m, value v, const char *what);
double to_double(vm *m, value v, const char *what);
bool truth(vm *m, value v);
const char *type_name(value v);

#endif
