/* test_torch_layers.c - layers of torch.nn: descriptions, what PyTorch drew for them, what the constructors refuse.
 * SPDX-License-Identifier: MIT */
#include "torch_vectors.h" /* word, same_digest; vectors_next, cmocka */

#include <string.h> /* memcpy, memset */

#include "oneseed.h" /* oneseed_torch_layer */

static oneseed_torch_layer layer_of(oneseed_torch_layer_kind kind)
{
    oneseed_torch_layer layer;
    oneseed_torch_layer_defaults(&layer, kind);
    return layer;
}

static oneseed_status status_of(const oneseed_torch_layer *layer)
{
    size_t n_parameters = 0xca, n_elements = 0xca;
    oneseed_status status = oneseed_torch_layer_size(layer, &n_parameters, &n_elements);
    if (status) {
        assert_int_equal(n_parameters, 0xca); /* outputs are left alone */
        assert_int_equal(n_elements, 0xca);
    }
    return status;
}

/* sum(p.numel() for p in torch.nn.Transformer().parameters()), and some of its names. */
static void test_transformer(void **state)
{
    (void)state;
    oneseed_torch_layer layer = layer_of(ONESEED_TORCH_TRANSFORMER);
    size_t n_parameters, n_elements;
    assert_int_equal(oneseed_torch_layer_size(&layer, &n_parameters, &n_elements), ONESEED_OK);
    assert_int_equal(n_parameters, 184);
    assert_int_equal(n_elements, 44140544);
    size_t offset = 0;
    for (size_t k = 0; k < n_parameters; k++) {
        oneseed_torch_parameter p;
        assert_int_equal(oneseed_torch_layer_parameter(&layer, k, &p), ONESEED_OK);
        assert_int_equal(p.offset, offset);
        offset += p.n;
        if (k == 14)
            assert_string_equal(p.name, "encoder.layers.1.self_attn.out_proj.weight");
        if (k == 183)
            assert_string_equal(p.name, "decoder.norm.bias");
    }
    assert_int_equal(offset, n_elements);
    oneseed_torch_parameter none;
    assert_int_equal(oneseed_torch_layer_parameter(&layer, n_parameters, &none), ONESEED_TORCH_LAYER_KIND);
}

/* A million recurrent layers are described as fast as two. */
static void test_many_layers(void **state)
{
    (void)state;
    oneseed_torch_layer layer = layer_of(ONESEED_TORCH_LSTM);
    layer.input_size = 3;
    layer.hidden_size = 5;
    layer.proj_size = 2;
    layer.bidirectional = 1;
    layer.num_layers = 1000000;
    size_t n_parameters, n_elements;
    assert_int_equal(oneseed_torch_layer_size(&layer, &n_parameters, &n_elements), ONESEED_OK);
    /* 20 x 3 and 20 x 4 inputs, 20 x 2 hidden, two biases of 20, 2 x 5 projected; in two directions */
    assert_int_equal(n_parameters, 10000000);
    assert_int_equal(n_elements, 2u * (60 + 40 + 40 + 10) + 999999u * 2 * (80 + 40 + 40 + 10));
    oneseed_torch_parameter p;
    assert_int_equal(oneseed_torch_layer_parameter(&layer, n_parameters - 1, &p), ONESEED_OK);
    assert_string_equal(p.name, "weight_hr_l999999_reverse");
    assert_int_equal(p.offset + p.n, n_elements);
}

