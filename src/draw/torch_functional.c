/* torch_functional.c - the functions of torch.nn.functional that draw nothing and are the same on every machine.
 * SPDX-License-Identifier: MIT */
#include "draw/bind_torch.h" /* torch_exact_functions */

static value functional_relu(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    (void)self;
    take_arguments(m, "relu", "input inplace=", arguments, a);
    (void)tensor_of(m, a[0], "relu(): argument 'input' (position 1)");
    bool in_place = a[1].kind != V_NOTHING && truth(m, a[1]);
    struct arguments none = {0};
    return tensor_method_named(in_place ? "relu_" : "relu")->call(m, a[0], &none);
}

static value functional_relu_(vm *m, value self, const struct arguments *arguments)
{
    value input;
    (void)self;
    take_arguments(m, "relu_", "input", arguments, &input);
    (void)tensor_of(m, input, "relu_(): argument 'input' (position 1)");
    struct arguments none = {0};
    return tensor_method_named("relu_")->call(m, input, &none);
}

/* ATen/native/Onehot.cpp, 1.13 to 2.13: its refusals and their order. */
static value functional_one_hot(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    (void)self;
    take_arguments(m, "one_hot", "input num_classes=", arguments, a);
    const struct array *classes = tensor_values(m, a[0], "one_hot(): argument 'tensor' (position 1)");
    int64_t n_classes = a[1].kind == V_NOTHING ? -1 : to_int64(m, a[1], "num_classes"), most = -1;
    if (classes->dt != DT_INT64)
        fail(m, "RuntimeError: one_hot is only applicable to index tensor of type LongTensor.");
    if (array_size(classes) == 0 && n_classes <= 0)
        fail(m, "RuntimeError: Can not infer total number of classes from empty tensor.");
    for (struct cursor c = cursor_start(classes); cursor_more(&c); cursor_next(&c)) {
        int64_t i = load_integer(DT_INT64, classes->buffer->bytes + c.offset);
        if (i < 0)
            fail(m, "RuntimeError: Class values must be non-negative.");
        most = i > most ? i : most;
    }
    if (n_classes == -1)
        n_classes = most + 1;
    else if (n_classes < 1)
        fail(m, "RuntimeError: num_classes should be positive");
    else if (most >= n_classes)
        fail(m, "RuntimeError: Class values must be smaller than num_classes.");
    if (classes->n_dims == MAX_DIMS)
        fail(m, "one_hot() of more than %d dimensions is not supported", MAX_DIMS - 1);
    int64_t shape[MAX_DIMS];
    for (int i = 0; i < classes->n_dims; i++)
        shape[i] = classes->shape[i];
    shape[classes->n_dims] = n_classes;
    struct array *out = array_new(m, DT_INT64, classes->n_dims + 1, shape, 0);
    step(m, (uint64_t)array_size(out));
    int64_t *row = (int64_t *)(void *)out->buffer->bytes;
    for (struct cursor c = cursor_start(classes); cursor_more(&c); cursor_next(&c), row += n_classes)
        row[load_integer(DT_INT64, classes->buffer->bytes + c.offset)] = 1;
    return tensor_result(m, out, NULL, a, 1);
}

const struct native torch_exact_functions[] = {{"relu", functional_relu, NATIVE_FUNCTION, 0},
                                               {"relu_", functional_relu_, NATIVE_FUNCTION, 0},
                                               {"one_hot", functional_one_hot, NATIVE_FUNCTION, 0},
                                               {NULL, NULL, NATIVE_FUNCTION, 0}};
