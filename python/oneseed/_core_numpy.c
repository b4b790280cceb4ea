/* _core_numpy.c - NumPy's bit generators: seedings, draws, and words counted at the generator's own state.
 * SPDX-License-Identifier: MIT
 *
 * The functions of Generator and RandomState are boundaries: before and after each, the C state of the bit generator is
 * read (tens of nanoseconds), and the words between are computed from the two states. Nothing is put into NumPy's
 * structures, so pickles, copies, capsules, ctypes and cffi interfaces are NumPy's own. What compiled code draws through
 * the capsule shows at the next boundary, as a draw named `bitgen`.
 *
 * The state structs are those of numpy/random/src since 1.17; they are compared with the `state` attribute before use. */
#include "_core_draws.h"
#include "_core_hooks.h" /* core_hook_install */

#include <stdlib.h> /* calloc */
#include <string.h> /* memcpy, memcmp */

#include "engines/mt19937.h" /* mt19937_distance */

/* ---- layouts ---- */

__extension__ typedef unsigned __int128 uint128;

struct bitgen { /* numpy/random/bitgen.h */
    void *state;
    uint64_t (*next_uint64)(void *state);
    uint32_t (*next_uint32)(void *state);
    double (*next_double)(void *state);
    uint64_t (*next_raw)(void *state);
};

struct mt_state {
    uint32_t key[MT19937_N];
    int position;
};

struct pcg_state { /* PCG64 and PCG64DXSM */
    struct {
        uint128 state, increment;
    } * lcg;
    int has_uint32;
    uint32_t uinteger;
};

struct philox_state {
    uint64_t *counter; /* 4 */
    uint64_t *key;     /* 2 */
    int buffer_position;
    uint64_t buffer[4];
    int has_uint32;
    uint32_t uinteger;
};

struct sfc_state {
    uint64_t s[4]; /* the last one counts the words */
    int has_uint32;
    uint32_t uinteger;
};

enum kind { MT19937, PCG64, PCG64DXSM, PHILOX, SFC64, N_KINDS, OTHER = N_KINDS };

static const struct {
    const char *type, *class_name;
} kinds[N_KINDS + 1] = {
    {"MT19937", "numpy.MT19937"}, {"PCG64", "numpy.PCG64"}, {"PCG64DXSM", "numpy.PCG64DXSM"},
    {"Philox", "numpy.Philox"},   {"SFC64", "numpy.SFC64"}, {"", "numpy.BitGenerator"},
};

/* A state as we keep it: everything that decides the words to come, without pointers. */
struct state {
    size_t nbytes; /* 0 = could not be read */
    union {
        struct mt_state mt;
        struct {
            uint128 state, increment;
            uint32_t rest[2];
        } pcg;
        struct {
            uint64_t counter[4], key[2];
            uint32_t rest[4];
        } philox;
        struct {
            uint64_t s[4];
            uint32_t rest[2];
        } sfc;
    } as;
};

/* A saved half of a word counts only while it is there. */
static void put_half(uint32_t rest[2], int has_uint32, uint32_t uinteger)
{
    rest[0] = has_uint32 != 0;
    rest[1] = has_uint32 ? uinteger : 0;
}

static void read_state(enum kind kind, const void *from, struct state *to)
{
    to->nbytes = 0;
    if (!from)
        return;
    if (kind == MT19937) {
        memcpy(&to->as.mt, from, sizeof to->as.mt);
        to->nbytes = sizeof to->as.mt;
    } else if (kind == PCG64 || kind == PCG64DXSM) {
        const struct pcg_state *pcg = from;
        memset(&to->as.pcg, 0, sizeof to->as.pcg);
        memcpy(&to->as.pcg.state, &pcg->lcg->state, sizeof(uint128)); /* NumPy aligns it to 8 bytes only */
        memcpy(&to->as.pcg.increment, (char *)pcg->lcg + sizeof(uint128), sizeof(uint128));
        put_half(to->as.pcg.rest, pcg->has_uint32, pcg->uinteger);
        to->nbytes = sizeof to->as.pcg;
    } else if (kind == PHILOX) {
        const struct philox_state *philox = from;
        memset(&to->as.philox, 0, sizeof to->as.philox);
        memcpy(to->as.philox.counter, philox->counter, sizeof to->as.philox.counter);
        memcpy(to->as.philox.key, philox->key, sizeof to->as.philox.key);
        put_half(to->as.philox.rest, philox->has_uint32, philox->uinteger);
        to->as.philox.rest[2] = (uint32_t)philox->buffer_position;
        to->nbytes = sizeof to->as.philox;
    } else if (kind == SFC64) {
        const struct sfc_state *sfc = from;
        memset(&to->as.sfc, 0, sizeof to->as.sfc);
        memcpy(to->as.sfc.s, sfc->s, sizeof to->as.sfc.s);
        put_half(to->as.sfc.rest, sfc->has_uint32, sfc->uinteger);
        to->nbytes = sizeof to->as.sfc;
    }
}