static void test_refusals(void **state)
{
    (void)state;
    oneseed_torch_layer l = layer_of(ONESEED_TORCH_LINEAR);
    l.in_features = 3;
    l.out_features = -1;
    assert_int_equal(status_of(&l), ONESEED_TORCH_NEGATIVE_DIMENSION);
    l.out_features = INT64_MAX;
    assert_int_equal(status_of(&l), ONESEED_TORCH_STORAGE_SIZE);
    l.out_features = 0;
    assert_int_equal(status_of(&l), ONESEED_OK);

    l = layer_of(ONESEED_TORCH_CONV_TRANSPOSE2D);
    l.in_channels = 4;
    l.out_channels = 6;
    l.kernel_size[0] = l.kernel_size[1] = 3;
    l.groups = 0;
    assert_int_equal(status_of(&l), ONESEED_TORCH_CONV_GROUPS);
    l.groups = 3;
    assert_int_equal(status_of(&l), ONESEED_TORCH_CONV_IN_CHANNELS);
    l.groups = 4;
    assert_int_equal(status_of(&l), ONESEED_TORCH_CONV_OUT_CHANNELS);
    l.groups = 2;
    assert_int_equal(status_of(&l), ONESEED_OK);

    l = layer_of(ONESEED_TORCH_BILINEAR);
    l.in2_features = l.out_features = 2;
    assert_int_equal(status_of(&l), ONESEED_TORCH_BILINEAR_IN1);

    l = layer_of(ONESEED_TORCH_EMBEDDING);
    l.num_embeddings = 4;
    l.embedding_dim = 2;
    l.has_padding_idx = 1;
    l.padding_idx = 4;
    assert_int_equal(status_of(&l), ONESEED_TORCH_EMBEDDING_PADDING);
    l.kind = ONESEED_TORCH_EMBEDDING_BAG;
    l.padding_idx = -5;
    assert_int_equal(status_of(&l), ONESEED_TORCH_EMBEDDING_BAG_PADDING);
    l.padding_idx = -4;
    assert_int_equal(status_of(&l), ONESEED_OK);

    l = layer_of(ONESEED_TORCH_GROUP_NORM);
    l.num_features = 6;
    l.groups = 4;
    assert_int_equal(status_of(&l), ONESEED_TORCH_GROUP_NORM_CHANNELS);
    l.groups = 0;
    assert_int_equal(status_of(&l), ONESEED_TORCH_GROUP_NORM_ZERO);

    l = layer_of(ONESEED_TORCH_TRANSFORMER);
    l.num_heads = 7;
    assert_int_equal(status_of(&l), ONESEED_TORCH_ATTENTION_HEADS);
    l.num_heads = 0;
    assert_int_equal(status_of(&l), ONESEED_TORCH_ATTENTION_SIZES);

    l.kind = ONESEED_TORCH_N_LAYER_KINDS;
    assert_int_equal(status_of(&l), ONESEED_TORCH_LAYER_KIND);
}

static void test_recurrent_refusals(void **state)
{
    (void)state;
    oneseed_torch_layer l = layer_of(ONESEED_TORCH_GRU);
    assert_int_equal(status_of(&l), ONESEED_TORCH_RNN_INPUT_SIZE);
    l.input_size = 3;
    assert_int_equal(status_of(&l), ONESEED_TORCH_RNN_HIDDEN_SIZE);
    l.hidden_size = 4;
    l.num_layers = 0;
    assert_int_equal(status_of(&l), ONESEED_TORCH_RNN_NUM_LAYERS);
    l.num_layers = INT64_MAX;
    assert_int_equal(status_of(&l), ONESEED_TORCH_STORAGE_SIZE);
    l.num_layers = 1;
    l.proj_size = 2;
    assert_int_equal(status_of(&l), ONESEED_TORCH_RNN_PROJ_LSTM);
    l.kind = ONESEED_TORCH_LSTM;
    assert_int_equal(status_of(&l), ONESEED_OK);
    l.proj_size = 4;
    assert_int_equal(status_of(&l), ONESEED_TORCH_RNN_PROJ_SIZE);
    l.proj_size = -1;
    assert_int_equal(status_of(&l), ONESEED_TORCH_RNN_PROJ_NEGATIVE);
}

/* ---- vectors ---- */

enum { N_MEMBERS = 37, N_ELEMENTS_MAX = 40000, N_PARAMETERS_MAX = 400 };

/* The members in the order of the struct: seven ints, then int64s, then a double. */
static oneseed_torch_layer layer_from(uint64_t kind, const uint64_t words[N_MEMBERS])
{
    oneseed_torch_layer layer = {.kind = (oneseed_torch_layer_kind)kind};
    int *const flags[] = {
        &layer.bias,     &layer.affine,           &layer.bidirectional, &layer.add_bias_kv, &layer.has_padding_idx,
        &layer.has_norm, &layer.n_normalized_dims};
    const uint64_t *next = words;
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        *flags[i] = (int)*next++;
    memcpy(&layer.in_features, next, (N_MEMBERS - 8) * sizeof *next);
    memcpy(&layer.init, words + N_MEMBERS - 1, sizeof layer.init);
    return layer;
}

