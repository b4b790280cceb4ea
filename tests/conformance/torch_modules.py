"""torch_modules.py - torch.nn's initial parameters and torch.nn.init against PyTorch, as bits, with the state afterwards.

SPDX-License-Identifier: MIT
"""

import ctypes
import hashlib
import inspect
import warnings

import torch
from torch import nn

import torch_common
from torch_common import bytes_of, lib
from torch_module_common import DTYPES, copied, refusal_of, seeded, torch_state

warnings.simplefilter("ignore")
VERSION = torch_common.version_number(torch.__version__)
KINDS = (
    "LINEAR BILINEAR CONV1D CONV2D CONV3D CONV_TRANSPOSE1D CONV_TRANSPOSE2D CONV_TRANSPOSE3D EMBEDDING EMBEDDING_BAG RNN LSTM GRU "
    "RNN_CELL LSTM_CELL GRU_CELL MULTIHEAD_ATTENTION TRANSFORMER_ENCODER_LAYER TRANSFORMER_DECODER_LAYER TRANSFORMER_ENCODER "
    "TRANSFORMER_DECODER TRANSFORMER BATCH_NORM INSTANCE_NORM GROUP_NORM LAYER_NORM RMS_NORM PRELU"
).split()


class Layer(ctypes.Structure):
    """oneseed_torch_layer."""

    _fields_ = (
        [
            (name, ctypes.c_int)
            for name in "kind bias affine bidirectional add_bias_kv has_padding_idx has_norm n_normalized_dims".split()
        ]
        + [(name, ctypes.c_int64) for name in "in_features in2_features out_features in_channels out_channels".split()]
        + [("kernel_size", ctypes.c_int64 * 3)]
        + [
            (name, ctypes.c_int64)
            for name in (
                "groups num_embeddings embedding_dim padding_idx input_size hidden_size num_layers proj_size embed_dim num_heads "
                "kdim vdim dim_feedforward num_encoder_layers num_decoder_layers num_features"
            ).split()
        ]
        + [("normalized_shape", ctypes.c_int64 * 5), ("init", ctypes.c_double)]
    )


class Parameter(ctypes.Structure):
    """oneseed_torch_parameter."""

    _fields_ = [
        ("name", ctypes.c_char * 80),
        ("n_dims", ctypes.c_int),
        ("shape", ctypes.c_int64 * 5),
        ("n", ctypes.c_size_t),
        ("offset", ctypes.c_size_t),
    ]


def layer(kind, **members):
    made = Layer()
    lib.oneseed_torch_layer_defaults(ctypes.byref(made), KINDS.index(kind))
    for name, value in members.items():
        if isinstance(value, (tuple, list)):
            array = getattr(made, name)
            for k, size in enumerate(value):
                array[k] = size
        else:
            setattr(made, name, value)
    return made


def described(case, ours, module):
    """The description's names, shapes and places are those of named_parameters(); the numbers of parameters and elements."""
    n_parameters, n_elements = ctypes.c_size_t(), ctypes.c_size_t()
    status = lib.oneseed_torch_layer_size(ctypes.byref(ours), ctypes.byref(n_parameters), ctypes.byref(n_elements))
    if status:
        case.wrong("%s is refused: %s" % (module, torch_common.message(status)))
        return 0, 0
    got, want, offset = [], [], 0
    for k in range(n_parameters.value):
        p = Parameter()
        lib.oneseed_torch_layer_parameter(ctypes.byref(ours), ctypes.c_size_t(k), ctypes.byref(p))
        got.append((p.name.decode(), tuple(p.shape[: p.n_dims]), p.n, p.offset))
    for name, value in module.named_parameters():
        want.append((name, tuple(value.shape), value.numel(), offset))
        offset += value.numel()
    if got != want or offset != n_elements.value:
        case.wrong("%s: is described as %s instead of %s" % (module, got, want))
    return n_parameters.value, n_elements.value


def item_size(dtype):
    return torch.empty(0, dtype=dtype).element_size()