static bool same_state(const struct state *a, const struct state *b)
{
    return a->nbytes == b->nbytes && memcmp(&a->as, &b->as, a->nbytes) == 0;
}

/* ---- words between two states ---- */

#define TOO_FAR UINT64_MAX

static uint128 wide(uint64_t high, uint64_t low)
{
    return (uint128)high << 64 | low;
}

/* Steps of the generator state*multiplier+increment from one state to another: bit k of the distance is found from bit k
 * of the states, the lowest first. */
static uint64_t lcg_distance(uint128 from, uint128 to, uint128 multiplier, uint128 increment)
{
    uint64_t distance = 0;
    for (unsigned k = 0; from != to; k++) {
        if (k == 64)
            return TOO_FAR;
        uint128 bit = (uint128)1 << k;
        if ((from & bit) != (to & bit)) {
            from = from * multiplier + increment;
            distance |= (uint64_t)1 << k;
        }
        increment *= multiplier + 1;
        multiplier *= multiplier;
    }
    return distance;
}

static uint64_t words_between(enum kind kind, const struct state *from, const struct state *to, uint64_t max_words)
{
    if (from->nbytes == 0 || to->nbytes == 0)
        return TOO_FAR;
    uint64_t words = TOO_FAR;
    switch (kind) {
    case MT19937:
        words = mt19937_distance(from->as.mt.key, (unsigned)from->as.mt.position, to->as.mt.key,
                                 (unsigned)to->as.mt.position, max_words);
        break;
    case PCG64:
    case PCG64DXSM:
        if (from->as.pcg.increment == to->as.pcg.increment)
            words = lcg_distance(from->as.pcg.state, to->as.pcg.state,
                                 kind == PCG64 ? wide(2549297995355413924u, 4865540595714422341u)
                                               : wide(0, 0xda942042e4dd58b5u),
                                 from->as.pcg.increment);
        break;
    case PHILOX: {
        const uint64_t *a = from->as.philox.counter, *b = to->as.philox.counter;
        if (memcmp(from->as.philox.key, to->as.philox.key, sizeof from->as.philox.key) == 0 && a[1] == b[1] &&
            a[2] == b[2] && a[3] == b[3] && b[0] - a[0] < UINT64_MAX / 8)
            words = 4 * (b[0] - a[0]) + to->as.philox.rest[2] - from->as.philox.rest[2];
        break;
    }
    case SFC64:
        words = to->as.sfc.s[3] - from->as.sfc.s[3];
        break;
    default:
        break;
    }
    return words <= max_words ? words : TOO_FAR;
}

/* ---- bit generators that are known ---- */

struct bit_generator {
    const void *object; /* identity, not a reference */
    enum kind kind;
    const void *state;  /* NumPy's struct, inside the object; NULL = not readable */
    struct state *last; /* after the last boundary; nbytes 0 = unknown */
};

/* Open addressing by address, guarded by the GIL. An address that is used again is announced by the hook of __init__. */
static struct bit_generator *table;
static size_t n_known, table_size;

static struct bit_generator *slot_of(const void *object)
{
    size_t i = (size_t)(((uintptr_t)object >> 4) * 0x9e3779b97f4a7c15u >> 24) & (table_size - 1);
    while (table[i].object && table[i].object != object)
        i = (i + 1) & (table_size - 1);
    return &table[i];
}

