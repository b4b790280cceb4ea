"""A tiny network in NumPy: every layer has its own generator for the start weights and for dropout."""

import numpy as np


class Layer:
    def __init__(self, n_in, n_out, drop=0.1):
        self.rng = np.random.default_rng(id(self) & 0xFFFFFFFF)
        self.weights = self.rng.normal(0.0, 1.0 / np.sqrt(n_in), (n_in, n_out))
        self.drop = drop

    def forward(self, x, training):
        self.x = x
        self.z = x @ self.weights
        self.mask = (self.rng.random(self.z.shape) > self.drop) if training else 1.0
        return np.maximum(self.z, 0.0) * self.mask

    def backward(self, gradient, rate):
        gradient = gradient * self.mask * (self.z > 0)
        back = gradient @ self.weights.T
        self.weights -= rate * self.x.T @ gradient / len(self.x)
        return back


class Network:
    def __init__(self, widths):
        self.layers = [Layer(a, b) for a, b in zip(widths, widths[1:])]

    def forward(self, x, training=False):
        for layer in self.layers:
            x = layer.forward(x, training)
        return x

    def step(self, x, y, rate):
        error = self.forward(x, training=True) - y
        gradient = error
        for layer in reversed(self.layers):
            gradient = layer.backward(gradient, rate)
        return float((error**2).mean())
