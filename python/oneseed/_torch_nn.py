"""Layers of torch.nn as they are when they were just made: their parameters, drawn as torch draws them.

A Module here computes nothing; it has its parameters by name (`layer.weight`, `layer.named_parameters()`) as Arrays. Arguments are those of
torch's constructors; generator= is an addition to them.
"""

# SPDX-License-Identifier: MIT
from collections import OrderedDict as _OrderedDict

from . import _streams
from . import _torch_functional as functional  # noqa: F401
from . import _torch_init as init  # noqa: F401

# The order of oneseed_torch_layer_kind in oneseed.h.
(
    _LINEAR, _BILINEAR, _CONV1D, _CONV2D, _CONV3D, _CONV_TRANSPOSE1D, _CONV_TRANSPOSE2D, _CONV_TRANSPOSE3D, _EMBEDDING, _EMBEDDING_BAG,
    _RNN, _LSTM, _GRU, _RNN_CELL, _LSTM_CELL, _GRU_CELL, _MULTIHEAD_ATTENTION, _TRANSFORMER_ENCODER_LAYER, _TRANSFORMER_DECODER_LAYER,
    _TRANSFORMER_ENCODER, _TRANSFORMER_DECODER, _TRANSFORMER, _BATCH_NORM, _INSTANCE_NORM, _GROUP_NORM, _LAYER_NORM, _RMS_NORM, _PRELU,
) = range(28)  # fmt: skip


class Module:
    """What all layers are: parameters by name."""

    def __init__(self):
        self._parameters = {}

    def _make(self, kind, device, dtype, generator, **members):
        if device is not None:
            _streams.torch["empty"](0, device=device)
            if str(device).startswith("cuda"):
                raise NotImplementedError("layers: oneseed.torch knows what generators of the CPU draw")
        self._parameters = _streams.torch["_layer"](kind, members, generator, dtype)

    def named_parameters(self):
        """(name, Array) of each parameter, in torch's order."""
        return iter(self._parameters.items())

    def parameters(self):
        """The Arrays, in torch's order."""
        return iter(self._parameters.values())

    def _running(self, num_features, is_tracked, dtype):
        """The buffers of a norm that tracks statistics, as they are when it was just made."""
        if is_tracked:
            empty = _streams.torch["empty"]
            self._buffers = {
                "running_mean": empty(num_features, dtype=dtype).zero_(), "running_var": empty(num_features, dtype=dtype).fill_(1),
                "num_batches_tracked": empty((), dtype="int64").zero_(),
            }  # fmt: skip

    def named_buffers(self):
        """(name, Array) of each buffer, in torch's order."""
        return iter(self.__dict__.get("_buffers", {}).items())

    def buffers(self):
        """The Arrays, in torch's order."""
        return (array for _, array in self.named_buffers())

    def state_dict(self):
        """Parameters and buffers by name, in torch's order; they share the module's memory."""
        return _OrderedDict([*self.named_parameters(), *self.named_buffers()])

    def __getattr__(self, name):
        parameters = self.__dict__.get("_parameters", {})
        if name in parameters:
            return parameters[name]
        if name in self.__dict__.get("_buffers", {}):
            return self._buffers[name]
        inner = {key[len(name) + 1 :]: value for key, value in parameters.items() if key.startswith(name + ".")}
        if inner:
            part = Module()
            part._parameters = inner
            return part
        if name == "bias" and "weight" in parameters:
            return None
        raise AttributeError("'%s' object has no attribute '%s'" % (type(self).__name__, name))

    def __getitem__(self, index):
        return getattr(self, str(index))

    def __repr__(self):
        shapes = ", ".join("%s%s" % (name, list(array.shape)) for name, array in self._parameters.items())
        return "%s(%s)" % (type(self).__name__, shapes)