static bool make_room(void)
{
    if (2 * n_known < table_size)
        return true;
    size_t old_size = table_size, size = old_size ? 2 * old_size : 64;
    struct bit_generator *old = table, *fresh = calloc(size, sizeof *fresh);
    if (!fresh)
        return false;
    table = fresh;
    table_size = size;
    for (size_t i = 0; i < old_size; i++)
        if (old[i].object)
            *slot_of(old[i].object) = old[i];
    free(old);
    return true;
}

static PyObject *types[N_KINDS]; /* strong; NULL = not imported */

static enum kind kind_of(PyObject *object)
{
    for (int k = 0; k < N_KINDS; k++)
        if (types[k] && PyType_IsSubtype(Py_TYPE(object), (PyTypeObject *)types[k]))
            return (enum kind)k;
    return OTHER;
}

/* The number behind names like "state", "state", "counter", 0 in the `state` attribute of a bit generator. */
static bool number_in(PyObject *object, const char *a, const char *b, int index, uint64_t *out)
{
    PyObject *state = PyObject_GetAttrString(object, "state"), *item = NULL, *number = NULL;
    PyObject *inner = state && PyDict_Check(state) ? PyDict_GetItemString(state, a) : NULL;
    if (inner && b)
        inner = PyDict_Check(inner) ? PyDict_GetItemString(inner, b) : NULL;
    if (inner && index >= 0)
        item = PySequence_GetItem(inner, index);
    number = inner ? PyNumber_Index(index >= 0 ? item : inner) : NULL;
    if (number)
        *out = PyLong_AsUnsignedLongLongMask(number);
    Py_XDECREF(number);
    Py_XDECREF(item);
    Py_XDECREF(state);
    PyErr_Clear();
    return number != NULL;
}

/* Once per kind: does the C state say what the `state` attribute says? */
static bool layout_holds(enum kind kind, PyObject *object, const void *from)
{
    static int holds[N_KINDS + 1]; /* 0 = not tried, 1, -1 */
    if (kind == OTHER)
        return false;
    if (holds[kind] == 0) {
        struct state state = {0};
        uint64_t a = 0, b = 0;
        bool ok = false;
        read_state(kind, from, &state);
        if (kind == MT19937)
            ok = number_in(object, "state", "key", 623, &a) && number_in(object, "state", "pos", -1, &b) &&
                 a == state.as.mt.key[623] && b == (uint64_t)state.as.mt.position;
        else if (kind == PCG64 || kind == PCG64DXSM)
            ok = number_in(object, "state", "state", -1, &a) && number_in(object, "state", "inc", -1, &b) &&
                 a == (uint64_t)state.as.pcg.state && b == (uint64_t)state.as.pcg.increment;
        else if (kind == PHILOX)
            ok = number_in(object, "state", "key", 1, &a) && number_in(object, "buffer_pos", NULL, -1, &b) &&
                 a == state.as.philox.key[1] && b == state.as.philox.rest[2];
        else
            ok = number_in(object, "state", "state", 0, &a) && number_in(object, "state", "state", 3, &b) &&
                 a == state.as.sfc.s[0] && b == state.as.sfc.s[3];
        holds[kind] = ok ? 1 : -1;
        if (!ok)
            core_note("words of a NumPy bit generator cannot be counted here: its state is laid out in another way");
    }
    return holds[kind] > 0;
}

static const void *state_of(enum kind kind, PyObject *object)
{
    PyObject *capsule = PyObject_GetAttrString(object, "capsule");
    struct bitgen *bitgen = capsule ? PyCapsule_GetPointer(capsule, "BitGenerator") : NULL;
    const void *state = bitgen ? bitgen->state : NULL;
    Py_XDECREF(capsule);
    PyErr_Clear();
    return state && layout_holds(kind, object, state) ? state : NULL;
}