def compare(case, make, ours, dtype):
    """make() is a module of torch's, drawn from the default generator; ours the description of the same."""
    generator = seeded(case)
    with torch.no_grad():
        module = make()
    parameters = list(module.parameters())
    n_parameters, n_elements = described(case, ours, module)
    if n_parameters != len(parameters) or n_elements != sum(p.numel() for p in parameters):
        return
    what = "%s %s" % (str(module).split("\n")[0], dtype)
    if case.number % 2:
        buffers = [ctypes.create_string_buffer(b"\xca" * (p.numel() * p.element_size())) for p in parameters]
        outs = (ctypes.c_void_p * max(1, len(buffers)))(*[ctypes.addressof(b) for b in buffers])
        status = lib.oneseed_torch_layer_fill(
            ctypes.byref(generator), ctypes.byref(ours), DTYPES[dtype], outs if parameters else None
        )
        got = b"".join(b.raw[:-1] for b in buffers)
    else:
        flat = ctypes.create_string_buffer(b"\xca" * (n_elements * item_size(dtype)))
        status = lib.oneseed_torch_layer_flat_fill(ctypes.byref(generator), ctypes.byref(ours), DTYPES[dtype], flat)
        got = flat.raw[:-1]
    if status:
        case.wrong("%s is refused: %s" % (what, torch_common.message(status)))
        return
    case.same(got, b"".join(map(bytes_of, parameters)), n_elements, what)
    case.same_state(torch_common.state_bytes(generator), torch_state(), what)


# ---- older versions ----


def takes_bias(cls):
    """Transformers and LayerNorm do since 2.1, other norms since 2.13."""
    return "bias" in inspect.signature(cls.__init__).parameters


def with_bias(cls, *arguments, bias, **others):
    return cls(*arguments, **others, **({"bias": bias} if takes_bias(cls) else {}))


# ---- random sizes ----


def cases(row):
    """Sizes are random, so that a case may have half of its share."""
    return row.cases(values=2 * row.options.values)


def dtype_of(case):
    return case.random.choice((torch.float32, torch.float32, torch.float64, torch.float16, torch.bfloat16))


def size(case, limit):
    """1 to `limit`, small ones as often as large ones; now and then 0."""
    if case.random.randrange(40) == 0:
        return 0
    return case.random.choice((case.random.randint(1, min(9, limit)), case.random.randint(1, max(1, limit))))


def positive(case, limit):
    return max(1, size(case, limit))


def linear(row):
    for case in cases(row):
        limit = int(max(4, 3.5 * case.n**0.5))
        i, o, bias, dtype = size(case, limit), size(case, limit), case.random.random() < 0.8, dtype_of(case)
        compare(
            case,
            lambda: nn.Linear(i, o, bias=bias, dtype=dtype),
            layer("LINEAR", in_features=i, out_features=o, bias=bias),
            dtype,
        )


def bilinear(row):
    for case in cases(row):
        limit = int(max(4, 2.8 * case.n ** (1 / 3)))
        a, b, o, bias, dtype = (
            positive(case, limit),
            size(case, limit),
            size(case, limit),
            case.random.random() < 0.8,
            dtype_of(case),
        )
        compare(
            case,
            lambda: nn.Bilinear(a, b, o, bias=bias, dtype=dtype),
            layer("BILINEAR", in_features=a, in2_features=b, out_features=o, bias=bias),
            dtype,
        )


def conv(n_dims, transposed):
    classes = {
        False: (nn.Conv1d, nn.Conv2d, nn.Conv3d),
        True: (nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d),
    }
    cls = classes[transposed][n_dims - 1]
    kind = "CONV%s%dD" % ("_TRANSPOSE" if transposed else "", n_dims)

    def compared(row):
        for case in cases(row):
            groups = case.random.choice((1, 1, 2, 3, 8))
            kernel = [case.random.randint(1, 7 if n_dims < 3 else 3) for _ in range(n_dims)]
            if case.random.randrange(50) == 0 and VERSION >= 21200:
                kernel[0] = 0  # before 2.12 the bias is then memory as it was
            limit = int(max(2, (8 * case.n / groups / (4 if n_dims == 1 else 16 if n_dims == 2 else 8)) ** 0.5))
            i, o = groups * positive(case, limit), groups * positive(case, limit)
            bias, dtype = case.random.random() < 0.8, dtype_of(case)
            compare(
                case,
                lambda: cls(i, o, tuple(kernel), groups=groups, bias=bias, dtype=dtype),
                layer(kind, in_channels=i, out_channels=o, kernel_size=kernel, groups=groups, bias=bias),
                dtype,
            )

    return compared


