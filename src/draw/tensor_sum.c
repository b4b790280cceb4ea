/* tensor_sum.c - sums of float tensors in the order of ATen's kernel.
 * SPDX-License-Identifier: MIT
 *
 * ATen/native/cpu/SumKernel.cpp of PyTorch 2.13: four running sums for each of four levels (a cascade), lanes of 32 bytes where elements
 * lie side by side, and the axes sorted and merged as TensorIterator does. The same for every capability of x86: the kernel is not
 * built for AVX-512 and has no product to fuse. From 32,768 elements on it depends on the number of threads. */
#include <string.h> /* memcpy, memset */

#include "draw/tensor_methods.h"

enum { LEVELS = 4, ROWS = 4, MAX_LANES = 8, GRAIN = 32768 };

/* Where elements are and how they are added: `lanes` of them at once. */
struct summer {
    dtype dt;
    int lanes;
};

static double add(const struct summer *s, double a, double b)
{
    return s->dt == DT_FLOAT64 ? a + b : (double)((float)a + (float)b);
}

static void add_step(const struct summer *s, double *sums, const char *at)
{
    int64_t size = (int64_t)dtype_nbytes(s->dt);
    for (int l = 0; l < s->lanes; l++) {
        double x = load_double(s->dt, at + l * size);
        sums[l] = add(s, sums[l], x);
    }
}

static void add_sums(const struct summer *s, double *to, double *from, bool clear)
{
    for (int l = 0; l < s->lanes; l++) {
        to[l] = add(s, to[l], from[l]);
        if (clear)
            from[l] = 0;
    }
}

static int ceil_log2(int64_t n)
{
    int bits = 0;
    while (n > 1 && ((int64_t)1 << bits) < n)
        bits++;
    return bits;
}

/* multi_row_sum: `n_rows` sums side by side, `column` bytes apart, over n steps of `row` bytes. */
static void sum_rows(const struct summer *s, const char *at, int64_t row, int64_t column, int n_rows, int64_t n,
                     double out[ROWS][MAX_LANES])
{
    double sums[LEVELS][ROWS][MAX_LANES];
    int power = ceil_log2(n) / LEVELS;
    power = power < 4 ? 4 : power;
    int64_t level_step = (int64_t)1 << power, i = 0;
    memset(sums, 0, sizeof sums);
    while (i + level_step <= n) {
        for (int64_t k = 0; k < level_step; k++, i++)
            for (int r = 0; r < n_rows; r++)
                add_step(s, sums[0][r], at + i * row + r * column);
        for (int level = 1; level < LEVELS; level++) {
            for (int r = 0; r < n_rows; r++)
                add_sums(s, sums[level][r], sums[level - 1][r], true);
            if ((i & ((level_step - 1) << (level * power))) != 0)
                break;
        }
    }
    for (; i < n; i++)
        for (int r = 0; r < n_rows; r++)
            add_step(s, sums[0][r], at + i * row + r * column);
    for (int level = 1; level < LEVELS; level++)
        for (int r = 0; r < n_rows; r++)
            add_sums(s, sums[0][r], sums[level][r], false);
    memcpy(out, sums[0], sizeof sums[0]);
}

/* row_sum: one row as four interleaved ones. */
static void sum_row(const struct summer *s, const char *at, int64_t stride, int64_t n, double out[MAX_LANES])
{
    double sums[ROWS][MAX_LANES];
    int64_t n_four = n / ROWS;
    sum_rows(s, at, ROWS * stride, stride, ROWS, n_four, sums);
    for (int64_t i = n_four * ROWS; i < n; i++)
        add_step(s, sums[0], at + i * stride);
    for (int r = 1; r < ROWS; r++)
        add_sums(s, sums[0], sums[r], false);
    memcpy(out, sums[0], sizeof sums[0]);
}