/* NULL only without memory. is_new: the object was just made, whatever was known of its address is void. */
static struct bit_generator *bit_generator_of(PyObject *object, bool is_new)
{
    if (!make_room())
        return NULL;
    struct bit_generator *known = slot_of(object);
    if (known->object && !is_new)
        return known;
    struct state *last = known->object ? known->last : calloc(1, sizeof *last);
    if (!last)
        return NULL;
    if (!known->object)
        n_known++;
    enum kind kind = kind_of(object);
    *known = (struct bit_generator){.object = object, .kind = kind, .last = last};
    last->nbytes = 0;
    if (is_new)
        core_generator_new(object, kinds[kind].class_name);
    else
        core_generator_of(object, kinds[kind].class_name);
    const void *state = state_of(kind, object); /* may run Python code: look again */
    known = slot_of(object);
    known->state = state;
    return known;
}

static struct core_generator *generator_of(const struct bit_generator *known)
{
    return core_generator_of(known->object, kinds[known->kind].class_name);
}

static void record_seed(struct bit_generator *known, const char *how)
{
    read_state(known->kind, known->state, known->last);
    struct core_generator *generator = generator_of(known);
    if (generator)
        core_record_seed(generator, how, &known->last->as, known->last->nbytes);
}

/* The state is not the one that the last boundary left: compiled code drew, or the program set it. */
static void record_unseen(struct bit_generator *known, const struct state *now)
{
    enum { MAX_UNSEEN = 1 << 20 };
    uint64_t words = words_between(known->kind, known->last, now, MAX_UNSEEN);
    struct core_generator *generator = generator_of(known);
    if (words == TOO_FAR) {
        record_seed(known, "program");
    } else if (generator) {
        static uint64_t name;
        if (name == 0)
            name = core_intern("bitgen");
        struct core_draw draw = {.function = name,
                                 .words = words,
                                 .flags = ONESEED_FLAG_UNDIGESTED,
                                 .state = &known->last->as,
                                 .state_nbytes = known->last->nbytes};
        core_record_draw(generator, &draw);
    }
}

/* ---- draws ---- */

static _Thread_local unsigned depth; /* functions of NumPy call one another: the outermost is the draw */

static PyObject *bit_generator_behind(PyObject *self)
{
    struct core_saved_error saved;
    core_save_error(&saved);
    PyObject *object = PyObject_GetAttrString(self, "_bit_generator"); /* of Generator and RandomState */
    if (!object) {
        PyErr_Clear();
        Py_INCREF(self); /* a bit generator itself: random_raw */
        object = self;
    }
    core_restore_error(&saved);
    return object;
}

static PyObject *on_draw(const struct core_call *call)
{
    if (depth > 0)
        return core_call_original(call);
    PyObject *object = bit_generator_behind(call->self);
    struct bit_generator *known = bit_generator_of(object, false);
    if (!known || !core_recording()) {
        if (known)
            known->last->nbytes = 0;
        Py_DECREF(object);
        return core_call_original(call);
    }
    struct state before, after;
    read_state(known->kind, known->state, &before);
    if (known->last->nbytes && !same_state(known->last, &before))
        record_unseen(known, &before);

    depth++;
    PyObject *result = core_call_original(call);
    depth--;

    known = bit_generator_of(object, false); /* the table may have grown */
    struct core_generator *generator = generator_of(known);
    read_state(known->kind, known->state, &after);
    uint64_t words = words_between(known->kind, &before, &after, (uint64_t)1 << 32);
    struct core_draw draw = {
        .function = (uint64_t)call->hook->data, .state = &before.as, .state_nbytes = before.nbytes};
    if (words == TOO_FAR)
        draw.flags |= ONESEED_FLAG_WORDS_UNKNOWN;
    else
        draw.words = words;
    PyObject *value = result == Py_None ? core_call_positional(call, 0) : result; /* shuffle(x) changes x */
    if (result == Py_None && !value)
        value = core_call_keyword(call, "x");
    if (value)
        core_digest_result(value, &draw);
    if (generator && (result || words != 0))
        core_record_draw(generator, &draw);
    bit_generator_of(object, false)->last[0] = after;
    Py_DECREF(object);
    return result;
}

/* ---- seeds ---- */