class Sequential(Module):
    """Modules one after the other; their parameters are "0.weight" and so on."""

    def __init__(self, *modules):
        super().__init__()
        if len(modules) == 1 and isinstance(modules[0], dict):
            named = list(modules[0].items())
        else:
            named = [(str(k), module) for k, module in enumerate(modules)]
        self._modules = dict(named)
        for name, module in named:
            if not isinstance(module, Module):
                raise TypeError("%s is not a Module subclass" % type(module).__name__)
            self._parameters.update((name + "." + key, array) for key, array in module.named_parameters())

    def named_buffers(self):
        return ((name + "." + key, array) for name, module in self._modules.items() for key, array in module.named_buffers())

    def state_dict(self):
        inner = {name: module.state_dict() for name, module in self._modules.items()}
        return _OrderedDict((name + "." + key, array) for name, arrays in inner.items() for key, array in arrays.items())

    def __getattr__(self, name):
        modules = self.__dict__.get("_modules", {})
        return modules[name] if name in modules else super().__getattr__(name)

    def __getitem__(self, index):
        return list(self._modules.values())[index]

    def __len__(self):
        return len(self._modules)

    def __iter__(self):
        return iter(self._modules.values())


# ---- linear layers and convolutions ----


class Linear(Module):
    def __init__(self, in_features, out_features, bias=True, device=None, dtype=None, *, generator=None):
        self._make(_LINEAR, device, dtype, generator, in_features=in_features, out_features=out_features, bias=bias)


class Bilinear(Module):
    def __init__(self, in1_features, in2_features, out_features, bias=True, device=None, dtype=None, *, generator=None):
        if in1_features <= 0:
            raise ValueError("in1_features must be > 0, but got (in1_features=%s)" % in1_features)
        self._make(
            _BILINEAR, device, dtype, generator, in_features=in1_features, in2_features=in2_features, out_features=out_features, bias=bias
        )


class _Convolution(Module):
    _ndim, _kind = 0, _CONV1D

    def _convolution(self, in_channels, out_channels, kernel_size, groups, bias, device, dtype, generator):
        sizes = tuple(kernel_size) if isinstance(kernel_size, (tuple, list)) else (kernel_size,) * self._ndim
        members = {"in_channels": in_channels, "out_channels": out_channels, "kernel_size": sizes, "groups": groups, "bias": bias}
        self._make(self._kind + self._ndim - 1, device, dtype, generator, **members)

    def __init__(
        self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True, padding_mode="zeros",
        device=None, dtype=None, *, generator=None,
    ):  # fmt: skip
        self._convolution(in_channels, out_channels, kernel_size, groups, bias, device, dtype, generator)


class Conv1d(_Convolution):
    _ndim = 1


class Conv2d(_Convolution):
    _ndim = 2


class Conv3d(_Convolution):
    _ndim = 3


class _Transposed(_Convolution):
    _kind = _CONV_TRANSPOSE1D

    def __init__(
        self, in_channels, out_channels, kernel_size, stride=1, padding=0, output_padding=0, groups=1, bias=True, dilation=1,
        padding_mode="zeros", device=None, dtype=None, *, generator=None,
    ):  # fmt: skip
        self._convolution(in_channels, out_channels, kernel_size, groups, bias, device, dtype, generator)


class ConvTranspose1d(_Transposed):
    _ndim = 1


class ConvTranspose2d(_Transposed):
    _ndim = 2


class ConvTranspose3d(_Transposed):
    _ndim = 3


# ---- embeddings ----


class Embedding(Module):
    def __init__(
        self, num_embeddings, embedding_dim, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, sparse=False,
        _weight=None, _freeze=False, device=None, dtype=None, *, generator=None,
    ):  # fmt: skip
        _embed(self, _EMBEDDING, num_embeddings, embedding_dim, padding_idx, device, dtype, generator)


class EmbeddingBag(Module):
    def __init__(
        self, num_embeddings, embedding_dim, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, mode="mean", sparse=False,
        _weight=None, include_last_offset=False, padding_idx=None, device=None, dtype=None, *, generator=None,
    ):  # fmt: skip
        _embed(self, _EMBEDDING_BAG, num_embeddings, embedding_dim, padding_idx, device, dtype, generator)


def _embed(module, kind, num_embeddings, embedding_dim, padding_idx, device, dtype, generator):
    has, index = padding_idx is not None, padding_idx or 0
    module._make(
        kind, device, dtype, generator, num_embeddings=num_embeddings, embedding_dim=embedding_dim, has_padding_idx=has, padding_idx=index
    )


# ---- recurrent layers ----


