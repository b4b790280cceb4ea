"""test_streams_tensorflow.py - oneseed.tensorflow against the live TensorFlow: bits, dtypes, shapes, errors and their words, and what is
drawn afterwards."""

# SPDX-License-Identifier: MIT
import threading

import frameworks_beside
import numpy as np
import pytest

from oneseed import tensorflow as tf

# What both are asked. Names: tf, r is tf.random, np, and bfloat16 is ml_dtypes'.
CALLS = """
r.uniform([2])|r.uniform(2)|r.uniform((2,),dtype='float64')|r.uniform((2,),dtype=float)|r.uniform((2,),dtype=np.float16)
r.uniform((2,),dtype='int32')|r.uniform((2,),0,5,dtype='int32')|r.uniform((2,),5,5,dtype='int32')|r.uniform((2,),0,2**31,dtype='int32')
r.uniform((2,),0,2**40,dtype='int64')|r.uniform((2,),0.5,5,dtype='int32')|r.uniform((2,),'a',5)|r.uniform((2,),np.zeros(2),1.)
r.uniform((2,),np.zeros(2,np.float32),1.)|r.uniform((2,),[0.,1.],[1.,5.])|r.uniform((2,),[0.,1.,3.],[1.,5.,6.])
r.uniform((3,2),[0.,1.],[1.,5.])|r.uniform((2,),[0.,1.],[[1.],[5.]])|r.uniform((-1,))|r.uniform((1.5,))|r.uniform('a')|r.uniform(None)
r.uniform((2,),dtype='uint32')|r.uniform((2,),dtype='foo')|r.uniform((2,),seed='a')|r.uniform((2,),seed=1.5)|r.uniform((2,),seed=2**70)
r.uniform((2,),seed=True)|r.uniform((2,),seed=np.int64(3))|r.uniform([])|r.uniform(())|r.uniform([2,2**62])|r.uniform((2,),True,5)
~r.uniform((2,),-1,1,foo=3)|~r.uniform()|r.normal((2,))|r.normal((2,),[0.,1.],[1.,2.])|r.normal((2,),np.float64(3),1.)
r.normal((2,),1,2)|r.normal((2,),dtype='int32')|r.normal((2,),dtype='bfloat16')|r.truncated_normal((2,))
r.normal((3,2),mean=[0.,100.],stddev=1.)|r.normal((2,),mean=[[0.],[100.]])|r.shuffle([1,2,3,4])|r.shuffle(np.arange(6).reshape(3,2))
r.shuffle(5)|r.shuffle(['a','b','c'])|r.shuffle([])|r.shuffle([1.5,2])|r.shuffle(np.arange(4,dtype=np.int8))|r.set_seed('a')
r.set_seed(1.5)|r.set_seed([1])|r.set_seed(True)|r.set_seed((1,2))|r.stateless_uniform([2],[1,2])|r.stateless_uniform([2],[1,2,3])
r.stateless_uniform([2],1)|r.stateless_uniform([2],[1.5,2])|r.stateless_uniform([2],(1,2))|r.stateless_uniform([2],[1,2**40])
r.stateless_uniform([2],np.array([1,2]))|r.stateless_uniform([2],np.array([1,2],np.uint32))|r.stateless_uniform([2],[1,2],0,5,'int32')
r.stateless_uniform([2],[1,2],None,5,'int32')|r.stateless_uniform([2],[1,2],dtype='int32')
r.stateless_uniform([2],[1,2],None,None,'uint32')|r.stateless_uniform([2],[1,2],0,5,'uint32')
r.stateless_uniform([2],[1,2],alg='philox')|r.stateless_uniform([2],[1,2],alg='threefry')|r.stateless_uniform([2],[1,2],alg='foo')
r.stateless_uniform([2],[1,2],alg=7)|r.stateless_uniform([2],[1,2],alg=1.5)|r.stateless_uniform([2],[1,2],alg=None)
r.stateless_uniform([2],[1,2],alg=r.Algorithm.PHILOX)|r.stateless_normal([2],[1,2])|r.stateless_normal([2],[1,2],alg=1)
r.stateless_truncated_normal([2],[1,2])|r.split([1,2],3)|r.split([1,2])|r.split(np.array([1,2],np.int64),2)
r.split(np.array([1,2],np.uint32),2)|r.fold_in([1,2],3)|r.fold_in([1,2],np.int64(3))|r.fold_in([1,2],2**40)
r.experimental.stateless_shuffle([1,2,3,4],[1,2])|r.experimental.stateless_shuffle(np.arange(6).reshape(3,2),[1,2],alg='philox')
r.Generator.from_seed(7).state|r.Generator.from_seed(7).normal([2])|r.Generator.from_seed(7).uniform([2])
r.Generator.from_seed(7).uniform([2],0,10,'int32')|r.Generator.from_seed(7).uniform([2],dtype='int32')
r.Generator.from_seed(7).uniform([2],0,10,'uint32')|r.Generator.from_seed(7).uniform([2],None,None,'uint32')
r.Generator.from_seed(7).uniform([2],None,None)|r.Generator.from_seed(7).uniform_full_int([2])
r.Generator.from_seed(7).uniform_full_int([2],'int32')|r.Generator.from_seed(7).truncated_normal([2])
r.Generator.from_seed(7).make_seeds(2)|r.Generator.from_seed(7).split(2)[1].state|r.Generator.from_seed(7).skip(3)
r.Generator.from_seed(2**70).state|r.Generator.from_seed([1,2]).state|r.Generator.from_seed([1,2,3,4]).state
r.Generator.from_seed(-5).state|r.Generator.from_seed(7,alg='threefry').state|r.Generator.from_seed(7,alg='threefry').normal([2])
r.Generator.from_seed(7,alg=3).normal([2])|r.Generator.from_state([1,2,3],'philox').normal([2])|r.Generator.from_state([1,2],'philox')
r.Generator.from_key_counter(5,[1,2],'philox').state|r.Generator.from_key_counter(5,[1],'philox').state|r.Generator.from_seed(7).key
r.Generator.from_seed(7).algorithm|r.Generator.from_seed(7).reset_from_seed(9)|r.Generator.from_seed('a')
r.Generator.from_seed(1.7).state|r.Generator(state=[1,2,3],alg=1).state|r.Generator()|r.create_rng_state(7,'philox')
tf.nn.dropout([1.,2.,3.],0.5)|tf.nn.dropout([1.,2.,3.],0.5,seed=3)|tf.nn.dropout([1,2,3],0.5)|tf.nn.dropout([1.,2.,3.],1.0)
tf.nn.dropout([1.,2.,3.],0)|tf.nn.dropout([1.,2.,3.],'a')|tf.nn.dropout([[1.,2.,3.],[1.,2.,3.]],0.5,noise_shape=[2,1])
tf.nn.dropout([[1.,2.,3.],[1.,2.,3.]],0.5,noise_shape=[2,None])|tf.nn.dropout([[1.,2.,3.],[1.,2.,3.]],0.5,noise_shape=[2,5])
tf.nn.dropout(np.ones(3),0.5)|tf.nn.dropout(np.ones(3,np.float16),np.float32(0.5))
tf.nn.experimental.stateless_dropout([1.,2.,3.],0.5,[1,2])|tf.nn.experimental.stateless_dropout([1.,2.,3.],0.5,[1,2],rng_alg='philox')
tf.nn.experimental.general_dropout([1.,2.,3.],0.5,r.Generator.from_seed(7).uniform)
[r.uniform([2],seed=1), r.uniform((np.int64(2),),seed=1)]|[r.uniform([2],seed=1), r.uniform(np.array([2]),seed=1)]
[r.uniform([2],seed=1), r.uniform(np.array([2],np.int32),seed=1)]|[r.uniform([2],seed=1), r.uniform([],seed=1)]
[r.uniform([2],seed=1), r.uniform([3,4],seed=1)]|[r.uniform([2],seed=1), r.uniform([2],seed=1,dtype='float64')]
[r.uniform([2],seed=1), r.uniform([2],0,5,seed=1)]|[r.uniform([2],seed=1), r.normal([2],seed=1)]
[r.uniform([9],0,5,seed=1,dtype='int32'), r.uniform([9],0,9,seed=1,dtype='int32')]
[r.uniform([2],seed=1), tf.nn.dropout(np.ones([50],np.float32),0.5,seed=1)]
[r.shuffle([1,2,3,4,5,6],seed=1), r.shuffle([1.,2,3,4,5,6],seed=1)]
[r.shuffle([1,2,3,4,5,6],seed=1), r.shuffle([1,2,3,4,5,6,7,8,9],seed=1)]
[r.shuffle(np.arange(8).reshape(4,2),seed=1), r.shuffle(np.arange(9),seed=1)]|[r.uniform([2],seed=1), r.uniform([2],seed=1+2**31-1)]
tf.nn.dropout(np.ones(3,np.float32),np.array(0.5))|tf.nn.dropout(np.ones(3,np.float32),np.float64(0.5))
tf.nn.dropout(np.ones(3,np.float32),True)|tf.nn.dropout(np.ones(3,np.float32),0.0)|tf.nn.dropout(np.ones(3,np.float32),None)
tf.nn.dropout(['a'],0.5)|tf.nn.dropout(np.ones((2,3),np.float32),0.5,noise_shape=[3])
tf.nn.dropout(np.ones((2,3),np.float32),0.3,noise_shape=[2,2,3])|tf.nn.dropout(np.ones((2,3),np.float32),0.3,noise_shape=[None,1])
tf.nn.dropout(np.ones((2,3),np.float32),0.5,noise_shape=np.array([2,1]))
tf.nn.dropout(np.ones((20,3),np.float16),0.3,noise_shape=[20,1])|tf.nn.dropout(3.0,0.5)|tf.nn.dropout(np.ones((3),np.complex64),0.5)
r.shuffle(None)|r.uniform([9],0,1.5,'float16')|r.uniform([9],0.1,0.3,'float16')|r.uniform([9],0.1,0.3,'bfloat16')
r.uniform([2],np.float64(0.1),np.float64(0.3),'float16')|r.uniform([2],np.array([0.1,0.3]),np.float64(0.3),'float16')
r.uniform([2],[0.1,0.3],np.float64(0.3),'float16')|r.uniform([2],[0.1,0.3],np.float64(0.3),'bfloat16')
r.normal([3,2],[0.1,0.3],1.3,'bfloat16')|r.normal([3,2],[0.1,0.3],1.3,'float16')|r.normal([3,2],[0.1,0.3],1.3,'float64')
r.normal([1000])|r.truncated_normal([1000], 1., 3.)|r.uniform([1000], dtype='float64')|r.uniform([2],dtype=int)
r.uniform([2],dtype='f4')|r.uniform([2],dtype=None)|r.uniform([9],[.1],[.3],bfloat16)|r.normal([9],[.1],[.3],bfloat16)
r.normal([9],dtype=bfloat16)|tf.nn.dropout(np.ones(9,bfloat16),.3)|tf.nn.dropout(np.ones((9,2),bfloat16),.3,[9,1])
r.stateless_uniform([2],np.array([1,2**32-1],np.uint32))|r.stateless_uniform([2],np.array([-1,2**31-1],np.int32))
r.stateless_uniform([2],np.array([1,2],np.uint64))|r.stateless_uniform([2],[-1,2])|r.stateless_uniform([2],None)
r.stateless_uniform([9],[-1,2],[.1],[.3])|r.stateless_normal([9],[-1,2],[.1],[.3])|r.split(5)
r.Generator.from_seed(3).uniform([9],[.1],[.3],'float64')|r.Generator.from_seed(3).normal([9],[.1],[.3],'float64')
r.Generator.from_non_deterministic_state('threefry').state.shape[0]
r.set_global_generator(r.Generator.from_seed(3)) or r.get_global_generator().normal([3])|r.uniform((2,),0,2**33+5,dtype='int32')
r.uniform((2,),0,2**63,dtype='int64')|r.uniform((2,),0,2**64+9,dtype='int64')|r.uniform((2,),-2**63-1,5,dtype='int64')
r.uniform((2,),0,np.float32(5),dtype='int32')|r.uniform((2,),np.int64(0),np.int64(2**40),dtype='int32')
r.uniform((2,),0,[5],dtype='int32')|r.uniform((2,),0,[5,6],dtype='int32')|r.uniform((0,),5,5,dtype='int32')|r.uniform((2,),1j,5)
r.uniform((2,),None,5)|r.uniform((2,),np.int32(0),5)|r.uniform((2,),np.arange(2),5)|r.normal((2,),np.arange(2),5)
r.normal((2,),np.arange(2),5,dtype='bfloat16')|r.normal((2,),1j)|r.normal((2,),dtype='complex64')|r.normal((2,),dtype=tf.float64)
r.normal((2,),mean=2**70)|r.uniform((2,),maxval=3)|r.uniform((2,),minval=1)|r.uniform((2,),minval=0.0)|r.uniform((2,),seed=None)
r.uniform((2,),seed=[1])|r.uniform((2,),seed=np.array(3))|r.Generator.from_seed(7).uniform(2)|r.Generator.from_seed(7).normal(2)
r.Generator.from_seed(7).normal([])|r.Generator.from_seed(7).make_seeds()|r.Generator.from_seed(7).uniform([2],5,5,'int32')
r.Generator(r.Generator.from_seed(5)).state|[g.state for g in r.Generator.from_seed(7).split(2)]
[r.uniform([2], seed=1), r.uniform([3], seed=1), r.uniform([2], seed=2), r.uniform([2], seed=1)]
"""
REJECTION = """
~r.gamma([2],1.5,dtype='bfloat16')|r.gamma(np.array([2]),1.5)|r.gamma([2.5],1.5)|r.gamma([-1],1.5)|r.gamma([2],[1.,2.],[1.,2.,3.])
r.gamma([2],[])|r.gamma([0],1.5)|r.gamma([2,2],1.5)|r.gamma([2],'a')|r.gamma([2],None)|r.gamma([2],1.5,0.)|r.gamma([2],0.)
r.gamma([2],float('nan'))|r.poisson([2],[])|r.poisson([2],4.5,dtype='bfloat16')|r.poisson([2],4.5,dtype='float16')|r.poisson(2,4.5)
r.poisson([2],4.5,dtype='int8')|r.poisson([2],1j)|r.poisson([2],None)|r.stateless_gamma([2],[1,2],1.5,dtype='float64')
r.stateless_gamma([2,3],[1,2],[1.5,2.,3.],[[1.],[2.]])|r.stateless_gamma([],[1,2],1.5)|r.stateless_gamma([2],[1,2],[[1.5]])
r.stateless_gamma([2],[1,2,3],1.5)|r.stateless_gamma(2,[1,2],1.5)|r.stateless_gamma([-2],[1,2],1.5)
r.stateless_gamma([2],[1,2],1.5,dtype='bfloat16')|r.stateless_poisson([2,3],[1,2],[4.,5.,6.])|r.stateless_poisson([2],[1,2],[4.,5.,6.])
r.stateless_poisson([2],[1,2,3],4.)|r.stateless_poisson([2],[1,2],4.,dtype='bfloat16')|r.stateless_poisson([2],[1,2],np.float64(4))
r.stateless_poisson([2],[1,2],4,'int64')|r.stateless_poisson(2,[1,2],4,'int64')|r.stateless_poisson([2],[1.5,2],4)
r.stateless_binomial([2],[1,2],np.int32(10),0.5)|r.stateless_binomial([2],[1,2],np.float64(10),0.5)
r.stateless_binomial([2],[1,2],10.,np.float64(.5))|r.stateless_binomial([2],[1,2],np.array(10.),np.array(0.5))
r.stateless_binomial([2],[1,2],[10.],[0.5])|r.stateless_binomial([2],[1,2],[10.,5.],.5)
r.stateless_binomial([3,2],[1,2],[10.,5.],[.1,.6])|r.stateless_binomial([2],[1,2],[10.,5.,6.],.5)
r.stateless_binomial([2],[1,2],10.,1.5)|r.stateless_binomial([2],[1,2],10.,0.5,'uint8')|r.stateless_binomial([2],[1,2],10.,0.5,'int64')
r.stateless_binomial([2],[1,2,3],10.,0.5)|r.stateless_binomial(2,[1,2],10.,0.5)|r.Generator.from_seed(7).binomial([2],10,0.5)
r.Generator.from_seed(7).binomial([3,2],[10.,5.],[.1,.6])|r.Generator.from_seed(7).binomial([2],10.,0.5,'float32')
r.Generator.from_seed(7).binomial([2],np.array(10.),np.array(0.5))|r.Generator.from_seed(7).binomial([2],np.array(10.),0.5)
r.Generator.from_seed(7).binomial([3],10.,[.5,.6,.7])|r.gamma([2],1.5)|r.gamma([2],[1.5,2.])|r.gamma([2],[1.5,2.],[[1.],[2.]])
r.gamma([2],1.5,dtype='float64')|r.gamma([2],1.5,dtype='float16')|r.gamma([2],1.5,dtype='int32')|r.gamma([2],-1.)|r.gamma(2,1.)
r.gamma([],1.)|r.poisson([2],4.5)|r.poisson([2],[4.5,20.])|r.poisson([2],4.5,dtype='int64')|r.poisson([2],4)
r.poisson([2],4.5,dtype='uint8')|r.poisson([2],-1.)|r.poisson([2],np.float16(4))|r.stateless_gamma([2],[1,2],1.5)
r.stateless_gamma([2,2],[1,2],[1.5,2.])|r.stateless_gamma([2],[1,2],[1.5,2.,3.])|r.stateless_gamma([2],[1,2],1.5,2.)
r.stateless_poisson([2],[1,2],4.5)|r.stateless_poisson([2],[1,2],4.5,dtype='float32')|r.stateless_binomial([2],[1,2],10.,0.5)
r.stateless_binomial([2],[1,2],10,0.5)|r.stateless_binomial([2],[1,2],10.,0.5,output_dtype='float32')
r.stateless_binomial([2],[1,2],[10.,20.],[0.5,.1])|r.Generator.from_seed(7).binomial([2],10.,0.5)
r.Generator.from_seed(7).binomial([2],[10.],[0.5])|[r.gamma([5], 1.5, seed=1), r.gamma([5], [1.5, 2.], 3., seed=1)]
[r.poisson([5], 4.5, seed=1), r.poisson([5], [4.5, 20.], seed=1), r.poisson([5], np.float64(4.5), seed=1)]
r.gamma([1000], [0.3, 1., 7.])|r.poisson([1000], [0.3, 10., 700.])|r.stateless_binomial([1000], [1, 2], 100., 0.3)
r.poisson([30], 9.9999999)|r.poisson([30], 9.9999999, tf.int64)|r.poisson([30], 9.9999999, "int64")
r.stateless_poisson([30], [1, 2], 9.9999999)|r.gamma([], [])
"""
CLASSES_AND_ORDERS = """
r.shuffle(tf.constant([[1, 2], [3, 4], [5, 6]]))|r.uniform(shape=[5], maxval=10, dtype=tf.int32)
r.Generator.from_seed(1).normal(shape=(2, 3))|r.experimental.index_shuffle(3, [1, 2], 10)
r.experimental.index_shuffle(np.arange(11), [1, 2], 10)|r.experimental.index_shuffle(11, [1, 2], 10)
r.experimental.index_shuffle(3, [1, 2, 3], 10)|r.experimental.index_shuffle(np.int64(3), [1, 2], 10)
r.experimental.index_shuffle(3, [1.5, 2], 10)|r.experimental.index_shuffle(-1, [1, 2], 10)
r.experimental.index_shuffle([[1, 2]], [1, 2], 10)|r.experimental.index_shuffle(np.uint32(3), np.array([1, 2]), np.uint32(10))
r.experimental.index_shuffle(np.arange(9), [-1, 2**40], 8)|r.stateless_categorical([[1.,2.,3.]],5,[1,2])
r.stateless_categorical([[1,2,3]],5,[1,2])|r.stateless_categorical([[1.,2.,3.]],5,[1,2,3])
r.stateless_categorical([[1.,2.,3.]],5,[1,2],'float32')|r.stateless_categorical([1.,2.,3.],5,[1,2])|r.categorical([[1.,2.,3.]],2.5)
r.categorical([[1.,2.,3.]],[2])|r.categorical(np.array([[1.,2.,3.]],np.float16),5)|r.categorical([[1.,2.,float('nan')]],5)
r.Generator.from_seed(7,alg=3).binomial([2],10.,0.5)|r.Generator.from_seed(7).binomial([2],10.,0.5,'uint8')
r.Generator.from_seed(7).skip(-1)|r.categorical([[1.,2.,3.]],5)|r.categorical([1.,2.,3.],5)|r.categorical([[1.,2.,3.]],5,dtype='int32')
r.categorical([[1.,2.,3.]],5,dtype='float32')|r.categorical([[1,2,3]],5)|r.categorical([[1.,2.,3.],[3.,2.,1.]],5)
r.categorical([[1.,2.,3.]],-1)|r.categorical([[1.,2.,3.]],0)|r.categorical([[]],2)
[int(x) for x in tf.data.Dataset.range(5).shuffle(3, seed=1)]|[int(x) for x in tf.data.Dataset.range(5).shuffle(3)]
[int(x) for x in tf.data.Dataset.range(5).shuffle(0)]|[int(x) for x in tf.data.Dataset.range(5).shuffle(-1)]
[int(x) for x in tf.data.Dataset.range(5).shuffle(3, reshuffle_each_iteration=False)]
[int(x) for x in tf.data.Dataset.range(5).shuffle(-2, seed=4)]|[int(x) for x in tf.data.Dataset.range(5).shuffle(100, seed=4)]
[int(x) for x in tf.data.Dataset.range(5).shuffle(1)]|[[int(x) for x in d] for d in [tf.data.Dataset.range(9).shuffle(4, seed=2)] * 3]
[[int(x) for x in d] for d in [tf.data.Dataset.range(9).shuffle(4, 2, False)] * 3]
[x.tolist() for x in tf.data.Dataset.from_tensor_slices(np.arange(6).reshape(3, 2)).shuffle(3, seed=9).as_numpy_iterator()]
[r.categorical([[1., 2.]], 5, seed=1), r.categorical([[1., 2.]], 9, seed=1), r.categorical([[3., 2.]] * 40, 9, seed=1)]
"""
SETS = {"plain": ("tf.random.set_seed(7)", CALLS), "rejection": ("tf.random.set_seed(7)", REJECTION)}
SETS["classes"] = ("tf.random.set_seed(7)", CLASSES_AND_ORDERS)
ASKED = [(name, call) for name, (_, calls) in SETS.items() for line in calls.strip().splitlines() for call in line.split("|")]