def embedding(kind, cls):
    def compared(row):
        for case in cases(row):
            limit = int(max(4, 3.5 * case.n**0.5))
            n, width, dtype = size(case, limit), size(case, limit), dtype_of(case)
            padding = case.random.choice((None, case.random.randint(-n, n - 1))) if n else None
            compare(
                case,
                lambda: cls(n, width, padding_idx=padding, dtype=dtype),
                layer(
                    kind,
                    num_embeddings=n,
                    embedding_dim=width,
                    has_padding_idx=padding is not None,
                    padding_idx=padding or 0,
                ),
                dtype,
            )

    return compared


def recurrent(kind, cls):
    def compared(row):
        for case in cases(row):
            limit = int(max(3, (case.n / 2) ** 0.5))
            i, h, n = positive(case, limit), positive(case, limit), case.random.randint(1, 4)
            bias, both, dtype = case.random.random() < 0.8, case.random.random() < 0.5, dtype_of(case)
            options = {"num_layers": n, "bias": bias, "bidirectional": both}
            if kind == "LSTM" and h > 1 and case.random.random() < 0.5:
                options["proj_size"] = case.random.randint(1, h - 1)
            compare(
                case,
                lambda: cls(i, h, dtype=dtype, **options),
                layer(kind, input_size=i, hidden_size=h, **options),
                dtype,
            )

    return compared


def cell(kind, cls):
    def compared(row):
        for case in cases(row):
            limit = int(max(3, (3 * case.n) ** 0.5))
            i, h, bias, dtype = size(case, limit), size(case, limit), case.random.random() < 0.8, dtype_of(case)
            compare(
                case,
                lambda: cls(i, h, bias=bias, dtype=dtype),
                layer(kind, input_size=i, hidden_size=h, bias=bias),
                dtype,
            )

    return compared


def attention(row):
    for case in cases(row):
        heads = case.random.randint(1, 8)
        e = heads * positive(case, int(max(2, (2 * case.n) ** 0.5 / heads)))
        kdim, vdim = [case.random.choice((None, None, e, positive(case, 40))) for _ in "kv"]
        bias, kv, dtype = case.random.random() < 0.8, case.random.random() < 0.3, dtype_of(case)
        compare(
            case,
            lambda: nn.MultiheadAttention(e, heads, bias=bias, add_bias_kv=kv, kdim=kdim, vdim=vdim, dtype=dtype),
            layer(
                "MULTIHEAD_ATTENTION",
                embed_dim=e,
                num_heads=heads,
                bias=bias,
                add_bias_kv=kv,
                kdim=kdim or 0,
                vdim=vdim or 0,
            ),
            dtype,
        )


def transformer_sizes(case, n_layers):
    heads = case.random.randint(1, 4)
    e = heads * positive(case, int(max(2, (case.n / n_layers) ** 0.5 / heads)))
    return e, heads, positive(case, 3 * e), case.random.random() < 0.8 or not takes_bias(nn.Transformer), dtype_of(case)


def transformer_layer(kind, cls):
    def compared(row):
        for case in cases(row):
            e, heads, wide, bias, dtype = transformer_sizes(case, 1)
            compare(
                case,
                lambda: with_bias(cls, e, heads, wide, bias=bias, dtype=dtype),
                layer(kind, embed_dim=e, num_heads=heads, dim_feedforward=wide, bias=bias),
                dtype,
            )

    return compared


def transformer_stack(kind, cls, layer_cls):
    def compared(row):
        for case in cases(row):
            n = case.random.randint(0, 4)
            e, heads, wide, bias, dtype = transformer_sizes(case, 3)
            has_norm = case.random.random() < 0.5

            def make():
                norm = with_bias(nn.LayerNorm, e, bias=bias, dtype=dtype) if has_norm else None
                return cls(with_bias(layer_cls, e, heads, wide, bias=bias, dtype=dtype), n, norm)

            compare(
                case,
                make,
                layer(
                    kind,
                    embed_dim=e,
                    num_heads=heads,
                    dim_feedforward=wide,
                    bias=bias,
                    num_layers=n,
                    has_norm=has_norm,
                ),
                dtype,
            )

    return compared


def transformer(row):
    for case in cases(row):
        n_encoder, n_decoder = case.random.randint(0, 3), case.random.randint(0, 3)
        e, heads, wide, bias, dtype = transformer_sizes(case, 4)
        compare(
            case,
            lambda: with_bias(nn.Transformer, e, heads, n_encoder, n_decoder, wide, bias=bias, dtype=dtype),
            layer(
                "TRANSFORMER",
                embed_dim=e,
                num_heads=heads,
                num_encoder_layers=n_encoder,
                num_decoder_layers=n_decoder,
                dim_feedforward=wide,
                bias=bias,
            ),
            dtype,
        )