class _Recurrent(Module):
    _kind = _RNN

    def __init__(
        self, input_size, hidden_size, num_layers=1, bias=True, batch_first=False, dropout=0.0, bidirectional=False, proj_size=0,
        device=None, dtype=None, *, generator=None,
    ):  # fmt: skip
        self._make(
            self._kind, device, dtype, generator, input_size=input_size, hidden_size=hidden_size, num_layers=num_layers, bias=bias,
            bidirectional=bidirectional, proj_size=proj_size,
        )  # fmt: skip


class LSTM(_Recurrent):
    _kind = _LSTM


class GRU(_Recurrent):
    _kind = _GRU


class RNN(_Recurrent):
    def __init__(
        self, input_size, hidden_size, num_layers=1, nonlinearity="tanh", bias=True, batch_first=False, dropout=0.0, bidirectional=False,
        device=None, dtype=None, *, generator=None,
    ):  # fmt: skip
        super().__init__(
            input_size, hidden_size, num_layers, bias, bidirectional=bidirectional, device=device, dtype=dtype, generator=generator
        )


class _Cell(Module):
    _kind = _LSTM_CELL

    def __init__(self, input_size, hidden_size, bias=True, device=None, dtype=None, *, generator=None):
        self._make(self._kind, device, dtype, generator, input_size=input_size, hidden_size=hidden_size, bias=bias)


class LSTMCell(_Cell):
    pass


class GRUCell(_Cell):
    _kind = _GRU_CELL


class RNNCell(_Cell):
    _kind = _RNN_CELL

    def __init__(self, input_size, hidden_size, bias=True, nonlinearity="tanh", device=None, dtype=None, *, generator=None):
        super().__init__(input_size, hidden_size, bias, device, dtype, generator=generator)


# ---- attention ----


class MultiheadAttention(Module):
    def __init__(
        self, embed_dim, num_heads, dropout=0.0, bias=True, add_bias_kv=False, add_zero_attn=False, kdim=None, vdim=None,
        batch_first=False, device=None, dtype=None, *, generator=None,
    ):  # fmt: skip
        _check_attention(embed_dim, num_heads)
        self._make(
            _MULTIHEAD_ATTENTION, device, dtype, generator, embed_dim=embed_dim, num_heads=num_heads, bias=bias, add_bias_kv=add_bias_kv,
            kdim=kdim or 0, vdim=vdim or 0,
        )  # fmt: skip


def _check_attention(embed_dim, num_heads):
    if embed_dim <= 0 or num_heads <= 0:
        raise ValueError(
            "embed_dim and num_heads must be greater than 0, got embed_dim=%s and num_heads=%s instead" % (embed_dim, num_heads)
        )


class _TransformerLayer(Module):
    _kind = _TRANSFORMER_ENCODER_LAYER

    def __init__(
        self, d_model, nhead, dim_feedforward=2048, dropout=0.1, activation="relu", layer_norm_eps=1e-05, batch_first=False,
        norm_first=False, bias=True, device=None, dtype=None, *, generator=None,
    ):  # fmt: skip
        _check_attention(d_model, nhead)
        self._make(
            self._kind, device, dtype, generator, embed_dim=d_model, num_heads=nhead, dim_feedforward=dim_feedforward, bias=bias
        )


class TransformerEncoderLayer(_TransformerLayer):
    pass


class TransformerDecoderLayer(_TransformerLayer):
    _kind = _TRANSFORMER_DECODER_LAYER


class _Stack(Module):
    """Copies of one layer, which draw nothing, and a norm."""

    def _stack(self, layer, num_layers, norm):
        super().__init__()
        for k in range(num_layers):
            self._parameters.update(("layers.%d.%s" % (k, name), array.clone()) for name, array in layer.named_parameters())
        if norm is not None:
            self._parameters.update(("norm." + name, array) for name, array in norm.named_parameters())


class TransformerEncoder(_Stack):
    def __init__(self, encoder_layer, num_layers, norm=None, enable_nested_tensor=True, mask_check=True):
        self._stack(encoder_layer, num_layers, norm)


class TransformerDecoder(_Stack):
    def __init__(self, decoder_layer, num_layers, norm=None):
        self._stack(decoder_layer, num_layers, norm)


