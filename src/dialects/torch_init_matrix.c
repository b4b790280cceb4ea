/* torch_init_matrix.c - torch.nn.init: constant_, eye_, dirac_, sparse_, orthogonal_.
 * SPDX-License-Identifier: MIT
 *
 * After torch/nn/init.py of 2.13. */
#include "dialects/torch_init.h"

#include <math.h>   /* sqrt, ceil, isinf, isnan, fabs */
#include <string.h> /* memset */

#include "dialects/torch.h" /* torch_store, torch_load */

/* fill_() takes what the dtype can hold, and infinities and NaN; but one single half takes whatever it is. */
static oneseed_status check_value(oneseed_torch_dtype dtype, double value, size_t n)
{
    if (!torch_is_floating(dtype))
        return ONESEED_TORCH_DTYPE;
    bool is_unchecked = n == 1 && torch_is_half(dtype);
    bool is_too_large = !is_unchecked && !isinf(value) && fabs(value) > torch_largest(dtype);
    return is_too_large ? ONESEED_TORCH_VALUE_OVERFLOW : ONESEED_OK;
}

oneseed_status oneseed_torch_init_constant_fill(oneseed_torch_dtype dtype, double value, void *out, size_t n)
{
    oneseed_status status = check_value(dtype, value, n);
    for (size_t i = 0; i < n && !status; i++)
        torch_store(dtype, out, i, value);
    return status;
}

oneseed_status oneseed_torch_init_eye_fill(oneseed_torch_dtype dtype, int64_t n_rows, int64_t n_columns, void *out)
{
    if (!torch_is_floating(dtype))
        return ONESEED_TORCH_DTYPE;
    memset(out, 0, (size_t)n_rows * (size_t)n_columns * oneseed_torch_dtype_size(dtype));
    for (int64_t i = 0; i < n_rows && i < n_columns; i++)
        torch_store(dtype, out, (size_t)(i * n_columns + i), 1.0);
    return ONESEED_OK;
}

oneseed_status oneseed_torch_init_dirac_fill(oneseed_torch_dtype dtype, const int64_t *shape, int n_dims,
                                             int64_t groups, void *out)
{
    if (n_dims < 3 || n_dims > 5)
        return ONESEED_TORCH_DIRAC_DIMENSIONS;
    if (groups == 0)
        return ONESEED_TORCH_GROUP_NORM_ZERO;
    if (shape[0] % groups != 0)
        return ONESEED_TORCH_DIRAC_GROUPS;
    if (!torch_is_floating(dtype))
        return ONESEED_TORCH_DTYPE;
    int64_t n_kept = shape[0] / groups < shape[1] ? shape[0] / groups : shape[1], centre = 0, field = 1;
    for (int i = 2; i < n_dims; i++) {
        centre = centre * shape[i] + shape[i] / 2;
        field *= shape[i];
    }
    if (field == 0 && n_kept > 0 && groups > 0)
        return ONESEED_TORCH_DIRAC_EMPTY;
    memset(out, 0, torch_numel(shape, n_dims) * oneseed_torch_dtype_size(dtype));
    for (int64_t g = 0; g < groups; g++)
        for (int64_t d = 0; d < n_kept; d++)
            torch_store(dtype, out, (size_t)(((g * (shape[0] / groups) + d) * shape[1] + d) * field + centre), 1.0);
    return ONESEED_OK;
}

/* ---- sparse_ ---- */

/* How many rows row_indices[:ceil(sparsity * rows)] keeps: a negative end counts from the back. */
static int64_t n_zeros(double sparsity, int64_t n_rows)
{
    double end = ceil(sparsity * (double)n_rows);
    if (end < 0.0)
        end = end + (double)n_rows > 0.0 ? end + (double)n_rows : 0.0;
    return end < (double)n_rows ? (int64_t)end : n_rows;
}

oneseed_status oneseed_torch_init_sparse_fill(oneseed_torch *state, oneseed_torch *global, oneseed_torch_dtype dtype,
                                              int64_t n_rows, int64_t n_columns, double sparsity, double std,
                                              int64_t *work, void *out)
{
    double product = sparsity * (double)n_rows;
    if (isnan(product) || isinf(product))
        return ONESEED_TORCH_SPARSITY;
    oneseed_status status = oneseed_torch_normal_fill(state, dtype, 0.0, std, out, (size_t)n_rows * (size_t)n_columns);
    int64_t n = n_zeros(sparsity, n_rows);
    for (int64_t column = 0; column < n_columns && !status; column++) {
        status = oneseed_torch_randperm_fill(global, ONESEED_TORCH_INT64, work, (size_t)n_rows);
        for (int64_t k = 0; k < n; k++)
            torch_store(dtype, out, (size_t)(work[k] * n_columns + column), 0.0);
    }
    return status;
}

