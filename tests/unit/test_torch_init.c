/* test_torch_init.c - torch.nn.init against PyTorch's vectors; orthogonal_ by what it promises; refusals.
 * SPDX-License-Identifier: MIT */
#include "torch_vectors.h" /* word, same_digest; vectors_next, cmocka */

#include <math.h>    /* fabs */
#include <stdbool.h> /* bool */

#include "oneseed.h" /* oneseed_torch_init_… */

enum { N_MAX = 16384 };

static uint64_t bits_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static oneseed_status fill(const char *name, oneseed_torch *g, oneseed_torch_dtype dtype, const int64_t *shape,
                           int n_dims, const double *numbers, void *out, size_t n)
{
    int64_t work[64];
    if (!strcmp(name, "xavier_uniform"))
        return oneseed_torch_init_xavier_uniform_fill(g, dtype, shape, n_dims, numbers[0], out);
    if (!strcmp(name, "xavier_normal"))
        return oneseed_torch_init_xavier_normal_fill(g, dtype, shape, n_dims, numbers[0], out);
    if (!strcmp(name, "kaiming_uniform"))
        return oneseed_torch_init_kaiming_uniform_fill(g, dtype, shape, n_dims, numbers[0],
                                                       (oneseed_torch_fan_mode)numbers[1],
                                                       (oneseed_torch_nonlinearity)numbers[2], out);
    if (!strcmp(name, "kaiming_normal"))
        return oneseed_torch_init_kaiming_normal_fill(g, dtype, shape, n_dims, numbers[0],
                                                      (oneseed_torch_fan_mode)numbers[1],
                                                      (oneseed_torch_nonlinearity)numbers[2], out);
    if (!strcmp(name, "dirac"))
        return oneseed_torch_init_dirac_fill(dtype, shape, n_dims, (int64_t)numbers[0], out);
    if (!strcmp(name, "eye"))
        return oneseed_torch_init_eye_fill(dtype, shape[0], shape[1], out);
    if (!strcmp(name, "constant"))
        return oneseed_torch_init_constant_fill(dtype, numbers[0], out, n);
    assert_string_equal(name, "sparse");
    return oneseed_torch_init_sparse_fill(g, g, dtype, shape[0], shape[1], numbers[0], numbers[1], work, out);
}

static void tensor_case(const struct vector_case *c)
{
    static double out[N_MAX];
    uint64_t shape_words[5], number_words[3];
    int64_t shape[5];
    double numbers[3] = {0};
    oneseed_torch_dtype dtype = (oneseed_torch_dtype)word(c, 2);
    oneseed_torch g = {.cpu = (uint32_t)word(c, 1)};
    size_t n_dims = vectors_words(c->fields[4], shape_words, 5), n = 1;
    size_t n_numbers = vectors_words(c->fields[5], number_words, 3);
    for (size_t i = 0; i < n_dims; i++) {
        shape[i] = (int64_t)shape_words[i];
        n *= shape_words[i];
    }
    for (size_t i = 0; i < n_numbers; i++)
        numbers[i] = double_of(number_words[i]);
    assert_true(n <= N_MAX);
    memset(out, 0xca, sizeof out);
    oneseed_torch_manual_seed(&g, word(c, 3));
    assert_int_equal(fill(c->fields[0], &g, dtype, shape, (int)n_dims, numbers, out, n), ONESEED_OK);
    same_digest(c, 6, out, n, oneseed_torch_dtype_size(dtype));
    assert_int_equal(oneseed_torch_random_u32(&g) % (1u << 20), word(c, 7));
}

static void test_vectors(void **state)
{
    (void)state;
    static struct vector_case c;
    int n_cases = 0;
    FILE *file = vectors_open("torch_init.txt");
    for (; vectors_next(file, &c); n_cases++)
        if (strcmp(c.fields[0], "gain") == 0) {
            double gain;
            assert_int_equal(
                oneseed_torch_init_gain((oneseed_torch_nonlinearity)word(&c, 1), double_of(word(&c, 2)), &gain),
                ONESEED_OK);
            assert_int_equal(bits_of(gain), word(&c, 3));
        } else {
            tensor_case(&c);
        }
    (void)fclose(file);
    assert_int_equal(n_cases, 2 * (8 * 12 + 60));
}