/* What has been summed so far lies in the output. */
static void store_sum(const struct summer *s, char *at, double x)
{
    store_double(s->dt, at, add(s, load_double(s->dt, at), x));
}

/* One loop over two axes: the sum is over the first. Strides in bytes. */
struct loop {
    const char *in;
    char *out;
    int64_t in_strides[2], out_strides[2], sizes[2];
};

static void sum_inner(struct summer s, const struct loop *p)
{
    struct summer one = s;
    int64_t size = (int64_t)dtype_nbytes(s.dt);
    s.lanes = 32 / (int)dtype_nbytes(s.dt);
    one.lanes = 1;
    int64_t per_step = 32 / size, n_steps = p->sizes[0] / per_step;
    for (int64_t j = 0; j < p->sizes[1]; j++) {
        const char *row = p->in + j * p->in_strides[1];
        double sums[MAX_LANES], total = 0;
        sum_row(&s, row, 32, n_steps, sums);
        for (int64_t k = n_steps * per_step; k < p->sizes[0]; k++)
            add_step(&one, &total, row + k * size);
        for (int l = 0; l < s.lanes; l++)
            total = add(&s, total, sums[l]);
        store_sum(&s, p->out + j * p->out_strides[1], total);
    }
}

/* Columns, in lanes where they lie side by side. */
static void sum_outer(struct summer s, const struct loop *p, bool lanes)
{
    double sums[ROWS][MAX_LANES];
    int64_t size = (int64_t)dtype_nbytes(s.dt), j = 0;
    s.lanes = lanes ? 32 / (int)dtype_nbytes(s.dt) : 1;
    int64_t stride = lanes ? s.lanes * size : p->in_strides[1];
    for (; j + ROWS * s.lanes <= p->sizes[1]; j += ROWS * s.lanes) {
        sum_rows(&s, p->in + j * p->in_strides[1], p->in_strides[0], stride, ROWS, p->sizes[0], sums);
        for (int64_t k = 0; k < ROWS * s.lanes; k++)
            store_sum(&s, p->out + (j + k) * p->out_strides[1], sums[k / s.lanes][k % s.lanes]);
    }
    for (; lanes && j + s.lanes <= p->sizes[1]; j += s.lanes) {
        sum_row(&s, p->in + j * p->in_strides[1], p->in_strides[0], p->sizes[0], sums[0]);
        for (int64_t k = 0; k < s.lanes; k++)
            store_sum(&s, p->out + (j + k) * p->out_strides[1], sums[0][k]);
    }
    s.lanes = 1;
    for (; j < p->sizes[1]; j++) {
        sum_row(&s, p->in + j * p->in_strides[1], p->in_strides[0], p->sizes[0], sums[0]);
        store_sum(&s, p->out + j * p->out_strides[1], sums[0][0]);
    }
}

static void sum_loop(struct summer s, struct loop p)
{
    int64_t size = (int64_t)dtype_nbytes(s.dt), n_vector = 32 / size;
    if (p.out_strides[0] != 0 && p.out_strides[1] == 0) {
        struct loop q = p;
        for (int i = 0; i < 2; i++) {
            p.in_strides[i] = q.in_strides[1 - i];
            p.out_strides[i] = q.out_strides[1 - i];
            p.sizes[i] = q.sizes[1 - i];
        }
    }
    if (p.out_strides[0] != 0 && p.out_strides[1] != 0) { /* nothing is summed here */
        for (int64_t j = 0; j < p.sizes[1]; j++)
            for (int64_t i = 0; i < p.sizes[0]; i++)
                store_sum(&s, p.out + i * p.out_strides[0] + j * p.out_strides[1],
                          load_double(s.dt, p.in + i * p.in_strides[0] + j * p.in_strides[1]));
    } else if (p.in_strides[0] == size && p.sizes[0] >= n_vector) {
        sum_inner(s, &p);
    } else if (p.in_strides[1] == size && p.sizes[1] >= n_vector) {
        sum_outer(s, &p, true);
    } else if (p.in_strides[0] < p.in_strides[1]) {
        s.lanes = 1;
        for (int64_t j = 0; j < p.sizes[1]; j++) {
            double sums[MAX_LANES];
            sum_row(&s, p.in + j * p.in_strides[1], p.in_strides[0], p.sizes[0], sums);
            store_sum(&s, p.out + j * p.out_strides[1], sums[0]);
        }
    } else {
        sum_outer(s, &p, false);
    }
}

