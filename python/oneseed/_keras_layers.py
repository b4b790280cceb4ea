"""keras.layers for oneseed.keras: the initial weights of layers with their default initializers. See oneseed.keras."""

# SPDX-License-Identifier: MIT
from . import _keras_config as _config
from . import _keras_random as _random
from . import _streams
from ._arrays import empty, table

# As oneseed_keras_layer_kind counts.
_KINDS = table(
    ["dense", "embedding", "conv1d", "conv2d", "conv3d", "conv1d_transpose", "conv2d_transpose", "conv3d_transpose", "depthwise_conv1d",
     "depthwise_conv2d", "separable_conv1d", "separable_conv2d", "simple_rnn", "gru", "lstm", "conv_lstm1d", "conv_lstm2d", "conv_lstm3d",
     "multi_head_attention", "batch_normalization", "layer_normalization", "prelu", "dropout", "plain"]
)  # fmt: skip
_FLAGS = ("use_bias", "is_bidirectional", "reset_after", "has_dropout")
_SIZES = ("input_dim", "units", "kernel_size", "channels", "filters", "groups", "depth_multiplier", "num_heads", "key_dim", "value_dim")


_NO_DRAWS = {"kernel_regularizer", "bias_regularizer", "activity_regularizer", "kernel_constraint", "bias_constraint", "trainable",
             "embeddings_regularizer", "embeddings_constraint", "recurrent_regularizer", "recurrent_constraint", "return_state",
             "go_backwards", "stateful", "unroll", "recurrent_activation", "momentum", "epsilon", "axis", "center", "scale"}  # fmt: skip


def _plain(others):
    """Arguments that change no draw are taken; initializers and what takes seeds is not."""
    for name in others:
        if name not in _NO_DRAWS:
            raise NotImplementedError("oneseed.keras knows layers with their default initializers, not with %s=" % name)


class Layer:
    """A layer's initial weights: seeds are taken when it is made and when it is built, as Keras takes them."""

    _kind = "plain"

    def __init__(self, **members):
        self._members = {"use_bias": 1, "reset_after": 1, "groups": 1, "depth_multiplier": 1, **members}
        n_made = _streams._keras_layer(_config.which(), _KINDS[self._kind], self._packed(can_be_open=True))[0]
        self._seeds = [_random.make_default_seed() for _ in range(n_made)]
        self.weights = []
        self.built = False

    def _packed(self, can_be_open=False):
        """The members as the extension takes them; sizes that only the input tells are the smallest ones until it is built."""
        filled = {name: self._members.get(name, self._members["groups"] if can_be_open else 0) for name in _SIZES}
        kernel = filled.pop("kernel_size")
        kernel = (*kernel, 0, 0, 0)[:3] if isinstance(kernel, tuple) else (kernel,) * 3
        sizes = [filled[name] for name in ("input_dim", "units")] + list(kernel)
        sizes += [filled[name] for name in _SIZES[3:]]
        return (*(int(self._members.get(name, 0)) for name in _FLAGS), *sizes)

    def _from_input(self, input_shape):
        """Members that the shape of the input tells."""
        return {"input_dim": input_shape[-1]}

    def build(self, input_shape):
        """Draws the weights for inputs of that shape, (None, …, channels)."""
        if self.built:
            return
        self._members.update(self._from_input(tuple(input_shape)))
        which, kind, members = _config.which(), _KINDS[self._kind], self._packed()
        _, n_built, weights = _streams._keras_layer(which, kind, members)
        self._seeds += [_random.make_default_seed() for _ in range(n_built)]
        dtype = _random._result(_config.as_dtype(None))
        for k, (_, shape, number) in enumerate(weights):
            out = empty(shape, dtype.numpy)
            _streams._keras_weight(which, kind, members, k, self._seeds[number] if number >= 0 else 0, dtype.code, out)
            self.weights.append(out)
        self._names = [name for name, _, _ in weights]
        self.built = True

    def get_weights(self):
        """Copies of the weights."""
        return [weight.copy() for weight in self.weights]

    def __getattr__(self, name):
        if name != "_names" and name in self.__dict__.get("_names", ()):
            return self.weights[self._names.index(name)]
        raise AttributeError("%r object has no attribute %r" % (type(self).__name__, name))


class Dense(Layer):
    _kind = "dense"

    def __init__(self, units, activation=None, use_bias=True, *, name=None, **others):
        _plain(others)
        super().__init__(units=units, use_bias=use_bias)


class Embedding(Layer):
    _kind = "embedding"

    def __init__(self, input_dim, output_dim, *, mask_zero=False, name=None, **others):
        _plain(others)
        super().__init__(input_dim=input_dim, units=output_dim)
        self.build(())

    def _from_input(self, input_shape):
        return {}


class _Convolution(Layer):
    _ndim = 0

    def __init__(
        self, filters, kernel_size, strides=1, padding="valid", data_format=None, dilation_rate=1, groups=1, activation=None,
        use_bias=True, *, name=None, **others,
    ):  # fmt: skip
        _plain(others)
        size = tuple(kernel_size) if isinstance(kernel_size, (tuple, list)) else (kernel_size,) * self._ndim
        self._is_channels_first = data_format == "channels_first"
        super().__init__(filters=filters, kernel_size=size, groups=groups, use_bias=use_bias)

    def _from_input(self, input_shape):
        return {"channels": input_shape[1 if self._is_channels_first else -1]}


class Conv1D(_Convolution):
    _kind, _ndim = "conv1d", 1


class Conv2D(_Convolution):
    _kind, _ndim = "conv2d", 2


class Conv3D(_Convolution):
    _kind, _ndim = "conv3d", 3


class _Recurrent(Layer):
    def __init__(self, units, activation="tanh", *, use_bias=True, return_sequences=False, reset_after=True, name=None, **others):
        _plain(others)
        super().__init__(units=units, use_bias=use_bias, reset_after=reset_after)


class SimpleRNN(_Recurrent):
    _kind = "simple_rnn"


class GRU(_Recurrent):
    _kind = "gru"


class LSTM(_Recurrent):
    _kind = "lstm"


class Dropout(Layer):
    _kind = "dropout"

    def __init__(self, rate, noise_shape=None, seed=None, *, name=None):
        if not 0 <= rate <= 1:
            raise ValueError("Invalid value received for argument `rate`. Expected a float value between 0 and 1. Received: rate=%s" % rate)
        super().__init__(has_dropout=rate > 0 and seed is None)


class BatchNormalization(Layer):
    _kind = "batch_normalization"

    def __init__(self, *, name=None, **others):
        _plain(others)
        super().__init__()


class LayerNormalization(Layer):
    _kind = "layer_normalization"

    def __init__(self, *, name=None, **others):
        _plain(others)
        super().__init__()


class _Plain(Layer):
    """Without weights and seeds."""

    def __init__(self, *args, name=None, **kwargs):
        super().__init__()


class Flatten(_Plain):
    pass


class Activation(_Plain):
    pass
