/* bind_torch_methods.c - the methods that fill a tensor with draws: uniform_, normal_, random_ and the others.
 * SPDX-License-Identifier: MIT */
#include <string.h> /* memcpy, strchr, strcspn */

#include "draw/bind_torch.h"

/* The tensor as the target of a draw by the generator that was given. */
static struct torch_draw into(vm *m, value self, value generator, torch_method method)
{
    const struct tensor *t = self.u.tensor;
    tensor_check_in_place(m, t);
    (void)torch_library_dtype(m, (dtype)t->array->dt);
    return (struct torch_draw){
        .generator = torch_drawing(
            m, is_none(generator) && t->device == DEVICE_CUDA ? torch_cuda_generator(m, t->device_index) : generator,
            t->device),
        .method = method,
        .dt = (dtype)t->array->dt};
}

static double parameter(vm *m, const char *function, value v, const char *name, double otherwise)
{
    return v.kind == V_NOTHING ? otherwise : torch_double(m, function, v, name);
}

static value fill_self(vm *m, value self, const struct torch_draw *draw, const char *grad_fn)
{
    torch_fill(m, draw, self.u.tensor->array);
    tensor_written(self.u.tensor);
    if (self.u.tensor->grad_fn)
        self.u.tensor->grad_fn = grad_fn;
    return self;
}

/* The methods of two numbers, of which both have a default. */
static value draw_two(vm *m, value self, const struct arguments *arguments, const char *function, const char *names,
                      torch_method method, double a, double b, const char *grad_fn)
{
    value given[3];
    take_arguments(m, function, names, arguments, given);
    struct torch_draw draw = into(m, self, given[2], method);
    const char *second = strchr(names, ' ') + 1;
    char first_name[16] = {0}, second_name[16] = {0};
    memcpy(first_name, names, strcspn(names, "="));
    memcpy(second_name, second, strcspn(second, "="));
    draw.a = parameter(m, function, given[0], first_name, a);
    draw.b = parameter(m, function, given[1], second_name, b);
    return fill_self(m, self, &draw, grad_fn);
}

static value tensor_uniform(vm *m, value self, const struct arguments *arguments)
{
    return draw_two(m, self, arguments, "uniform_", "from= to= * generator=", TORCH_UNIFORM, 0, 1, "UniformBackward0");
}

static value tensor_normal(vm *m, value self, const struct arguments *arguments)
{
    return draw_two(m, self, arguments, "normal_", "mean= std= * generator=", TORCH_NORMAL, 0, 1, "NormalBackward0");
}

static value tensor_cauchy(vm *m, value self, const struct arguments *arguments)
{
    return draw_two(m, self, arguments, "cauchy_", "median= sigma= * generator=", TORCH_CAUCHY, 0, 1,
                    "CauchyBackward0");
}

static value tensor_log_normal(vm *m, value self, const struct arguments *arguments)
{
    return draw_two(m, self, arguments, "log_normal_", "mean= std= * generator=", TORCH_LOG_NORMAL, 1, 2,
                    "LogNormalBackward0");
}

static value tensor_exponential(vm *m, value self, const struct arguments *arguments)
{
    value given[2];
    take_arguments(m, "exponential_", "lambd= * generator=", arguments, given);
    struct torch_draw draw = into(m, self, given[1], TORCH_EXPONENTIAL);
    draw.a = parameter(m, "exponential_", given[0], "lambd", 1);
    return fill_self(m, self, &draw, "ExponentialBackward0");
}

static value tensor_geometric(vm *m, value self, const struct arguments *arguments)
{
    value given[2];
    take_arguments(m, "geometric_", "p * generator=", arguments, given);
    struct torch_draw draw = into(m, self, given[1], TORCH_GEOMETRIC);
    draw.a = torch_double(m, "geometric_", given[0], "p");
    return fill_self(m, self, &draw, "GeometricBackward0");
}

/* random_(), random_(to), random_(from, to), random_(from, None). */
static value tensor_random(vm *m, value self, const struct arguments *arguments)
{
    value given[3];
    take_arguments(m, "random_", "from= to= * generator=", arguments, given);
    bool no_bounds = given[0].kind == V_NOTHING && given[1].kind == V_NOTHING;
    bool open = given[1].kind == V_NONE;
    struct torch_draw draw = into(m, self, given[2],
                                  no_bounds ? TORCH_RANDOM
                                  : open    ? TORCH_RANDOM_FROM
                                            : TORCH_RANDINT);
    bool only_to = given[1].kind == V_NOTHING;
    if (!no_bounds && given[0].kind != V_NOTHING && !only_to)
        draw.low = torch_int(m, "random_", given[0], "from");
    if (!no_bounds && !open)
        draw.high = torch_int(m, "random_", only_to ? given[0] : given[1], "to");
    return fill_self(m, self, &draw, no_bounds ? "RandomBackward2" : only_to ? "RandomBackward1" : "RandomBackward0");
}

const struct native tensor_random_methods[] = {{"multinomial", tensor_multinomial, NATIVE_FUNCTION, 0},
                                               {"bernoulli", tensor_bernoulli, NATIVE_FUNCTION, 0},
                                               {"bernoulli_", tensor_bernoulli_in_place, NATIVE_FUNCTION, 0},

                                               {"uniform_", tensor_uniform, NATIVE_FUNCTION, 0},
                                               {"normal_", tensor_normal, NATIVE_FUNCTION, 0},
                                               {"random_", tensor_random, NATIVE_FUNCTION, 0},
                                               {"exponential_", tensor_exponential, NATIVE_FUNCTION, 0},
                                               {"geometric_", tensor_geometric, NATIVE_FUNCTION, 0},
                                               {"cauchy_", tensor_cauchy, NATIVE_FUNCTION, 0},
                                               {"log_normal_", tensor_log_normal, NATIVE_FUNCTION, 0},
                                               {NULL, NULL, NATIVE_FUNCTION, 0}};