/* Rows (or columns, where there are fewer of them) are orthogonal and of length `gain`; the draws are randn's. */
static void orthogonal(int64_t n_rows, int64_t n_columns, double gain)
{
    static double out[1024], drawn[1024], work[2048];
    const int64_t shape[2] = {n_rows, n_columns};
    size_t n = (size_t)(n_rows * n_columns);
    oneseed_torch g = {0};
    oneseed_torch_manual_seed(&g, 3);
    oneseed_torch other = g;
    assert_true(oneseed_torch_init_orthogonal_work(shape, 2) <= 2048);
    assert_int_equal(oneseed_torch_init_orthogonal_fill(&g, ONESEED_TORCH_FLOAT64, shape, 2, gain, work, out),
                     ONESEED_OK);
    assert_int_equal(oneseed_torch_randn_fill(&other, ONESEED_TORCH_FLOAT64, drawn, n), ONESEED_OK);
    assert_memory_equal(&g, &other, sizeof g);
    bool is_wide = n_rows < n_columns;
    int64_t n_vectors = is_wide ? n_rows : n_columns, n_long = is_wide ? n_columns : n_rows;
    for (int64_t a = 0; a < n_vectors; a++)
        for (int64_t b = 0; b <= a; b++) {
            double sum = 0.0;
            for (int64_t i = 0; i < n_long; i++)
                sum += is_wide ? out[a * n_columns + i] * out[b * n_columns + i]
                               : out[i * n_columns + a] * out[i * n_columns + b];
            assert_true(fabs(sum - (a == b ? gain * gain : 0.0)) < 1e-13);
        }
}

static void test_orthogonal(void **state)
{
    (void)state;
    static const int64_t sizes[][2] = {{1, 1}, {1, 9}, {9, 1}, {5, 5}, {31, 17}, {17, 31}, {32, 32}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        orthogonal(sizes[i][0], sizes[i][1], i % 2 ? 1.5 : 1.0);
}

static void test_refusals(void **state)
{
    (void)state;
    const int64_t shape[6] = {4, 3, 0, 2, 2, 2}, nothing[2] = {0, 0};
    float out[16] = {7};
    double work[16], gain = 7.0;
    int64_t fan_in = -7, fan_out = -7, rows[4];
    oneseed_torch g = {0};
    oneseed_torch_manual_seed(&g, 1);
    oneseed_torch before = g;
    oneseed_torch_dtype f32 = ONESEED_TORCH_FLOAT32;
    assert_int_equal(oneseed_torch_init_fans(shape, 1, &fan_in, &fan_out), ONESEED_TORCH_FAN_DIMENSIONS);
    assert_int_equal(fan_in, -7);
    assert_int_equal(oneseed_torch_init_xavier_uniform_fill(&g, f32, shape, 1, 1.0, out), ONESEED_TORCH_FAN_DIMENSIONS);
    assert_int_equal(oneseed_torch_init_xavier_normal_fill(&g, f32, nothing, 2, 1.0, out), ONESEED_TORCH_FAN_ZERO);
    assert_int_equal(oneseed_torch_init_xavier_uniform_fill(&g, f32, shape, 2, -1.0, out), ONESEED_TORCH_UNIFORM_RANGE);
    assert_int_equal(oneseed_torch_init_xavier_normal_fill(&g, f32, shape, 2, -1.0, out), ONESEED_TORCH_STD);
    assert_int_equal(oneseed_torch_init_gain(ONESEED_TORCH_GAIN_LEAKY_RELU, 1e200, &gain),
                     ONESEED_TORCH_SLOPE_OVERFLOW);
    assert_int_equal(oneseed_torch_init_gain((oneseed_torch_nonlinearity)9, 0.0, &gain), ONESEED_TORCH_NONLINEARITY);
    assert_true(gain == 7.0);
    assert_int_equal(oneseed_torch_init_dirac_fill(f32, shape, 2, 1, out), ONESEED_TORCH_DIRAC_DIMENSIONS);
    assert_int_equal(oneseed_torch_init_dirac_fill(f32, shape, 3, 3, out), ONESEED_TORCH_DIRAC_GROUPS);
    assert_int_equal(oneseed_torch_init_dirac_fill(f32, shape, 3, 2, out), ONESEED_TORCH_DIRAC_EMPTY);
    assert_int_equal(oneseed_torch_init_constant_fill(f32, 1e39, out, 1), ONESEED_TORCH_VALUE_OVERFLOW);
    assert_int_equal(oneseed_torch_init_constant_fill(ONESEED_TORCH_INT64, 1.0, out, 1), ONESEED_TORCH_DTYPE);
    assert_int_equal(oneseed_torch_init_orthogonal_fill(&g, f32, shape, 1, 1.0, work, out),
                     ONESEED_TORCH_ORTHOGONAL_DIMENSIONS);
    assert_int_equal(oneseed_torch_init_orthogonal_fill(&g, ONESEED_TORCH_FLOAT16, shape, 2, 1.0, work, out),
                     ONESEED_TORCH_DTYPE);
    assert_int_equal(oneseed_torch_init_sparse_fill(&g, &g, f32, 4, 3, double_of(0x7ff8000000000000), 1.0, rows, out),
                     ONESEED_TORCH_SPARSITY);
    assert_memory_equal(&g, &before, sizeof before);
    assert_true(out[0] == 7.0f);
    assert_int_equal(oneseed_torch_init_kaiming_uniform_fill(&g, f32, nothing, 2, 0.0, ONESEED_TORCH_FAN_IN,
                                                             ONESEED_TORCH_GAIN_LEAKY_RELU, out),
                     ONESEED_OK);
    assert_memory_equal(&g, &before, sizeof before); /* an empty tensor draws nothing */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors),
        cmocka_unit_test(test_orthogonal),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