@pytest.fixture(scope="module")
def answers():
    calls = [(SETS[name][0], call) for name, call in ASKED]
    return dict(zip(ASKED, frameworks_beside.disagreements("tensorflow", calls)))


@pytest.mark.parametrize("name, call", ASKED)
def test_as_tensorflow(answers, name, call):
    assert answers[name, call] is None, call + "\n  ours: " + answers[name, call]


# ---- what TensorFlow has no part in ----


def test_without_a_global_seed_operations_seeds_count():
    tf.random.set_seed(None)
    first = tf.random.uniform([3], seed=1)
    tf.random.set_seed(None)
    assert tf.random.uniform([3], seed=1).tolist() == first.tolist() != tf.random.uniform([3], seed=1).tolist()
    assert tf.random.uniform([3]).tolist() != tf.random.uniform([3]).tolist()


def test_published_numbers():
    """From TensorFlow's documentation."""
    tf.random.set_seed(5)
    assert str(tf.random.normal([2, 2], seed=1)) == "[[-1.3768897  -0.01258316]\n [-0.169515    1.0824056 ]]"
    tf.random.set_seed(5)
    assert [int(tf.random.uniform([], maxval=3, dtype=tf.int32, seed=10)) for _ in range(2)] == [2, 0]
    generator = tf.random.Generator.from_seed(1234)
    assert str(generator.normal([2, 3])[0]) == "[ 0.9356609   1.0854305  -0.93788373]"
    assert generator.state.tolist() == [2770, 0, 0]


