# jax_tensorflow_draws.py - values a second from oneseed.jax and oneseed.tensorflow and from JAX and TensorFlow, one thread, in turns.
# SPDX-License-Identifier: MIT
#
#   python bench/jax_tensorflow_draws.py [--values N] [--rounds N] [--only TEXT] [--clock process|wall]
#
# In a Python with jax, tensorflow-cpu and numpy (.venv-frameworks). One thread: the process keeps to one processor (sched_setaffinity) from
# before either framework is loaded, so that their pools have one thread. Times are the process's processor time, of all its threads, or
# the wall's. JAX's functions are jitted with the shape static, compiled and warm, and waited for (block_until_ready); TensorFlow's are
# called eagerly, with a seed of their own, without which each call makes a kernel anew (0.6 ms). Each call makes a new array.
import argparse
import functools
import os
import sys
import time

if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("JAX_PLATFORMS", "cpu")
import jax
import numpy as np
import tensorflow as tf

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "build", "lib"))
import oneseed.jax  # noqa: E402
import oneseed.tensorflow  # noqa: E402
import rounds  # noqa: E402

tf.config.threading.set_intra_op_parallelism_threads(1)
tf.config.threading.set_inter_op_parallelism_threads(1)


def both_jax(draw, *static):
    """(ours, theirs): calls of draw(jax.random, key, …), theirs compiled with those arguments."""
    compiled = jax.jit(lambda key: draw(jax.random, key, *static))
    ours, theirs = oneseed.jax.random.key(17), jax.random.key(17)
    return functools.partial(draw, oneseed.jax.random, ours, *static), lambda: compiled(theirs).block_until_ready()


def jax_cases(n):
    """What is drawn, bytes of a value, two calls."""
    yield "jax.random.bits uint32", 4, both_jax(lambda r, key: r.bits(key, (n,)))
    for dtype, size in (("float32", 4), ("float16", 2), ("bfloat16", 2)):
        yield f"jax.random.uniform {dtype}", size, both_jax(lambda r, key, d=dtype: r.uniform(key, (n,), d))
        yield f"jax.random.normal {dtype}", size, both_jax(lambda r, key, d=dtype: r.normal(key, (n,), d))
    yield "jax.random.exponential float32", 4, both_jax(lambda r, key: r.exponential(key, (n,)))
    yield "jax.random.gumbel float32", 4, both_jax(lambda r, key: r.gumbel(key, (n,)))
    yield "jax.random.bernoulli(0.3)", 1, both_jax(lambda r, key: r.bernoulli(key, 0.3, (n,)))
    yield "jax.random.randint(0, 1000) int32", 4, both_jax(lambda r, key: r.randint(key, (n,), 0, 1000))
    yield "jax.random.permutation", 4, both_jax(lambda r, key: r.permutation(key, n))


def jax_wide_cases(n):
    for dtype in ("float64",):
        yield f"jax.random.uniform {dtype}", 8, both_jax(lambda r, key, d=dtype: r.uniform(key, (n,), d))
        yield f"jax.random.normal {dtype}", 8, both_jax(lambda r, key, d=dtype: r.normal(key, (n,), d))


def both_tensorflow(draw):
    ours, theirs = oneseed.tensorflow, tf
    return functools.partial(draw, ours), functools.partial(draw, theirs)


def tensorflow_cases(n):
    seed = (1, 2)
    for dtype, size in (("float32", 4), ("float64", 8), ("float16", 2)):
        d = getattr(tf, dtype)
        yield f"tf.random.uniform {dtype}", size, both_tensorflow(lambda t, d=d: t.random.uniform([n], dtype=d, seed=5))
        yield f"tf.random.normal {dtype}", size, both_tensorflow(lambda t, d=d: t.random.normal([n], dtype=d, seed=5))
    yield "tf.random.uniform(0, 1000) int32", 4, both_tensorflow(lambda t: t.random.uniform([n], 0, 1000, tf.int32, 5))
    yield "tf.random.truncated_normal float32", 4, both_tensorflow(lambda t: t.random.truncated_normal([n], seed=5))
    yield "tf.random.stateless_uniform float32", 4, both_tensorflow(lambda t: t.random.stateless_uniform([n], seed))
    yield "tf.random.stateless_normal float32", 4, both_tensorflow(lambda t: t.random.stateless_normal([n], seed))
    x = np.arange(n, dtype=np.int32)
    tensor = tf.constant(x)
    yield "tf.random.shuffle int32", 4, (lambda: oneseed.tensorflow.random.shuffle(x, 5), lambda: tf.random.shuffle(tensor, 5))
    y = np.ones(n, np.float32)
    ones = tf.constant(y)
    yield "tf.nn.dropout(0.5) float32", 4, (lambda: oneseed.tensorflow.nn.dropout(y, 0.5, seed=5), lambda: tf.nn.dropout(ones, 0.5, seed=5))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--values", type=int, action="append")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", default="")
    parser.add_argument("--clock", choices=("process", "wall"), default="process")
    options = parser.parse_args()
    clock = time.process_time if options.clock == "process" else time.perf_counter
    print(rounds.HEADING)
    for module in (oneseed.tensorflow, tf):
        module.random.set_seed(17)

    def show(cases):
        for what, size, (ours, theirs) in cases:
            if options.only in what:
                print(rounds.line(what, n, size, ours, theirs, options.rounds, clock), flush=True)

    for n in options.values or (100, 10**4, 10**7):
        show(jax_cases(n))
        show(tensorflow_cases(n))
    jax.config.update("jax_enable_x64", True)
    oneseed.jax.config.update("jax_enable_x64", True)
    for n in options.values or (100, 10**4, 10**7):
        show(jax_wide_cases(n))


if __name__ == "__main__":
    main()