class Transformer(Module):
    def __init__(
        self, d_model=512, nhead=8, num_encoder_layers=6, num_decoder_layers=6, dim_feedforward=2048, dropout=0.1, activation="relu",
        custom_encoder=None, custom_decoder=None, layer_norm_eps=1e-05, batch_first=False, norm_first=False, bias=True, device=None,
        dtype=None, *, generator=None,
    ):  # fmt: skip
        if custom_encoder is not None or custom_decoder is not None:
            raise NotImplementedError("Transformer: oneseed.torch knows it without custom_encoder and custom_decoder")
        _check_attention(d_model, nhead)
        self._make(
            _TRANSFORMER, device, dtype, generator, embed_dim=d_model, num_heads=nhead, num_encoder_layers=num_encoder_layers,
            num_decoder_layers=num_decoder_layers, dim_feedforward=dim_feedforward, bias=bias,
        )  # fmt: skip


# ---- what has parameters and draws nothing ----


class _BatchNorm(Module):
    def __init__(
        self, num_features, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, device=None, dtype=None, *, bias=True
    ):  # fmt: skip
        self._make(_BATCH_NORM, device, dtype, None, num_features=num_features, affine=affine, bias=bias)
        self._running(num_features, track_running_stats, dtype)


class BatchNorm1d(_BatchNorm):
    pass


class BatchNorm2d(_BatchNorm):
    pass


class BatchNorm3d(_BatchNorm):
    pass


class _InstanceNorm(Module):
    def __init__(
        self, num_features, eps=1e-05, momentum=0.1, affine=False, track_running_stats=False, device=None, dtype=None, *, bias=True
    ):  # fmt: skip
        self._make(_INSTANCE_NORM, device, dtype, None, num_features=num_features, affine=affine, bias=bias)
        self._running(num_features, track_running_stats, dtype)


class InstanceNorm1d(_InstanceNorm):
    pass


class InstanceNorm2d(_InstanceNorm):
    pass


class InstanceNorm3d(_InstanceNorm):
    pass


class GroupNorm(Module):
    def __init__(self, num_groups, num_channels, eps=1e-05, affine=True, device=None, dtype=None, *, bias=True):
        if num_channels % num_groups:
            raise ValueError("num_channels (%s) must be divisible by num_groups (%s)" % (num_channels, num_groups))
        self._make(_GROUP_NORM, device, dtype, None, groups=num_groups, num_features=num_channels, affine=affine, bias=bias)


def _norm(module, kind, normalized_shape, affine, bias, device, dtype):
    shape = (normalized_shape,) if isinstance(normalized_shape, int) else tuple(normalized_shape)
    module._make(kind, device, dtype, None, n_normalized_dims=len(shape), normalized_shape=shape, affine=affine, bias=bias)


class LayerNorm(Module):
    def __init__(self, normalized_shape, eps=1e-05, elementwise_affine=True, bias=True, device=None, dtype=None):
        _norm(self, _LAYER_NORM, normalized_shape, elementwise_affine, bias, device, dtype)


class RMSNorm(Module):
    def __init__(self, normalized_shape, eps=None, elementwise_affine=True, device=None, dtype=None):
        _norm(self, _RMS_NORM, normalized_shape, elementwise_affine, False, device, dtype)


class PReLU(Module):
    def __init__(self, num_parameters=1, init=0.25, device=None, dtype=None):  # noqa: F811
        self._make(_PRELU, device, dtype, None, num_features=num_parameters, init=init)


# ---- what has no parameters: places in a Sequential ----


class _Silent(Module):
    """A layer without parameters."""

    def __init__(self, *arguments, **named):
        super().__init__()


def _silent(name):
    return type(name, (_Silent,), {"__doc__": "torch.nn.%s: it has no parameters." % name, "__module__": __name__})


for _name in (
    "AdaptiveAvgPool1d AdaptiveAvgPool2d AdaptiveAvgPool3d AdaptiveMaxPool1d AdaptiveMaxPool2d AlphaDropout AvgPool1d AvgPool2d "
    "AvgPool3d CELU Dropout Dropout1d Dropout2d Dropout3d ELU FeatureAlphaDropout Flatten GELU Hardsigmoid Hardswish Hardtanh Identity "
    "LeakyReLU LogSoftmax MaxPool1d MaxPool2d MaxPool3d Mish PixelShuffle RReLU ReLU ReLU6 SELU SiLU Sigmoid Softmax Softplus Tanh "
    "Unflatten Upsample"
).split():
    globals()[_name] = _silent(_name)
del _name