def norms(row):
    """No norm draws; their parameters are ones and zeros."""
    channelled = {
        "BATCH_NORM": (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d, nn.SyncBatchNorm),
        "INSTANCE_NORM": (nn.InstanceNorm1d, nn.InstanceNorm2d, nn.InstanceNorm3d),
        "GROUP_NORM": (nn.GroupNorm,),
    }
    shaped = {"LAYER_NORM": nn.LayerNorm, **({"RMS_NORM": nn.RMSNorm} if hasattr(nn, "RMSNorm") else {})}
    for case in cases(row):
        n, affine, dtype = positive(case, case.n), case.random.random() < 0.8, dtype_of(case)
        kind = case.random.choice((*channelled, *shaped, "PRELU"))
        if kind == "PRELU":
            make, ours = lambda: nn.PReLU(n, init=0.3, dtype=dtype), layer(kind, num_features=n, init=0.3)
        elif kind in shaped:
            shape = [case.random.randint(1, 6) for _ in range(case.random.randint(0, 3))] + [n]
            bias = case.random.random() < 0.8 or not takes_bias(shaped[kind])
            make = lambda: with_bias(shaped[kind], shape, elementwise_affine=affine, bias=bias, dtype=dtype)
            ours = layer(kind, n_normalized_dims=len(shape), normalized_shape=shape, affine=affine, bias=bias)
        else:
            cls, groups = (
                case.random.choice(channelled[kind]),
                case.random.choice([g for g in range(1, n + 1) if n % g == 0]),
            )
            bias = case.random.random() < 0.8 or not takes_bias(cls)
            sizes = (groups, n) if kind == "GROUP_NORM" else (n,)
            make = lambda: with_bias(cls, *sizes, affine=affine, bias=bias, dtype=dtype)
            ours = layer(kind, groups=groups, num_features=n, affine=affine, bias=bias)
        compare(case, make, ours, dtype)


# ---- torch.nn.init ----

# A QR by Householder's reflections is off by a small multiple of eps times the condition number.
ORTHOGONAL_BOUND = 10.0
NONLINEARITIES = {
    "linear": 0,
    "conv1d": 0,
    "conv_transpose3d": 0,
    "sigmoid": 0,
    "tanh": 1,
    "relu": 2,
    "leaky_relu": 3,
    "selu": 4,
}


def shape_of(case, least=2, most=5):
    """A shape of about case.n elements."""
    n_dims = case.random.randint(least, most)
    limit = max(2, int(2.6 * case.n ** (1 / n_dims)))
    return [size(case, limit) for _ in range(n_dims)]


def initialised(case, name, shape, dtype, arguments, call):
    """torch.nn.init's function and ours; `call(state, dtype, shape, n_dims, out)` gives a status."""
    generator = seeded(case)
    tensor = torch.full(shape, 7.0, dtype=dtype)
    refused = refusal_of(lambda: getattr(nn.init, name)(tensor, **arguments))
    out = ctypes.create_string_buffer(torch.full(shape, 7.0, dtype=dtype).flatten().view(torch.uint8).numpy().tobytes())
    status = call(
        ctypes.byref(generator), DTYPES[dtype], (ctypes.c_int64 * len(shape))(*shape), len(shape), ctypes.byref(out)
    )
    what = "%s(%s, %s, %s)" % (name, shape, dtype, arguments)
    if refused is not None or status:
        if refused is None or not status or not refused.startswith(torch_common.message(status)):
            case.wrong("%s: refused with %r by torch, by us with %r" % (what, refused, torch_common.message(status)))
        return
    case.same(out.raw[:-1], bytes_of(tensor), tensor.numel(), what)
    case.same_state(torch_common.state_bytes(generator), torch_state(), what)


def xavier(name):
    function = getattr(lib, "oneseed_torch_init_%s_fill" % name)

    def compared(row):
        for case in cases(row):
            gain = case.random.choice((1.0, 5 / 3, 2**0.5, case.random.uniform(0, 3)))
            initialised(
                case,
                name + "_",
                shape_of(case, 1 if case.number % 50 == 0 else 2),
                dtype_of(case),
                {"gain": gain},
                lambda state, dtype, shape, n_dims, out: function(
                    state, dtype, shape, n_dims, ctypes.c_double(gain), out
                ),
            )

    return compared