/* --- The axes, as TensorIterator has them ------------------------------------------------------------------------------ */

struct axis {
    int64_t size, in, out; /* strides in bytes */
};

static int compare_axes(const struct axis *a, const struct axis *b)
{
    if ((a->out == 0) != (b->out == 0))
        return b->out == 0 ? 1 : -1;
    if (a->out != 0 && b->out != 0) {
        if (a->out != b->out)
            return a->out < b->out ? -1 : 1;
        if (a->size > b->size)
            return 1;
    }
    if (a->in != 0 && b->in != 0) {
        if (a->in != b->in)
            return a->in < b->in ? -1 : 1;
        if (a->size > b->size)
            return 1;
    }
    return 0;
}

/* Sorted, the inner axis first, and merged where two are one. Gives how many are left. */
static int arrange(struct axis *axes, int n)
{
    for (int i = 1; i < n; i++) {
        int at = i;
        for (int k = i - 1; k >= 0; k--) {
            int c = compare_axes(&axes[k], &axes[at]);
            if (c > 0) {
                struct axis swap = axes[k];
                axes[k] = axes[at];
                axes[at] = swap;
                at = k;
            } else if (c < 0) {
                break;
            }
        }
    }
    int last = 0;
    for (int i = 1; i < n; i++) {
        struct axis *p = &axes[last];
        bool merges =
            p->size == 1 || axes[i].size == 1 || (p->size * p->in == axes[i].in && p->size * p->out == axes[i].out);
        if (!merges) {
            axes[++last] = axes[i];
            continue;
        }
        if (p->size == 1) {
            p->in = axes[i].in;
            p->out = axes[i].out;
        }
        p->size *= axes[i].size;
    }
    return n == 0 ? 0 : last + 1;
}

void tensor_sum_floats(vm *m, const struct array *a, const bool *reduced, struct array *out)
{
    struct axis axes[MAX_DIMS];
    struct summer s = {.dt = (dtype)a->dt, .lanes = 1};
    int64_t size = array_size(a);
    if (size >= GRAIN && !tensor_sum_is_exact(a))
        fail(m,
             "the sum of %d floats or more depends on the number of threads: not supported (where it is exact, it is)",
             GRAIN);
    if (size == 0)
        return;
    for (int i = 0, k = 0; i < a->n_dims; i++) {
        axes[i] = (struct axis){a->shape[i], a->strides[i], reduced[i] ? 0 : out->strides[k]};
        k += !reduced[i];
    }
    int n = arrange(axes, a->n_dims);
    struct axis one = {1, 0, 0}, *first = n > 0 ? &axes[0] : &one, *second = n > 1 ? &axes[1] : &one;
    struct loop p = {.in_strides = {first->in, second->in},
                     .out_strides = {first->out, second->out},
                     .sizes = {first->size, second->size}};
    int64_t index[MAX_DIMS] = {0}, in = 0, to = 0;
    for (;;) {
        p.in = a->buffer->bytes + a->offset + in;
        p.out = array_bytes(out) + to;
        sum_loop(s, p);
        int i = 2;
        for (; i < n; i++) {
            in += axes[i].in;
            to += axes[i].out;
            if (++index[i] < axes[i].size)
                break;
            in -= axes[i].in * axes[i].size;
            to -= axes[i].out * axes[i].size;
            index[i] = 0;
        }
        if (i >= n)
            return;
    }
}