static void fill_each(oneseed_torch *generator, const oneseed_torch_layer *layer, oneseed_torch_dtype dtype,
                      size_t n_parameters, uint8_t *out)
{
    void *outs[N_PARAMETERS_MAX];
    assert_true(n_parameters <= N_PARAMETERS_MAX);
    for (size_t k = 0; k < n_parameters; k++) {
        oneseed_torch_parameter p;
        assert_int_equal(oneseed_torch_layer_parameter(layer, k, &p), ONESEED_OK);
        outs[k] = out + p.offset * oneseed_torch_dtype_size(dtype);
    }
    assert_int_equal(oneseed_torch_layer_fill(generator, layer, dtype, outs), ONESEED_OK);
}

static void vectors_of(const char *name, uint32_t version)
{
    static struct vector_case c;
    static double values[2][N_ELEMENTS_MAX];
    FILE *file = vectors_open(name);
    c.line = 0;
    int n_cases = 0;
    while (vectors_next(file, &c)) {
        uint64_t members[N_MEMBERS];
        assert_int_equal(c.n_fields, 8);
        assert_int_equal(vectors_words(c.fields[4], members, N_MEMBERS), N_MEMBERS);
        oneseed_torch_dtype dtype = (oneseed_torch_dtype)word(&c, 1);
        oneseed_torch_layer layer = layer_from(word(&c, 3), members);
        oneseed_torch flat = {.version = version, .cpu = (uint32_t)word(&c, 0)};
        size_t n_parameters, n_elements, n = (size_t)word(&c, 5);
        assert_int_equal(oneseed_torch_layer_size(&layer, &n_parameters, &n_elements), ONESEED_OK);
        assert_int_equal(n_elements, n);
        assert_true(n <= N_ELEMENTS_MAX);
        memset(values, 0xca, sizeof values);
        oneseed_torch_manual_seed(&flat, word(&c, 2));
        oneseed_torch each = flat;
        assert_int_equal(oneseed_torch_layer_flat_fill(&flat, &layer, dtype, values[0]), ONESEED_OK);
        fill_each(&each, &layer, dtype, n_parameters, (uint8_t *)values[1]);
        assert_memory_equal(values[0], values[1], sizeof values[0]);
        same_digest(&c, 6, values[0], n, oneseed_torch_dtype_size(dtype));
        assert_int_equal(oneseed_torch_random_u32(&flat) % (1u << 20), word(&c, 7));
        assert_int_equal(oneseed_torch_random_u32(&each) % (1u << 20), word(&c, 7));
        n_cases++;
    }
    (void)fclose(file);
    assert_true(n_cases > 200);
}

static void test_vectors(void **state)
{
    (void)state;
    vectors_of("torch_modules.txt", 0);
    vectors_of("torch_modules_2.6.txt", 20600);
    vectors_of("torch_modules_1.13.txt", 11301);
}

static void test_fill_refuses(void **state)
{
    (void)state;
    oneseed_torch_layer l = layer_of(ONESEED_TORCH_LINEAR);
    oneseed_torch generator = {0}, before;
    float out[6] = {7, 7, 7, 7, 7, 7};
    oneseed_torch_manual_seed(&generator, 1);
    before = generator;
    l.in_features = 2;
    l.out_features = 2;
    assert_int_equal(oneseed_torch_layer_flat_fill(&generator, &l, ONESEED_TORCH_INT64, out),
                     ONESEED_TORCH_PARAMETER_DTYPE);
    l.out_features = -2;
    assert_int_equal(oneseed_torch_layer_flat_fill(&generator, &l, ONESEED_TORCH_FLOAT32, out),
                     ONESEED_TORCH_NEGATIVE_DIMENSION);
    assert_memory_equal(&generator, &before, sizeof before);
    assert_true(out[0] == 7.0f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_transformer), cmocka_unit_test(test_many_layers),
        cmocka_unit_test(test_refusals),    cmocka_unit_test(test_recurrent_refusals),
        cmocka_unit_test(test_vectors),     cmocka_unit_test(test_fill_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
