/* vm.h - one session of `oneseed draw`: its names, heap, limits, and how it fails.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DRAW_VM_H
#define ONESEED_DRAW_VM_H

#include <setjmp.h> /* jmp_buf */

#include "draw/draw.h"   /* struct draw_settings */
#include "draw/values.h" /* value */

struct name {
    char *text;
    value value;
};

enum { MAX_GPUS = 8 };

/* Made at their first use; V_NOTHING until then. */
struct globals {
    value random;               /* random.…: a V_PYTHON */
    value numpy;                /* np.random.…: a V_RANDOMSTATE */
    value torch;                /* torch.default_generator: a V_TORCH */
    value environ;              /* os.environ */
    value tensorflow;           /* its eager context */
    value tensorflow_generator; /* tf.random.set_global_generator() */
    value keras_generator;      /* the global SeedGenerator */
    bool in_tensorflow_graph;   /* a function of a tf.data pipeline runs */
    value torch_cuda[MAX_GPUS];
    bool has_cuda_seed; /* torch.manual_seed() seeds those that are made later, too */
    uint64_t cuda_seed;
};

struct vm {
    struct draw_settings settings;
    object *objects, *tree; /* swept, and what belongs to the parsed lines */
    size_t heap_nbytes, sweep_at;
    uint64_t n_steps;
    int depth;
    struct name *names;
    size_t n_names, n_names_allocated;
    struct scope *scope; /* the names of the comprehension or call that runs; NULL: the session's alone */
    /* What loops hold while their body runs. */
    value *roots;
    size_t n_roots, n_roots_allocated;
    value *marked; /* of a sweep: what is marked, but not yet what it holds */
    size_t n_marked, n_marked_allocated;
    value *kept; /* all generators, with --explain */
    size_t n_kept;
    struct globals globals;
    value last;             /* of the last expression statement that had one */
    value returned;         /* by the last `return` */
    bool lazy;              /* the expression being evaluated may give a V_STREAM */
    bool direct;            /* nothing but the value of the expression being evaluated is wanted: see call_function() */
    int n_calls, n_unswept; /* of functions: one within the other; those of which something else is on the C stack */
    struct print_options {
        int precision;
        bool suppress;
    } print;
    struct torch_options { /* what torch.set_printoptions and torch.set_default_dtype set */
        int64_t precision, edgeitems, linewidth;
        double threshold;
        int sci_mode; /* -1: by the values */
        dtype default_dtype;
        bool is_deterministic; /* torch.use_deterministic_algorithms() */
        bool no_grad;          /* in a block of torch.no_grad() */
    } torch;
    struct jax_options {  /* what jax.config says */
        uint32_t version; /* as in an oneseed_jax_key */
        bool has_x64, is_original;
        uint8_t impl; /* the default oneseed_jax_impl */
        int n_traced; /* calls by jax.vmap(), one within the other */
    } jax;
    struct keras_options {
        uint8_t backend; /* an oneseed_keras_backend */
        bool is_used;    /* the backend is decided on */
        dtype floatx;
    } keras;
    unsigned line, column;
    unsigned flags_changed; /* of torch.backends: a bit for each that is not as torch starts */
    unsigned noted;         /* a bit for each note that was said */
    uint8_t hash_key[16];
    jmp_buf failed;
    char error[1024];
};

