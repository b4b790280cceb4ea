/* test_torch_layers.c - layers of torch.nn: descriptions, and what the constructors refuse.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h> /* cmocka.h needs these four */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h> /* assert_int_equal */

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_transformer),
        cmocka_unit_test(test_many_layers),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_recurrent_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
