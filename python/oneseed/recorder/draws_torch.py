# draws_torch.py - records seedings and draws of PyTorch's generators.
# SPDX-License-Identifier: MIT
tensors = load("tensors")

_functions = """rand randn randint randperm rand_like randn_like randint_like normal bernoulli bernoulli_ multinomial poisson
binomial dropout dropout_ alpha_dropout alpha_dropout_ feature_dropout feature_dropout_ feature_alpha_dropout
feature_alpha_dropout_ native_dropout rrelu rrelu_ _standard_gamma _sample_dirichlet lstm gru rnn_tanh rnn_relu""".split()
_methods = """normal_ uniform_ random_ bernoulli_ bernoulli exponential_ cauchy_ log_normal_ geometric_ multinomial""".split()
_of_nn = "rrelu_with_noise rrelu_with_noise_ scaled_dot_product_attention".split()


def install(torch):
    core.pause()
    try:
        if not tensors.learn(torch):
            core.note("results of torch %s are not digested: its tensors are laid out in another way" % torch.__version__)
        known = _generators(torch)
    finally:
        core.resume()
    if not known:
        core.note("draws of torch %s cannot be followed here: its generators are laid out in another way" % torch.__version__)
        return
    # Types of torch inherit from TensorBase (_TensorBase before 2.1); functions are builtins of one class.
    base = getattr(torch._C, "TensorBase", None) or torch._C._TensorBase
    for owner, names in (
        (torch._C._VariableFunctions, _functions),
        (base, _methods),
        (torch._C._nn, _of_nn),
    ):
        for name in names:
            _hook(getattr(owner, name, None), name, "draw")
    for name, role in (("manual_seed", "manual_seed"), ("seed", "seed"), ("set_state", "set_state")):
        _hook(vars(torch._C.Generator)[name], name, role)


def _generators(torch):
    state = torch.default_generator.get_state()
    return core.torch_generators(torch._C.Generator, torch.default_generator, bytes(state.tolist()))


def _hook(function, name, role):
    if function is not None and not core.hook_torch_function(function, name, role):
        core.note("draws by torch's %s cannot be followed here" % name)