/* Ends the run with "line L, column C: …". */
_Noreturn void fail(vm *m, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* With the framework's class of error in front: "ValueError: …". */
#define value_error(m, ...) fail(m, "ValueError: " __VA_ARGS__)
#define type_error(m, ...)  fail(m, "TypeError: " __VA_ARGS__)

/* What the prompt does with the value of an expression. */
void echo(vm *m, value v);
/* The answer; and what print() says, which is the answer where that is text. */
void emit(vm *m, const char *bytes, size_t nbytes);
void print_out(vm *m, const char *bytes, size_t nbytes);
/* What the reader of the values that follow must know: once in a run for each, on stderr. */
typedef enum note { NOTE_LOG_NORMAL, NOTE_PARETO, NOTE_GUMBEL, NOTE_TRUNC_NORMAL } note;
void say_once(vm *m, note which, const char *text);
void push_root(vm *m, value v);
void pop_root(vm *m);
void enter(vm *m); /* one level deeper, an error past the limit */
static inline void leave(vm *m)
{
    m->depth--;
}

/* --- Text under construction: a V_BYTES-like buffer on the heap ------------------------------------------------------ */

struct writer {
    vm *m;
    struct buffer *buffer;
    size_t n;
};
struct writer writer_start(vm *m);
void put(struct writer *w, const char *bytes, size_t nbytes);
void put_text(struct writer *w, const char *text);
void put_format(struct writer *w, const char *format, ...) __attribute__((format(printf, 2, 3)));
void put_spaces(struct writer *w, size_t n);
static inline const char *written(const struct writer *w)
{
    return w->buffer->bytes;
}

/* --- Printing (repr.c, array_print.c, shortest.c) -------------------------------------------------------------------- */

void put_repr(struct writer *w, value v);
void put_str(struct writer *w, value v);
void put_array(struct writer *w, const struct array *a, bool repr);
/* np.array2string with ", " between the items, behind that many characters and before one. */
void put_array_text(struct writer *w, const struct array *a, size_t prefix);
/* "…" % v */
value percent_format(vm *m, value format, value v);
/* The repr of a large array of which only the edges are there: 3 at either end of each axis that is longer than 6. */
void put_edges(struct writer *w, const struct array *edges, const int64_t *shape);
/* Python's format(v, spec). */
void put_formatted(struct writer *w, value v, const char *spec, size_t spec_nbytes);

/* The shortest decimal digits that give the float of that width (16, 32, 64 bits) again: digits without a point, the value is
 * 0.DIGITS * 10^*point_out. x finite and > 0. Gives the number of digits (at most 17; digits_out holds 18). */
int shortest_digits(double x, int width, char *digits_out, int *point_out);
enum { FLOAT_TEXT = 400 };
/* Python's repr of a float; NumPy's for the other widths. */
void float_repr(double x, int width, char text_out[FLOAT_TEXT]);
/* With an exponent from `most` on, not from 10^16. */
void float_repr_below(double x, int width, double most, char text_out[FLOAT_TEXT]);

/* --- Operations (operators.c, sequence_index.c) ---------------------------------------------------------------------- */

typedef enum operator{
    OP_NONE,
    OP_ADD,
    OP_SUBTRACT,
    OP_MULTIPLY,
    OP_DIVIDE,
    OP_FLOOR_DIVIDE,
    OP_MODULO,
    OP_POWER,
    OP_MATRIX,
    OP_LEFT,
    OP_RIGHT,
    OP_AND,
    OP_OR,
    OP_XOR,
    OP_EQ,
    OP_NE,
    OP_LT,
    OP_LE,
    OP_GT,
    OP_GE,
    OP_IN,
    OP_NOT_IN,
    OP_IS,
    OP_IS_NOT,
    OP_NEGATE,
    OP_PLUS,
    OP_INVERT,
    OP_BOOL_NOT
}
operator;
const char *operator_text(operator op);
value operate(vm *m, operator op, value a, value b);
value operate_unary(vm *m, operator op, value a);
bool values_equal(vm *m, value a, value b);
int values_compare(vm *m, value a, value b); /* for sorting: -1, 0, 1 */
value get_item(vm *m, value container, value index);
void set_item(vm *m, value container, value index, value item);
void delete_item(vm *m, value container, value index);
value get_attribute(vm *m, value v, const char *name);
void set_attribute(vm *m, value v, const char *name, value item);
/* When `name` is a function of *v: true, with *v made what the function is called with. */
bool find_method(vm *m, value *v, const char *name, const struct native **native_out);
value call_round(vm *m, value scalar, value digits); /* np.round of a NumPy scalar */
value call(vm *m, value function, const struct arguments *arguments);

/* Walks anything that a `for` takes. */
struct walk {
    value over;
    uint64_t i;
};
struct walk walk_start(vm *m, value over);
bool walk_next(vm *m, struct walk *walk, value *item_out);
/* All items as a list of its own. */
value to_list(vm *m, value v);
/* Item i of a view's dict entries as the view shows it; false: deleted. */
bool view_item(vm *m, const struct view *view, size_t i, value *item_out);
const char *view_type(const struct view *view);
uint64_t value_length(vm *m, value v);

/* --- Arguments (arguments.c) ----------------------------------------------------------------------------------------- */

/* Sorts arguments under names, "low high=None size": a name with `=` may be left out (V_NOTHING then). At most n are written. A '*'
 * among the names: those after it go by keyword only. */
void take_arguments(vm *m, const char *function, const char *names, const struct arguments *arguments, value *out);
void take_none(vm *m, const char *function, const struct arguments *arguments);

/* --- Arbitrary integers (bigint.c) ----------------------------------------------------------------------------------- */

value big_from_digits(vm *m, const char *digits, size_t n,
                      unsigned base); /* digits and underscores, checked by the caller */
value big_from_limbs(vm *m, const uint32_t *limbs, size_t n, bool negative);
value big_from_double(vm *m, double x); /* truncated; an infinity or NaN: int()'s error */
value big_from_u64(vm *m, uint64_t x);
value big_operate(vm *m, operator op, value a, value b); /* both V_INT, V_BOOL or V_BIG; never OP_DIVIDE */
value big_negate(vm *m, value a);
int big_compare(value a, value b);
double big_to_double(vm *m, value a);
double big_true_divide(vm *m, value a, value b);
/* Limbs of |a|, at least one; small_out is where those of a V_INT go. */
const uint32_t *big_limbs(value a, uint32_t small_out[2], size_t *n_out, bool *negative_out);
uint64_t big_bit_length(value a);
void put_big(struct writer *w, value a);
/* In base 2, 8, 10 or 16, without a sign. */
void put_big_base(struct writer *w, value a, unsigned base, bool upper);
bool fits_u64(value a, uint64_t *out);

/* --- Tables of names ------------------------------------------------------------------------------------------------- */

extern const struct native builtins[];
extern const struct module module_math, module_itertools, module_collections, module_random, module_numpy,
    module_numpy_random, module_sklearn, module_sklearn_selection, module_sklearn_utils, module_sklearn_datasets,
    module_torch, module_torch_random, module_torch_nn, module_torch_nn_functional, module_torch_nn_init,
    module_torch_distributions, module_torch_utils, module_torch_utils_data, module_torch_utils_data_distributed,
    module_torch_cuda;
const struct native *find_native(const struct native *table, const char *name);
/* The name that was probably meant, at most two letters away; NULL: none. */
const char *near_name(const struct native *const *tables, size_t n_tables, const char *name);
/* The names of a table, for an error: "a, b, c". */
void list_names(const struct native *table, char *out, size_t out_size);
const struct native *methods_of(value v); /* up to a NULL name, or NULL */
bool module_has(vm *m, const struct module *module, const char *name);
value module_named(const char *name); /* "numpy.random"; V_NOTHING: none */

#endif
