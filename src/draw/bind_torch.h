/* bind_torch.h - PyTorch's generators as values, and the draws that fill its tensors.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DRAW_BIND_TORCH_H
#define ONESEED_DRAW_BIND_TORCH_H

#include "draw/bind.h"   /* struct holder */
#include "draw/tensor.h" /* struct tensor */
#include "oneseed.h"     /* oneseed_torch */

struct torch_generator {
    struct holder holder;
    oneseed_torch state;     /* of a CPU generator */
    oneseed_torch_cuda cuda; /* of one on CUDA */
    bool seeded;             /* false: the default generator before torch.manual_seed() */
    uint8_t device;
    int16_t device_index;
    /* For --explain: the words before `counted`, and the state there. */
    oneseed_torch counted;
    uint64_t n_words;
    bool lost_count;
    const char *label;
};

static inline struct torch_generator *torch_generator_of(value v)
{
    return (struct torch_generator *)(void *)v.u.o;
}
/* The argument `generator` of a function that draws on that device, or the default one; without a seed it is an error. */
struct torch_generator *torch_drawing(vm *m, value generator, unsigned device);
/* torch.default_generator. */
value torch_default_generator(vm *m);
/* A state of the version, kernels and build that --with names. */
oneseed_torch torch_new_state(vm *m, uint64_t seed);
value new_torch_generator(vm *m, uint64_t seed, const char *label);
/* Before a state is replaced: counts the words that were drawn. */
void account_torch(vm *m, struct torch_generator *g);
/* What --explain says of one. */
void explain_torch(struct writer *w, struct torch_generator *g);

/* --- CUDA (bind_torch_cuda.c) ---------------------------------------------------------------------------------------- */

value new_cuda_generator(vm *m, int64_t index, uint64_t seed, const char *label);
/* The default generator of a device. */
value torch_cuda_generator(vm *m, int64_t index);
void seed_cuda_generator(vm *m, struct torch_generator *g, uint64_t seed);
/* Those of all devices. */
void torch_cuda_seed_all(vm *m, uint64_t seed);
struct torch_draw;
oneseed_status torch_cuda_fill(vm *m, const struct torch_draw *draw, bool contiguous, void *out, size_t n);
oneseed_status torch_cuda_randperm(vm *m, struct torch_generator *g, dtype dt, void *out, size_t n);
/* Refuses what needs the GPU's shape. */
void torch_refuse_shape(vm *m, oneseed_status status);
value torch_cuda_state_tensor(vm *m, const struct torch_generator *g);
void torch_cuda_load_state(vm *m, struct torch_generator *g, const void *bytes, size_t n);
void explain_cuda(struct writer *w, const struct torch_generator *g);
/* int(seed) as 64 bits; the state of a uint8 tensor. */
uint64_t torch_seed_bits(vm *m, value seed);
void torch_load_state(vm *m, struct torch_generator *g, value state);

/* A draw of one kind into all elements of a tensor. */
typedef enum torch_method {
    TORCH_RAND,
    TORCH_UNIFORM,
    TORCH_RANDN,
    TORCH_NORMAL,
    TORCH_RANDINT,
    TORCH_RANDOM,
    TORCH_RANDOM_FROM,
    TORCH_BERNOULLI,
    TORCH_EXPONENTIAL,
    TORCH_GEOMETRIC,
    TORCH_CAUCHY,
    TORCH_LOG_NORMAL
} torch_method;

struct torch_draw {
    struct torch_generator *generator;
    torch_method method;
    dtype dt;
    double a, b; /* from and to, mean and std, p, … */
    int64_t low, high;
};

/* Fills the tensor's memory in torch's order; refused in torch's words, then nothing was drawn. */
void torch_fill(vm *m, const struct torch_draw *draw, struct array *out);
/* The same for n values one after another, at most the next block of a longer draw. */
void torch_fill_block(vm *m, const struct torch_draw *draw, void *out, size_t n);
/* A new tensor of that shape; where the expression may be lazy and it is large, a V_STREAM. */
value torch_draw_new(vm *m, const struct torch_draw *draw, value generator, int n_dims, const int64_t *shape);
/* Refuses in torch's words, with the values that they have. */
void torch_refuse(vm *m, oneseed_status status, const struct torch_draw *draw);