def kaiming(name):
    function = getattr(lib, "oneseed_torch_init_%s_fill" % name)

    def compared(row):
        for case in cases(row):
            a = case.random.choice((0.0, 0.01, 5**0.5, case.random.uniform(-2, 2), 10.0 ** case.random.randint(-9, 9)))
            if case.number % 100 == 7:
                a = 1e200
            mode = case.random.choice(("fan_in", "fan_out"))
            nonlinearity = case.random.choice((*NONLINEARITIES, "leaky_relu", "relu"))
            initialised(
                case,
                name + "_",
                shape_of(case, 1 if case.number % 50 == 0 else 2),
                dtype_of(case),
                {"a": a, "mode": mode, "nonlinearity": nonlinearity},
                lambda state, dtype, shape, n_dims, out: function(
                    state,
                    dtype,
                    shape,
                    n_dims,
                    ctypes.c_double(a),
                    int(mode == "fan_out"),
                    NONLINEARITIES[nonlinearity],
                    out,
                ),
            )

    return compared


def constants(row):
    """constant_, eye_, dirac_: nothing is drawn."""
    for case in cases(row):
        name = case.random.choice(("constant", "eye", "dirac"))
        function = getattr(lib, "oneseed_torch_init_%s_fill" % name)
        if name == "constant":
            value = case.random.choice(
                (0.0, 1.0, 0.3, case.random.gauss(0, 10), float("inf"), float("nan"), 1e39, -7e4)
            )
            initialised(
                case,
                "constant_",
                shape_of(case, 1),
                dtype_of(case),
                {"val": value},
                lambda _, dtype, shape, n_dims, out: function(
                    dtype, ctypes.c_double(value), out, ctypes.c_size_t(torch.Size(shape).numel())
                ),
            )
        elif name == "eye":
            initialised(
                case,
                "eye_",
                shape_of(case, 2, 2),
                dtype_of(case) if VERSION >= 20600 else torch.float32,  # older ones have none for bfloat16
                {},
                lambda _, dtype, shape, n_dims, out: function(
                    dtype, ctypes.c_int64(shape[0]), ctypes.c_int64(shape[1]), out
                ),
            )
        else:
            shape, groups = shape_of(case, 2, 5), case.random.choice((1, 1, 2, 3))
            shape[0] *= case.random.choice((1, groups))
            initialised(
                case,
                "dirac_",
                shape,
                dtype_of(case),
                {"groups": groups},
                lambda _, dtype, shape, n_dims, out: function(dtype, shape, n_dims, ctypes.c_int64(groups), out),
            )