/* ---- orthogonal_ ----
 *
 * Householder's QR in double (Golub and Van Loan, Matrix Computations, 5.2). With the diagonal of R made positive Q is unique,
 * so that LAPACK's differs by rounding alone. The matrix is n_rows x n_columns, n_rows >= n_columns, element (i, j) at
 * a[i * row_step + j * column_step]: its transpose needs no copy. */
struct matrix {
    double *a;
    size_t n_rows, n_columns, row_step, column_step;
};

static double *at(const struct matrix *m, size_t i, size_t j)
{
    return m->a + i * m->row_step + j * m->column_step;
}

/* Column j times (I - tau v v'), where v is column k from row k on, v[k] being 1. */
static void reflect(const struct matrix *m, size_t k, double tau, size_t j)
{
    double sum = *at(m, k, j);
    for (size_t i = k + 1; i < m->n_rows; i++)
        sum += *at(m, i, k) * *at(m, i, j);
    sum *= tau;
    *at(m, k, j) -= sum;
    for (size_t i = k + 1; i < m->n_rows; i++)
        *at(m, i, j) -= sum * *at(m, i, k);
}

/* Makes the reflector of column k, and returns its tau; the diagonal keeps R's entry. */
static double make_reflector(const struct matrix *m, size_t k)
{
    double rest = 0.0, head = *at(m, k, k);
    for (size_t i = k + 1; i < m->n_rows; i++)
        rest += *at(m, i, k) * *at(m, i, k);
    if (rest == 0.0)
        return 0.0;
    double norm = sqrt(head * head + rest), diagonal = head > 0.0 ? -norm : norm;
    for (size_t i = k + 1; i < m->n_rows; i++)
        *at(m, i, k) /= head - diagonal;
    *at(m, k, k) = diagonal;
    return (diagonal - head) / diagonal;
}

static double sign(double x)
{
    return (double)(x > 0.0) - (double)(x < 0.0);
}

/* In place: A becomes Q with the signs of R's diagonal multiplied in; tau and signs have n_columns entries. */
static void orthogonalise(const struct matrix *m, double *tau, double *signs)
{
    for (size_t k = 0; k < m->n_columns; k++) {
        tau[k] = make_reflector(m, k);
        for (size_t j = k + 1; j < m->n_columns; j++)
            reflect(m, k, tau[k], j);
        signs[k] = sign(*at(m, k, k));
    }
    for (size_t k = m->n_columns; k-- > 0;) { /* from the last reflector on, Q is built where they lay */
        for (size_t j = k + 1; j < m->n_columns; j++) {
            *at(m, k, j) = 0.0;
            reflect(m, k, tau[k], j);
        }
        for (size_t i = k + 1; i < m->n_rows; i++)
            *at(m, i, k) *= -tau[k];
        *at(m, k, k) = 1.0 - tau[k];
    }
    for (size_t j = 0; j < m->n_columns; j++)
        for (size_t i = 0; i < m->n_rows; i++)
            *at(m, i, j) *= signs[j];
}

void torch_orthogonalise(double *a, size_t n_rows, size_t n_columns, size_t row_step, size_t column_step, double *work)
{
    const struct matrix m = {a, n_rows, n_columns, row_step, column_step};
    orthogonalise(&m, work, work + n_columns);
}

size_t oneseed_torch_init_orthogonal_work(const int64_t *shape, int n_dims)
{
    size_t n = n_dims < 2 ? 0 : torch_numel(shape, n_dims), n_rows = n ? (size_t)shape[0] : 1;
    return n + 2 * (n_rows < n / n_rows ? n_rows : n / n_rows);
}

oneseed_status oneseed_torch_init_orthogonal_fill(oneseed_torch *state, oneseed_torch_dtype dtype, const int64_t *shape,
                                                  int n_dims, double gain, double *work, void *out)
{
    if (n_dims < 2)
        return ONESEED_TORCH_ORTHOGONAL_DIMENSIONS;
    if (dtype != ONESEED_TORCH_FLOAT32 && dtype != ONESEED_TORCH_FLOAT64)
        return ONESEED_TORCH_DTYPE;
    size_t n = torch_numel(shape, n_dims);
    if (n == 0)
        return ONESEED_OK;
    size_t n_rows = (size_t)shape[0], n_columns = n / n_rows;
    oneseed_status status = oneseed_torch_normal_fill(state, dtype, 0.0, 1.0, out, n);
    if (status)
        return status;
    for (size_t i = 0; i < n; i++)
        work[i] = torch_load(dtype, out, i);
    struct matrix m = {work, n_rows, n_columns, n_columns, 1};
    if (n_rows < n_columns)
        m = (struct matrix){work, n_columns, n_rows, 1, n_columns};
    orthogonalise(&m, work + n, work + n + m.n_columns);
    for (size_t i = 0; i < n; i++) {
        torch_store(dtype, out, i, work[i]);
        torch_store(dtype, out, i, torch_load(dtype, out, i) * gain);
    }
    return ONESEED_OK;
}