/* The library's name of a dtype; an error for what is no dtype of a tensor that can be drawn. */
oneseed_torch_dtype torch_library_dtype(vm *m, dtype dt);
/* A view whose C order is the order of a tensor's memory, as TensorIterator walks it. */
struct array *torch_memory_order(vm *m, const struct array *a);
/* A view of a with the dimensions in the order in which the reference, of the same shape, is walked. */
struct array *torch_order_as(vm *m, const struct array *a, const struct array *reference);
/* The elements in that order, contiguous: a copy, or the array itself when it is. */
struct array *torch_in_memory_order(vm *m, struct array *a);
void torch_from_memory_order(vm *m, struct array *target, const struct array *values);
/* What empty_like makes: the strides of a dense tensor are kept. */
struct array *torch_empty_like(vm *m, const struct array *a, dtype dt);

/* What the keywords of most functions that make a tensor say. */
#define TORCH_TARGET_NAMES "generator= out= dtype= layout= device= pin_memory= requires_grad="
enum { N_TORCH_TARGET = 7 };
struct torch_target {
    struct torch_generator *generator;
    value generator_value;
    struct tensor *out; /* NULL: a new one */
    dtype dt;
    uint8_t device;
    int16_t device_index;
    bool requires_grad;
};
struct torch_target torch_read_target(vm *m, const char *function, const value given[N_TORCH_TARGET], dtype otherwise);
/* A tensor of that shape, filled by the draw, of which method and parameters are given. */
value torch_finish(vm *m, const struct torch_target *target, struct torch_draw draw, int n_dims, const int64_t *shape);
/* The tensor with the target's device and requires_grad. */
value torch_finish_tensor(vm *m, const struct torch_target *target, struct array *a);

/* Numbers of arguments: a tensor of one element is one, too. */
int64_t torch_int(vm *m, const char *function, value v, const char *name);
double torch_double(vm *m, const char *function, value v, const char *name);
/* A size that is one sequence. */
int torch_size(vm *m, const char *function, value size, int64_t shape[MAX_DIMS]);

/* The shape that the operands have together. */
int torch_broadcast(vm *m, struct array *const *arrays, size_t n, int64_t shape_out[MAX_DIMS]);

/* A stream of a draw, with what it draws. */
struct torch_stream {
    struct stream stream;
    struct torch_draw draw;
};
/* How many values the next block has, of at most n: the last ones of a normal draw are drawn together. */
size_t torch_block_length(const struct torch_draw *draw, uint64_t n_left, size_t n);
/* Its text: the edges. */
void put_torch_stream(struct writer *w, struct stream *stream);

value torch_multinomial_of(vm *m, struct torch_generator *g, struct array *weights, int64_t n_samples,
                           bool replacement);
value tensor_bernoulli(vm *m, value self, const struct arguments *arguments);
value tensor_bernoulli_in_place(vm *m, value self, const struct arguments *arguments);
/* nn.Dropout and its kin, by the name of the class. */
value torch_dropout_of(vm *m, const char *type, value input, value p, bool train, bool inplace);
value torch_rrelu_of(vm *m, value input, double lower, double upper, bool inplace);
value tensor_multinomial(vm *m, value self, const struct arguments *arguments);

extern const struct native torch_distribution_classes[], torch_cuda_functions[];
extern const struct native torch_data_functions[], torch_distributed_functions[];
extern const struct native torch_dropout_functions[], torch_functional_functions[], torch_exact_functions[];
extern const struct native torch_random_functions[], torch_weights_functions[], torch_generator_functions[],
    torch_init_functions[], torch_generator_methods[];

#endif