static bool is_none(PyObject *value)
{
    return !value || value == Py_None;
}

/* How a seeding was done that began when *core_n_derived() was `n_before`. */
static const char *how_seeded(PyObject *seed, unsigned n_before)
{
    return !is_none(seed) ? "program" : *core_n_derived() != n_before ? "oneseed" : "os";
}

/* RandomState.seed() and RandomState(seed) come down to MT19937._legacy_seeding(seed). */
static PyObject *on_legacy_seeding(const struct core_call *call)
{
    unsigned n_before = *core_n_derived();
    PyObject *result = core_call_original(call);
    if (!result)
        return NULL;
    PyObject *seed = core_call_positional(call, 0);
    struct bit_generator *known = bit_generator_of(call->self, false);
    if (known)
        record_seed(known, how_seeded(seed ? seed : core_call_keyword(call, "seed"), n_before));
    return result;
}

/* set_state() and __setstate__(). */
static PyObject *on_set_state(const struct core_call *call)
{
    PyObject *result = core_call_original(call);
    if (!result)
        return NULL;
    PyObject *object = bit_generator_behind(call->self);
    struct bit_generator *known = bit_generator_of(object, false);
    if (known)
        record_seed(known, "program");
    Py_DECREF(object);
    return result;
}

static core_init_function *original_init[N_KINDS];

static int on_init(PyObject *self, PyObject *args, PyObject *kwargs)
{
    enum kind kind = kind_of(self);
    if (kind == OTHER) /* cannot be: only these types have the slot */
        return -1;
    unsigned n_before = *core_n_derived();
    int status = original_init[kind](self, args, kwargs);
    if (status == 0) {
        PyObject *seed = PyTuple_Size(args) > 0 ? PyTuple_GetItem(args, 0) : NULL;
        if (!seed && kwargs)
            seed = PyDict_GetItemString(kwargs, "seed");
        if (!seed && kwargs)
            seed = PyDict_GetItemString(kwargs, "key"); /* Philox's other seed */
        struct bit_generator *known = bit_generator_of(self, true);
        if (known)
            record_seed(known, how_seeded(seed, n_before));
    }
    return status;
}

/* ---- the module's functions ---- */

static PyObject *py_hook_numpy_type(PyObject *module, PyObject *type)
{
    (void)module;
    PyObject *name = PyObject_GetAttrString(type, "__name__");
    if (!name)
        return NULL;
    bool done = false;
    for (int k = 0; k < N_KINDS; k++)
        if (PyUnicode_CompareWithASCIIString(name, kinds[k].type) == 0 &&
            core_hook_init(type, on_init, &original_init[k])) {
            Py_INCREF(type);
            Py_XDECREF(types[k]);
            types[k] = type;
            done = true;
        }
    Py_DECREF(name);
    return PyBool_FromLong(done);
}

static PyObject *py_hook_numpy_method(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *function;
    const char *name, *role, *why = NULL;
    if (!PyArg_ParseTuple(args, "Oss:hook_numpy_method", &function, &name, &role))
        return NULL;
    core_handler *handler = strcmp(role, "draw") == 0             ? on_draw
                            : strcmp(role, "legacy_seeding") == 0 ? on_legacy_seeding
                                                                  : on_set_state;
    uint64_t id = core_intern(name);
    size_t n = strlen(name) + 1;
    char *kept = malloc(n); /* hooks live for ever */
    if (!kept)
        return PyErr_NoMemory();
    memcpy(kept, name, n);
    return PyBool_FromLong(core_hook_install(function, kept, handler, (uintptr_t)id, &why));
}

static PyMethodDef functions[] = {
    {"hook_numpy_type", py_hook_numpy_type, METH_O, "hook_numpy_type(type) -> bool: a bit generator's constructor."},
    {"hook_numpy_method", py_hook_numpy_method, METH_VARARGS,
     "hook_numpy_method(function, name, role) -> bool: role is draw, legacy_seeding or set_state."},
    {NULL, NULL, 0, NULL},
};

int core_numpy_exec(PyObject *module)
{
    return PyModule_AddFunctions(module, functions);
}