def test_a_generator_that_many_threads_draw_from_gives_each_number_once():
    generator, got = tf.random.Generator.from_seed(3), []

    def work():
        got.extend(generator.uniform_full_int([5000], "uint64").tobytes() for _ in range(8))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    one = tf.random.Generator.from_seed(3)
    assert sorted(got) == sorted(one.uniform_full_int([5000], "uint64").tobytes() for _ in range(32))
    assert generator.state.tolist() == one.state.tolist()


def test_what_is_refused_leaves_the_generator_where_tensorflow_does():
    generator = tf.random.Generator.from_seed(3)
    with pytest.raises(tf.errors.InvalidArgumentError, match="^Need minval < maxval, got 5 >= 5"):
        generator.uniform([2], 5, 5, "int32")
    assert generator.state.tolist() == [3 + 256 * 2, 0, 0]


def test_the_extension_refuses_what_the_package_never_asks():
    from oneseed import _streams

    place, out = bytearray(24), np.empty(3, np.float32)
    uniform = _streams._tensorflow_samplers["uniform"]
    for arguments in [(99, place, 0, 2, out), (uniform, bytes(24), 0, 2, out), (uniform, place[:20], 0, 2, out),
                      (uniform, place, 0, 99, out), (uniform, place, 0, 2), (uniform, place, 0, 2, b"123"), ()]:  # fmt: skip
        with pytest.raises((ValueError, TypeError, BufferError)):
            _streams._tensorflow_draw(*arguments)
    for dtype, rate, values in [(-1, 0.5, out), (99, 0.5, out), (2, 1.5, out), (2, 0.5, b"")]:
        with pytest.raises((ValueError, TypeError, BufferError)):
            _streams._tensorflow_dropout(place, 0, dtype, rate, values, out)
    assert place == bytearray(24)