def gains(row):
    """calculate_gain, as the bits of its double."""
    for case in cases(row):
        name = case.random.choice(tuple(NONLINEARITIES))
        got, want = [], []
        for _ in range(case.n // 2):
            slope = case.random.choice((case.random.uniform(-3, 3), 10.0 ** case.random.uniform(-160, 150)))
            gain = ctypes.c_double()
            lib.oneseed_torch_init_gain(NONLINEARITIES[name], ctypes.c_double(slope), ctypes.byref(gain))
            got.append(gain.value)
            want.append(float(nn.init.calculate_gain(name, slope)))
        case.same((ctypes.c_double * len(got))(*got), (ctypes.c_double * len(want))(*want), len(got), name)


def orthogonal(row):
    """The draws and the state are compared as bits. Q within what float32's rounding makes of it in LAPACK."""
    largest = 0.0
    for case in cases(row):
        shape, gain = shape_of(case, 1 if case.number % 50 == 0 else 2, 4), case.random.choice((1.0, 2**0.5))
        dtype = case.random.choice((torch.float32, torch.float64))
        generator = seeded(case)
        drawn = copied(generator)
        tensor = torch.empty(shape, dtype=dtype)
        refused = refusal_of(lambda: nn.init.orthogonal_(tensor, gain))
        sizes = (ctypes.c_int64 * len(shape))(*shape)
        lib.oneseed_torch_init_orthogonal_work.restype = ctypes.c_size_t
        work = (ctypes.c_double * lib.oneseed_torch_init_orthogonal_work(sizes, len(shape)))()
        out = torch.empty(shape, dtype=dtype)
        status = lib.oneseed_torch_init_orthogonal_fill(
            ctypes.byref(generator),
            DTYPES[dtype],
            sizes,
            len(shape),
            ctypes.c_double(gain),
            work,
            ctypes.c_void_p(out.data_ptr()),
        )
        if refused is not None or status:
            if refused != torch_common.message(status):
                case.wrong("%s: refused with %r by torch, by us with %d" % (shape, refused, status))
            continue
        case.same_state(torch_common.state_bytes(generator), torch_state(), "orthogonal_")
        if not tensor.numel():
            continue
        normals = torch.empty(shape, dtype=dtype)
        lib.oneseed_torch_randn_fill(
            ctypes.byref(drawn),
            DTYPES[dtype],
            ctypes.c_void_p(normals.data_ptr()),
            ctypes.c_size_t(normals.numel()),
        )
        matrix = normals.view(shape[0], -1).double()
        condition = torch.linalg.cond(matrix).item() if min(matrix.shape) else 1.0
        apart = (out.double() - tensor.double()).abs().max().item() / (torch.finfo(dtype).eps * condition * gain)
        largest = max(largest, apart)
        row.values += tensor.numel()
        if not apart < ORTHOGONAL_BOUND:
            case.wrong("%s %s: %g eps times the condition number apart" % (shape, dtype, apart))
    row.condition = (
        "draws and state; Q within %.1f eps times the condition number of the draws (LAPACK's own rounding)" % largest
    )


def sparse(row):
    """sparse_: with a generator, too, the rows that are zeroed come from the default one."""
    for case in cases(row):
        shape, dtype = shape_of(case, 2, 2), dtype_of(case)
        sparsity = case.random.choice((0.1, 0.5, 0.9, 1.0, 0.0, case.random.uniform(-0.5, 1.5)))
        if case.number % 100 == 7:
            sparsity = case.random.choice((float("nan"), float("inf")))
        global_state = seeded(case)
        state, generator = global_state, None
        if case.random.random() < 0.4 and "generator" in inspect.signature(nn.init.sparse_).parameters:
            generator, state = torch.Generator(), copied(global_state)
            seed = case.seed()
            generator.manual_seed(seed)
            lib.oneseed_torch_manual_seed(ctypes.byref(state), ctypes.c_uint64(seed))
        tensor = torch.empty(shape, dtype=dtype)
        std = case.random.choice((0.01, 1.0))
        refused = refusal_of(lambda: nn.init.sparse_(tensor, sparsity, std, *([generator] if generator else [])))
        out, work = torch_common.room(tensor.numel() * item_size(dtype)), (ctypes.c_int64 * shape[0])()
        status = lib.oneseed_torch_init_sparse_fill(
            ctypes.byref(state),
            ctypes.byref(global_state),
            DTYPES[dtype],
            ctypes.c_int64(shape[0]),
            ctypes.c_int64(shape[1]),
            ctypes.c_double(sparsity),
            ctypes.c_double(std),
            work,
            out,
        )
        what = "sparse_(%s, %s, %s)" % (shape, dtype, sparsity)
        if refused is not None or status:
            if refused is None or not refused.startswith(torch_common.message(status)):
                case.wrong("%s: refused with %r, by us with %r" % (what, refused, torch_common.message(status)))
            continue
        case.same(out.raw, bytes_of(tensor), tensor.numel(), what)
        case.same_state(torch_common.state_bytes(global_state), torch_state(), what)
        if generator:
            case.same_state(torch_common.state_bytes(state), torch_state(generator), what)


# ---- a whole network ----


class Block(nn.Module):
    def __init__(self, n_in, n, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(n_in, n, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(n)
        self.conv2 = nn.Conv2d(n, n, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(n)
        if stride != 1 or n_in != n:
            self.downsample = nn.Sequential(nn.Conv2d(n_in, n, 1, stride, bias=False), nn.BatchNorm2d(n))


class ResNet18(nn.Module):
    """ResNet-18 (He et al. 2015), initialised as torch's layers are."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        blocks = [
            (64, 64, 1),
            (64, 64, 1),
            (64, 128, 2),
            (128, 128, 1),
            (128, 256, 2),
            (256, 256, 1),
            (256, 512, 2),
            (512, 512, 1),
        ]
        self.layers = nn.Sequential(*(Block(*sizes) for sizes in blocks))
        self.fc = nn.Linear(512, 1000)


def description_of(module):
    if isinstance(module, nn.Conv2d):
        return layer(
            "CONV2D",
            in_channels=module.in_channels,
            out_channels=module.out_channels,
            kernel_size=module.kernel_size,
            groups=module.groups,
            bias=module.bias is not None,
        )
    if isinstance(module, nn.BatchNorm2d):
        return layer("BATCH_NORM", num_features=module.num_features)
    return layer("LINEAR", in_features=module.in_features, out_features=module.out_features)


def resnet(row):
    """Layer after layer, 11.7 million parameters: digests of ours and of torch's; then again with kaiming_normal_(fan_out, relu)."""
    for case in row.cases(factor=0.01, values=1):
        generator = seeded(case)
        network = ResNet18()
        ours, theirs, n = hashlib.sha256(), hashlib.sha256(), 0
        modules = [module for module in network.modules() if isinstance(module, (nn.Conv2d, nn.BatchNorm2d, nn.Linear))]
        for module in modules:
            size_of = sum(p.numel() for p in module.parameters())
            out = torch_common.room(4 * size_of)
            described_as = description_of(module)
            lib.oneseed_torch_layer_flat_fill(ctypes.byref(generator), ctypes.byref(described_as), 0, out)
            ours.update(out.raw)
            for parameter in module.parameters():
                theirs.update(bytes_of(parameter.detach()))
            n += size_of
        for module in modules:
            if isinstance(module, nn.Conv2d):
                weight = module.weight.detach()
                out = torch_common.room(4 * weight.numel())
                nn.init.kaiming_normal_(weight, mode="fan_out", nonlinearity="relu")
                lib.oneseed_torch_init_kaiming_normal_fill(
                    ctypes.byref(generator),
                    0,
                    (ctypes.c_int64 * 4)(*weight.shape),
                    4,
                    ctypes.c_double(0.0),
                    1,
                    NONLINEARITIES["relu"],
                    out,
                )
                ours.update(out.raw)
                theirs.update(bytes_of(weight))
                n += weight.numel()
        case.same(ours.digest(), theirs.digest(), n, "digest of all parameters")
        case.same_state(torch_common.state_bytes(generator), torch_state(), "ResNet-18")


FUNCTIONS = {
    "Linear": linear,
    "Bilinear": bilinear,
    "Conv1d": conv(1, False),
    "Conv2d": conv(2, False),
    "Conv3d": conv(3, False),
    "ConvTranspose1d": conv(1, True),
    "ConvTranspose2d": conv(2, True),
    "ConvTranspose3d": conv(3, True),
    "Embedding": embedding("EMBEDDING", nn.Embedding),
    "EmbeddingBag": embedding("EMBEDDING_BAG", nn.EmbeddingBag),
    "RNN": recurrent("RNN", nn.RNN),
    "LSTM": recurrent("LSTM", nn.LSTM),
    "GRU": recurrent("GRU", nn.GRU),
    "RNNCell": cell("RNN_CELL", nn.RNNCell),
    "LSTMCell": cell("LSTM_CELL", nn.LSTMCell),
    "GRUCell": cell("GRU_CELL", nn.GRUCell),
    "MultiheadAttention": attention,
    "TransformerEncoderLayer": transformer_layer("TRANSFORMER_ENCODER_LAYER", nn.TransformerEncoderLayer),
    "TransformerDecoderLayer": transformer_layer("TRANSFORMER_DECODER_LAYER", nn.TransformerDecoderLayer),
    "TransformerEncoder": transformer_stack("TRANSFORMER_ENCODER", nn.TransformerEncoder, nn.TransformerEncoderLayer),
    "TransformerDecoder": transformer_stack("TRANSFORMER_DECODER", nn.TransformerDecoder, nn.TransformerDecoderLayer),
    "Transformer": transformer,
    "norms, PReLU": norms,
    "init.xavier_uniform_": xavier("xavier_uniform"),
    "init.xavier_normal_": xavier("xavier_normal"),
    "init.kaiming_uniform_": kaiming("kaiming_uniform"),
    "init.kaiming_normal_": kaiming("kaiming_normal"),
    "init.constant_, eye_, dirac_": constants,
    "init.calculate_gain": gains,
    "init.orthogonal_": orthogonal,
    "init.sparse_": sparse,
    "ResNet-18, all layers": resnet,
}

if __name__ == "__main__":
    torch_common.main("torch.nn", FUNCTIONS)
