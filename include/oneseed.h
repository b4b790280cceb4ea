/* oneseed.h - random streams of the machine-learning frameworks, bit for bit, and traces of runs.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_H
#define ONESEED_H

#include <stddef.h> /* size_t */
#include <stdint.h> /* uint64_t */

#define ONESEED_VERSION_MAJOR 0
#define ONESEED_VERSION_MINOR 1
#define ONESEED_VERSION_PATCH 0

#if defined(__GNUC__)
#define ONESEED_API __attribute__((visibility("default")))
#else
#define ONESEED_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Version of the library as "major.minor.patch". */
ONESEED_API const char *oneseed_version(void);

/* ---- Status ------------------------------------------------------------------------------------------------------
 *
 * What can be refused returns a status: 0, or the reason. Then nothing was drawn, the state is as it was, and the outputs were
 * not written. */

/* X(name, text): the text is the framework's own message, as far as it has no values in it. Values never change their number.
 *
 * NUMPY_: ValueErrors, but for NUMPY_RANGE and NUMPY_RANGE_NOT_FINITE, OverflowErrors. NumPy checks parameter by parameter
 * over all elements of an array: of the statuses of its elements the smallest is the one that is raised, with the words
 * of oneseed_status_array_text(). NUMPY_LOW_OUT_OF_BOUNDS and NUMPY_HIGH_OUT_OF_BOUNDS are followed by " for " and the
 * dtype's name.
 *
 * TORCH_: RuntimeErrors. A text that ends in a space or in "=" goes on with the value; TORCH_DTYPE stands for the
 * NotImplementedError that names the kernel. */
#define ONESEED_STATUSES(X)                                                                                            \
    X(OK, "no error")                                                                                                  \
    X(INVALID_STATE, "the state is not one of this generator")                                                         \
    X(PYTHON_EMPTY_RANGE, "empty range for randrange()")                                                               \
    X(PYTHON_ZERO_STEP, "zero step for randrange()")                                                                   \
    X(PYTHON_EMPTY_SEQUENCE, "Cannot choose from an empty sequence")                                                   \
    X(PYTHON_SAMPLE_SIZE, "Sample larger than population or is negative")                                              \
    X(PYTHON_COUNTS_TOTAL, "Total of counts must be greater than zero")                                                \
    X(PYTHON_COUNTS_RANGE, "counts: their sum is above 2**64 - 1")                                                     \
    X(PYTHON_WEIGHTS_TOTAL, "Total of weights must be greater than zero")                                              \
    X(PYTHON_WEIGHTS_FINITE, "Total of weights must be finite")                                                        \
    X(PYTHON_BITS, "getrandbits: more than 64 bits do not fit a word")                                                 \
    X(PYTHON_DIVISION, "float division by zero")                                                                       \
    X(PYTHON_GAMMA, "gammavariate: alpha and beta must be > 0.0")                                                      \
    X(PYTHON_ENDLESS, "Python never returns from a call with these arguments")                                         \
    X(PYTHON_BINOMIAL_N, "n must be non-negative")                                                                     \
    X(PYTHON_BINOMIAL_P, "p must be in the range 0.0 <= p <= 1.0")                                                     \
    X(PYTHON_BINOMIAL_VERSION, "'Random' object has no attribute 'binomialvariate'")                                   \
    X(PYTHON_NAN_SEED, "seed: the hash of a NaN is its address")                                                       \
    X(PYTHON_UTF8, "the text is not UTF-8")                                                                            \
    X(PYTHON_SEED_VERSION, "seed: the version is 1 or 2")                                                              \
    X(NUMPY_RANGE, "Range exceeds valid bounds")                                                                       \
    X(NUMPY_RANGE_NOT_FINITE, "high - low range exceeds valid bounds")                                                 \
    X(NUMPY_RANGE_NEGATIVE, "high - low < 0")                                                                          \
    X(NUMPY_LEFT_ABOVE_MODE, "left > mode")                                                                            \
    X(NUMPY_MODE_ABOVE_RIGHT, "mode > right")                                                                          \
    X(NUMPY_LEFT_IS_RIGHT, "left == right")                                                                            \
    X(NUMPY_NGOOD_NBAD_TOO_LARGE, "both ngood and nbad must be less than 1000000000")                                  \
    X(NUMPY_NSAMPLE_TOO_LARGE, "ngood + nbad < nsample")                                                               \
    X(NUMPY_NGOOD_NEGATIVE, "ngood < 0")                                                                               \
    X(NUMPY_NBAD_NEGATIVE, "nbad < 0")                                                                                 \
    X(NUMPY_NSAMPLE_NEGATIVE, "nsample < 0")                                                                           \
    X(NUMPY_NSAMPLE_BELOW_1, "nsample < 1 or nsample is NaN")                                                          \
    X(NUMPY_SHAPE_NEGATIVE, "shape < 0")                                                                               \
    X(NUMPY_MEAN_NOT_POSITIVE, "mean <= 0")                                                                            \
    X(NUMPY_SIGMA_NEGATIVE, "sigma < 0")                                                                               \
    X(NUMPY_SCALE_NEGATIVE, "scale < 0")                                                                               \
    X(NUMPY_SCALE_NOT_POSITIVE, "scale <= 0")                                                                          \
    X(NUMPY_A_NEGATIVE, "a < 0")                                                                                       \
    X(NUMPY_A_NOT_POSITIVE, "a <= 0")                                                                                  \
    X(NUMPY_A_NOT_ABOVE_1, "a <= 1 or a is NaN")                                                                       \
    X(NUMPY_B_NOT_POSITIVE, "b <= 0")                                                                                  \
    X(NUMPY_DF_NOT_POSITIVE, "df <= 0")                                                                                \
    X(NUMPY_DFNUM_NOT_POSITIVE, "dfnum <= 0")                                                                          \
    X(NUMPY_DFDEN_NOT_POSITIVE, "dfden <= 0")                                                                          \
    X(NUMPY_NONC_NEGATIVE, "nonc < 0")                                                                                 \
    X(NUMPY_KAPPA_NEGATIVE, "kappa < 0")                                                                               \
    X(NUMPY_LAM_NAN, "lam < 0 or lam is NaN")                                                                          \
    X(NUMPY_LAM_TOO_LARGE, "lam value too large")                                                                      \
    X(NUMPY_LAM_NEGATIVE, "lam < 0 or lam is NaN")                                                                     \
    X(NUMPY_N_NAN, "n must not be NaN")                                                                                \
    X(NUMPY_N_NOT_POSITIVE, "n <= 0")                                                                                  \
    X(NUMPY_P_NOT_0_TO_1, "p < 0, p > 1 or p is NaN")                                                                  \
    X(NUMPY_P_NOT_ABOVE_0_TO_1, "p <= 0, p > 1 or p contains NaNs")                                                    \
    X(NUMPY_P_NOT_0_TO_BELOW_1, "p < 0, p >= 1 or p is NaN")                                                           \
    X(NUMPY_N_TOO_LARGE, "n too large or p too small, see Generator.negative_binomial Notes")                          \
    X(NUMPY_PVALS_EMPTY,                                                                                               \
      "pvals must have at least 1 dimension and the last dimension of pvals must be greater than 0.")                  \
    X(NUMPY_PVALS_NOT_0_TO_1, "pvals < 0, pvals > 1 or pvals contains NaNs")                                           \
    X(NUMPY_PVALS_SUM, "sum(pvals[:-1]) > 1.0")                                                                        \
    X(NUMPY_N_NEGATIVE, "n < 0")                                                                                       \
    X(NUMPY_ALPHA_NEGATIVE, "alpha < 0")                                                                               \
    X(NUMPY_ALPHA_NOT_POSITIVE, "alpha <= 0")                                                                          \
    X(NUMPY_LOW_OUT_OF_BOUNDS, "low is out of bounds")                                                                 \
    X(NUMPY_HIGH_OUT_OF_BOUNDS, "high is out of bounds")                                                               \
    X(NUMPY_HIGH_NOT_POSITIVE, "high <= 0")                                                                            \
    X(NUMPY_EMPTY_RANGE, "low >= high")                                                                                \
    X(NUMPY_EMPTY_POPULATION, "a must be a positive integer unless no samples are taken")                              \
    X(NUMPY_LEGACY_EMPTY_POPULATION, "a must be greater than 0 unless no samples are taken")                           \
    X(NUMPY_PROBABILITIES_NAN, "Probabilities contain NaN")                                                            \
    X(NUMPY_PROBABILITIES_NEGATIVE, "Probabilities are not non-negative")                                              \
    X(NUMPY_PROBABILITIES_SUM, "Probabilities do not sum to 1. See Notes section of docstring for more information.")  \
    X(NUMPY_LEGACY_PROBABILITIES_NAN, "probabilities contain NaN")                                                     \
    X(NUMPY_LEGACY_PROBABILITIES_NEGATIVE, "probabilities are not non-negative")                                       \
    X(NUMPY_LEGACY_PROBABILITIES_SUM, "probabilities do not sum to 1")                                                 \
    X(NUMPY_SAMPLE_TOO_LARGE, "Cannot take a larger sample than population when replace is False")                     \
    X(NUMPY_LEGACY_SAMPLE_TOO_LARGE, "Cannot take a larger sample than population when 'replace=False'")               \
    X(NUMPY_PROBABILITIES_TOO_FEW, "Fewer non-zero entries in p than size")                                            \
    X(NUMPY_COLORS_INVALID,                                                                                            \
      "colors must be a one-dimensional sequence of nonnegative integers not exceeding 9223372036854775807.")          \
    X(NUMPY_COLORS_SUM,                                                                                                \
      "sum(colors) must not exceed the maximum value of a 64 bit signed integer (9223372036854775807)")                \
    X(NUMPY_COLORS_SUM_MARGINALS, "When method is \"marginals\", sum(colors) must be less than 1000000000.")           \
    X(NUMPY_MVHG_NSAMPLE_NEGATIVE, "nsample must be nonnegative.")                                                     \
    X(NUMPY_MVHG_NSAMPLE_TOO_LARGE, "nsample > sum(colors)")                                                           \
    X(NUMPY_SEED_EMPTY, "Seed must be non-empty")                                                                      \
    X(NUMPY_ENDLESS, "NumPy never returns for these parameters")                                                       \
    X(SKLEARN_TEST_SIZE,                                                                                               \
      "test_size should be either positive and smaller than the number of samples or a float in the (0, 1) range")     \
    X(SKLEARN_TRAIN_SIZE,                                                                                              \
      "train_size should be either positive and smaller than the number of samples or a float in the (0, 1) range")    \
    X(SKLEARN_FRACTIONS_SUM,                                                                                           \
      "The sum of test_size and train_size should be in the (0, 1) range. Reduce test_size and/or train_size.")        \
    X(SKLEARN_SIZES_SUM, "The sum of train_size and test_size should be smaller than the number of samples. Reduce "   \
                         "test_size and/or train_size.")                                                               \
    X(SKLEARN_TRAIN_EMPTY, "the resulting train set will be empty. Adjust any of the aforementioned parameters.")      \
    X(SKLEARN_CODES, "a class or group is not one of those that were counted")                                         \
    X(SKLEARN_CLASS_OF_ONE, "The least populated classes in y have only 1 member, which is too few. The minimum "      \
                            "number of groups for any class cannot be less than 2.")                                   \
    X(SKLEARN_TRAIN_BELOW_CLASSES, "The train_size should be greater or equal to the number of classes")               \
    X(SKLEARN_TEST_BELOW_CLASSES, "The test_size should be greater or equal to the number of classes")                 \
    X(SKLEARN_N_SPLITS,                                                                                                \
      "k-fold cross-validation requires at least one train/test split by setting n_splits=2 or more")                  \
    X(SKLEARN_SPLITS_ABOVE_SAMPLES, "Cannot have number of splits n_splits greater than the number of samples")        \
    X(SKLEARN_SPLITS_ABOVE_GROUPS, "Cannot have number of splits n_splits greater than the number of groups")          \
    X(SKLEARN_SPLITS_ABOVE_MEMBERS, "n_splits cannot be greater than the number of members in each class.")            \
    X(SKLEARN_RESAMPLE_SIZE, "Cannot sample more out of arrays than they have when replace is False")                  \
    X(SKLEARN_POPULATION, "n_population should be greater or equal than n_samples")                                    \
    X(SKLEARN_FEATURES,                                                                                                \
      "Number of informative, redundant and repeated features must sum to less than the number of total features")     \
    X(SKLEARN_CLUSTERS, "n_classes * n_clusters_per_class must be smaller or equal 2**n_informative")                  \
    X(SKLEARN_PARAMETER, "a parameter is out of its range")                                                            \
    X(TORCH_STATE_SIZE, "Expected a CPUGeneratorImplState of size 5056 but found the input RNG state size to be ")     \
    X(TORCH_STATE, "Invalid mt19937 state")                                                                            \
    X(TORCH_DTYPE, "not implemented for this dtype")                                                                   \
    X(TORCH_FROM_BOUNDS, "from is out of bounds for ")                                                                 \
    X(TORCH_TO_BOUNDS, "to is out of bounds for ")                                                                     \
    X(TORCH_TO_1_BOUNDS, "to - 1 is out of bounds for ")                                                               \
    X(TORCH_UNIFORM_RANGE, "uniform_ expects to return a [from, to) range, but found from=")                           \
    X(TORCH_UNIFORM_WIDTH, "uniform_ expects to-from <= std::numeric_limits<Float>::max(), but found to=")             \
    X(TORCH_STD, "normal expects std >= 0.0, but found std ")                                                          \
    X(TORCH_STD_TENSOR, "normal expects all elements of std >= 0.0")                                                   \
    X(TORCH_RANDOM_RANGE, "random_ expects 'from' to be less than 'to', but got from=")                                \
    X(TORCH_RANDOM_CAST, "random_ expects 'from' casted to dtype to be less than 'to' casted to dtype, but got from=") \
    X(TORCH_RANDOM_CAST_MAX,                                                                                           \
      "random_ expects 'from' casted to dtype to be less than or equal to 'to_inc' casted to dtype, but got from=")    \
    X(TORCH_RANDOM_FULL, "random_full_64_bits_range_kernel_cpu handles only int64, double, float and bfloat16")        \
    X(TORCH_RANDPERM_OVERFLOW, "value cannot be converted to this type without overflow")                              \
    X(TORCH_RANDPERM_PRECISION, "n cannot be greater than ")                                                           \
    X(TORCH_BERNOULLI_P, "bernoulli_ expects p to be in [0, 1], but got p=")                                           \
    X(TORCH_BERNOULLI_P_TENSOR,                                                                                        \
      "Expected p_in >= 0 && p_in <= 1 to be true, but got false.  (Could this error message be improved?  If so, "    \
      "please report an enhancement request to PyTorch.)")                                                             \
    X(TORCH_DROPOUT_P, "dropout probability has to be between 0 and 1, but got ")                                      \
    X(TORCH_RESULT_TYPE, "result type Float can't be cast to the desired output type ")                                \
    X(TORCH_RRELU_BOUNDS, "Lower bound should be less than or equal to the upper bound")                               \
    X(TORCH_FAN_DIMENSIONS, "Fan in and fan out can not be computed for tensor with fewer than 2 dimensions")          \
    X(TORCH_FAN_ZERO, "float division by zero")                                                                        \
    X(TORCH_NONLINEARITY, "Unsupported nonlinearity ")                                                                 \
    X(TORCH_SLOPE_OVERFLOW, "(34, 'Numerical result out of range')")                                                   \
    X(TORCH_DIRAC_DIMENSIONS, "Only tensors with 3, 4, or 5 dimensions are supported")                                 \
    X(TORCH_DIRAC_GROUPS, "dim 0 must be divisible by groups")                                                         \
    X(TORCH_ORTHOGONAL_DIMENSIONS, "Only tensors with 2 or more dimensions are supported")                             \
    X(TORCH_NEGATIVE_DIMENSION, "Trying to create tensor with negative dimension ")                                    \
    X(TORCH_STORAGE_SIZE, "Storage size calculation overflowed with sizes=")                                           \
    X(TORCH_PARAMETER_DTYPE, "Only Tensors of floating point and complex dtype can require gradients")                 \
    X(TORCH_LAYER_KIND, "there is no such layer, or it has no such parameter")                                         \
    X(TORCH_CONV_GROUPS, "groups must be a positive integer")                                                          \
    X(TORCH_CONV_IN_CHANNELS, "in_channels must be divisible by groups")                                               \
    X(TORCH_CONV_OUT_CHANNELS, "out_channels must be divisible by groups")                                             \
    X(TORCH_BILINEAR_IN1, "in1_features must be > 0, but got (in1_features=")                                          \
    X(TORCH_EMBEDDING_PADDING, "Padding_idx must be within num_embeddings")                                            \
    X(TORCH_EMBEDDING_BAG_PADDING, "padding_idx must be within num_embeddings")                                        \
    X(TORCH_RNN_INPUT_SIZE, "input_size must be greater than zero")                                                    \
    X(TORCH_RNN_HIDDEN_SIZE, "hidden_size must be greater than zero")                                                  \
    X(TORCH_RNN_NUM_LAYERS, "num_layers must be greater than zero")                                                    \
    X(TORCH_RNN_PROJ_NEGATIVE, "proj_size should be a positive integer or zero to disable projections")                \
    X(TORCH_RNN_PROJ_SIZE, "proj_size has to be smaller than hidden_size")                                             \
    X(TORCH_RNN_PROJ_LSTM, "proj_size argument is only supported for LSTM, not RNN or GRU")                            \
    X(TORCH_ATTENTION_SIZES, "embed_dim and num_heads must be greater than 0, got embed_dim=")                         \
    X(TORCH_ATTENTION_HEADS, "embed_dim must be divisible by num_heads")                                               \
    X(TORCH_GROUP_NORM_CHANNELS, "num_channels (")                                                                     \
    X(TORCH_GROUP_NORM_ZERO, "integer modulo by zero")                                                                 \
    X(TORCH_SPARSITY, "cannot convert float ")                                                                         \
    X(TORCH_NUM_SAMPLES, "num_samples should be a positive integer value, but got num_samples=")                       \
    X(TORCH_SAMPLER_EMPTY, "integer division or modulo by zero")                                                       \
    X(TORCH_BATCH_SIZE, "batch_size should be a positive integer value, but got batch_size=")                          \
    X(TORCH_SPLIT_FRACTION, "Fraction is not between 0 and 1")                                                         \
    X(TORCH_SPLIT_SUM, "Sum of input lengths does not equal the length of the input dataset!")                         \
    X(TORCH_RANK, "Invalid rank ")                                                                                     \
    X(TORCH_EXPONENTIAL_DTYPE,                                                                                         \
      "Exponential distribution is a continuous probability distribution. dtype must be a floating point "             \
      "but you specified ")                                                                                            \
    X(TORCH_EXPONENTIAL_LAMBDA, "exponential_ expects lambda > 0.0, but found lambda=")                                \
    X(TORCH_GEOMETRIC_P, "geometric_ expects p to be in (0, 1), but got p=")                                           \
    X(TORCH_CAUCHY_DTYPE,                                                                                              \
      "Cauchy distribution is a continuous probability distribution. dtype must be a floating point but "              \
      "you specified ")                                                                                                \
    X(TORCH_CAUCHY_SIGMA, "cauchy_ expects sigma > 0.0, but found sigma=")                                             \
    X(TORCH_LOG_NORMAL_STD, "log_normal_ expects std > 0.0, but found std=")                                           \
    X(TORCH_POISSON_RATE, "invalid Poisson rate, expected rate to be non-negative")                                    \
    X(TORCH_BINOMIAL_ENDLESS, "PyTorch never returns from a count that is NaN")                                        \
    X(TORCH_GAMMA_ENDLESS, "PyTorch never returns from a concentration that is negative or NaN")                       \
    X(TORCH_MULTINOMIAL_DTYPE, "multinomial only supports floating-point dtypes for input, got: ")                     \
    X(TORCH_MULTINOMIAL_HALF, "multinomial is not implemented for half on CPU")                                        \
    X(TORCH_MULTINOMIAL_SAMPLES, "cannot sample n_sample <= 0 samples")                                                \
    X(TORCH_MULTINOMIAL_WITHOUT, "cannot sample n_sample > prob_dist.size(-1) samples without replacement")            \
    X(TORCH_MULTINOMIAL_CATEGORIES, "number of categories cannot exceed 2^24")                                         \
    X(TORCH_MULTINOMIAL_NEGATIVE, "invalid multinomial distribution (encountering probability entry < 0)")             \
    X(TORCH_MULTINOMIAL_NOT_FINITE,                                                                                    \
      "invalid multinomial distribution (encountering probability entry = infinity or NaN)")                           \
    X(TORCH_MULTINOMIAL_ENTRY, "probability tensor contains either `inf`, `nan` or element < 0")                       \
    X(TORCH_MULTINOMIAL_SUM, "invalid multinomial distribution (sum of probabilities <= 0)")                           \
    X(TORCH_MKL,                                                                                                       \
      "PyTorch 2.0 to 2.6 with MKL draws exponentials by MKL's own logarithm, which is not known bit for bit")         \
    X(TORCH_CUDA_STATE_SIZE, "RNG state is wrong size")                                                                \
    X(TORCH_CUDA_OFFSET, "offset must be a multiple of 4")                                                             \
    X(TORCH_CUDA_SHAPE, "so many values depend on the GPU: its multiprocessors and their threads must be known")       \
    X(TORCH_CUDA_ASSERT, "CUDA error: device-side assert triggered")                                                   \
    X(TORCH_CUDA_RANDOM_FULL, "random_full_64_bits_range_kernel_cuda handles only int64, double, float and bfloat16")  \
    X(TORCH_VALUE_OVERFLOW, "value cannot be converted to type ")                                                      \
    X(TORCH_DIRAC_EMPTY, "index 0 is out of bounds for dimension ")                                                    \
    X(TORCH_DISTRIBUTION, "there is no such distribution")                                                             \
    X(TORCH_PARAMETER, "Expected parameter ")                                                                          \
    X(TORCH_RRELU_LOWER, "rrelu: lower bound must be finite, got ")                                                    \
    X(TORCH_RRELU_UPPER, "rrelu: upper bound must be finite, got ")                                                    \
    X(JAX_WIDTH, "requires 8-, 16-, 32- or 64-bit field width.")                                                       \
    X(JAX_FLOAT_DTYPE, "dtype argument must be a float dtype")                                                         \
    X(JAX_INTEGER_DTYPE, "randint only accepts integer dtypes")                                                        \
    X(JAX_PERMUTATION_SIZE, "a permutation of more than 2**32 - 1 numbers")                                            \
    X(JAX_CLASSES, "attempt to get argmax of an empty sequence")                                                       \
    X(JAX_SAMPLE_SIZE, "more samples without replacement than categories")                                             \
    X(JAX_THREEFRY_ONLY, "`poisson` is only implemented for the threefry2x32 RNG")                                     \
    X(TENSORFLOW_FLOAT_DTYPE, "TensorFlow draws this in floating dtypes only")                                         \
    X(TENSORFLOW_INTEGER_DTYPE, "TensorFlow does not draw integers of this dtype")                                     \
    X(TENSORFLOW_INDEX, "max_index must be >= index, but ")                                                            \
    X(TENSORFLOW_RATE, "`rate` must be a scalar tensor or a float in the range [0, 1). Received: rate=")               \
    X(TENSORFLOW_SEED, "cannot convert float to integer")                                                              \
    X(TENSORFLOW_BOUND, "a bound is not a number of the dtype")                                                        \
    X(TENSORFLOW_BOUNDS, "Need minval < maxval, got ")                                                                 \
    X(TENSORFLOW_DTYPE, "TensorFlow has no kernel for this dtype")                                                     \
    X(TENSORFLOW_ENDLESS, "TensorFlow never returns from these parameters")                                            \
    X(TENSORFLOW_UNDEFINED, "what TensorFlow gives for these parameters is undefined")                                 \
    X(TENSORFLOW_CLASSES, "num_classes should be positive, got ")                                                      \
    X(TENSORFLOW_ALGORITHM, "Unsupported algorithm id: ")                                                              \
    X(TENSORFLOW_THREEFRY, "Non-XLA devices don't support the ThreeFry algorithm.")                                    \
    X(TORCH_CUDA_MULTINOMIAL, "several samples with replacement on CUDA are not known bit for bit")                    \
    X(KERAS_SEED_UINT32, "Python integer out of bounds for uint32")                                                    \
    X(KERAS_SEED_INT32, "value cannot be converted to type int32 without overflow")                                    \
    X(KERAS_UNIFORM_DTYPE, "`keras.random.uniform` requires a floating point `dtype`. Received: dtype=")               \
    X(KERAS_RANDINT_DTYPE, "`keras.random.randint` requires an integer `dtype`. Received: dtype=")                     \
    X(KERAS_FLOAT_DTYPE, "dtype must be a floating point type")                                                        \
    X(KERAS_SCALE, "Argument `scale` must be positive float. Received: scale=")                                        \
    X(KERAS_ORTHOGONAL_DIMENSIONS, "The tensor to initialize must be at least two-dimensional. Received: shape=")      \
    X(KERAS_LAYER, "there is no such layer, or a size of it is below 1")                                               \
    X(PENNYLANE_PROBABILITIES, "probabilities do not sum to 1")

typedef enum oneseed_status {
#define ONESEED_STATUS_VALUE(name, text) ONESEED_##name,
    ONESEED_STATUSES(ONESEED_STATUS_VALUE)
#undef ONESEED_STATUS_VALUE
        ONESEED_N_STATUSES
} oneseed_status;

/* The message of a status; never NULL. */
ONESEED_API const char *oneseed_status_text(oneseed_status status);
/* The message when parameters were arrays: NumPy words some otherwise. */
ONESEED_API const char *oneseed_status_array_text(oneseed_status status);

/* ---- Engines -----------------------------------------------------------------------------------------------------
 *
 * Raw words. A state belongs to the caller and may be copied by assignment; a state that came from outside goes through the
 * engine's _is_valid: 1 when all functions may be called with it, 0 otherwise. A distance is how many words must be drawn
 * from `from` until it goes on as `to` does. */

/* The distance is larger than was asked for, or there is none. */
#define ONESEED_TOO_FAR UINT64_MAX

/* MT19937: the Mersenne Twister with 32-bit words (Matsumoto and Nishimura 1998). `position` is the next word of the block, 0 to
 * 624; at 624 the next draw makes a new block. */
typedef struct oneseed_mt19937 {
    uint32_t words[624];
    uint32_t position;
} oneseed_mt19937;

/* init_genrand: the seeding of NumPy's RandomState(int) and of C++ std::mt19937. */
ONESEED_API void oneseed_mt19937_seed(oneseed_mt19937 *state, uint32_t seed);
/* init_by_array: the seeding of Python's random.seed(int). n_words 0 seeds as one word 0 would. */
ONESEED_API void oneseed_mt19937_seed_array(oneseed_mt19937 *state, const uint32_t *words, size_t n_words);
ONESEED_API uint32_t oneseed_mt19937_next_u32(oneseed_mt19937 *state);
ONESEED_API void oneseed_mt19937_fill_u32(oneseed_mt19937 *state, uint32_t *out, size_t n);
/* As if n_words words had been drawn. */
ONESEED_API void oneseed_mt19937_jump(oneseed_mt19937 *state, uint64_t n_words);
ONESEED_API int oneseed_mt19937_is_valid(const oneseed_mt19937 *state);
/* The distance when it is at most max_words, by drawing: about 0.5 ns for each word. Else ONESEED_TOO_FAR. */
ONESEED_API uint64_t oneseed_mt19937_distance(const oneseed_mt19937 *from, const oneseed_mt19937 *to,
                                              uint64_t max_words);
/* The same by baby steps and giant steps, in memory of the caller's: with n_memory words of 64 bits, at least
 * ONESEED_MT19937_FAR_MEMORY (1 MiB), it takes about 12 ns for each of them, and then 100 ns for every n_memory / 4 words of the
 * distance: with 256 MiB, 10^14 words take 2 s. Nothing is known that would find any distance: the period, 2^19937 - 1,
 * is a prime number, so that the problem does not fall into small ones. */
#define ONESEED_MT19937_FAR_MEMORY ((size_t)1 << 17)
ONESEED_API uint64_t oneseed_mt19937_distance_far(const oneseed_mt19937 *from, const oneseed_mt19937 *to,
                                                  uint64_t max_words, uint64_t *memory, size_t n_memory);

/* PCG64 (O'Neill 2014): a 128-bit LCG with the output XSL-RR, or DXSM with the cheap multiplier (NumPy's PCG64DXSM). Index 0 is
 * the low half. The increment is odd. */
typedef struct oneseed_pcg64 {
    uint64_t state[2];
    uint64_t increment[2];
} oneseed_pcg64;

ONESEED_API void oneseed_pcg64_seed(oneseed_pcg64 *state, const uint64_t seed[2], const uint64_t sequence[2]);
ONESEED_API uint64_t oneseed_pcg64_next_u64(oneseed_pcg64 *state);
ONESEED_API void oneseed_pcg64_fill_u64(oneseed_pcg64 *state, uint64_t *out, size_t n);
/* As if `delta` words (128 bits, modulo 2^128: a negative delta goes back) had been drawn. */
ONESEED_API void oneseed_pcg64_advance(oneseed_pcg64 *state, const uint64_t delta[2]);
ONESEED_API int oneseed_pcg64_is_valid(const oneseed_pcg64 *state);
/* The distance, modulo 2^128, in closed form; 0, and words_out unwritten, when the states are on different streams. */
ONESEED_API int oneseed_pcg64_distance(const oneseed_pcg64 *from, const oneseed_pcg64 *to, uint64_t words_out[2]);
/* DXSM is seeded by oneseed_pcg64_seed too, as NumPy does. */
ONESEED_API uint64_t oneseed_pcg64dxsm_next_u64(oneseed_pcg64 *state);
ONESEED_API void oneseed_pcg64dxsm_fill_u64(oneseed_pcg64 *state, uint64_t *out, size_t n);
ONESEED_API void oneseed_pcg64dxsm_advance(oneseed_pcg64 *state, const uint64_t delta[2]);
ONESEED_API int oneseed_pcg64dxsm_distance(const oneseed_pcg64 *from, const oneseed_pcg64 *to, uint64_t words_out[2]);

/* Philox4x64-10 (Salmon et al. 2011) as NumPy counts it: the counter goes up before a block of four words is made. `position` is
 * the next word of the buffer, 4 when it is used up. Index 0 is the lowest word. */
typedef struct oneseed_philox4x64 {
    uint64_t counter[4];
    uint64_t key[2];
    uint64_t buffer[4];
    uint32_t position;
} oneseed_philox4x64;

ONESEED_API void oneseed_philox4x64_seed(oneseed_philox4x64 *state, const uint64_t key[2], const uint64_t counter[4]);
ONESEED_API uint64_t oneseed_philox4x64_next_u64(oneseed_philox4x64 *state);
ONESEED_API void oneseed_philox4x64_fill_u64(oneseed_philox4x64 *state, uint64_t *out, size_t n);
/* The counter plus delta (256 bits); what is left of the buffer is dropped, as NumPy's advance() does. */
ONESEED_API void oneseed_philox4x64_advance(oneseed_philox4x64 *state, const uint64_t delta[4]);
ONESEED_API int oneseed_philox4x64_is_valid(const oneseed_philox4x64 *state);
/* The distance as a number of 256 bits with a sign (two's complement); 0, and words_out unwritten, when the keys differ, a buffer is
 * not its counter's block, or the distance is 2^254 or more. */
ONESEED_API int oneseed_philox4x64_distance(const oneseed_philox4x64 *from, const oneseed_philox4x64 *to,
                                            uint64_t words_out[4]);

/* Philox4x32-10 (Salmon et al. 2011): the engine of cuRAND, PyTorch on CUDA, TensorFlow and XLA. The next word is word `position`,
 * 0 to 3, of the block that `counter` makes. Index 0 is the lowest word. */
typedef struct oneseed_philox4x32 {
    uint32_t counter[4];
    uint32_t key[2];
    uint32_t position;
} oneseed_philox4x32;

/* One block, without a state. */
ONESEED_API void oneseed_philox4x32_block(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);
ONESEED_API void oneseed_philox4x32_seed(oneseed_philox4x32 *state, const uint32_t key[2], const uint32_t counter[4]);
ONESEED_API uint32_t oneseed_philox4x32_next_u32(oneseed_philox4x32 *state);
ONESEED_API void oneseed_philox4x32_fill_u32(oneseed_philox4x32 *state, uint32_t *out, size_t n);
/* As if n_words words had been drawn. */
ONESEED_API void oneseed_philox4x32_advance(oneseed_philox4x32 *state, uint64_t n_words);
ONESEED_API int oneseed_philox4x32_is_valid(const oneseed_philox4x32 *state);

/* SFC64 (Doty-Humphrey, PractRand): state[3] is the counter. */
typedef struct oneseed_sfc64 {
    uint64_t state[4];
} oneseed_sfc64;

ONESEED_API void oneseed_sfc64_seed(oneseed_sfc64 *state, const uint64_t seed[3]);
ONESEED_API uint64_t oneseed_sfc64_next_u64(oneseed_sfc64 *state);
ONESEED_API void oneseed_sfc64_fill_u64(oneseed_sfc64 *state, uint64_t *out, size_t n);
ONESEED_API int oneseed_sfc64_is_valid(const oneseed_sfc64 *state);
/* The distance when it is at most max_words: the counters tell it, drawing (about 0.5 ns for each word) proves it. Else
 * ONESEED_TOO_FAR. */
ONESEED_API uint64_t oneseed_sfc64_distance(const oneseed_sfc64 *from, const oneseed_sfc64 *to, uint64_t max_words);

/* SipHash (Aumasson and Bernstein 2012) with 1+3 and 2+4 rounds: the hash of CPython's str and bytes since 3.11, and before. */
ONESEED_API uint64_t oneseed_siphash13(const uint8_t key[16], const void *bytes, size_t n_bytes);
ONESEED_API uint64_t oneseed_siphash24(const uint8_t key[16], const void *bytes, size_t n_bytes);

/* SHA-512 (FIPS 180-4): Python's random.seed() takes strings through it. */
typedef struct oneseed_sha512 {
    uint64_t h[8];
    uint8_t block[128];
    uint64_t n_bytes; /* so far; n_bytes % 128 of them are in the block */
} oneseed_sha512;

ONESEED_API void oneseed_sha512_start(oneseed_sha512 *state);
ONESEED_API void oneseed_sha512_add(oneseed_sha512 *state, const void *bytes, size_t n_bytes);
ONESEED_API void oneseed_sha512_finish(oneseed_sha512 *state, uint8_t digest[64]);

/* ---- NumPy: seeding and bit generators ----------------------------------------------------------------------------- */

/* Which bit generator. */
typedef enum oneseed_numpy_kind {
    ONESEED_NUMPY_MT19937,
    ONESEED_NUMPY_PCG64,
    ONESEED_NUMPY_PCG64DXSM,
    ONESEED_NUMPY_PHILOX,
    ONESEED_NUMPY_SFC64
} oneseed_numpy_kind;

/* A NumPy bit generator with what its users keep beside it. numpy.random.Generator and RandomState are both this struct with
 * their functions: oneseed_numpy_… and oneseed_numpy_legacy_…. */
typedef struct oneseed_numpy {
    oneseed_numpy_kind kind;
    uint32_t version; /* of NumPy: 2.4.1 is 20401; 0: the newest that is proven, 2.4 (2.5's changes: from 20500 on) */
    uint32_t has_uint32; /* 1: the upper half of a 64-bit word waits for the next 32-bit draw (never for MT19937) */
    uint32_t uinteger;   /* that half; stale when has_uint32 is 0, as in NumPy's state */
    uint32_t has_gauss;  /* RandomState's cached normal */
    double gauss;
    union {
        oneseed_mt19937 mt19937;
        oneseed_pcg64 pcg64; /* PCG64DXSM too */
        oneseed_philox4x64 philox;
        oneseed_sfc64 sfc64;
    } engine;
} oneseed_numpy;

/* A bit generator as NumPy seeds it: from the words of SeedSequence(entropy, spawn_key=key); arguments as oneseed_seed_sequence_u32's.
 * The version stays newest. */
ONESEED_API void oneseed_numpy_seed(oneseed_numpy *state, oneseed_numpy_kind kind, const uint32_t *entropy,
                                    size_t n_entropy, const uint32_t *key, size_t n_key);
/* The same from a pool that oneseed_seed_sequence_pool made. */
ONESEED_API void oneseed_numpy_seed_pool(oneseed_numpy *state, oneseed_numpy_kind kind, const uint32_t *pool,
                                         size_t n_pool);
ONESEED_API int oneseed_numpy_is_valid(const oneseed_numpy *state);
/* Next raw words, and the double in [0, 1) of 53 bits, as the bit generator's own functions give them. */
ONESEED_API uint64_t oneseed_numpy_next_u64(oneseed_numpy *state);
ONESEED_API uint32_t oneseed_numpy_next_u32(oneseed_numpy *state);
ONESEED_API double oneseed_numpy_next_double(oneseed_numpy *state);
/* BitGenerator.random_raw(): for MT19937 32-bit words. */
ONESEED_API void oneseed_numpy_random_raw_fill(oneseed_numpy *state, uint64_t *out, size_t n);
/* BitGenerator.advance(delta), 256 bits, lowest word first (PCG: the lower 128 count; a negative delta is two's complement) and
 * jumped(n_jumps), in place; a negative n_jumps goes back, but does nothing to MT19937, whose jumps take about 1 ms each. False, and
 * nothing done, where NumPy has no such method (advance: MT19937, SFC64; jumped: SFC64). */
ONESEED_API int oneseed_numpy_advance(oneseed_numpy *state, const uint64_t delta[4]);
ONESEED_API int oneseed_numpy_jump(oneseed_numpy *state, int64_t n_jumps);

/* NumPy's SeedSequence (numpy 1.17 to 2.x, numpy/random/bit_generator.pyx; the algorithm is M. E. O'Neill's seed_seq_fe,
 * pool of 4 words): writes n_words 32-bit words of SeedSequence(entropy, spawn_key=key).generate_state(n_words).
 * entropy and key are given as 32-bit words, least significant first, as NumPy's _coerce_to_uint32_array makes them (an
 * integer 0 is one word 0). n_entropy and n_key may be 0 (the pointers may then be NULL). Cannot fail; no allocation;
 * thread-safe. */
ONESEED_API void oneseed_seed_sequence_u32(const uint32_t *entropy, size_t n_entropy, const uint32_t *key, size_t n_key,
                                           uint32_t *words_out, size_t n_words);
/* generate_state(n_words, dtype=uint64). */
ONESEED_API void oneseed_seed_sequence_u64(const uint32_t *entropy, size_t n_entropy, const uint32_t *key, size_t n_key,
                                           uint64_t *words_out, size_t n_words);
/* SeedSequence.spawn: its k-th child (k from 0, counted on over all calls) is the same sequence with k's words behind its key. */

/* SeedSequence(entropy, spawn_key=key, pool_size=n_pool).pool, n_pool 4 or more (NumPy's refusal of less is the caller's), and
 * generate_state() from such a pool. version as in oneseed_numpy: before 1.19, short entropy was not padded before a key. */
ONESEED_API void oneseed_seed_sequence_pool(const uint32_t *entropy, size_t n_entropy, const uint32_t *key,
                                            size_t n_key, uint32_t version, uint32_t *pool_out, size_t n_pool);
ONESEED_API void oneseed_seed_sequence_generate_u32(const uint32_t *pool, size_t n_pool, uint32_t *words_out,
                                                    size_t n_words);
ONESEED_API void oneseed_seed_sequence_generate_u64(const uint32_t *pool, size_t n_pool, uint64_t *words_out,
                                                    size_t n_words);

/* ---- NumPy: Generator ----------------------------------------------------------------------------------------------
 *
 * The methods of numpy.random.Generator of NumPy 1.26 to 2.5, on x86-64 Linux with glibc: same bits, and the same state
 * afterwards, the half word too. (1.19 to 1.25 differ where it is said.) `version` chooses where releases differ.
 *
 * Refusals are those of NumPy, in its order: a negative zero is refused where a negative scale is, NaN mostly is not.
 * Where NumPy accepts parameters and then never returns, the status is ONESEED_NUMPY_ENDLESS. One _fill equals n scalar
 * calls, but for integers of 8 and 16 bits. Generator.spawn: child k is seeded with k appended to the spawn key
 * (oneseed_numpy_seed). U: a uniform double, one 64-bit word (MT19937: two of 32); N, E: standard_normal,
 * standard_exponential, mostly one 64-bit word; G(a): standard_gamma. */

/* random: 53 bits of a 64-bit word; _f32 (dtype=np.float32): 24 bits of a 32-bit word (23 before 1.22). */
ONESEED_API double oneseed_numpy_random(oneseed_numpy *state);
ONESEED_API void oneseed_numpy_random_fill(oneseed_numpy *state, double *out, size_t n);
ONESEED_API float oneseed_numpy_random_f32(oneseed_numpy *state);
ONESEED_API void oneseed_numpy_random_f32_fill(oneseed_numpy *state, float *out, size_t n);
/* standard_normal: a ziggurat of 256 layers. One value in a hundred needs more than a word, and libm: exp, log1p. _f32
 * takes 32-bit words; libm: exp, log1pf. */
ONESEED_API double oneseed_numpy_standard_normal(oneseed_numpy *state);
ONESEED_API void oneseed_numpy_standard_normal_fill(oneseed_numpy *state, double *out, size_t n);
ONESEED_API float oneseed_numpy_standard_normal_f32(oneseed_numpy *state);
ONESEED_API void oneseed_numpy_standard_normal_f32_fill(oneseed_numpy *state, float *out, size_t n);
/* standard_exponential: a ziggurat, too. libm: exp, log1p; _f32: expf, log1pf. */
ONESEED_API double oneseed_numpy_standard_exponential(oneseed_numpy *state);
ONESEED_API void oneseed_numpy_standard_exponential_fill(oneseed_numpy *state, double *out, size_t n);
ONESEED_API float oneseed_numpy_standard_exponential_f32(oneseed_numpy *state);
ONESEED_API void oneseed_numpy_standard_exponential_f32_fill(oneseed_numpy *state, float *out, size_t n);
/* standard_exponential(method='inv'): -log(1 - U); _f32 of a 24-bit U, the logarithm of a double. libm: log1p. */
ONESEED_API double oneseed_numpy_standard_exponential_inv(oneseed_numpy *state);
ONESEED_API void oneseed_numpy_standard_exponential_inv_fill(oneseed_numpy *state, double *out, size_t n);
ONESEED_API float oneseed_numpy_standard_exponential_inv_f32(oneseed_numpy *state);
ONESEED_API void oneseed_numpy_standard_exponential_inv_f32_fill(oneseed_numpy *state, float *out, size_t n);
/* standard_gamma(shape). Below 1 Ahrens and Dieter's rejection, at 1 E, above Marsaglia and Tsang (2000), 0 draws
 * nothing. libm: log, pow. */
ONESEED_API double oneseed_numpy_standard_gamma(oneseed_numpy *state, double shape);
ONESEED_API oneseed_status oneseed_numpy_standard_gamma_fill(oneseed_numpy *state, double shape, double *out, size_t n);
/* dtype=np.float32: all in floats, but for the check of shape. libm: logf, powf. */
ONESEED_API float oneseed_numpy_standard_gamma_f32(oneseed_numpy *state, double shape);
ONESEED_API oneseed_status oneseed_numpy_standard_gamma_f32_fill(oneseed_numpy *state, double shape, float *out,
                                                                 size_t n);

/* N / N. */
ONESEED_API double oneseed_numpy_standard_cauchy(oneseed_numpy *state);
ONESEED_API void oneseed_numpy_standard_cauchy_fill(oneseed_numpy *state, double *out, size_t n);
/* 2 G(df / 2). */
ONESEED_API double oneseed_numpy_chisquare(oneseed_numpy *state, double df);
ONESEED_API oneseed_status oneseed_numpy_chisquare_fill(oneseed_numpy *state, double df, double *out, size_t n);
/* scale E. */
ONESEED_API double oneseed_numpy_exponential(oneseed_numpy *state, double scale);
ONESEED_API oneseed_status oneseed_numpy_exponential_fill(oneseed_numpy *state, double scale, double *out, size_t n);
/* exp(E / a) - 1. libm: expm1 (exp before 1.22). */
ONESEED_API double oneseed_numpy_pareto(oneseed_numpy *state, double a);
ONESEED_API oneseed_status oneseed_numpy_pareto_fill(oneseed_numpy *state, double a, double *out, size_t n);
/* (1 - exp(-E))^(1 / a). libm: expm1 (exp before 1.22), pow. */
ONESEED_API double oneseed_numpy_power(oneseed_numpy *state, double a);
ONESEED_API oneseed_status oneseed_numpy_power_fill(oneseed_numpy *state, double a, double *out, size_t n);
/* scale sqrt(2 E); before 1.21 scale sqrt(-2 log(1 - U)). */
ONESEED_API double oneseed_numpy_rayleigh(oneseed_numpy *state, double scale);
ONESEED_API oneseed_status oneseed_numpy_rayleigh_fill(oneseed_numpy *state, double scale, double *out, size_t n);
/* sqrt(df / 2) N / sqrt(G(df / 2)). */
ONESEED_API double oneseed_numpy_standard_t(oneseed_numpy *state, double df);
ONESEED_API oneseed_status oneseed_numpy_standard_t_fill(oneseed_numpy *state, double df, double *out, size_t n);
/* E^(1 / a); 0 for a of 0 draws nothing. libm: pow. */
ONESEED_API double oneseed_numpy_weibull(oneseed_numpy *state, double a);
ONESEED_API oneseed_status oneseed_numpy_weibull_fill(oneseed_numpy *state, double a, double *out, size_t n);
/* Jöhnk's (1964) for a and b up to 1, else G(a) / (G(a) + G(b)). 2.1 changed what is made of powers that underflow,
 * 1.26 gave tiny a and b one U. libm: exp, log, log1p, pow. */
ONESEED_API double oneseed_numpy_beta(oneseed_numpy *state, double a, double b);
ONESEED_API oneseed_status oneseed_numpy_beta_fill(oneseed_numpy *state, double a, double b, double *out, size_t n);
/* The quotient of two chisquares by their degrees, the upper one first. */
ONESEED_API double oneseed_numpy_f(oneseed_numpy *state, double dfnum, double dfden);
ONESEED_API oneseed_status oneseed_numpy_f_fill(oneseed_numpy *state, double dfnum, double dfden, double *out,
                                                size_t n);
/* scale G(shape). */
ONESEED_API double oneseed_numpy_gamma(oneseed_numpy *state, double shape, double scale);
ONESEED_API oneseed_status oneseed_numpy_gamma_fill(oneseed_numpy *state, double shape, double scale, double *out,
                                                    size_t n);
/* loc - scale log(-log U) of a U that is not 0 or 1, here and below. libm: log. */
ONESEED_API double oneseed_numpy_gumbel(oneseed_numpy *state, double loc, double scale);
ONESEED_API oneseed_status oneseed_numpy_gumbel_fill(oneseed_numpy *state, double loc, double scale, double *out,
                                                     size_t n);
/* libm: log. */
ONESEED_API double oneseed_numpy_laplace(oneseed_numpy *state, double loc, double scale);
ONESEED_API oneseed_status oneseed_numpy_laplace_fill(oneseed_numpy *state, double loc, double scale, double *out,
                                                      size_t n);
/* loc + scale log(U / (1 - U)). libm: log. */
ONESEED_API double oneseed_numpy_logistic(oneseed_numpy *state, double loc, double scale);
ONESEED_API oneseed_status oneseed_numpy_logistic_fill(oneseed_numpy *state, double loc, double scale, double *out,
                                                       size_t n);
/* exp(mean + sigma N). libm: exp. */
ONESEED_API double oneseed_numpy_lognormal(oneseed_numpy *state, double mean, double sigma);
ONESEED_API oneseed_status oneseed_numpy_lognormal_fill(oneseed_numpy *state, double mean, double sigma, double *out,
                                                        size_t n);
/* chisquare(df - 1) + (N + sqrt(nonc))^2; for df up to 1 a Poisson number of further degrees. */
ONESEED_API double oneseed_numpy_noncentral_chisquare(oneseed_numpy *state, double df, double nonc);
ONESEED_API oneseed_status oneseed_numpy_noncentral_chisquare_fill(oneseed_numpy *state, double df, double nonc,
                                                                   double *out, size_t n);
/* loc + scale N. */
ONESEED_API double oneseed_numpy_normal(oneseed_numpy *state, double loc, double scale);
ONESEED_API oneseed_status oneseed_numpy_normal_fill(oneseed_numpy *state, double loc, double scale, double *out,
                                                     size_t n);
/* low + (high - low) U. The difference must be finite and not negative. */
ONESEED_API double oneseed_numpy_uniform(oneseed_numpy *state, double low, double high);
ONESEED_API oneseed_status oneseed_numpy_uniform_fill(oneseed_numpy *state, double low, double high, double *out,
                                                      size_t n);
/* Best and Fisher (1979); kappa above 1e6: a wrapped normal (since 1.21). libm: acos, cos, fmod, log. */
ONESEED_API double oneseed_numpy_vonmises(oneseed_numpy *state, double mu, double kappa);
ONESEED_API oneseed_status oneseed_numpy_vonmises_fill(oneseed_numpy *state, double mu, double kappa, double *out,
                                                       size_t n);
/* Michael, Schucany and Haas (1976); 2.3.4 changed its rounding. */
ONESEED_API double oneseed_numpy_wald(oneseed_numpy *state, double mean, double scale);
ONESEED_API oneseed_status oneseed_numpy_wald_fill(oneseed_numpy *state, double mean, double scale, double *out,
                                                   size_t n);
/* As f, the upper one noncentral_chisquare(dfnum, nonc). */
ONESEED_API double oneseed_numpy_noncentral_f(oneseed_numpy *state, double dfnum, double dfden, double nonc);
ONESEED_API oneseed_status oneseed_numpy_noncentral_f_fill(oneseed_numpy *state, double dfnum, double dfden,
                                                           double nonc, double *out, size_t n);
/* One U. */
ONESEED_API double oneseed_numpy_triangular(oneseed_numpy *state, double left, double mode, double right);
ONESEED_API oneseed_status oneseed_numpy_triangular_fill(oneseed_numpy *state, double left, double mode, double right,
                                                         double *out, size_t n);

/* From 1/3 on a search by one U, below ceil(-E / log(1 - p)) (by a U before 1.21). libm: log1p. */
ONESEED_API int64_t oneseed_numpy_geometric(oneseed_numpy *state, double p);
ONESEED_API oneseed_status oneseed_numpy_geometric_fill(oneseed_numpy *state, double p, int64_t *out, size_t n);
/* Kemp (1981). libm: expm1, log, log1p (exp and log before 1.22 and 1.21). */
ONESEED_API int64_t oneseed_numpy_logseries(oneseed_numpy *state, double p);
ONESEED_API oneseed_status oneseed_numpy_logseries_fill(oneseed_numpy *state, double p, int64_t *out, size_t n);
/* Below 10 by products of U, above by transformed rejection (Hörmann 1993); 0 draws nothing. libm: exp, log. */
ONESEED_API int64_t oneseed_numpy_poisson(oneseed_numpy *state, double lam);
ONESEED_API oneseed_status oneseed_numpy_poisson_fill(oneseed_numpy *state, double lam, int64_t *out, size_t n);
/* Devroye (1986); since 2.1 U is drawn from where it can be accepted, and a from 1025 on gives 1. libm: pow. */
ONESEED_API int64_t oneseed_numpy_zipf(oneseed_numpy *state, double a);
ONESEED_API oneseed_status oneseed_numpy_zipf_fill(oneseed_numpy *state, double a, int64_t *out, size_t n);
/* binomial(n, p): inversion up to n min(p, 1 - p) of 30 (2.4 changed its start from log to log1p), BTPE above
 * (Kachitvichyanukul and Schmeiser 1988; 2.5 corrected its series). n or p of 0 draws nothing. libm: exp, log, log1p.
 * */
ONESEED_API int64_t oneseed_numpy_binomial(oneseed_numpy *state, int64_t n_trials, double p);
ONESEED_API oneseed_status oneseed_numpy_binomial_fill(oneseed_numpy *state, int64_t n_trials, double p, int64_t *out,
                                                       size_t n);
/* negative_binomial(n, p): poisson of a gamma(n, (1 - p) / p). */
ONESEED_API int64_t oneseed_numpy_negative_binomial(oneseed_numpy *state, double n_successes, double p);
ONESEED_API oneseed_status oneseed_numpy_negative_binomial_fill(oneseed_numpy *state, double n_successes, double p,
                                                                int64_t *out, size_t n);
/* 10 to total - 10 of a sample by Stadlober's HRUA (1989), others one by one with masked 32-bit words. libm: log. */
ONESEED_API int64_t oneseed_numpy_hypergeometric(oneseed_numpy *state, int64_t ngood, int64_t nbad, int64_t nsample);
ONESEED_API oneseed_status oneseed_numpy_hypergeometric_fill(oneseed_numpy *state, int64_t ngood, int64_t nbad,
                                                             int64_t nsample, int64_t *out, size_t n);

/* Element types of integers(). */
typedef enum oneseed_numpy_dtype {
    ONESEED_NUMPY_BOOL,
    ONESEED_NUMPY_INT8,
    ONESEED_NUMPY_UINT8,
    ONESEED_NUMPY_INT16,
    ONESEED_NUMPY_UINT16,
    ONESEED_NUMPY_INT32,
    ONESEED_NUMPY_UINT32,
    ONESEED_NUMPY_INT64,
    ONESEED_NUMPY_UINT64
} oneseed_numpy_dtype;

/* integers(low, high) of int64: low to high - 1. */
ONESEED_API int64_t oneseed_numpy_integers(oneseed_numpy *state, int64_t low, int64_t high);
ONESEED_API oneseed_status oneseed_numpy_integers_fill(oneseed_numpy *state, int64_t low, int64_t high, int64_t *out,
                                                       size_t n);
/* integers(first, last, dtype=…, endpoint=True): both ends are possible. The bounds are two's complement, sign-extended
 * (of a uint64: itself); out has elements of that type (bool: uint8_t). 8- and 16-bit pieces of a word are shared within
 * one call only, as in NumPy: here a _fill is not n calls. For n of 0 nothing is refused. */
ONESEED_API oneseed_status oneseed_numpy_integers_dtype_fill(oneseed_numpy *state, oneseed_numpy_dtype dtype,
                                                             uint64_t first, uint64_t last, void *out, size_t n);
/* A part of such a call: parts with the same pieces, {0, 0} at first, are one call together. */
typedef struct oneseed_numpy_pieces {
    uint32_t word;
    uint32_t n_left; /* pieces of the word that are not used */
} oneseed_numpy_pieces;
ONESEED_API oneseed_status oneseed_numpy_integers_part_fill(oneseed_numpy *state, oneseed_numpy_pieces *pieces,
                                                            oneseed_numpy_dtype dtype, uint64_t first, uint64_t last,
                                                            void *out, size_t n);
/* The same with a pair of bounds for each element: arrays of n. */
ONESEED_API oneseed_status oneseed_numpy_integers_array_fill(oneseed_numpy *state, oneseed_numpy_dtype dtype,
                                                             const uint64_t *first, const uint64_t *last, void *out,
                                                             size_t n);
/* bytes(n_bytes); 0 bytes draw a word, as in NumPy. */
ONESEED_API void oneseed_numpy_bytes_fill(oneseed_numpy *state, void *out, size_t n_bytes);

/* shuffle(x) of n items, permutation(n), and for a C-contiguous array of n_outer × n × n_inner items shuffle(x, axis) and
 * permuted(x, axis=…) along the middle axis. permuted(x) is shuffle of all its items. */
ONESEED_API void oneseed_numpy_shuffle(oneseed_numpy *state, void *items, size_t n, size_t item_nbytes);
ONESEED_API void oneseed_numpy_permutation_fill(oneseed_numpy *state, int64_t *out, size_t n);
ONESEED_API void oneseed_numpy_shuffle_axis(oneseed_numpy *state, void *items, size_t n_outer, size_t n, size_t n_inner,
                                            size_t item_nbytes);
ONESEED_API void oneseed_numpy_permuted(oneseed_numpy *state, void *items, size_t n_outer, size_t n, size_t n_inner,
                                        size_t item_nbytes);

/* choice(n_population, n): indices. _weighted: with p of n_population entries; tolerance is how far their sum may be from 1: the root of
 * the epsilon of p's own type, at least 2^-26, which 0 stands for. _distinct: replace=False; with `shuffle` 0: shuffle=False.
 * Memory is the caller's: n_population doubles for _weighted, twice as many for _weighted_distinct, and for _distinct as
 * many words as _distinct_work says. */
ONESEED_API oneseed_status oneseed_numpy_choice_fill(oneseed_numpy *state, uint64_t n_population, int64_t *out,
                                                     size_t n);
ONESEED_API oneseed_status oneseed_numpy_choice_weighted_fill(oneseed_numpy *state, const double *p,
                                                              size_t n_population, double tolerance, double *work,
                                                              int64_t *out, size_t n);
ONESEED_API size_t oneseed_numpy_choice_distinct_work(uint64_t n_population, size_t n, int shuffle);
ONESEED_API oneseed_status oneseed_numpy_choice_distinct_fill(oneseed_numpy *state, uint64_t n_population, int shuffle,
                                                              int64_t *work, int64_t *out, size_t n);
ONESEED_API oneseed_status oneseed_numpy_choice_weighted_distinct_fill(oneseed_numpy *state, const double *p,
                                                                       size_t n_population, double tolerance,
                                                                       double *work, int64_t *out, size_t n);

/* multinomial(n, pvals): out has n_draws rows of n_pvals. */
ONESEED_API oneseed_status oneseed_numpy_multinomial_fill(oneseed_numpy *state, int64_t n, const double *pvals,
                                                          size_t n_pvals, int64_t *out, size_t n_draws);
/* multivariate_hypergeometric(colors, nsample): out has n_draws rows of n_colors. _count: method='count', with work of sum(colors). */
ONESEED_API oneseed_status oneseed_numpy_multivariate_hypergeometric_fill(oneseed_numpy *state, const int64_t *colors,
                                                                          size_t n_colors, int64_t nsample,
                                                                          int64_t *out, size_t n_draws);
ONESEED_API oneseed_status oneseed_numpy_multivariate_hypergeometric_count_fill(oneseed_numpy *state,
                                                                                const int64_t *colors, size_t n_colors,
                                                                                int64_t nsample, int64_t *work,
                                                                                int64_t *out, size_t n_draws);
/* dirichlet(alpha): out has n_draws rows of n_alpha; work has n_alpha. */
ONESEED_API oneseed_status oneseed_numpy_dirichlet_fill(oneseed_numpy *state, const double *alpha, size_t n_alpha,
                                                        double *work, double *out, size_t n_draws);
/* multivariate_normal, the part that is NumPy's own: out has n_draws rows mean + factor x, x being n_mean standard normals; factor is
 * n_mean × n_mean, row by row, work has n_mean. NumPy's factor comes from LAPACK (svd: u * sqrt(s); eigh: u * sqrt(|s|); or
 * cholesky's) and its product from BLAS, so that beyond the normals bits are those of a machine; here a row's sum goes from the left. */
ONESEED_API void oneseed_numpy_multivariate_normal_fill(oneseed_numpy *state, const double *mean, const double *factor,
                                                        size_t n_mean, double *work, double *out, size_t n_draws);
/* ---- Python: random.Random ---------------------------------------------------------------------------------------
 *
 * CPython 3.9 to 3.14 (Lib/random.py, Modules/_randommodule.c). Methods have Python's names and draw what Python draws. Where
 * Python raises in the middle of a draw (a result that overflows, log(0)), the words are drawn and the value is NaN or an
 * infinity, INT64_MIN for integers; such cases are named. Functions that call libm agree with a CPython on the same libm. */

/* Begin with {0}, set `version` where it matters, then seed: seeding leaves the version alone. A generator is copied by
 * assignment. */
typedef struct oneseed_python {
    oneseed_mt19937 mt19937;
    uint32_t version;   /* of Python: 3.11 is 311; 309 to 315; 0: the newest known */
    uint32_t has_gauss; /* 1: gauss_next is the next result of gauss(), standard normal */
    double gauss_next;
} oneseed_python;

/* seed(n) of an integer: the 32-bit words of |n|, least significant first; zeros at the end do not count, no words are n = 0. */
ONESEED_API void oneseed_python_seed(oneseed_python *state, const uint32_t *words, size_t n_words);
/* seed(n), the same for what fits: a negative n seeds as -n. */
ONESEED_API void oneseed_python_seed_i64(oneseed_python *state, int64_t n);
/* seed(x) of a float: by hash(x). NaN is refused (ONESEED_PYTHON_NAN_SEED) from 3.10 on, where its hash is an address. */
ONESEED_API oneseed_status oneseed_python_seed_f64(oneseed_python *state, double x);
/* seed(text, version) of a str (UTF-8) and of bytes; seed_version is 2 (Python's default: through SHA-512) or 1. Python takes a
 * bytearray as bytes with version 2 and refuses it with version 1. Refused: text that is not UTF-8 (version 1 takes surrogates of
 * three bytes), another version (Python then takes the hash). */
ONESEED_API oneseed_status oneseed_python_seed_str(oneseed_python *state, const char *utf8, size_t n_bytes,
                                                   int seed_version);
ONESEED_API oneseed_status oneseed_python_seed_bytes(oneseed_python *state, const void *bytes, size_t n_bytes,
                                                     int seed_version);

/* getstate()[1] and setstate(): 624 words and the position, 0 to 624; gauss_next is a member. A position beyond is refused. */
ONESEED_API void oneseed_python_getstate(const oneseed_python *state, uint32_t words_out[625]);
ONESEED_API oneseed_status oneseed_python_setstate(oneseed_python *state, const uint32_t words[625]);

/* random(): 53 bits in [0, 1), two words. */
ONESEED_API double oneseed_python_random(oneseed_python *state);
ONESEED_API oneseed_status oneseed_python_random_fill(oneseed_python *state, double *out, size_t n);
/* getrandbits(k), k 0 to 64, else refused (the scalar form draws nothing and gives 0); _words has no limit and writes
 * (k + 31) / 32 words, least significant first. */
ONESEED_API uint64_t oneseed_python_getrandbits(oneseed_python *state, uint32_t k);
ONESEED_API oneseed_status oneseed_python_getrandbits_fill(oneseed_python *state, uint32_t k, uint64_t *out, size_t n);
ONESEED_API void oneseed_python_getrandbits_words(oneseed_python *state, uint64_t k, uint32_t *out);
/* randbytes(n). */
ONESEED_API void oneseed_python_randbytes(oneseed_python *state, void *out, size_t n_bytes);

/* _randbelow(n): 0 to n - 1, by rejection; n 0 draws nothing and gives 0. In _words n and the result have n_words words. */
ONESEED_API uint64_t oneseed_python_randbelow(oneseed_python *state, uint64_t n);
ONESEED_API oneseed_status oneseed_python_randbelow_fill(oneseed_python *state, uint64_t n, uint64_t *out,
                                                         size_t n_out);
ONESEED_API void oneseed_python_randbelow_words(oneseed_python *state, const uint32_t *n, size_t n_words,
                                                uint32_t *out);
/* randrange(start, stop, step) and randint(low, high). Refused: an empty range, step 0. */
ONESEED_API int64_t oneseed_python_randrange(oneseed_python *state, int64_t start, int64_t stop, int64_t step);
ONESEED_API oneseed_status oneseed_python_randrange_fill(oneseed_python *state, int64_t start, int64_t stop,
                                                         int64_t step, int64_t *out, size_t n);
ONESEED_API int64_t oneseed_python_randint(oneseed_python *state, int64_t low, int64_t high);
ONESEED_API oneseed_status oneseed_python_randint_fill(oneseed_python *state, int64_t low, int64_t high, int64_t *out,
                                                       size_t n);
/* randint(low, high) of integers of any size: two's complement in n_words words each, least significant first; so is the result.
 * randrange(start, stop) is randint(start, stop - 1); with a step it is start + step * randbelow(how many). `out` is none of the
 * inputs. */
ONESEED_API oneseed_status oneseed_python_randint_words(oneseed_python *state, const uint32_t *low,
                                                        const uint32_t *high, size_t n_words, uint32_t *out);

/* choice(): the index of the chosen of n_items items. Refused: no items. */
ONESEED_API int64_t oneseed_python_choice(oneseed_python *state, uint64_t n_items);
ONESEED_API oneseed_status oneseed_python_choice_fill(oneseed_python *state, uint64_t n_items, int64_t *out, size_t n);
/* shuffle() of n_items items of item_bytes bytes each. */
ONESEED_API void oneseed_python_shuffle(oneseed_python *state, void *items, size_t n_items, size_t item_bytes);
/* shuffle(x, random=random.random), which Python had up to 3.10. */
ONESEED_API void oneseed_python_shuffle_random(oneseed_python *state, void *items, size_t n_items, size_t item_bytes);
/* sample(range(n_items), k): k indices. `space` is memory to work in, of _sample_space() words of 64 bits. Refused: k greater
 * than n_items. */
ONESEED_API size_t oneseed_python_sample_space(uint64_t n_items, uint64_t k);
ONESEED_API oneseed_status oneseed_python_sample(oneseed_python *state, uint64_t n_items, uint64_t k, uint64_t *space,
                                                 uint64_t *out);
/* sample(items, k, counts=counts): indices of items. `space`: n_items + _sample_space(sum of the counts, k) words. Refused: also
 * a sum of 0 (from 3.14 on only with k > 0) or above 2^64 - 1. */
ONESEED_API oneseed_status oneseed_python_sample_counts(oneseed_python *state, const uint64_t *counts, size_t n_items,
                                                        uint64_t k, uint64_t *space, uint64_t *out);
/* choices(range(n_items), k=n): n indices; one random() each. Refused: no items. */
ONESEED_API oneseed_status oneseed_python_choices_fill(oneseed_python *state, uint64_t n_items, int64_t *out, size_t n);
/* choices(…, cum_weights=…): cum_weights is n_items sums. Refused: no items, a last sum that is not above 0, or (from 3.10 on)
 * not finite. choices(…, weights=…) has cum_weights from _accumulate(), which adds as Python does. */
ONESEED_API oneseed_status oneseed_python_choices_cum_weights_fill(oneseed_python *state, const double *cum_weights,
                                                                   size_t n_items, int64_t *out, size_t n);
ONESEED_API void oneseed_python_accumulate(const double *weights, size_t n_items, double *cum_weights_out);

/* Real distributions. Each scalar form's parameters are Python's, in order; NaN is drawn for what is refused. libm calls are named
 * in src/dialects/python_real.c. */
ONESEED_API double oneseed_python_uniform(oneseed_python *state, double a, double b);
/* mode NaN is Python's mode=None. high == low gives low. A mode outside gives NaN where Python raises. */
ONESEED_API double oneseed_python_triangular(oneseed_python *state, double low, double high, double mode);
ONESEED_API double oneseed_python_normalvariate(oneseed_python *state, double mu, double sigma);
ONESEED_API double oneseed_python_gauss(oneseed_python *state, double mu, double sigma);
/* Infinite where Python raises OverflowError. */
ONESEED_API double oneseed_python_lognormvariate(oneseed_python *state, double mu, double sigma);
/* Refused: lambd 0. */
ONESEED_API double oneseed_python_expovariate(oneseed_python *state, double lambd);
/* Refused: kappa NaN, with which Python never returns. */
ONESEED_API double oneseed_python_vonmisesvariate(oneseed_python *state, double mu, double kappa);
/* Refused: alpha or beta not above 0; alpha NaN or infinite, with which Python never returns. */
ONESEED_API double oneseed_python_gammavariate(oneseed_python *state, double alpha, double beta);
/* Refused: as gammavariate; Python finds a wrong beta only when it needs it. */
ONESEED_API double oneseed_python_betavariate(oneseed_python *state, double alpha, double beta);
/* Refused: alpha 0. Infinite where Python raises OverflowError. 3.9 differs in last bits. */
ONESEED_API double oneseed_python_paretovariate(oneseed_python *state, double alpha);
/* Refused: beta 0. Infinite where Python raises OverflowError. */
ONESEED_API double oneseed_python_weibullvariate(oneseed_python *state, double alpha, double beta);
/* From 3.12 on. Refused: n below 0, p outside [0, 1], an older version. Where random() is exactly 0 (once in 2^53) Python before
 * 3.14 raises; here that draw is dropped, as 3.14 does. */
ONESEED_API int64_t oneseed_python_binomialvariate(oneseed_python *state, int64_t n, double p);

/* n values each, as the scalar form would give one by one. */
ONESEED_API oneseed_status oneseed_python_uniform_fill(oneseed_python *state, double a, double b, double *out,
                                                       size_t n);
ONESEED_API oneseed_status oneseed_python_triangular_fill(oneseed_python *state, double low, double high, double mode,
                                                          double *out, size_t n);
ONESEED_API oneseed_status oneseed_python_normalvariate_fill(oneseed_python *state, double mu, double sigma,
                                                             double *out, size_t n);
ONESEED_API oneseed_status oneseed_python_gauss_fill(oneseed_python *state, double mu, double sigma, double *out,
                                                     size_t n);
ONESEED_API oneseed_status oneseed_python_lognormvariate_fill(oneseed_python *state, double mu, double sigma,
                                                              double *out, size_t n);
ONESEED_API oneseed_status oneseed_python_expovariate_fill(oneseed_python *state, double lambd, double *out, size_t n);
ONESEED_API oneseed_status oneseed_python_vonmisesvariate_fill(oneseed_python *state, double mu, double kappa,
                                                               double *out, size_t n);
ONESEED_API oneseed_status oneseed_python_gammavariate_fill(oneseed_python *state, double alpha, double beta,
                                                            double *out, size_t n);
ONESEED_API oneseed_status oneseed_python_betavariate_fill(oneseed_python *state, double alpha, double beta,
                                                           double *out, size_t n);
ONESEED_API oneseed_status oneseed_python_paretovariate_fill(oneseed_python *state, double alpha, double *out,
                                                             size_t n);
ONESEED_API oneseed_status oneseed_python_weibullvariate_fill(oneseed_python *state, double alpha, double beta,
                                                              double *out, size_t n);
ONESEED_API oneseed_status oneseed_python_binomialvariate_fill(oneseed_python *state, int64_t n, double p, int64_t *out,
                                                               size_t n_out);

/* Hashes of 64-bit builds on little-endian machines (text beyond Latin-1 is hashed as it lies in memory). The key of str and bytes
 * under PYTHONHASHSEED=hash_seed (0: no randomisation). Where a version is asked for, it is as in oneseed_python: up to 3.10 it is
 * SipHash-2-4, then SipHash-1-3. */
ONESEED_API void oneseed_python_hash_key(uint32_t hash_seed, uint8_t key_out[16]);
ONESEED_API int64_t oneseed_python_hash_bytes(uint32_t version, const uint8_t key[16], const void *bytes,
                                              size_t n_bytes);
/* Refused: text that is not UTF-8 (surrogates of three bytes are taken). */
ONESEED_API oneseed_status oneseed_python_hash_str(uint32_t version, const uint8_t key[16], const char *utf8,
                                                   size_t n_bytes, int64_t *hash_out);
/* Of an int (the second: the 32-bit words of |n|, least significant first), a float (NaN: 0, as up to 3.9; later it is an
 * address), a tuple and a frozenset of items with these hashes. */
ONESEED_API int64_t oneseed_python_hash_i64(int64_t n);
ONESEED_API int64_t oneseed_python_hash_int(const uint32_t *words, size_t n_words, int is_negative);
ONESEED_API int64_t oneseed_python_hash_f64(double x);
ONESEED_API int64_t oneseed_python_hash_tuple(const int64_t *hashes, size_t n);
ONESEED_API int64_t oneseed_python_hash_frozenset(const int64_t *hashes, size_t n);

/* An item of a set: a str, or something whose hash tells it from all others (utf8 NULL and n_bytes 0: a small int). */
typedef struct oneseed_python_item {
    const char *utf8;
    size_t n_bytes;
    int64_t hash;
} oneseed_python_item;

/* How the set was made: item by item (set(list), a comprehension, add()); by a literal of constants in code that this process
 * compiled; by one in code from a .pyc (texts only, each used in no other place of the module unless it is a name; up to 3.10: one
 * that was written under the same PYTHONHASHSEED). _KNOWN: at least one of the texts is a name (letters, digits, underscores) that
 * the compiling process had met before, as the name of a variable or attribute or in other constants; then its compiler makes the
 * constant once more. Usual words are known, since Python's own modules have met them. */
typedef enum oneseed_python_set_kind {
    ONESEED_PYTHON_SET_ADDED,
    ONESEED_PYTHON_SET_LITERAL,
    ONESEED_PYTHON_SET_LITERAL_KNOWN,
    ONESEED_PYTHON_SET_COMPILED,
    ONESEED_PYTHON_SET_COMPILED_KNOWN
} oneseed_python_set_kind;

/* The order in which a set of these items is walked: writes the indices (of several equal items the first) and returns how many.
 * `space` is memory to work in, of _set_space() words of 64 bits. Nothing was ever removed from the set. */
ONESEED_API size_t oneseed_python_set_space(size_t n_items);
ONESEED_API size_t oneseed_python_set_order(uint32_t version, oneseed_python_set_kind kind,
                                            const oneseed_python_item *items, size_t n_items, uint64_t *space,
                                            size_t *order_out);

/* ---- NumPy: RandomState ---------------------------------------------------------------------------------------------
 *
 * The methods of numpy.random.RandomState, which are the functions np.random.…, of NumPy 1.19 to 2.5 on x86-64 Linux
 * with glibc: same bits, and the same state afterwards. (1.17 and 1.18 differ where it is said, as read in their
 * source.) RandomState's stream is frozen: `version` changes little. Its integers are C longs, here of 64 bits.
 *
 * A state is any oneseed_numpy; RandomState(BitGenerator) is one made by oneseed_numpy_seed. RandomState.get_state() is
 * its members. The second normal of a pair is kept in `gauss` for whichever function asks next.
 *
 * Refusals are those of NumPy 1.26 to 2.5, in its order: a negative zero is refused where a negative scale is, NaN
 * mostly is not. Where NumPy accepts parameters and then never returns (zipf's a from 1025 on), the status
 * is ONESEED_NUMPY_ENDLESS. One _fill equals n scalar calls. U: a uniform double; E: standard_exponential. */

/* RandomState(seed): an MT19937 seeded by init_genrand. RandomState(array of seeds): by init_by_array; Python's
 * random.seed(5) is RandomState([5]). What NumPy takes for one seed: an int, and any array with one element but no
 * list. The version becomes newest. */
ONESEED_API void oneseed_numpy_legacy_seed(oneseed_numpy *state, uint32_t seed);
ONESEED_API oneseed_status oneseed_numpy_legacy_seed_array(oneseed_numpy *state, const uint32_t *seeds, size_t n_seeds);
/* set_state(('MT19937', key, position, has_gauss, gauss)): the version stays. Refused: a position above 624. */
ONESEED_API oneseed_status oneseed_numpy_legacy_set_state(oneseed_numpy *state, const uint32_t key[624],
                                                          uint32_t position, int has_gauss, double gauss);

/* random_sample, random and rand: 53 bits. Generator.random gives the same. */
ONESEED_API double oneseed_numpy_legacy_random_sample(oneseed_numpy *state);
ONESEED_API void oneseed_numpy_legacy_random_sample_fill(oneseed_numpy *state, double *out, size_t n);
/* standard_normal and randn: Marsaglia's polar method; the second value of a pair waits in the state. libm: log. */
ONESEED_API double oneseed_numpy_legacy_standard_normal(oneseed_numpy *state);
ONESEED_API void oneseed_numpy_legacy_standard_normal_fill(oneseed_numpy *state, double *out, size_t n);
/* -log(1 - U). libm: log. */
ONESEED_API double oneseed_numpy_legacy_standard_exponential(oneseed_numpy *state);
ONESEED_API void oneseed_numpy_legacy_standard_exponential_fill(oneseed_numpy *state, double *out, size_t n);
/* One normal over the next. */
ONESEED_API double oneseed_numpy_legacy_standard_cauchy(oneseed_numpy *state);
ONESEED_API void oneseed_numpy_legacy_standard_cauchy_fill(oneseed_numpy *state, double *out, size_t n);
/* Marsaglia and Tsang (2000), below 1 Ahrens and Dieter (1974). libm: log, pow. */
ONESEED_API double oneseed_numpy_legacy_standard_gamma(oneseed_numpy *state, double shape);
ONESEED_API oneseed_status oneseed_numpy_legacy_standard_gamma_fill(oneseed_numpy *state, double shape, double *out,
                                                                    size_t n);
/* The normal first, then a gamma of df / 2. */
ONESEED_API double oneseed_numpy_legacy_standard_t(oneseed_numpy *state, double df);
ONESEED_API oneseed_status oneseed_numpy_legacy_standard_t_fill(oneseed_numpy *state, double df, double *out, size_t n);
/* 2 * gamma(df / 2). */
ONESEED_API double oneseed_numpy_legacy_chisquare(oneseed_numpy *state, double df);
ONESEED_API oneseed_status oneseed_numpy_legacy_chisquare_fill(oneseed_numpy *state, double df, double *out, size_t n);
ONESEED_API double oneseed_numpy_legacy_exponential(oneseed_numpy *state, double scale);
ONESEED_API oneseed_status oneseed_numpy_legacy_exponential_fill(oneseed_numpy *state, double scale, double *out,
                                                                 size_t n);
/* exp(E / a) - 1. libm: exp, log. */
ONESEED_API double oneseed_numpy_legacy_pareto(oneseed_numpy *state, double a);
ONESEED_API oneseed_status oneseed_numpy_legacy_pareto_fill(oneseed_numpy *state, double a, double *out, size_t n);
/* E^(1 / a); a of 0 gives 0 and draws nothing. libm: pow, log. */
ONESEED_API double oneseed_numpy_legacy_weibull(oneseed_numpy *state, double a);
ONESEED_API oneseed_status oneseed_numpy_legacy_weibull_fill(oneseed_numpy *state, double a, double *out, size_t n);
/* (1 - exp(-E))^(1 / a). libm: pow, exp, log. */
ONESEED_API double oneseed_numpy_legacy_power(oneseed_numpy *state, double a);
ONESEED_API oneseed_status oneseed_numpy_legacy_power_fill(oneseed_numpy *state, double a, double *out, size_t n);
/* libm: log1p (before 1.21 log). */
ONESEED_API double oneseed_numpy_legacy_rayleigh(oneseed_numpy *state, double scale);
ONESEED_API oneseed_status oneseed_numpy_legacy_rayleigh_fill(oneseed_numpy *state, double scale, double *out,
                                                              size_t n);
/* low + (high - low) * U; refused when high - low is not finite. */
ONESEED_API double oneseed_numpy_legacy_uniform(oneseed_numpy *state, double low, double high);
ONESEED_API oneseed_status oneseed_numpy_legacy_uniform_fill(oneseed_numpy *state, double low, double high, double *out,
                                                             size_t n);
ONESEED_API double oneseed_numpy_legacy_normal(oneseed_numpy *state, double loc, double scale);
ONESEED_API oneseed_status oneseed_numpy_legacy_normal_fill(oneseed_numpy *state, double loc, double scale, double *out,
                                                            size_t n);
/* libm: exp. */
ONESEED_API double oneseed_numpy_legacy_lognormal(oneseed_numpy *state, double mean, double sigma);
ONESEED_API oneseed_status oneseed_numpy_legacy_lognormal_fill(oneseed_numpy *state, double mean, double sigma,
                                                               double *out, size_t n);
/* laplace, gumbel, logistic: libm: log. */
ONESEED_API double oneseed_numpy_legacy_laplace(oneseed_numpy *state, double loc, double scale);
ONESEED_API oneseed_status oneseed_numpy_legacy_laplace_fill(oneseed_numpy *state, double loc, double scale,
                                                             double *out, size_t n);
ONESEED_API double oneseed_numpy_legacy_gumbel(oneseed_numpy *state, double loc, double scale);
ONESEED_API oneseed_status oneseed_numpy_legacy_gumbel_fill(oneseed_numpy *state, double loc, double scale, double *out,
                                                            size_t n);
ONESEED_API double oneseed_numpy_legacy_logistic(oneseed_numpy *state, double loc, double scale);
ONESEED_API oneseed_status oneseed_numpy_legacy_logistic_fill(oneseed_numpy *state, double loc, double scale,
                                                              double *out, size_t n);
ONESEED_API double oneseed_numpy_legacy_gamma(oneseed_numpy *state, double shape, double scale);
ONESEED_API oneseed_status oneseed_numpy_legacy_gamma_fill(oneseed_numpy *state, double shape, double scale,
                                                           double *out, size_t n);
/* Jöhnk (1964) when neither is above 1, else two gammas. libm: pow, exp, log. */
ONESEED_API double oneseed_numpy_legacy_beta(oneseed_numpy *state, double a, double b);
ONESEED_API oneseed_status oneseed_numpy_legacy_beta_fill(oneseed_numpy *state, double a, double b, double *out,
                                                          size_t n);
ONESEED_API double oneseed_numpy_legacy_f(oneseed_numpy *state, double dfnum, double dfden);
ONESEED_API oneseed_status oneseed_numpy_legacy_f_fill(oneseed_numpy *state, double dfnum, double dfden, double *out,
                                                       size_t n);
ONESEED_API double oneseed_numpy_legacy_noncentral_chisquare(oneseed_numpy *state, double df, double nonc);
ONESEED_API oneseed_status oneseed_numpy_legacy_noncentral_chisquare_fill(oneseed_numpy *state, double df, double nonc,
                                                                          double *out, size_t n);
ONESEED_API double oneseed_numpy_legacy_noncentral_f(oneseed_numpy *state, double dfnum, double dfden, double nonc);
ONESEED_API oneseed_status oneseed_numpy_legacy_noncentral_f_fill(oneseed_numpy *state, double dfnum, double dfden,
                                                                  double nonc, double *out, size_t n);
/* Michael, Schucany and Haas (1976), in its first form. */
ONESEED_API double oneseed_numpy_legacy_wald(oneseed_numpy *state, double mean, double scale);
ONESEED_API oneseed_status oneseed_numpy_legacy_wald_fill(oneseed_numpy *state, double mean, double scale, double *out,
                                                          size_t n);
/* Best and Fisher (1979). Endless when kappa is so large that its ratio rounds to 1 or below, as it does for some from
 * 3e15 and for all from 4e16 on. libm: cos, acos, log, fmod. */
ONESEED_API double oneseed_numpy_legacy_vonmises(oneseed_numpy *state, double mu, double kappa);
ONESEED_API oneseed_status oneseed_numpy_legacy_vonmises_fill(oneseed_numpy *state, double mu, double kappa,
                                                              double *out, size_t n);
ONESEED_API double oneseed_numpy_legacy_triangular(oneseed_numpy *state, double left, double mode, double right);
ONESEED_API oneseed_status oneseed_numpy_legacy_triangular_fill(oneseed_numpy *state, double left, double mode,
                                                                double right, double *out, size_t n);
/* Inversion or BTPE with the constants of 1988; one uniform is drawn for n_trials or p of 0, too (not before 1.17.3).
 * libm: exp, log. */
ONESEED_API int64_t oneseed_numpy_legacy_binomial(oneseed_numpy *state, int64_t n_trials, double p);
ONESEED_API oneseed_status oneseed_numpy_legacy_binomial_fill(oneseed_numpy *state, int64_t n_trials, double p,
                                                              int64_t *out, size_t n);
/* poisson(gamma(n_successes, (1 - p) / p)). */
ONESEED_API int64_t oneseed_numpy_legacy_negative_binomial(oneseed_numpy *state, double n_successes, double p);
ONESEED_API oneseed_status oneseed_numpy_legacy_negative_binomial_fill(oneseed_numpy *state, double n_successes,
                                                                       double p, int64_t *out, size_t n);
/* By products below 10, else transformed rejection (Hörmann 1993). libm: exp, log. */
ONESEED_API int64_t oneseed_numpy_legacy_poisson(oneseed_numpy *state, double lam);
ONESEED_API oneseed_status oneseed_numpy_legacy_poisson_fill(oneseed_numpy *state, double lam, int64_t *out, size_t n);
/* Rejection (Devroye 1986); endless from a of 1025 on, where 2^(a - 1) overflows. libm: pow. */
ONESEED_API int64_t oneseed_numpy_legacy_zipf(oneseed_numpy *state, double a);
ONESEED_API oneseed_status oneseed_numpy_legacy_zipf_fill(oneseed_numpy *state, double a, int64_t *out, size_t n);
/* By search from p of 1/3 on, else ceil(log1p(-U) / log(1 - p)); before 1.21 log(1 - U). libm: log, log1p. */
ONESEED_API int64_t oneseed_numpy_legacy_geometric(oneseed_numpy *state, double p);
ONESEED_API oneseed_status oneseed_numpy_legacy_geometric_fill(oneseed_numpy *state, double p, int64_t *out, size_t n);
/* Kemp (1981). libm: exp, log. */
ONESEED_API int64_t oneseed_numpy_legacy_logseries(oneseed_numpy *state, double p);
ONESEED_API oneseed_status oneseed_numpy_legacy_logseries_fill(oneseed_numpy *state, double p, int64_t *out, size_t n);
/* Stadlober's HRUA* (1989), up to 10 of a sample by urns. libm: log. */
ONESEED_API int64_t oneseed_numpy_legacy_hypergeometric(oneseed_numpy *state, int64_t ngood, int64_t nbad,
                                                        int64_t nsample);
ONESEED_API oneseed_status oneseed_numpy_legacy_hypergeometric_fill(oneseed_numpy *state, int64_t ngood, int64_t nbad,
                                                                    int64_t nsample, int64_t *out, size_t n);

/* tomaxint(): 63 bits. */
ONESEED_API int64_t oneseed_numpy_legacy_tomaxint(oneseed_numpy *state);
ONESEED_API void oneseed_numpy_legacy_tomaxint_fill(oneseed_numpy *state, int64_t *out, size_t n);
/* randint(low, high) of C long: low to high - 1, by masked rejection. random_integers(low, last) is the dtype form
 * below. */
ONESEED_API int64_t oneseed_numpy_legacy_randint(oneseed_numpy *state, int64_t low, int64_t high);
ONESEED_API oneseed_status oneseed_numpy_legacy_randint_fill(oneseed_numpy *state, int64_t low, int64_t high,
                                                             int64_t *out, size_t n);
/* randint(first, last + 1, dtype=…): both ends are possible. Bounds and out as in oneseed_numpy_integers_dtype_fill.
 * Pieces of a word of 32 bits (two of 16 bits, four of 8, 32 of one) are shared within one call only: here a _fill is
 * not n calls. For n of 0 nothing is refused, as in NumPy. */
ONESEED_API oneseed_status oneseed_numpy_legacy_randint_dtype_fill(oneseed_numpy *state, oneseed_numpy_dtype dtype,
                                                                   uint64_t first, uint64_t last, void *out, size_t n);
/* A part of such a call: parts with the same pieces, {0, 0} at first, are one call together. */
ONESEED_API oneseed_status oneseed_numpy_legacy_randint_part_fill(oneseed_numpy *state, oneseed_numpy_pieces *pieces,
                                                                  oneseed_numpy_dtype dtype, uint64_t first,
                                                                  uint64_t last, void *out, size_t n);
/* The same with a pair of bounds for each element: arrays of n. */
ONESEED_API oneseed_status oneseed_numpy_legacy_randint_array_fill(oneseed_numpy *state, oneseed_numpy_dtype dtype,
                                                                   const uint64_t *first, const uint64_t *last,
                                                                   void *out, size_t n);
/* bytes(n_bytes); 0 bytes draw a word, as in NumPy. */
ONESEED_API void oneseed_numpy_legacy_bytes_fill(oneseed_numpy *state, void *out, size_t n_bytes);

/* shuffle(x) of n items of any size, in place; of an array of more dimensions the items are its rows. permutation(n)
 * of int64. */
ONESEED_API void oneseed_numpy_legacy_shuffle(oneseed_numpy *state, void *items, size_t n, size_t item_nbytes);
ONESEED_API void oneseed_numpy_legacy_permutation_fill(oneseed_numpy *state, int64_t *out, size_t n);

/* choice(n_population, n): indices. _weighted: with p of n_population entries; tolerance is how far their sum may be
 * from 1: the root of the epsilon of p's own type, at least 2^-26, which 0 stands for. _distinct: replace=False. Memory
 * is the caller's: work has n_population entries, for _weighted_distinct twice as many. */
ONESEED_API oneseed_status oneseed_numpy_legacy_choice_fill(oneseed_numpy *state, size_t n_population, int64_t *out,
                                                            size_t n);
ONESEED_API oneseed_status oneseed_numpy_legacy_choice_weighted_fill(oneseed_numpy *state, const double *p,
                                                                     size_t n_population, double tolerance,
                                                                     double *work, int64_t *out, size_t n);
ONESEED_API oneseed_status oneseed_numpy_legacy_choice_distinct_fill(oneseed_numpy *state, size_t n_population,
                                                                     int64_t *work, int64_t *out, size_t n);
ONESEED_API oneseed_status oneseed_numpy_legacy_choice_weighted_distinct_fill(oneseed_numpy *state, const double *p,
                                                                              size_t n_population, double tolerance,
                                                                              double *work, int64_t *out, size_t n);

/* multinomial(n_trials, pvals): out has n_draws rows of n_pvals. A pvals entry of 0 draws nothing, from 2.5 on it does.
 * NumPy 2.4 keeps the setup of its last binomial, made with log, for a multinomial, which uses log1p: a last bit that
 * no value shows. */
ONESEED_API oneseed_status oneseed_numpy_legacy_multinomial_fill(oneseed_numpy *state, int64_t n_trials,
                                                                 const double *pvals, size_t n_pvals, int64_t *out,
                                                                 size_t n_draws);
/* dirichlet(alpha): out has n_draws rows of n_alpha. */
ONESEED_API oneseed_status oneseed_numpy_legacy_dirichlet_fill(oneseed_numpy *state, const double *alpha,
                                                               size_t n_alpha, double *out, size_t n_draws);
/* multivariate_normal, the part that is NumPy's own: out has n_draws rows mean + x A, x being n_mean standard normals;
 * `factor` is A, n_mean by n_mean, row by row; work has n_mean. NumPy's A is sqrt(s)[:, None] * v of LAPACK's svd and
 * the product is BLAS's: beyond the normals bits are those of a machine. Here a sum goes from x[0] on. */
ONESEED_API void oneseed_numpy_legacy_multivariate_normal_fill(oneseed_numpy *state, const double *mean,
                                                               const double *factor, size_t n_mean, double *work,
                                                               double *out, size_t n_draws);

/* ---- scikit-learn ----------------------------------------------------------------------------------------------------
 *
 * The splits, samples and data sets of scikit-learn 1.9 on x86-64 Linux with glibc: same indices, same bits, and the
 * same state afterwards. (Unchanged since 1.0 as far as their sources show; 1.9 is what is compared.)
 *
 * All of it draws from a RandomState. random_state=5 is a state by oneseed_numpy_legacy_seed(&state, 5), made anew for
 * each call of scikit-learn; random_state=instance is one state that goes on from call to call; where a splitter makes
 * several splits or repetitions, they are calls one after the other with the same state.
 *
 * Samples are rows 0 to n_samples - 1; the functions give indices of them. Classes and groups are codes, 0 to their
 * number - 1, in sorted order of the labels (numpy.unique's inverse), every code in use. Memory is the caller's: `work`
 * is of the number of elements that is said, or that a function ending in _work returns. */

/* test_size and train_size: an integer is a number of samples, a float a fraction of them. */
typedef enum oneseed_sklearn_size_kind {
    ONESEED_SKLEARN_SIZE_NONE,
    ONESEED_SKLEARN_SIZE_COUNT,
    ONESEED_SKLEARN_SIZE_FRACTION
} oneseed_sklearn_size_kind;
typedef struct oneseed_sklearn_size {
    oneseed_sklearn_size_kind kind;
    int64_t count;
    double fraction;
} oneseed_sklearn_size;

/* The numbers of training and test samples: ceil(test * n), floor(train * n), in doubles; what is not given is the rest.
 * With neither given the test fraction is default_test: 0.25 in train_test_split, 0.1 in ShuffleSplit and
 * StratifiedShuffleSplit, 0.2 in GroupShuffleSplit (of the number of groups). */
ONESEED_API oneseed_status oneseed_sklearn_split_sizes(int64_t n_samples, oneseed_sklearn_size test,
                                                       oneseed_sklearn_size train, double default_test,
                                                       int64_t *n_train_out, int64_t *n_test_out);

/* One split of ShuffleSplit, and train_test_split: train and test have n_train and n_test entries, in the order of the
 * draw. Refused: n_train + n_test above n_samples, n_train of 0. work: n_samples. */
ONESEED_API oneseed_status oneseed_sklearn_shuffle_split_fill(oneseed_numpy *state, size_t n_samples, size_t n_train,
                                                              size_t n_test, int64_t *work, int64_t *train,
                                                              int64_t *test);
/* train_test_split(shuffle=False): the first n_train, and the n_test behind them. */
ONESEED_API oneseed_status oneseed_sklearn_ordered_split_fill(size_t n_samples, size_t n_train, size_t n_test,
                                                              int64_t *train, int64_t *test);
/* One split of StratifiedShuffleSplit, and train_test_split(stratify=classes). Refused: a class of one sample, fewer
 * training or test samples than classes. work: oneseed_sklearn_stratified_work. */
ONESEED_API size_t oneseed_sklearn_stratified_work(size_t n_samples, size_t n_classes);
ONESEED_API oneseed_status oneseed_sklearn_stratified_shuffle_split_fill(oneseed_numpy *state, const int64_t *classes,
                                                                         size_t n_samples, size_t n_classes,
                                                                         size_t n_train, size_t n_test, int64_t *work,
                                                                         int64_t *train, int64_t *test);
/* One split of GroupShuffleSplit: n_train and n_test count groups; train and test get the samples of those groups in
 * ascending order, and have room for n_samples each; how many there are is in n_out: training, then test samples. work:
 * 2 * n_groups. */
ONESEED_API oneseed_status oneseed_sklearn_group_shuffle_split_fill(oneseed_numpy *state, const int64_t *groups,
                                                                    size_t n_samples, size_t n_groups, size_t n_train,
                                                                    size_t n_test, int64_t *work, int64_t *train,
                                                                    int64_t *test, size_t n_out[2]);

/* KFold, StratifiedKFold and GroupKFold as the fold of each sample, 0 to n_splits - 1: split k tests the samples of fold
 * k and trains with the others, both in ascending order (oneseed_sklearn_fold_fill). With shuffle=True `state` is the
 * generator, with shuffle=False it is NULL. RepeatedKFold and RepeatedStratifiedKFold: one state, n_repeats calls.
 * Refused: fewer than 2 splits, more splits than samples, groups, or members of the largest class. */
/* work: n_samples. */
ONESEED_API oneseed_status oneseed_sklearn_kfold_fill(oneseed_numpy *state, size_t n_samples, size_t n_splits,
                                                      int64_t *work, int64_t *folds);
/* work: n_samples + 3 * n_classes. */
ONESEED_API oneseed_status oneseed_sklearn_stratified_kfold_fill(oneseed_numpy *state, const int64_t *classes,
                                                                 size_t n_samples, size_t n_classes, size_t n_splits,
                                                                 int64_t *work, int64_t *folds);
/* Shuffled since 1.6. work: 3 * n_groups + n_splits. */
ONESEED_API oneseed_status oneseed_sklearn_group_kfold_fill(oneseed_numpy *state, const int64_t *groups,
                                                            size_t n_samples, size_t n_groups, size_t n_splits,
                                                            int64_t *work, int64_t *folds);
/* The samples of one fold, and the others: together n_samples. Returns how many are in test. */
ONESEED_API size_t oneseed_sklearn_fold_fill(const int64_t *folds, size_t n_samples, int64_t fold, int64_t *train,
                                             int64_t *test);

/* utils.shuffle and utils.resample as indices, n of them. Without replacement refused: n above n_samples. work:
 * n_samples, with replacement none (NULL). */
ONESEED_API oneseed_status oneseed_sklearn_resample_fill(oneseed_numpy *state, size_t n_samples, int replace,
                                                         int64_t *work, int64_t *out, size_t n);
/* resample(stratify=classes): about as many of each class. work: oneseed_sklearn_stratified_work. */
ONESEED_API oneseed_status oneseed_sklearn_resample_stratified_fill(oneseed_numpy *state, const int64_t *classes,
                                                                    size_t n_samples, size_t n_classes, int replace,
                                                                    int64_t *work, int64_t *out, size_t n);
/* How n_draws are shared out to classes of these sizes, most likely first, ties drawn (extmath._approximate_mode as it
 * is since 1.0). work: n_classes. */
ONESEED_API void oneseed_sklearn_approximate_mode_fill(oneseed_numpy *state, const int64_t *class_counts,
                                                       size_t n_classes, int64_t n_draws, int64_t *work, int64_t *out);

/* utils.random.sample_without_replacement: n of 0 to n_population - 1. AUTO chooses as scikit-learn does: a permutation
 * for a ratio of 0.01 to 0.99, else tracking or a reservoir. Refused: n above n_population. */
typedef enum oneseed_sklearn_sampling {
    ONESEED_SKLEARN_AUTO,
    ONESEED_SKLEARN_TRACKING_SELECTION, /* from a ratio of 0.2 on a reservoir, as there */
    ONESEED_SKLEARN_RESERVOIR_SAMPLING,
    ONESEED_SKLEARN_POOL
} oneseed_sklearn_sampling;
ONESEED_API size_t oneseed_sklearn_sample_work(uint64_t n_population, size_t n, oneseed_sklearn_sampling method);
ONESEED_API oneseed_status oneseed_sklearn_sample_without_replacement_fill(oneseed_numpy *state, uint64_t n_population,
                                                                           oneseed_sklearn_sampling method,
                                                                           int64_t *work, int64_t *out, size_t n);

/* RandomForest, ExtraTrees: the random_state of each tree of a forest (warm_start: those of the trees that are there
 * are drawn again, so that trees are the last of all). And the rows that tree draws with bootstrap=True: from a state
 * of its own, max_samples of them (None: n_samples). Not with sample_weight, which 1.9 made part of the draw. */
ONESEED_API void oneseed_sklearn_tree_seeds_fill(oneseed_numpy *state, int64_t *out, size_t n_trees);
ONESEED_API oneseed_status oneseed_sklearn_bootstrap_fill(uint32_t tree_seed, size_t n_samples, int64_t *out, size_t n);

/* Data sets. X is n_samples rows of n_features, y has n_samples entries. shuffle: 0 or 1. Parameters outside their range
 * are refused with ONESEED_SKLEARN_PARAMETER. libm: log, by the normals.
 *
 * make_regression and make_classification multiply matrices, which NumPy leaves to its BLAS. A caller that wants the
 * bits of a BLAS gives a function that calls it: out[i * n_columns + j] = sum over k of a[i * a_stride + k] *
 * b[k * n_columns + j], as numpy.dot(a, b). NULL: each sum is made with fma from k = 0 on; that is what OpenBLAS makes of
 * small products on x86-64 with AVX2 or AVX-512 (docs/conformance.md counts how often), not of products with a vector. */
typedef struct oneseed_sklearn_product {
    void (*multiply)(void *context, const double *a, size_t a_stride, const double *b, size_t n_rows, size_t n_inner,
                     size_t n_columns, double *out);
    void *context;
} oneseed_sklearn_product;

/* make_blobs. Its centres, when they are not given: uniform in [low, high), n_centers rows of n_features. */
ONESEED_API oneseed_status oneseed_sklearn_blob_centers_fill(oneseed_numpy *state, double low, double high,
                                                             size_t n_centers, size_t n_features, double *centers);
/* How n_samples are shared out to n_centers. */
ONESEED_API void oneseed_sklearn_blob_sizes_fill(int64_t n_samples, size_t n_centers, int64_t *n_per_center);
/* n_samples is the sum of n_per_center; cluster_std has n_centers entries. */
ONESEED_API oneseed_status oneseed_sklearn_make_blobs_fill(oneseed_numpy *state, const double *centers,
                                                           const double *cluster_std, const int64_t *n_per_center,
                                                           size_t n_centers, size_t n_features, int shuffle, double *X,
                                                           int64_t *y);

/* make_moons and make_circles: two features; noise NaN stands for None. n_outer and n_inner: of n samples n / 2 and the
 * rest. libm: sin, cos. */
ONESEED_API oneseed_status oneseed_sklearn_make_moons_fill(oneseed_numpy *state, size_t n_outer, size_t n_inner,
                                                           int shuffle, double noise, double *X, int64_t *y);
ONESEED_API oneseed_status oneseed_sklearn_make_circles_fill(oneseed_numpy *state, size_t n_outer, size_t n_inner,
                                                             int shuffle, double noise, double factor, double *X,
                                                             int64_t *y);

/* make_regression without effective_rank, whose factors come from LAPACK. */
typedef struct oneseed_sklearn_regression {
    size_t n_samples, n_features, n_informative, n_targets; /* scikit-learn's defaults: 100, 100, 10, 1 */
    double bias, noise;                                     /* 0, 0 */
    int shuffle;                                            /* 1 */
    oneseed_sklearn_product product;                        /* NULL */
} oneseed_sklearn_regression;
/* y is n_samples rows of n_targets, coefficients n_features rows of n_targets. work: n_features. */
ONESEED_API oneseed_status oneseed_sklearn_make_regression_fill(oneseed_numpy *state,
                                                                const oneseed_sklearn_regression *parameters,
                                                                int64_t *work, double *X, double *y,
                                                                double *coefficients);

/* make_classification. weights: n_classes entries (scikit-learn completes n_classes - 1 of them), NULL for equal ones;
 * any finite ones, as there.
 * shift and scale: n_features entries each; NULL draws them, as scikit-learn's None does. */
typedef struct oneseed_sklearn_classification {
    size_t n_samples, n_features, n_informative, n_redundant, n_repeated; /* 100, 20, 2, 2, 0 */
    size_t n_classes, n_clusters_per_class;                               /* 2, 2 */
    const double *weights;                                                /* NULL */
    double flip_y, class_sep;                                             /* 0.01, 1 */
    int hypercube, shuffle;                                               /* 1, 1 */
    const double *shift, *scale;                                          /* zeros, ones */
    oneseed_sklearn_product product;                                      /* NULL */
} oneseed_sklearn_classification;
/* The elements of both works; refused as the call is. columns: for each column of X, which one it was before shuffling:
 * informative ones first, then redundant, repeated, random ones. */
ONESEED_API oneseed_status oneseed_sklearn_classification_work(const oneseed_sklearn_classification *parameters,
                                                               size_t *n_work, size_t *n_work_real);
ONESEED_API oneseed_status oneseed_sklearn_make_classification_fill(oneseed_numpy *state,
                                                                    const oneseed_sklearn_classification *parameters,
                                                                    int64_t *work, double *work_real, double *X,
                                                                    int64_t *y, int64_t *columns);

/* ---- PyTorch: the CPU generator -------------------------------------------------------------------------------------
 *
 * torch.Generator() and its draws on the CPU: the values in the memory of a contiguous tensor, as a fill writes them, and the generator
 * afterwards. A tensor that is not contiguous is filled in the order of its memory, too; where torch asks whether it is contiguous,
 * there is a second function. A complex tensor is filled as its real view.
 *
 * What the stream depends on beside the seed: the version, and on x86 the kernels that ATen chooses for the processor: those for
 * AVX2 fuse multiplications and additions and have a logarithm, sine and cosine of their own, those of the default capability
 * call libm. No function here depends on the number of threads. libm: log, log1p, sin, cos, logf, sinf, cosf. */

/* How the values of a tensor lie in memory. The half types are their 16 bits; a bool is one byte, 0 or 1. */
typedef enum oneseed_torch_dtype {
    ONESEED_TORCH_FLOAT32,
    ONESEED_TORCH_FLOAT64,
    ONESEED_TORCH_FLOAT16,
    ONESEED_TORCH_BFLOAT16,
    ONESEED_TORCH_UINT8,
    ONESEED_TORCH_INT8,
    ONESEED_TORCH_INT16,
    ONESEED_TORCH_INT32,
    ONESEED_TORCH_INT64,
    ONESEED_TORCH_BOOL,
    ONESEED_TORCH_UINT16,
    ONESEED_TORCH_UINT32,
    ONESEED_TORCH_UINT64
} oneseed_torch_dtype;

/* ATen's CPU capability: torch.backends.cpu.get_cpu_capability(), ATEN_CPU_CAPABILITY. */
typedef enum oneseed_torch_cpu {
    ONESEED_TORCH_CPU_HERE, /* what torch would choose on this machine */
    ONESEED_TORCH_CPU_DEFAULT,
    ONESEED_TORCH_CPU_AVX2,
    ONESEED_TORCH_CPU_AVX512 /* the random kernels are AVX2's */
} oneseed_torch_cpu;

typedef struct oneseed_torch {
    uint64_t initial_seed; /* all 64 bits; the engine takes the low 32 */
    uint32_t version;      /* of PyTorch: 2.6.0 is 20600, 1.13.1 is 11301; 0: the newest that is proven, 2.13 */
    uint32_t cpu; /* oneseed_torch_cpu; the first function that asks puts the capability found in the place of HERE */
    uint32_t has_mkl;    /* 1: a build with MKL, as all wheels for x86 are; counts for versions before 2.7 */
    uint32_t has_normal; /* 1: `normal` is the second of a pair, for whichever function asks next */
    double normal;       /* standard, before any mean and deviation */
    uint32_t has_normal_f32;
    float normal_f32; /* a member of the blob that no function of torch's uses */
    oneseed_mt19937 mt19937;
} oneseed_torch;

#define ONESEED_TORCH_STATE_BYTES 5056
/* A seed of Python's may be negative: (uint64_t)seed, as torch takes it. */
#define ONESEED_TORCH_DEFAULT_SEED 67280421310721u /* of torch.Generator() */

/* The bytes of one value; 0 for what is no dtype. */
ONESEED_API size_t oneseed_torch_dtype_size(oneseed_torch_dtype dtype);
/* What torch would choose on this machine. */
ONESEED_API oneseed_torch_cpu oneseed_torch_cpu_here(void);

/* torch.manual_seed(seed). Keeps version, cpu and has_mkl: a new state is zeroed first. */
ONESEED_API void oneseed_torch_manual_seed(oneseed_torch *state, uint64_t seed);
/* torch.get_rng_state(): the same bytes. */
ONESEED_API void oneseed_torch_get_state(const oneseed_torch *state, uint8_t out[ONESEED_TORCH_STATE_BYTES]);
/* torch.set_rng_state(): keeps version, cpu and has_mkl. Refused: another size than 5056 (up to 2.8 also 5048, before the second cache),
 * and words that are counted as no generator counts them, some of which torch takes. */
ONESEED_API oneseed_status oneseed_torch_set_state(oneseed_torch *state, const void *bytes, size_t n);
ONESEED_API int oneseed_torch_is_valid(const oneseed_torch *state);

/* Raw words: one of the engine's; two, of which the first is the high half. */
ONESEED_API uint32_t oneseed_torch_random_u32(oneseed_torch *state);
ONESEED_API uint64_t oneseed_torch_random_u64(oneseed_torch *state);
ONESEED_API void oneseed_torch_random_u32_fill(oneseed_torch *state, uint32_t *out, size_t n);
ONESEED_API void oneseed_torch_random_u64_fill(oneseed_torch *state, uint64_t *out, size_t n);

/* torch.rand(n, dtype=dtype): floating dtypes. */
ONESEED_API oneseed_status oneseed_torch_rand_fill(oneseed_torch *state, oneseed_torch_dtype dtype, void *out,
                                                   size_t n);
/* tensor.uniform_(from, to). */
ONESEED_API oneseed_status oneseed_torch_uniform_fill(oneseed_torch *state, oneseed_torch_dtype dtype, double from,
                                                      double to, void *out, size_t n);

/* tensor.normal_(mean, std), and with mean 0 and std 1 torch.randn: for a tensor that is contiguous (the default memory format). From 16
 * values on that is another stream than below. */
ONESEED_API oneseed_status oneseed_torch_randn_fill(oneseed_torch *state, oneseed_torch_dtype dtype, void *out,
                                                    size_t n);
ONESEED_API oneseed_status oneseed_torch_normal_fill(oneseed_torch *state, oneseed_torch_dtype dtype, double mean,
                                                     double std, void *out, size_t n);
/* normal_ of a tensor that is not contiguous, channels_last ones among them; `out` in the order of its memory. */
ONESEED_API oneseed_status oneseed_torch_normal_noncontiguous_fill(oneseed_torch *state, oneseed_torch_dtype dtype,
                                                                   double mean, double std, void *out, size_t n);
/* The next standard normal of torch's scalar path, with its cache: what normal_ draws below 16 values. */
ONESEED_API double oneseed_torch_normal(oneseed_torch *state);
/* torch.normal(mean, std): `means` and `stds` are n values of the dtype, or NULL, then the number beside it is meant. */
ONESEED_API oneseed_status oneseed_torch_normal_tensors_fill(oneseed_torch *state, oneseed_torch_dtype dtype,
                                                             const void *means, double mean, const void *stds,
                                                             double std, void *out, size_t n);

/* torch.randint(low, high, dtype=dtype), tensor.random_(low, high): all dtypes. */
ONESEED_API oneseed_status oneseed_torch_randint_fill(oneseed_torch *state, oneseed_torch_dtype dtype, int64_t low,
                                                      int64_t high, void *out, size_t n);
/* tensor.random_(): up to the largest integer of the dtype; not for UINT16 to UINT64. */
ONESEED_API oneseed_status oneseed_torch_random_fill(oneseed_torch *state, oneseed_torch_dtype dtype, void *out,
                                                     size_t n);
/* tensor.random_(from, None); INT64_MIN stands for all 64 bits. */
ONESEED_API oneseed_status oneseed_torch_random_from_fill(oneseed_torch *state, oneseed_torch_dtype dtype, int64_t from,
                                                          void *out, size_t n);
/* torch.randperm(n, dtype=dtype): not for BOOL and UINT16 to UINT64. */
ONESEED_API oneseed_status oneseed_torch_randperm_fill(oneseed_torch *state, oneseed_torch_dtype dtype, void *out,
                                                       size_t n);

/* tensor.bernoulli_(p): 0 or 1 in any dtype but UINT16 to UINT64. Before 2.7 with MKL one word is drawn for the whole tensor, which is
 * filled in the order of its indices. */
ONESEED_API oneseed_status oneseed_torch_bernoulli_fill(oneseed_torch *state, oneseed_torch_dtype dtype, double p,
                                                        void *out, size_t n);
/* tensor.bernoulli_(p) of a tensor of n probabilities, and torch.bernoulli(p), which gives p's dtype. When one is refused,
 * torch has already drawn for those before it. */
ONESEED_API oneseed_status oneseed_torch_bernoulli_tensor_fill(oneseed_torch *state, oneseed_torch_dtype p_dtype,
                                                               const void *p, oneseed_torch_dtype dtype, void *out,
                                                               size_t n);

/* torch.nn.functional.dropout(in, p) in training; `out` may be `in`. With p 0 or 1 nothing is drawn. */
ONESEED_API oneseed_status oneseed_torch_dropout_fill(oneseed_torch *state, oneseed_torch_dtype dtype, double p,
                                                      const void *in, void *out, size_t n);
/* dropout1d, dropout2d, dropout3d: n_maps (samples by channels) of map_size values, that are dropped together. */
ONESEED_API oneseed_status oneseed_torch_feature_dropout_fill(oneseed_torch *state, oneseed_torch_dtype dtype, double p,
                                                              const void *in, void *out, size_t n_maps,
                                                              size_t map_size);
ONESEED_API oneseed_status oneseed_torch_alpha_dropout_fill(oneseed_torch *state, oneseed_torch_dtype dtype, double p,
                                                            const void *in, void *out, size_t n);
ONESEED_API oneseed_status oneseed_torch_feature_alpha_dropout_fill(oneseed_torch *state, oneseed_torch_dtype dtype,
                                                                    double p, const void *in, void *out, size_t n_maps,
                                                                    size_t map_size);
/* torch.native_dropout(in, p, True), with the mask that it gives beside: it draws for p 0 and 1, too. */
ONESEED_API oneseed_status oneseed_torch_native_dropout_fill(oneseed_torch *state, oneseed_torch_dtype dtype, double p,
                                                             const void *in, void *out, uint8_t *mask, size_t n);
/* torch.nn.functional.rrelu(in, lower, upper, training=True), in the order of the indices: it draws for values that are not
 * positive. noise: the slopes, n values of the dtype. Not for FLOAT16. */
ONESEED_API oneseed_status oneseed_torch_rrelu_fill(oneseed_torch *state, oneseed_torch_dtype dtype, double lower,
                                                    double upper, const void *in, void *noise, void *out, size_t n);

/* ---- PyTorch: torch.nn.init ------------------------------------------------------------------------------------------
 *
 * The same bits as torch.nn.init of PyTorch 1.13 to 2.13 on the CPU, where Python runs on the same libm (pow, by the slope
 * of kaiming_…). A shape has n_dims sizes; a tensor is contiguous. uniform_, normal_ and trunc_normal_ are
 * oneseed_torch_uniform_fill, oneseed_torch_normal_fill and oneseed_torch_trunc_normal_fill. */

typedef enum oneseed_torch_nonlinearity {
    ONESEED_TORCH_GAIN_LINEAR, /* and conv1d, …, conv_transpose3d, sigmoid */
    ONESEED_TORCH_GAIN_TANH,
    ONESEED_TORCH_GAIN_RELU,
    ONESEED_TORCH_GAIN_LEAKY_RELU,
    ONESEED_TORCH_GAIN_SELU
} oneseed_torch_nonlinearity;
typedef enum oneseed_torch_fan_mode { ONESEED_TORCH_FAN_IN, ONESEED_TORCH_FAN_OUT } oneseed_torch_fan_mode;

/* calculate_gain(nonlinearity, param); param is the slope of leaky_relu, NaN stands for None. */
ONESEED_API oneseed_status oneseed_torch_init_gain(oneseed_torch_nonlinearity nonlinearity, double param,
                                                   double *gain_out);
/* Fan in and fan out; refused below 2 dimensions. */
ONESEED_API oneseed_status oneseed_torch_init_fans(const int64_t *shape, int n_dims, int64_t *fan_in_out,
                                                   int64_t *fan_out_out);
ONESEED_API oneseed_status oneseed_torch_init_xavier_uniform_fill(oneseed_torch *state, oneseed_torch_dtype dtype,
                                                                  const int64_t *shape, int n_dims, double gain,
                                                                  void *out);
ONESEED_API oneseed_status oneseed_torch_init_xavier_normal_fill(oneseed_torch *state, oneseed_torch_dtype dtype,
                                                                 const int64_t *shape, int n_dims, double gain,
                                                                 void *out);
/* a: the slope, of LEAKY_RELU alone. torch's defaults: 0, FAN_IN, LEAKY_RELU. An empty tensor is left alone, nothing drawn. */
ONESEED_API oneseed_status oneseed_torch_init_kaiming_uniform_fill(oneseed_torch *state, oneseed_torch_dtype dtype,
                                                                   const int64_t *shape, int n_dims, double a,
                                                                   oneseed_torch_fan_mode mode,
                                                                   oneseed_torch_nonlinearity nonlinearity, void *out);
ONESEED_API oneseed_status oneseed_torch_init_kaiming_normal_fill(oneseed_torch *state, oneseed_torch_dtype dtype,
                                                                  const int64_t *shape, int n_dims, double a,
                                                                  oneseed_torch_fan_mode mode,
                                                                  oneseed_torch_nonlinearity nonlinearity, void *out);

/* constant_, ones_, zeros_; eye_; dirac_ (3 to 5 dimensions): floating dtypes, nothing is drawn. */
ONESEED_API oneseed_status oneseed_torch_init_constant_fill(oneseed_torch_dtype dtype, double value, void *out,
                                                            size_t n);
ONESEED_API oneseed_status oneseed_torch_init_eye_fill(oneseed_torch_dtype dtype, int64_t n_rows, int64_t n_columns,
                                                       void *out);
ONESEED_API oneseed_status oneseed_torch_init_dirac_fill(oneseed_torch_dtype dtype, const int64_t *shape, int n_dims,
                                                         int64_t groups, void *out);

/* sparse_(tensor, sparsity, std, generator=state): the rows to be zeroed always come from the default generator, `global`,
 * which is `state` itself where no generator is given. work: n_rows. */
ONESEED_API oneseed_status oneseed_torch_init_sparse_fill(oneseed_torch *state, oneseed_torch *global,
                                                          oneseed_torch_dtype dtype, int64_t n_rows, int64_t n_columns,
                                                          double sparsity, double std, int64_t *work, void *out);
/* orthogonal_ of float32 and float64: the draws are torch's, the bits are not, since its QR is LAPACK's. Q is computed
 * in double here; with float32 torch's own rounding is what is left between the two. work: as many as _work returns. */
ONESEED_API size_t oneseed_torch_init_orthogonal_work(const int64_t *shape, int n_dims);
ONESEED_API oneseed_status oneseed_torch_init_orthogonal_fill(oneseed_torch *state, oneseed_torch_dtype dtype,
                                                              const int64_t *shape, int n_dims, double gain,
                                                              double *work, void *out);

/* ---- PyTorch: initial parameters of layers ---------------------------------------------------------------------------
 *
 * What `torch.nn.Linear(784, 128)` and its like draw when they are made: PyTorch 1.13 to 2.13 on the CPU (the order of the
 * draws is the same in all of them; the draws themselves are as the functions above say). A layer is a plain description;
 * it tells its parameters in the order of named_parameters() and fills them in the order in which torch draws. A Sequential
 * is its layers filled one after the other. */

typedef enum oneseed_torch_layer_kind {
    ONESEED_TORCH_LINEAR,   /* in_features, out_features, bias */
    ONESEED_TORCH_BILINEAR, /* in_features (in1_features), in2_features, out_features, bias */
    ONESEED_TORCH_CONV1D,   /* in_channels, out_channels, kernel_size, groups, bias */
    ONESEED_TORCH_CONV2D,
    ONESEED_TORCH_CONV3D,
    ONESEED_TORCH_CONV_TRANSPOSE1D,
    ONESEED_TORCH_CONV_TRANSPOSE2D,
    ONESEED_TORCH_CONV_TRANSPOSE3D,
    ONESEED_TORCH_EMBEDDING, /* num_embeddings, embedding_dim, has_padding_idx, padding_idx */
    ONESEED_TORCH_EMBEDDING_BAG,
    ONESEED_TORCH_RNN, /* input_size, hidden_size, num_layers, bias, bidirectional; LSTM: proj_size */
    ONESEED_TORCH_LSTM,
    ONESEED_TORCH_GRU,
    ONESEED_TORCH_RNN_CELL, /* input_size, hidden_size, bias */
    ONESEED_TORCH_LSTM_CELL,
    ONESEED_TORCH_GRU_CELL,
    ONESEED_TORCH_MULTIHEAD_ATTENTION,       /* embed_dim, num_heads, bias, add_bias_kv, kdim, vdim */
    ONESEED_TORCH_TRANSFORMER_ENCODER_LAYER, /* embed_dim (d_model), num_heads (nhead), dim_feedforward, bias */
    ONESEED_TORCH_TRANSFORMER_DECODER_LAYER,
    ONESEED_TORCH_TRANSFORMER_ENCODER, /* the same, num_layers, has_norm: with the layer that it copies just made */
    ONESEED_TORCH_TRANSFORMER_DECODER,
    ONESEED_TORCH_TRANSFORMER, /* embed_dim, num_heads, num_encoder_layers, num_decoder_layers, dim_feedforward, bias */
    ONESEED_TORCH_BATCH_NORM,  /* num_features, affine, bias; of any dimension, SyncBatchNorm too. No norm draws */
    ONESEED_TORCH_INSTANCE_NORM, /* num_features, affine, bias */
    ONESEED_TORCH_GROUP_NORM,    /* groups (num_groups), num_features (num_channels), affine, bias */
    ONESEED_TORCH_LAYER_NORM,    /* n_normalized_dims, normalized_shape, affine (elementwise_affine), bias */
    ONESEED_TORCH_RMS_NORM,      /* the same without a bias */
    ONESEED_TORCH_PRELU,         /* num_features (num_parameters), init; draws nothing */
    ONESEED_TORCH_N_LAYER_KINDS
} oneseed_torch_layer_kind;

/* The members carry torch's names; a layer reads those that its kind names. */
typedef struct oneseed_torch_layer {
    oneseed_torch_layer_kind kind;
    int bias;
    int affine;
    int bidirectional;
    int add_bias_kv;
    int has_padding_idx;
    int has_norm;
    int n_normalized_dims; /* 1 to 5 */
    int64_t in_features, in2_features, out_features;
    int64_t in_channels, out_channels, kernel_size[3], groups;
    int64_t num_embeddings, embedding_dim, padding_idx;
    int64_t input_size, hidden_size, num_layers, proj_size;
    int64_t embed_dim, num_heads, kdim, vdim; /* kdim and vdim of 0 stand for None, which is embed_dim */
    int64_t dim_feedforward, num_encoder_layers, num_decoder_layers;
    int64_t num_features, normalized_shape[5];
    double init;
} oneseed_torch_layer;

/* One parameter. `offset` is where its elements begin when all parameters lie one after the other. */
typedef struct oneseed_torch_parameter {
    char name[80]; /* as in named_parameters(): "encoder.layers.0.self_attn.in_proj_weight" */
    int n_dims;
    int64_t shape[5];
    size_t n;
    size_t offset;
} oneseed_torch_parameter;

/* The defaults of torch's constructors: bias and affine are 1 (InstanceNorm's affine is 0), groups and num_layers 1, PReLU has one
 * parameter of 0.25, a transformer 2048 features in between, the whole one 512 wide with 8 heads and 6 layers each; all else is 0. */
ONESEED_API void oneseed_torch_layer_defaults(oneseed_torch_layer *layer, oneseed_torch_layer_kind kind);
/* How many parameters, and elements in all of them. Refused as the constructor does. */
ONESEED_API oneseed_status oneseed_torch_layer_size(const oneseed_torch_layer *layer, size_t *n_parameters_out,
                                                    size_t *n_elements_out);
/* Parameter k of n_parameters. */
ONESEED_API oneseed_status oneseed_torch_layer_parameter(const oneseed_torch_layer *layer, size_t k,
                                                         oneseed_torch_parameter *out);
/* The initial values, as the constructor draws them: each parameter into its own array, outs[k] for parameter k; or all of
 * them into one, each at its offset. dtype: one of the four floating ones. Left alone: the bias of a convolution without
 * inputs (a kernel of 0) before 2.12, where torch leaves memory as it was. */
ONESEED_API oneseed_status oneseed_torch_layer_fill(oneseed_torch *state, const oneseed_torch_layer *layer,
                                                    oneseed_torch_dtype dtype, void *const *outs);
ONESEED_API oneseed_status oneseed_torch_layer_flat_fill(oneseed_torch *state, const oneseed_torch_layer *layer,
                                                         oneseed_torch_dtype dtype, void *out);

/* ---- PyTorch: data order ---------------------------------------------------------------------------------------------
 *
 * torch.utils.data of PyTorch 1.13 to 2.13: which index comes when, and with what the workers are seeded. Two generators take
 * part: `global` is torch's default one, `generator` the one that was given as generator=, NULL for None. */

typedef enum oneseed_torch_sampler_kind {
    ONESEED_TORCH_SEQUENTIAL,      /* n_data */
    ONESEED_TORCH_RANDOM,          /* n_data, replacement, num_samples (0 stands for None: n_data): shuffle=True */
    ONESEED_TORCH_SUBSET_RANDOM,   /* indices, n_data of them */
    ONESEED_TORCH_WEIGHTED_RANDOM, /* weights, n_data of them, num_samples, replacement */
    ONESEED_TORCH_DISTRIBUTED      /* n_data, num_replicas, rank, shuffle, seed, epoch, drop_last; no generator */
} oneseed_torch_sampler_kind;
typedef struct oneseed_torch_sampler {
    int replacement, shuffle, drop_last; /* ahead of kind: for C++ no 0 is an enum, and {0} is good in both languages */
    oneseed_torch_sampler_kind kind;
    int64_t n_data, num_samples;
    const int64_t *indices;
    const double *weights;
    int64_t num_replicas, rank;
    uint64_t seed, epoch;
} oneseed_torch_sampler;

/* len(sampler), and how many int64 of work a fill takes (NULL for 0). Refused as the constructor does, what its iterator refuses at
 * once, and more than 2^53 indices. */
ONESEED_API oneseed_status oneseed_torch_sampler_size(const oneseed_torch_sampler *sampler, int64_t *n_out,
                                                      size_t *n_work_out);
/* list(sampler): one pass to its end, n_out indices. RandomSampler without a generator draws a seed from `global` for one of its
 * own; with one it also draws the permutation of which it takes no index. The other two draw from `generator`, or else
 * from `global`. */
ONESEED_API oneseed_status oneseed_torch_sampler_fill(oneseed_torch *global, oneseed_torch *generator,
                                                      const oneseed_torch_sampler *sampler, int64_t *work,
                                                      int64_t *out);

/* What iter(loader) draws from loader.generator, or else from the default generator, whatever the sampler and the number of workers:
 * the base seed. (For an IterDataPipe one more comes before it, drawn alike.) */
ONESEED_API int64_t oneseed_torch_loader_base_seed(oneseed_torch *state);
/* The index order of an epoch, for index in DataLoader(data, sampler=sampler, generator=generator): the base seed, then the sampler.
 * Batches are its pieces; their size and the number of workers change nothing. With persistent_workers the second and
 * later epochs draw no base seed: oneseed_torch_sampler_fill alone. */
ONESEED_API oneseed_status oneseed_torch_loader_epoch_fill(oneseed_torch *global, oneseed_torch *generator,
                                                           const oneseed_torch_sampler *sampler, int64_t *base_seed_out,
                                                           int64_t *work, int64_t *out);
/* len(BatchSampler): of n indices. */
ONESEED_API oneseed_status oneseed_torch_batch_count(int64_t n, int64_t batch_size, int drop_last,
                                                     int64_t *n_batches_out);
/* A worker process begins with random.seed(seed), torch.manual_seed(seed) and numpy.random.seed(numpy_seed), a list of 4:
 * oneseed_python_seed_u64, oneseed_torch_manual_seed, oneseed_numpy_legacy_seed_array make those states. */
ONESEED_API void oneseed_torch_worker_seeds(int64_t base_seed, uint32_t worker_id, uint64_t *seed_out,
                                            uint32_t numpy_seed_out[4]);

/* random_split(data, lengths): fractions that add up to 1, or whole numbers that add up to n_data. lengths_out has n_lengths
 * entries, and out the n_data indices, split after split. python_version (3.11 is 311, 0 the newest): from 3.12 on sum()
 * of floats is compensated; before, 0.4 + 0.2 + 0.3 + 0.1 is above 1 and refused. Negative lengths, of which torch makes
 * splits that overlap, are refused. */
ONESEED_API oneseed_status oneseed_torch_random_split_fill(oneseed_torch *state, const double *lengths,
                                                           size_t n_lengths, uint32_t python_version, int64_t n_data,
                                                           int64_t *lengths_out, int64_t *out);

/* ---- PyTorch: the CPU's other distributions
 * -------------------------------------------------------------------------------
 *
 * As above. libm: log, log1p, log1pf, exp, pow, tan, sqrt, lgamma and those of the normals; none of the functions
 * depends on a vector library. */

/* tensor.exponential_(lambda): floating dtypes. Builds with MKL of 2.0 to 2.6 are refused (TORCH_MKL). Two words for
 * each value, as for geometric_ and cauchy_. */
ONESEED_API oneseed_status oneseed_torch_exponential_fill(oneseed_torch *state, oneseed_torch_dtype dtype,
                                                          double lambda, void *out, size_t n);
/* tensor.geometric_(p): floating dtypes and uint8, int8, int16, int32, int64; what does not fit is cast as x86 does. */
ONESEED_API oneseed_status oneseed_torch_geometric_fill(oneseed_torch *state, oneseed_torch_dtype dtype, double p,
                                                        void *out, size_t n);
/* tensor.cauchy_(median, sigma): floating dtypes. */
ONESEED_API oneseed_status oneseed_torch_cauchy_fill(oneseed_torch *state, oneseed_torch_dtype dtype, double median,
                                                     double sigma, void *out, size_t n);
/* tensor.log_normal_(mean, std): floating dtypes; scalar normals whatever the size. */
ONESEED_API oneseed_status oneseed_torch_log_normal_fill(oneseed_torch *state, oneseed_torch_dtype dtype, double mean,
                                                         double std, void *out, size_t n);
/* torch.poisson(rate): n rates and n results of one floating dtype. */
ONESEED_API oneseed_status oneseed_torch_poisson_fill(oneseed_torch *state, oneseed_torch_dtype dtype, const void *rate,
                                                      void *out, size_t n);
/* torch.binomial(count, prob): float32 or float64. A count of NaN is refused. */
ONESEED_API oneseed_status oneseed_torch_binomial_fill(oneseed_torch *state, oneseed_torch_dtype dtype,
                                                       const void *count, const void *p, void *out, size_t n);
/* torch._standard_gamma(alpha): float32 or float64. Refused: an alpha of NaN or below -2/3, from which torch never
 * returns. */
ONESEED_API oneseed_status oneseed_torch_standard_gamma_fill(oneseed_torch *state, oneseed_torch_dtype dtype,
                                                             const void *alpha, void *out, size_t n);
/* torch._sample_dirichlet(alpha): rows of n_categories values, float32 or float64. `work` has n_categories values.
 * Torch adds up a single row of 32768 categories and more in one part for each of its threads: equal is then torch
 * with one thread. */
ONESEED_API oneseed_status oneseed_torch_dirichlet_fill(oneseed_torch *state, oneseed_torch_dtype dtype,
                                                        const void *alpha, size_t n_rows, size_t n_categories,
                                                        double *work, void *out);
/* torch.multinomial(weights, n_samples, replacement): rows of n_categories weights, contiguous, give rows of
 * n_samples indices. `work` has n_categories times 16 bytes, aligned as a double. All rows are looked at before the
 * first draw. Up to 2.1 there was none for float16. Equal quotients (of half types; of weights that are 0) come in the
 * order of libstdc++'s algorithms. In builds with MKL of 2.0 to 2.6 what needs exponentials is equal but for quotients
 * that are within 4 units in the last place of each other, and refused for other dtypes than float32. */
ONESEED_API oneseed_status oneseed_torch_multinomial_fill(oneseed_torch *state, oneseed_torch_dtype dtype,
                                                          const void *weights, size_t n_rows, size_t n_categories,
                                                          int64_t n_samples, int replacement, void *work, int64_t *out);
/* torch.nn.init.trunc_normal_(tensor, mean, std, a, b) of a contiguous tensor of a floating dtype. `work` has 3 n
 * values of the dtype. Since 2.12 by rejection; a logarithm is compared there, and one unit in its last place, which
 * builds with MKL may be away, can change a value with a probability below 10^-8. Up to 2.11 by erfinv, which MKL
 * computes for float32 and float64: there, with has_mkl, some values are one unit in the last place away. */
ONESEED_API oneseed_status oneseed_torch_trunc_normal_fill(oneseed_torch *state, oneseed_torch_dtype dtype, double mean,
                                                           double std, double a, double b, void *work, void *out,
                                                           size_t n);

/* ---- PyTorch: torch.distributions
 * -------------------------------------------------------------------------------------
 *
 * sample(): parameters and values in float32 or float64. The parameters' values are given for each element of the
 * result, as they broadcast to sample_shape + batch_shape; a distribution that torch makes of several tensors draws
 * them one after the other.
 *
 * Exact but for those that go through torch.log or torch.exp, which the wheels for x86 leave to MKL: LogNormal,
 * Gumbel and Pareto have single values one unit (of that logarithm or exponential) away; Geometric and
 * NegativeBinomial round to integers afterwards, which hides all but one in 10^7. docs/conformance.md has the
 * numbers. */
typedef enum oneseed_torch_distribution {
    ONESEED_TORCH_DISTRIBUTION_NORMAL,            /* loc, scale */
    ONESEED_TORCH_DISTRIBUTION_UNIFORM,           /* low, high */
    ONESEED_TORCH_DISTRIBUTION_EXPONENTIAL,       /* rate */
    ONESEED_TORCH_DISTRIBUTION_GAMMA,             /* concentration, rate */
    ONESEED_TORCH_DISTRIBUTION_CHI2,              /* df */
    ONESEED_TORCH_DISTRIBUTION_STUDENT_T,         /* df, loc, scale */
    ONESEED_TORCH_DISTRIBUTION_FISHER_SNEDECOR,   /* df1, df2 */
    ONESEED_TORCH_DISTRIBUTION_BETA,              /* concentration1, concentration0 */
    ONESEED_TORCH_DISTRIBUTION_LAPLACE,           /* loc, scale */
    ONESEED_TORCH_DISTRIBUTION_CAUCHY,            /* loc, scale */
    ONESEED_TORCH_DISTRIBUTION_HALF_NORMAL,       /* scale */
    ONESEED_TORCH_DISTRIBUTION_HALF_CAUCHY,       /* scale */
    ONESEED_TORCH_DISTRIBUTION_LOG_NORMAL,        /* loc, scale */
    ONESEED_TORCH_DISTRIBUTION_GUMBEL,            /* loc, scale */
    ONESEED_TORCH_DISTRIBUTION_PARETO,            /* scale, alpha */
    ONESEED_TORCH_DISTRIBUTION_BERNOULLI,         /* probs */
    ONESEED_TORCH_DISTRIBUTION_GEOMETRIC,         /* probs */
    ONESEED_TORCH_DISTRIBUTION_POISSON,           /* rate */
    ONESEED_TORCH_DISTRIBUTION_BINOMIAL,          /* total_count, probs */
    ONESEED_TORCH_DISTRIBUTION_NEGATIVE_BINOMIAL, /* total_count, probs */
    ONESEED_TORCH_DISTRIBUTION_INVERSE_GAMMA,     /* concentration, rate */
    ONESEED_TORCH_DISTRIBUTION_WEIBULL,           /* scale, concentration */
    ONESEED_TORCH_DISTRIBUTION_KUMARASWAMY,       /* concentration1, concentration0 */
    ONESEED_TORCH_N_DISTRIBUTIONS
} oneseed_torch_distribution;

/* `parameters` are as many arrays of n values as the distribution has; `work` has 3 n values of the dtype. n_batch is
 * the size of batch_shape, after which the parameters repeat (1 for scalars): a power's last bits depend on where a
 * row of the batch ends. Of more than 32768 of InverseGamma, Weibull and Kumaraswamy each thread of torch's ends a
 * row: equal is torch with one thread. */
ONESEED_API oneseed_status oneseed_torch_distribution_fill(oneseed_torch *state, oneseed_torch_distribution which,
                                                           oneseed_torch_dtype dtype, const void *const *parameters,
                                                           size_t n_batch, void *work, void *out, size_t n);
/* probs / probs.sum(-1): what Categorical(probs), OneHotCategorical and Multinomial draw from, by
 * oneseed_torch_multinomial_fill with replacement. Dirichlet is oneseed_torch_dirichlet_fill. */
ONESEED_API oneseed_status oneseed_torch_normalize_fill(oneseed_torch_dtype dtype, const void *weights, size_t n_rows,
                                                        size_t n_categories, void *out);
/* The same from Categorical(logits): softmax(logits - logsumexp(logits)). MKL's exponential and logarithm take part:
 * now and then a probability is a unit in the last place away, and of 10^6 draws one is another. */
ONESEED_API oneseed_status oneseed_torch_softmax_fill(oneseed_torch *state, oneseed_torch_dtype dtype,
                                                      const void *logits, size_t n_rows, size_t n_categories,
                                                      void *out);
/* torch.sigmoid(logits) of a contiguous tensor: what Bernoulli(logits) and Binomial(logits) draw from. Above 32768 as
 * the powers above. */
ONESEED_API oneseed_status oneseed_torch_sigmoid_fill(oneseed_torch *state, oneseed_torch_dtype dtype,
                                                      const void *logits, void *out, size_t n);
/* ---- PyTorch: the CUDA generator ------------------------------------------------------------------------------------
 *
 * torch.Generator("cuda") and its draws: the values of a contiguous tensor on the GPU that begins where its storage begins, and the
 * generator afterwards. The generator is a seed and an offset; each thread of a kernel has a stream of its own, and how many threads
 * there are, and so which value comes from which stream, depends on the GPU's multiprocessors. Up to 2048 values are the same on
 * every GPU; more need the GPU's shape, else they are refused (TORCH_CUDA_SHAPE).
 *
 * Exact: words, uniforms, integers, bernoulli, dropout, randperm. float64 normals and logarithms are CUDA's own algorithms; one table of
 * the GPU's is taken as correctly rounded. Where torch takes the GPU's approximate functions (float32 and half normals,
 * exponential, cauchy, geometric, log_normal) those are modelled, and the last bits differ: docs/torch.md says by how much. */

typedef struct oneseed_torch_cuda {
    uint64_t seed;
    uint64_t offset;         /* words of each stream that are used up; a multiple of 4 */
    uint32_t version;        /* of PyTorch, as in oneseed_torch; 1.13 to 2.13 */
    uint32_t cuda;           /* of CUDA that torch was built with: 12.8 is 12080; 0: 13.0 */
    uint32_t n_sms;          /* multi_processor_count of torch.cuda.get_device_properties(); 0: not known */
    uint32_t threads_per_sm; /* max_threads_per_multi_processor */
} oneseed_torch_cuda;

#define ONESEED_TORCH_CUDA_STATE_BYTES 16

/* torch.cuda.manual_seed(seed). Keeps version, cuda and the shape: a new state is zeroed first. */
ONESEED_API void oneseed_torch_cuda_manual_seed(oneseed_torch_cuda *state, uint64_t seed);
/* Generator.set_offset(). */
ONESEED_API oneseed_status oneseed_torch_cuda_set_offset(oneseed_torch_cuda *state, uint64_t offset);
/* torch.cuda.get_rng_state(): the same bytes, of 2.1 and later. */
ONESEED_API void oneseed_torch_cuda_get_state(const oneseed_torch_cuda *state,
                                              uint8_t out[ONESEED_TORCH_CUDA_STATE_BYTES]);
/* torch.cuda.set_rng_state(): 16 bytes, or the 8 of the seed alone; and, whatever the version, the 816 and 808 of releases before 2.1. */
ONESEED_API oneseed_status oneseed_torch_cuda_set_state(oneseed_torch_cuda *state, const void *bytes, size_t n);
ONESEED_API int oneseed_torch_cuda_is_valid(const oneseed_torch_cuda *state);

/* A GPU's shape, as CUDA reports it. */
typedef struct oneseed_gpu {
    const char *name;  /* h100-sxm: small letters, digits, - */
    const char *title; /* NVIDIA's */
    uint32_t n_sms;
    uint32_t threads_per_sm;
    uint32_t capability; /* 9.0 is 90 */
} oneseed_gpu;

/* The known GPUs, by index; NULL behind the last one. */
ONESEED_API const oneseed_gpu *oneseed_gpu_at(size_t i);
/* By name, by title, or by what torch.cuda.get_device_name() prints of the same board ("NVIDIA A100-SXM4-80GB"; older
 * drivers leave "NVIDIA " out); capital or small letters. NULL: not known, as slices (MIG) and laptops' GPUs are not. */
ONESEED_API const oneseed_gpu *oneseed_gpu_find(const char *name);

/* torch.rand(n, dtype=dtype, device="cuda"), tensor.uniform_(from, to): floating dtypes. Exact. */
ONESEED_API oneseed_status oneseed_torch_cuda_rand_fill(oneseed_torch_cuda *state, oneseed_torch_dtype dtype, void *out,
                                                        size_t n);
ONESEED_API oneseed_status oneseed_torch_cuda_uniform_fill(oneseed_torch_cuda *state, oneseed_torch_dtype dtype,
                                                           double from, double to, void *out, size_t n);
/* torch.randn, tensor.normal_(mean, std): floating dtypes. float64: CUDA's algorithms; others: modelled sine and cosine. */
ONESEED_API oneseed_status oneseed_torch_cuda_randn_fill(oneseed_torch_cuda *state, oneseed_torch_dtype dtype,
                                                         void *out, size_t n);
ONESEED_API oneseed_status oneseed_torch_cuda_normal_fill(oneseed_torch_cuda *state, oneseed_torch_dtype dtype,
                                                          double mean, double std, void *out, size_t n);
/* torch.randint(low, high, (n,)), tensor.random_(from, to), .random_(), .random_(from, None): as on the CPU. Exact. */
ONESEED_API oneseed_status oneseed_torch_cuda_randint_fill(oneseed_torch_cuda *state, oneseed_torch_dtype dtype,
                                                           int64_t low, int64_t high, void *out, size_t n);
ONESEED_API oneseed_status oneseed_torch_cuda_random_fill(oneseed_torch_cuda *state, oneseed_torch_dtype dtype,
                                                          void *out, size_t n);
ONESEED_API oneseed_status oneseed_torch_cuda_random_from_fill(oneseed_torch_cuda *state, oneseed_torch_dtype dtype,
                                                               int64_t from, void *out, size_t n);
/* torch.randperm(n, dtype=dtype): dtypes as on the CPU. memory has 3 n words of the caller's. Exact. libm: log, log2. */
ONESEED_API oneseed_status oneseed_torch_cuda_randperm_fill(oneseed_torch_cuda *state, oneseed_torch_dtype dtype,
                                                            void *out, size_t n, uint64_t *memory);
/* tensor.exponential_(lambda), .cauchy_(median, sigma), .log_normal_(mean, std): floating dtypes. float64: CUDA's algorithms; others:
 * modelled logarithms, tangents, exponentials. */
ONESEED_API oneseed_status oneseed_torch_cuda_exponential_fill(oneseed_torch_cuda *state, oneseed_torch_dtype dtype,
                                                               double lambda, void *out, size_t n);
ONESEED_API oneseed_status oneseed_torch_cuda_cauchy_fill(oneseed_torch_cuda *state, oneseed_torch_dtype dtype,
                                                          double median, double sigma, void *out, size_t n);
ONESEED_API oneseed_status oneseed_torch_cuda_log_normal_fill(oneseed_torch_cuda *state, oneseed_torch_dtype dtype,
                                                              double mean, double std, void *out, size_t n);
/* torch.multinomial(weights, n_samples, replacement) on CUDA of one sample, or without replacement (others are TORCH_CUDA_MULTINOMIAL): rows of
 * n_categories weights give rows of n_samples indices, those of the largest quotients of weights and exponentials. Near ties of
 * float32 quotients, one in a million, may be decided the other way. exponentials: as many values as weights, work: n_categories of
 * 16 bytes, both the caller's. */
ONESEED_API oneseed_status oneseed_torch_cuda_multinomial_fill(oneseed_torch_cuda *state, oneseed_torch_dtype dtype,
                                                               const void *weights, size_t n_rows, size_t n_categories,
                                                               int64_t n_samples, int replacement, void *exponentials,
                                                               void *work, int64_t *out);
/* tensor.geometric_(p): floating dtypes and uint8, int8, int16, int32, int64; modelled logarithms but for float64, so that a value at an
 * integer's border may be the neighbour of torch's. */
ONESEED_API oneseed_status oneseed_torch_cuda_geometric_fill(oneseed_torch_cuda *state, oneseed_torch_dtype dtype,
                                                             double p, void *out, size_t n);
/* tensor.bernoulli_(p): every dtype but uint16, uint32 and uint64. Exact. */
ONESEED_API oneseed_status oneseed_torch_cuda_bernoulli_fill(oneseed_torch_cuda *state, oneseed_torch_dtype dtype,
                                                             double p, void *out, size_t n);
/* tensor.bernoulli_(p) with a tensor of as many probabilities; torch.bernoulli(p) is out_dtype == p_dtype. Exact. A p outside [0, 1] is a
 * failed assertion on the GPU (TORCH_CUDA_ASSERT). */
ONESEED_API oneseed_status oneseed_torch_cuda_bernoulli_tensor_fill(oneseed_torch_cuda *state,
                                                                    oneseed_torch_dtype p_dtype, const void *p,
                                                                    oneseed_torch_dtype out_dtype, void *out, size_t n);
/* torch.native_dropout(in, p, train=True): floating dtypes; mask_out may be NULL. torch.nn.functional.dropout(in, p) on CUDA is this for
 * 0 < p < 1; oneseed_torch_cuda_dropout_fill knows the rest, which draws nothing. Exact. */
ONESEED_API oneseed_status oneseed_torch_cuda_native_dropout_fill(oneseed_torch_cuda *state, oneseed_torch_dtype dtype,
                                                                  double p, const void *in, void *out,
                                                                  uint8_t *mask_out, size_t n);
ONESEED_API oneseed_status oneseed_torch_cuda_dropout_fill(oneseed_torch_cuda *state, oneseed_torch_dtype dtype,
                                                           double p, const void *in, void *out, size_t n);

/* ---- JAX -----------------------------------------------------------------------------------------------------------------
 *
 * jax.random of JAX 0.4.24 to 0.10. A key is no state: each function is one of key, shape and parameters, and n is the number of
 * elements in the shape asked for (in the original mode it decides the values). A shape's values are in row-major order. */

/* Threefry-2x32 with 20 rounds (Salmon et al. 2011): one block of a counter. */
ONESEED_API void oneseed_threefry2x32_block(const uint32_t key[2], const uint32_t counter[2], uint32_t out[2]);

/* jax_default_prng_impl. rbg and unsafe_rbg are XLA's RngBitGenerator as it is on CPUs and GPUs; the last three came with 0.10. */
typedef enum oneseed_jax_impl {
    ONESEED_JAX_THREEFRY2X32,
    ONESEED_JAX_RBG,
    ONESEED_JAX_UNSAFE_RBG,
    ONESEED_JAX_PHILOX2X32,
    ONESEED_JAX_PHILOX4X32,
    ONESEED_JAX_THREEFRY4X32
} oneseed_jax_impl;

typedef enum oneseed_jax_dtype {
    ONESEED_JAX_BFLOAT16, /* the half types as their 16 bits */
    ONESEED_JAX_FLOAT16,
    ONESEED_JAX_FLOAT32,
    ONESEED_JAX_FLOAT64,
    ONESEED_JAX_INT8,
    ONESEED_JAX_INT16,
    ONESEED_JAX_INT32,
    ONESEED_JAX_INT64,
    ONESEED_JAX_UINT8,
    ONESEED_JAX_UINT16,
    ONESEED_JAX_UINT32,
    ONESEED_JAX_UINT64
} oneseed_jax_dtype;

/* What XLA compiles for. It matters to float64's gamma and to what is made of gammas; float16's are those of AVX512-FP16 always. */
typedef enum oneseed_jax_cpu { ONESEED_JAX_AVX512, ONESEED_JAX_AVX2 } oneseed_jax_cpu;

/* Begin with {0} and set what is not the default; then seed. A key of bits: wrap_key_data(words). The version changes no member by
 * itself: who takes a version of a user sets is_original before 0.5. Keys, bits, integers and uniforms are those of every version;
 * of the reals docs/jax.md says which versions are exact. */
typedef struct oneseed_jax_key {
    uint32_t words[4];    /* key_data(): as many of them as oneseed_jax_key_words() */
    uint32_t impl;        /* oneseed_jax_impl */
    uint32_t is_original; /* 1: jax_threefry_partitionable is off, as it was by default before 0.5 */
    uint32_t has_x64;     /* 1: jax_enable_x64; seeding alone asks for it */
    uint32_t version;     /* of JAX: 0.4.35 is 435, 0.10.2 is 1002; 0: the newest that is proven, 0.10 */
    uint32_t cpu;         /* oneseed_jax_cpu */
} oneseed_jax_key;

ONESEED_API int oneseed_jax_key_is_valid(const oneseed_jax_key *key);
/* 1, 2 or 4. */
ONESEED_API size_t oneseed_jax_key_words(const oneseed_jax_key *key);
/* jax.random.key(seed), PRNGKey(seed): keeps the other members. */
ONESEED_API void oneseed_jax_key_seed(oneseed_jax_key *key, int64_t seed);
/* split(key, n): n keys; `out` may begin with `key`. */
ONESEED_API void oneseed_jax_split(const oneseed_jax_key *key, oneseed_jax_key *out, size_t n);
/* fold_in(key, data). `out` may be `key`. */
ONESEED_API void oneseed_jax_fold_in(const oneseed_jax_key *key, uint32_t data, oneseed_jax_key *out);

/* bits(key, (n,), uint8 to uint64). Refused: a width that is not 8, 16, 32 or 64. */
ONESEED_API oneseed_status oneseed_jax_bits_fill(const oneseed_jax_key *key, unsigned width, void *out, size_t n);
/* uniform(key, (n,), dtype, minval, maxval), floating dtypes; jax takes 0 and 1 by default. Another range than 0 to 1: as on
 * processors with FMA. */
ONESEED_API oneseed_status oneseed_jax_uniform_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, double minval,
                                                    double maxval, void *out, size_t n);
/* normal(key, (n,), dtype), floating dtypes: as XLA computes it on x86-64 with FMA. float64: libm's log. */
ONESEED_API oneseed_status oneseed_jax_normal_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, void *out,
                                                   size_t n);
/* Distributions of floating dtypes, each name(key, …, shape (n,), dtype): as XLA computes them on x86-64 with FMA. Parameters are
 * scalars; as in jax a Python number is first a float32 (with x64 a float64), then one of the dtype. libm: log of float64, tan, pow,
 * erf of float64. */
ONESEED_API oneseed_status oneseed_jax_exponential_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, void *out,
                                                        size_t n);
/* gumbel(key, (n,), dtype, mode); jax takes "low" by default. Of dtypes that are not float32, "highest" is "high". Before 0.4.36 jax
 * knows "low" alone. */
typedef enum oneseed_jax_mode { ONESEED_JAX_LOW, ONESEED_JAX_HIGH, ONESEED_JAX_HIGHEST } oneseed_jax_mode;
ONESEED_API oneseed_status oneseed_jax_gumbel_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, void *out,
                                                   size_t n);
ONESEED_API oneseed_status oneseed_jax_gumbel_mode_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype,
                                                        oneseed_jax_mode mode, void *out, size_t n);
ONESEED_API oneseed_status oneseed_jax_laplace_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, void *out,
                                                    size_t n);
ONESEED_API oneseed_status oneseed_jax_logistic_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, void *out,
                                                     size_t n);
ONESEED_API oneseed_status oneseed_jax_cauchy_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, void *out,
                                                   size_t n);
ONESEED_API oneseed_status oneseed_jax_rayleigh_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, double scale,
                                                     void *out, size_t n);
ONESEED_API oneseed_status oneseed_jax_weibull_min_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype,
                                                        double scale, double concentration, void *out, size_t n);
ONESEED_API oneseed_status oneseed_jax_pareto_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, double b,
                                                   void *out, size_t n);
ONESEED_API oneseed_status oneseed_jax_lognormal_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, double sigma,
                                                      void *out, size_t n);
ONESEED_API oneseed_status oneseed_jax_truncated_normal_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype,
                                                             double lower, double upper, void *out, size_t n);
/* The gamma family, floating dtypes: gamma(key, a, (n,), dtype) and so on, of JAX 0.10. A parameter is one number, n_… 1, or one for each
 * of the n values, an array broadcast to the shape, row-major; doubles hold the values of every dtype. float32 and bfloat16 are as on
 * x86-64 with FMA (Intel's RSQRTPS), float64 as key.cpu says, float16 as on AVX512-FP16. libm: pow, float64's log. */
ONESEED_API oneseed_status oneseed_jax_gamma_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, const double *a,
                                                  size_t n_a, void *out, size_t n);
ONESEED_API oneseed_status oneseed_jax_loggamma_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype,
                                                     const double *a, size_t n_a, void *out, size_t n);
ONESEED_API oneseed_status oneseed_jax_beta_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, const double *a,
                                                 size_t n_a, const double *b, size_t n_b, void *out, size_t n);
ONESEED_API oneseed_status oneseed_jax_chisquare_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype,
                                                      const double *df, size_t n_df, void *out, size_t n);
ONESEED_API oneseed_status oneseed_jax_t_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, const double *df,
                                              size_t n_df, void *out, size_t n);
ONESEED_API oneseed_status oneseed_jax_f_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, const double *dfnum,
                                              size_t n_dfnum, const double *dfden, size_t n_dfden, void *out, size_t n);
/* dirichlet(key, alpha, (n,), dtype): n rows of n_alpha numbers. ball(key, d, p, (n,), dtype): n rows of d. Exact up to 4095 numbers in all:
 * XLA gives the sums of larger arrays to YNNPACK. */
ONESEED_API oneseed_status oneseed_jax_dirichlet_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype,
                                                      const double *alpha, size_t n_alpha, void *out, size_t n);
ONESEED_API oneseed_status oneseed_jax_wald_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype,
                                                 const double *mean, size_t n_mean, void *out, size_t n);
ONESEED_API oneseed_status oneseed_jax_triangular_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype,
                                                       const double *left, size_t n_left, const double *mode,
                                                       size_t n_mode, const double *right, size_t n_right, void *out,
                                                       size_t n);
ONESEED_API oneseed_status oneseed_jax_generalized_normal_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype,
                                                               double p, void *out, size_t n);
ONESEED_API oneseed_status oneseed_jax_ball_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, size_t d,
                                                 double p, void *out, size_t n);
/* poisson(key, lam, (n,), dtype), integer dtypes; lam is a float32. Refused: a key that is not threefry2x32, as in jax. */
ONESEED_API oneseed_status oneseed_jax_poisson_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype,
                                                    const double *lam, size_t n_lam, void *out, size_t n);
/* binomial(key, count, p, (n,), dtype), floating dtypes; p_dtype is p's, float32 for a Python float (float64 with x64). A count or p that
 * is out of range gives NaN. */
ONESEED_API oneseed_status oneseed_jax_binomial_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype,
                                                     oneseed_jax_dtype p_dtype, const double *count, size_t n_count,
                                                     const double *p, size_t n_p, void *out, size_t n);
/* geometric(key, p, (n,), dtype), integer dtypes; p_dtype is p's. */
ONESEED_API oneseed_status oneseed_jax_geometric_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype,
                                                      oneseed_jax_dtype p_dtype, const double *p, size_t n_p, void *out,
                                                      size_t n);
/* bernoulli(key, p, (n,)): 0 or 1; p_dtype is p's, float32 for a Python float without x64. rademacher(key, (n,)) is 2 x - 1 of
 * p 0.5 in float32 (with x64 float64). */
ONESEED_API oneseed_status oneseed_jax_bernoulli_fill(const oneseed_jax_key *key, oneseed_jax_dtype p_dtype, double p,
                                                      uint8_t *out, size_t n);
/* randint(key, (n,), minval, maxval, dtype), integer dtypes. An empty range gives minval, bounds are clipped to the dtype's, as
 * in jax. */
ONESEED_API oneseed_status oneseed_jax_randint_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, int64_t minval,
                                                    int64_t maxval, void *out, size_t n);
/* permutation(key, n): the indices. `space` is memory to work in, of _permutation_space() words of 64 bits. choice(key, n, (k,),
 * replace=False) is the first k of them. Refused: n above 2^32 - 1. libm: log. */
ONESEED_API size_t oneseed_jax_permutation_space(size_t n);
ONESEED_API oneseed_status oneseed_jax_permutation(const oneseed_jax_key *key, uint64_t *space, uint32_t *out,
                                                   size_t n);

/* The same with parameters for each value: n_… is 1, or n, an array broadcast to the shape, row-major. Arrays are of the dtype: where XLA
 * rounds them otherwise than scalars, these do. bernoulli has a mode, ONESEED_JAX_LOW or _HIGH. */
ONESEED_API oneseed_status oneseed_jax_uniform_each_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype,
                                                         const double *minval, size_t n_minval, const double *maxval,
                                                         size_t n_maxval, void *out, size_t n);
ONESEED_API oneseed_status oneseed_jax_truncated_normal_each_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype,
                                                                  const double *lower, size_t n_lower,
                                                                  const double *upper, size_t n_upper, void *out,
                                                                  size_t n);
ONESEED_API oneseed_status oneseed_jax_rayleigh_each_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype,
                                                          const double *scale, size_t n_scale, void *out, size_t n);
ONESEED_API oneseed_status oneseed_jax_weibull_min_each_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype,
                                                             const double *scale, size_t n_scale,
                                                             const double *concentration, size_t n_concentration,
                                                             void *out, size_t n);
ONESEED_API oneseed_status oneseed_jax_pareto_each_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype,
                                                        const double *b, size_t n_b, void *out, size_t n);
ONESEED_API oneseed_status oneseed_jax_lognormal_each_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype,
                                                           const double *sigma, size_t n_sigma, void *out, size_t n);
ONESEED_API oneseed_status oneseed_jax_bernoulli_each_fill(const oneseed_jax_key *key, oneseed_jax_dtype p_dtype,
                                                           oneseed_jax_mode mode, const double *p, size_t n_p,
                                                           uint8_t *out, size_t n);
ONESEED_API oneseed_status oneseed_jax_randint_each_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype,
                                                         const int64_t *minval, size_t n_minval, const int64_t *maxval,
                                                         size_t n_maxval, void *out, size_t n);
/* maxwell(key, (n,), dtype); double_sided_maxwell(key, loc, scale, …) of n values, parameters for each or one of all. */
ONESEED_API oneseed_status oneseed_jax_maxwell_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, void *out,
                                                    size_t n);
ONESEED_API oneseed_status oneseed_jax_double_sided_maxwell_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype,
                                                                 const double *loc, size_t n_loc, const double *scale,
                                                                 size_t n_scale, void *out, size_t n);
/* permutation(key, x, axis, independent=True) of an x of n_outer * n_axis * n_inner elements: where in its own line along the axis each
 * element comes from. Space and refusal: as permutation(), n the number of elements. */
ONESEED_API oneseed_status oneseed_jax_permutation_lines(const oneseed_jax_key *key, size_t n_outer, size_t n_axis,
                                                         size_t n_inner, uint64_t *space, uint32_t *out);
/* categorical(key, logits, axis, shape): a class for each of n_draws * n_outer * n_inner, row-major. `logits` are n_outer * n_classes *
 * n_inner values of the dtype, the classes on the axis; n_draws is what `shape` has in front of the logits' own shape. Refused: no
 * classes, above 2^32 - 1. */
ONESEED_API oneseed_status oneseed_jax_categorical_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype,
                                                        oneseed_jax_mode mode, const double *logits, size_t n_outer,
                                                        size_t n_classes, size_t n_inner, uint32_t *out,
                                                        size_t n_draws);
/* With replace=False: n_draws different classes. `space`: _categorical_space() words of 64 bits. Refused, too: more draws than classes. */
ONESEED_API size_t oneseed_jax_categorical_space(size_t n_classes);
ONESEED_API oneseed_status oneseed_jax_categorical_choose(const oneseed_jax_key *key, oneseed_jax_dtype dtype,
                                                          oneseed_jax_mode mode, const double *logits, size_t n_outer,
                                                          size_t n_classes, size_t n_inner, uint64_t *space,
                                                          uint32_t *out, size_t n_draws);
/* choice(key, n_classes, (n,), p=p): indices; p's values are of the dtype (integers are float32, with x64 float64), `space` is for
 * n_classes doubles. choice without p is randint(key, (n,), 0, n_classes) in int32, with x64 int64. */
ONESEED_API oneseed_status oneseed_jax_choice_fill(const oneseed_jax_key *key, oneseed_jax_dtype dtype, const double *p,
                                                   size_t n_classes, double *space, uint32_t *out, size_t n);
/* choice(key, n_classes, (n,), replace=False, p=p, mode=mode); space and refusals as categorical_choose(). */
ONESEED_API oneseed_status oneseed_jax_choice_choose(const oneseed_jax_key *key, oneseed_jax_dtype dtype,
                                                     oneseed_jax_mode mode, const double *p, size_t n_classes,
                                                     uint64_t *space, uint32_t *out, size_t n);
/* ---- TensorFlow ----------------------------------------------------------------------------------------------------------
 *
 * The CPU kernels of TensorFlow 2, as of 2.21. A place in a Philox stream and the parameters decide the values; no sampler changes its
 * place. A stateful operation (tf.random.*) takes its place from two seeds and afterwards goes on behind what it
 * reserves; a stateless one (tf.random.stateless_*) has the place of its seed pair. docs/tensorflow.md puts them together. A
 * shape's values are in row-major order; how many threads TensorFlow has never matters. */

typedef enum oneseed_tensorflow_dtype {
    ONESEED_TENSORFLOW_BFLOAT16, /* the half types as their 16 bits */
    ONESEED_TENSORFLOW_FLOAT16,
    ONESEED_TENSORFLOW_FLOAT32,
    ONESEED_TENSORFLOW_FLOAT64,
    ONESEED_TENSORFLOW_INT32,
    ONESEED_TENSORFLOW_INT64,
    ONESEED_TENSORFLOW_UINT32,
    ONESEED_TENSORFLOW_UINT64
} oneseed_tensorflow_dtype;

/* Bytes of one value; 0 for what is no dtype. */
ONESEED_API size_t oneseed_tensorflow_dtype_size(oneseed_tensorflow_dtype dtype);

/* A place in a Philox-4x32-10 stream, always at the beginning of a block. counter[0] is the lowest word. The tensor `key` of
 * the stateless V2 operations is key[0] + 2^32 key[1], their `counter` is counter[0] + 2^32 counter[1], counter[2] + 2^32 counter[3]. */
typedef struct oneseed_tensorflow_philox {
    uint32_t key[2];
    uint32_t counter[4];
} oneseed_tensorflow_philox;

/* The place of a stateful operation with the attributes seed and seed2. TensorFlow takes both from the system when both are 0. */
ONESEED_API void oneseed_tensorflow_philox_seed(oneseed_tensorflow_philox *place, int64_t seed, int64_t seed2);
/* The place of a stateless operation with seed=[a, b]. */
ONESEED_API void oneseed_tensorflow_stateless_seed(oneseed_tensorflow_philox *place, int64_t a, int64_t b);
/* Forward by blocks of four words. */
ONESEED_API void oneseed_tensorflow_philox_skip(oneseed_tensorflow_philox *place, uint64_t n_blocks);
/* What uniform, integer uniform, normal, truncated normal, gamma and poisson leave behind when they gave n values: 256 n blocks. */
ONESEED_API void oneseed_tensorflow_reserve(oneseed_tensorflow_philox *place, uint64_t n);
/* tf.random.split(seed, n) of a seed of the dtype INT32 or INT64: n pairs; fold_in(seed, data) is the first of the pair and data. */
ONESEED_API oneseed_status oneseed_tensorflow_split(int64_t a, int64_t b, oneseed_tensorflow_dtype dtype,
                                                    int64_t (*out)[2], size_t n);

/* What tf.random.set_seed sets: the global seed and the Python generator that seeds operations. Begin with {0}: no global seed. */
typedef struct oneseed_tensorflow_context {
    oneseed_python generator;
    int64_t seed;     /* modulo 2^31 - 1 */
    int32_t has_seed; /* 2: a float between -1 and 1 that is not 0 */
} oneseed_tensorflow_context;

/* tf.random.set_seed(seed); a binding then forgets the kernels that it keeps. */
ONESEED_API void oneseed_tensorflow_set_seed(oneseed_tensorflow_context *context, int64_t seed);
/* The same for an integer of any length: its absolute value as n_words words of 32 bits, the lowest first. */
ONESEED_API void oneseed_tensorflow_set_seed_words(oneseed_tensorflow_context *context, int is_negative,
                                                   const uint32_t *words, size_t n_words);
/* The same for a Python float. Refused: infinities and NaN. */
ONESEED_API oneseed_status oneseed_tensorflow_set_seed_f64(oneseed_tensorflow_context *context, double seed);
/* An integer of any length, and a finite float, as an operation's seed: modulo 2^31 - 1, which changes no stream. */
ONESEED_API int64_t oneseed_tensorflow_seed_words(int is_negative, const uint32_t *words, size_t n_words);
ONESEED_API int64_t oneseed_tensorflow_seed_f64(double seed);
/* The attributes (seed, seed2) of the next operation called eagerly: op_seed is its argument `seed`, NULL for None. 1; or 0 when
 * TensorFlow seeds the operation from the system: there is neither seed, or a fraction and 0. Then out is (0, 0). */
ONESEED_API int oneseed_tensorflow_operation_seed(oneseed_tensorflow_context *context, const int64_t *op_seed,
                                                  int64_t out[2]);
/* The same in a graph (tf.function, tf.Graph): graph_seed is the graph's, NULL for None; *n_unseeded counts the graph's operations
 * without a seed that asked before, from 0. */
ONESEED_API int oneseed_tensorflow_graph_seed(const int64_t *graph_seed, uint64_t *n_unseeded, const int64_t *op_seed,
                                              int64_t out[2]);

/* uniform((n,), dtype=dtype): floating dtypes, in [0, 1). */
ONESEED_API oneseed_status oneseed_tensorflow_uniform_fill(const oneseed_tensorflow_philox *place,
                                                           oneseed_tensorflow_dtype dtype, void *out, size_t n);
/* uniform((n,), minval, maxval, dtype): u (maxval - minval) + minval, each step rounded to the dtype, and the bounds first. For minval 0
 * that tf.random.uniform gets as a Python int, or not at all, it adds nothing: that is minval -0.0. */
ONESEED_API oneseed_status oneseed_tensorflow_uniform_range_fill(const oneseed_tensorflow_philox *place,
                                                                 oneseed_tensorflow_dtype dtype, double minval,
                                                                 double maxval, void *out, size_t n);
/* uniform((n,), minval, maxval, dtype) of INT32 and INT64: minval <= x < maxval. Refused, unless n is 0: bounds outside the dtype,
 * minval >= maxval. */
ONESEED_API oneseed_status oneseed_tensorflow_uniform_int_fill(const oneseed_tensorflow_philox *place,
                                                               oneseed_tensorflow_dtype dtype, int64_t minval,
                                                               int64_t maxval, void *out, size_t n);
/* stateless_uniform((n,), seed, None, None, dtype): integer dtypes, all their values. */
ONESEED_API oneseed_status oneseed_tensorflow_uniform_full_int_fill(const oneseed_tensorflow_philox *place,
                                                                    oneseed_tensorflow_dtype dtype, void *out,
                                                                    size_t n);
/* normal((n,), mean, stddev, dtype): floating dtypes; normal times stddev plus mean, each step rounded to the dtype, and both
 * first. libm: logf, sinf, cosf; of float64 log, sin, cos. What the kernel alone gives (raw_ops): mean -0.0, stddev 1. */
ONESEED_API oneseed_status oneseed_tensorflow_normal_fill(const oneseed_tensorflow_philox *place,
                                                          oneseed_tensorflow_dtype dtype, double mean, double stddev,
                                                          void *out, size_t n);
/* truncated_normal((n,), mean, stddev, dtype), as normal: the standard one between -2 and 2. */
ONESEED_API oneseed_status oneseed_tensorflow_truncated_normal_fill(const oneseed_tensorflow_philox *place,
                                                                    oneseed_tensorflow_dtype dtype, double mean,
                                                                    double stddev, void *out, size_t n);
/* tf.random.shuffle, tf.random.experimental.stateless_shuffle: row i of the result is row indices[i]. n is less than 2^32. */
ONESEED_API void oneseed_tensorflow_shuffle(const oneseed_tensorflow_philox *place, uint32_t *indices, size_t n);
/* The same shuffle of n rows of row_nbytes each, in place. */
ONESEED_API void oneseed_tensorflow_shuffle_rows(const oneseed_tensorflow_philox *place, void *rows, size_t row_nbytes,
                                                 size_t n);
/* tf.random.experimental.index_shuffle(indices, [a, b], max_index): n places of one permutation of 0 to max_index, as TensorFlow makes it
 * (of a power of two, max_index goes where 0 goes). Refused: an index above max_index. libm: log2. */
ONESEED_API oneseed_status oneseed_tensorflow_index_shuffle(int64_t a, int64_t b, uint64_t max_index,
                                                            const uint64_t *indices, uint64_t *out, size_t n);
/* What tf.random.shuffle leaves behind when it shuffled n rows; nothing when the tensor has one value at most. */
ONESEED_API void oneseed_tensorflow_reserve_shuffle(oneseed_tensorflow_philox *place, uint64_t n);
/* tf.nn.dropout(in, rate) of floating dtypes: rate is a Python number. Rate 0 draws nothing, though the operation asks for its seed.
 * Refused: a rate outside 0 <= rate < 1. */
ONESEED_API oneseed_status oneseed_tensorflow_dropout_fill(const oneseed_tensorflow_philox *place,
                                                           oneseed_tensorflow_dtype dtype, double rate, const void *in,
                                                           void *out, size_t n);
/* Its mask for another noise_shape or a rate that is a tensor: 1 keeps. A tensor's rate divides: in / (1 - rate) in the dtype. */
ONESEED_API oneseed_status oneseed_tensorflow_keep_fill(const oneseed_tensorflow_philox *place,
                                                        oneseed_tensorflow_dtype dtype, double rate, uint8_t *out,
                                                        size_t n);
/* The stateless operations as XLA compiles them (jit_compile=True) on x86-64 with FMA, algorithm auto_select: other values from the same
 * words. Integers, split and shuffles do not differ. float16 with a range, a mean or a deviation: as on processors without AVX512-FP16.
 * libm: sinf, cosf, of float64 log, sin, cos. */
ONESEED_API oneseed_status oneseed_tensorflow_xla_uniform_fill(const oneseed_tensorflow_philox *place,
                                                               oneseed_tensorflow_dtype dtype, double minval,
                                                               double maxval, void *out, size_t n);
ONESEED_API oneseed_status oneseed_tensorflow_xla_normal_fill(const oneseed_tensorflow_philox *place,
                                                              oneseed_tensorflow_dtype dtype, double mean,
                                                              double stddev, void *out, size_t n);
ONESEED_API oneseed_status oneseed_tensorflow_xla_truncated_normal_fill(const oneseed_tensorflow_philox *place,
                                                                        oneseed_tensorflow_dtype dtype, double mean,
                                                                        double stddev, void *out, size_t n);

/* ---- TensorFlow: distributions with rejection --------------------------------------------------------------------------
 *
 * Parameters are arrays already broadcast against each other, in doubles, which hold every dtype's numbers and are first rounded to
 * it. Each set of parameters gives n_samples values: sample i of set k is out[i * n_sets + k], so that the parameters' shape ends
 * the result's. libm: where named. */

/* tf.random.gamma([n_samples], alpha, beta), stateless_gamma: FLOAT16, FLOAT32, FLOAT64. beta may be NULL: 1. A stateful one
 * reserves n_alpha * n_samples. libm: log, log1p, pow, sin, cos. */
ONESEED_API oneseed_status oneseed_tensorflow_gamma_fill(const oneseed_tensorflow_philox *place,
                                                         oneseed_tensorflow_dtype dtype, const double *alpha,
                                                         const double *beta, size_t n_alpha, size_t n_samples,
                                                         void *out);
/* tf.random.poisson([n_samples], rates, dtype), stateless_poisson: FLOAT16 to FLOAT64, INT32, INT64; the rates as they are, in
 * their dtype. A stateful one reserves n_rates * n_samples. Refused: a rate that is NaN, infinite, or six standard
 * deviations above the dtype's largest number. libm: exp, log, lgamma. */
ONESEED_API oneseed_status oneseed_tensorflow_poisson_fill(const oneseed_tensorflow_philox *place,
                                                           oneseed_tensorflow_dtype dtype, const double *rates,
                                                           size_t n_rates, size_t n_samples, void *out);
/* stateless_binomial(shape, seed, counts, probs, output_dtype): parameters FLOAT16 to FLOAT64, out INT32 and INT64, too.
 * Refused: a count that is NaN; a probability that is NaN for integers. An integer that does not fit is its dtype's smallest,
 * as on x86. libm: log, log1p. */
ONESEED_API oneseed_status oneseed_tensorflow_binomial_fill(const oneseed_tensorflow_philox *place,
                                                            oneseed_tensorflow_dtype parameter_dtype,
                                                            const double *counts, const double *probs, size_t n_batches,
                                                            size_t n_samples, oneseed_tensorflow_dtype dtype,
                                                            void *out);
/* What Generator.binomial leaves behind: 256 * (200 n_batches (n_samples + 3) / 4) blocks, an integer division. */
ONESEED_API void oneseed_tensorflow_binomial_reserve(oneseed_tensorflow_philox *place, uint64_t n_batches,
                                                     uint64_t n_samples);
/* tf.random.categorical(logits, n_samples, dtype), stateless_categorical: logits in n_rows rows of n_classes, INT32 or INT64; out is
 * n_rows rows of n_samples. `space` is memory for n_classes doubles. With more than one row the result depends on how
 * TensorFlow cuts the rows for its threads: n_threads is the number of its intra-op threads, which is by default that of the
 * processor's cores. Logits that are not finite are classes that never come. Refused: no classes. libm: exp, log. Eigen's exp of vectors may
 * have another last bit: of some 10^15 samples one would be another. */
ONESEED_API oneseed_status oneseed_tensorflow_categorical_fill(const oneseed_tensorflow_philox *place,
                                                               const double *logits, size_t n_rows, size_t n_classes,
                                                               size_t n_samples, unsigned n_threads,
                                                               oneseed_tensorflow_dtype dtype, double *space,
                                                               void *out);
/* What categorical leaves behind, when it gave any sample. */
ONESEED_API void oneseed_tensorflow_categorical_reserve(oneseed_tensorflow_philox *place, uint64_t n_rows,
                                                        uint64_t n_samples);

/* ---- TensorFlow: tf.random.Generator and tf.data --------------------------------------------------------------------------- */

typedef enum oneseed_tensorflow_algorithm {
    ONESEED_TENSORFLOW_ALGORITHM_PHILOX = 1,
    ONESEED_TENSORFLOW_ALGORITHM_THREEFRY = 2,   /* CPUs refuse to draw with it */
    ONESEED_TENSORFLOW_ALGORITHM_AUTO_SELECT = 3 /* Philox on CPUs */
} oneseed_tensorflow_algorithm;

/* The algorithm of a name as the argument `alg` has it, 0 for another text. */
ONESEED_API int oneseed_tensorflow_algorithm_of(const char *name);

/* tf.random.Generator; create_rng_state. `state` is the counter's two numbers and the key; threefry's has two, of which TensorFlow 2.21
 * draws nothing on a CPU. from_state and from_key_counter write it. */
typedef struct oneseed_tensorflow_generator {
    int64_t state[3];
    uint32_t algorithm; /* oneseed_tensorflow_algorithm; 0 is Philox */
} oneseed_tensorflow_generator;

/* from_seed(seed): keeps the algorithm. */
ONESEED_API void oneseed_tensorflow_generator_seed(oneseed_tensorflow_generator *generator, int64_t seed);
/* The same for an integer of any length: its absolute value as words of 32 bits, the lowest first. */
ONESEED_API void oneseed_tensorflow_generator_seed_words(oneseed_tensorflow_generator *generator, int is_negative,
                                                         const uint32_t *words, size_t n_words);
/* from_seed of a list or an array: its first three numbers, zeros before fewer. */
ONESEED_API void oneseed_tensorflow_generator_seed_list(oneseed_tensorflow_generator *generator, const int64_t *seeds,
                                                        size_t n);
/* The place that the state stands for, and the state of a place. */
ONESEED_API void oneseed_tensorflow_generator_place(const oneseed_tensorflow_generator *generator,
                                                    oneseed_tensorflow_philox *place);
ONESEED_API void oneseed_tensorflow_generator_move(oneseed_tensorflow_generator *generator,
                                                   const oneseed_tensorflow_philox *place);
/* skip(delta). Refused: threefry. */
ONESEED_API oneseed_status oneseed_tensorflow_generator_skip(oneseed_tensorflow_generator *generator, int64_t delta);
/* What a method that gives n values begins with: the place for a sampler, and the state behind. Refused: threefry. */
ONESEED_API oneseed_status oneseed_tensorflow_generator_draw(oneseed_tensorflow_generator *generator, uint64_t n,
                                                             oneseed_tensorflow_philox *place);
/* make_seeds(n): its first row, the second is zeros. split(n): generators with the states {0, 0, out[k]}. Refused: threefry. */
ONESEED_API oneseed_status oneseed_tensorflow_generator_make_seeds(oneseed_tensorflow_generator *generator,
                                                                   int64_t *out, size_t n);
/* Generator.binomial: as oneseed_tensorflow_binomial_fill(); the state goes on by 256 * (200 n_batches (n_samples + 3) / 4), the
 * division one of integers. Refused: any algorithm but Philox. */
ONESEED_API oneseed_status oneseed_tensorflow_generator_binomial_fill(oneseed_tensorflow_generator *generator,
                                                                      oneseed_tensorflow_dtype parameter_dtype,
                                                                      const double *counts, const double *probs,
                                                                      size_t n_batches, size_t n_samples,
                                                                      oneseed_tensorflow_dtype dtype, void *out);

/* tf.data. `seeds` are what oneseed_tensorflow_operation_seed() gives at the moment at which the dataset is made; the dataset counts the
 * iterators that are made over it. */

/* The seeds of iterator number `iteration` of a shuffle (or of a random dataset with rerandomize_each_iteration=True); one that does
 * not reshuffle takes the dataset's own. */
ONESEED_API void oneseed_tensorflow_dataset_seeds(const int64_t seeds[2], uint64_t iteration, int64_t out[2]);
/* Dataset.random(seed): elements begin, begin + 1, … of an iterator with these seeds. */
ONESEED_API void oneseed_tensorflow_dataset_random(const int64_t seeds[2], uint64_t begin, int64_t *out, size_t n);

/* The buffer of one iterator of Dataset.shuffle(n_slots); items are numbers of the caller's for the elements, slots are memory of
 * the caller's. An iterator puts elements in until it is full or there are no more, and takes one. */
typedef struct oneseed_tensorflow_buffer {
    int64_t seeds[2];
    uint64_t n_drawn; /* words */
    uint32_t block[4];
    uint64_t *slots;
    size_t n_slots, first, n_held;
} oneseed_tensorflow_buffer;

/* n_slots is at least 1; for the buffer size UNKNOWN_CARDINALITY (-2) as many as there are elements. */
ONESEED_API void oneseed_tensorflow_buffer_begin(oneseed_tensorflow_buffer *buffer, const int64_t seeds[2],
                                                 uint64_t *slots, size_t n_slots);
/* 1; or 0 when the buffer is full. */
ONESEED_API int oneseed_tensorflow_buffer_put(oneseed_tensorflow_buffer *buffer, uint64_t item);
/* 1 and an element; or 0 when there is none. */
ONESEED_API int oneseed_tensorflow_buffer_take(oneseed_tensorflow_buffer *buffer, uint64_t *item);
/* The whole order of an iterator over n elements that are numbered from 0. */
ONESEED_API void oneseed_tensorflow_dataset_shuffle(const int64_t seeds[2], uint64_t *slots, size_t n_slots,
                                                    uint64_t *out, size_t n);

/* ---- Keras ---------------------------------------------------------------------------------------------------------------
 *
 * Keras 3.0 to 3.15 on four backends: a thin layer of seeds over the backend's own streams. A function of keras.random takes a pair
 * of numbers as its seed and is a function of pair, shape and parameters; what moves on is the seed generator that makes the
 * pairs. The values are as exact as those of the backend: see its functions. docs/keras.md says which release changed what. */

typedef enum oneseed_keras_backend {
    ONESEED_KERAS_TENSORFLOW,
    ONESEED_KERAS_JAX,
    ONESEED_KERAS_TORCH, /* the CPU's generator */
    ONESEED_KERAS_NUMPY
} oneseed_keras_backend;

typedef enum oneseed_keras_dtype {                         /* in the order of oneseed_jax_dtype */
                                   ONESEED_KERAS_BFLOAT16, /* the half types as their 16 bits */
                                   ONESEED_KERAS_FLOAT16,
                                   ONESEED_KERAS_FLOAT32,
                                   ONESEED_KERAS_FLOAT64,
                                   ONESEED_KERAS_INT8,
                                   ONESEED_KERAS_INT16,
                                   ONESEED_KERAS_INT32,
                                   ONESEED_KERAS_INT64,
                                   ONESEED_KERAS_UINT8,
                                   ONESEED_KERAS_UINT16,
                                   ONESEED_KERAS_UINT32,
                                   ONESEED_KERAS_UINT64
} oneseed_keras_dtype;

/* Which Keras: {0} is the newest on TensorFlow. */
typedef struct oneseed_keras {
    uint32_t backend;         /* oneseed_keras_backend */
    uint32_t version;         /* of Keras: 3.4.1 is 30401; 0: the newest that is proven, 3.15 */
    uint32_t backend_version; /* of the backend's package, as its own functions have it; 0 */
    uint32_t is_original;     /* JAX: as in oneseed_jax_key */
    uint32_t has_x64;         /* JAX: as in oneseed_jax_key */
    uint32_t cpu;             /* PyTorch: oneseed_torch_cpu */
    uint32_t n_threads;       /* TensorFlow: its intra-op threads; categorical of several rows asks for it; 0: 1 */
    uint32_t has_fp16; /* JAX: 1: a processor with AVX512-FP16, which divides float16 otherwise; dropout asks for it */
} oneseed_keras;

ONESEED_API int oneseed_keras_is_valid(const oneseed_keras *keras);
/* The dtype of the tensor that a function asked for `dtype` returns, which is that of `out` below: JAX without x64 has no types of 64
 * bits, PyTorch takes int32 for uint16 and int64 for uint32. */
ONESEED_API oneseed_keras_dtype oneseed_keras_result_dtype(const oneseed_keras *keras, oneseed_keras_dtype dtype);
ONESEED_API size_t oneseed_keras_dtype_size(oneseed_keras_dtype dtype);

/* make_default_seed(): what a SeedGenerator, an initializer and so most layers take without a seed: random.randint(1, 10**9) of
 * Python's global generator. set_random_seed(seed) seeds that generator, NumPy's global one, TensorFlow where it is installed (on
 * any backend) and PyTorch on its backend, and since 3.13 drops the global SeedGenerator, which the next call without a seed
 * makes anew from a default seed. */
ONESEED_API int64_t oneseed_keras_default_seed(oneseed_python *python);
/* SeedGenerator(seed): its state, a pair that has the backend's seed dtype (uint32: JAX, NumPy, and all before 3.5; int64: TensorFlow;
 * int32: PyTorch). Refused: a seed that it does not hold. */
ONESEED_API oneseed_status oneseed_keras_seed_generator(const oneseed_keras *keras, int64_t seed, int64_t state_out[2]);
/* SeedGenerator.next(ordered): the pair to draw with. A call of keras.random with a SeedGenerator is ordered; one without a seed
 * takes the global SeedGenerator with `ordered` 0. */
ONESEED_API void oneseed_keras_seed_next(const oneseed_keras *keras, int64_t state[2], int ordered,
                                         int64_t seed_out[2]);
/* The pair of an integer that is given as the seed. */
ONESEED_API oneseed_status oneseed_keras_seed(const oneseed_keras *keras, int64_t seed, int64_t seed_out[2]);

/* keras.random.uniform, normal, truncated_normal: floating dtypes; the range and the parameters are Python floats. */
ONESEED_API oneseed_status oneseed_keras_uniform_fill(const oneseed_keras *keras, const int64_t seed[2],
                                                      oneseed_keras_dtype dtype, double minval, double maxval,
                                                      void *out, size_t n);
ONESEED_API oneseed_status oneseed_keras_normal_fill(const oneseed_keras *keras, const int64_t seed[2],
                                                     oneseed_keras_dtype dtype, double mean, double stddev, void *out,
                                                     size_t n);
ONESEED_API oneseed_status oneseed_keras_truncated_normal_fill(const oneseed_keras *keras, const int64_t seed[2],
                                                               oneseed_keras_dtype dtype, double mean, double stddev,
                                                               void *out, size_t n);
/* keras.random.randint: integer dtypes. */
ONESEED_API oneseed_status oneseed_keras_randint_fill(const oneseed_keras *keras, const int64_t seed[2],
                                                      oneseed_keras_dtype dtype, int64_t minval, int64_t maxval,
                                                      void *out, size_t n);

/* keras.random.gamma, beta, binomial: floating dtypes. Parameters are n values in row-major order, or one (n_… 1) that stands for a Python
 * number; arrays are float32. The torch backend samples in float32, whatever the dtype. */
ONESEED_API oneseed_status oneseed_keras_gamma_fill(const oneseed_keras *keras, const int64_t seed[2],
                                                    oneseed_keras_dtype dtype, const double *alpha, size_t n_alpha,
                                                    void *out, size_t n);
ONESEED_API oneseed_status oneseed_keras_beta_fill(const oneseed_keras *keras, const int64_t seed[2],
                                                   oneseed_keras_dtype dtype, const double *alpha, size_t n_alpha,
                                                   const double *beta, size_t n_beta, void *out, size_t n);
ONESEED_API oneseed_status oneseed_keras_binomial_fill(const oneseed_keras *keras, const int64_t seed[2],
                                                       oneseed_keras_dtype dtype, const double *counts, size_t n_counts,
                                                       const double *probabilities, size_t n_probabilities, void *out,
                                                       size_t n);
/* keras.random.dropout(in, rate) of floating dtypes: for a rate of 0 and 1 it takes no seed since 3.14 (a SeedGenerator stays where it is). `out` is not `in`.
 * On PyTorch without a seed, and without a noise_shape, Keras calls torch.nn.functional.dropout with PyTorch's global generator
 * instead: that is oneseed_torch_dropout_fill. */
ONESEED_API oneseed_status oneseed_keras_dropout_fill(const oneseed_keras *keras, const int64_t seed[2],
                                                      oneseed_keras_dtype dtype, double rate, const void *in, void *out,
                                                      size_t n);
/* Its mask for another noise_shape of n elements, of inputs of the dtype: 1 keeps. */
ONESEED_API oneseed_status oneseed_keras_keep_fill(const oneseed_keras *keras, const int64_t seed[2],
                                                   oneseed_keras_dtype dtype, double rate, uint8_t *out, size_t n);
/* keras.random.shuffle(x, axis) of an x of n_outer * n * n_inner elements: where in its own line along the axis each element comes from.
 * TensorFlow permutes all lines alike, PyTorch the lines of one n_inner; JAX and NumPy each on its own. `space` has
 * _shuffle_space() words of 64 bits. */
ONESEED_API size_t oneseed_keras_shuffle_space(const oneseed_keras *keras, size_t n_outer, size_t n, size_t n_inner);
ONESEED_API oneseed_status oneseed_keras_shuffle(const oneseed_keras *keras, const int64_t seed[2], size_t n_outer,
                                                 size_t n, size_t n_inner, uint64_t *space, uint32_t *out);
/* keras.random.categorical(logits, n_samples): logits are n_rows * n_classes values, FLOAT32 or FLOAT64; rows of n_samples classes come
 * out, in whichever dtype the tensor has. `space` has _categorical_space() words of 64 bits. libm: exp, and those of the backend. */
ONESEED_API size_t oneseed_keras_categorical_space(const oneseed_keras *keras, size_t n_rows, size_t n_classes,
                                                   size_t n_samples);
ONESEED_API oneseed_status oneseed_keras_categorical_fill(const oneseed_keras *keras, const int64_t seed[2],
                                                          oneseed_keras_dtype logits_dtype, const void *logits,
                                                          size_t n_rows, size_t n_classes, uint64_t *space,
                                                          int64_t *out, size_t n_samples);

/* keras.initializers. An initializer without a seed takes one default seed when it is made, and the same pair (that seed, 0) whenever
 * it is called: called twice for one shape it gives the same values. */
typedef enum oneseed_keras_initializer_kind {
    ONESEED_KERAS_ZEROS,
    ONESEED_KERAS_ONES,
    ONESEED_KERAS_FORGET_BIAS,      /* an LSTM's bias: of its four quarters the second is ones */
    ONESEED_KERAS_RANDOM_NORMAL,    /* mean, stddev */
    ONESEED_KERAS_RANDOM_UNIFORM,   /* minval, maxval */
    ONESEED_KERAS_TRUNCATED_NORMAL, /* mean, stddev */
    ONESEED_KERAS_VARIANCE_SCALING, /* scale, mode, distribution; those below are cases of it */
    ONESEED_KERAS_GLOROT_UNIFORM,
    ONESEED_KERAS_GLOROT_NORMAL,
    ONESEED_KERAS_HE_UNIFORM,
    ONESEED_KERAS_HE_NORMAL,
    ONESEED_KERAS_LECUN_UNIFORM,
    ONESEED_KERAS_LECUN_NORMAL,
    ONESEED_KERAS_ORTHOGONAL, /* gain */
    ONESEED_KERAS_N_INITIALIZERS
} oneseed_keras_initializer_kind;

typedef enum oneseed_keras_mode {
    ONESEED_KERAS_FAN_IN,
    ONESEED_KERAS_FAN_OUT,
    ONESEED_KERAS_FAN_AVG
} oneseed_keras_mode;
typedef enum oneseed_keras_spread {
    ONESEED_KERAS_SPREAD_TRUNCATED_NORMAL,
    ONESEED_KERAS_SPREAD_UNTRUNCATED_NORMAL,
    ONESEED_KERAS_SPREAD_UNIFORM
} oneseed_keras_spread;

/* The members carry Keras's names; an initializer reads those that its kind names. */
typedef struct oneseed_keras_initializer {
    oneseed_keras_initializer_kind kind;
    oneseed_keras_mode mode;
    oneseed_keras_spread distribution;
    double mean, stddev, minval, maxval, scale, gain;
    int64_t fan_in,
        fan_out; /* in place of the shape's (since 3.15 EinsumDense says which axes count); both 0: the shape's */
} oneseed_keras_initializer;

/* The defaults of Keras's constructors. */
ONESEED_API void oneseed_keras_initializer_defaults(oneseed_keras_initializer *initializer,
                                                    oneseed_keras_initializer_kind kind);
/* initializer(shape, dtype), floating dtypes. `work` is for Orthogonal alone: _initializer_work() doubles, its values are those of a QR
 * decomposition by Householder reflections in double precision, which the backends' own QR comes near. Refused: a scale that
 * is not positive, an orthogonal tensor of fewer than two dimensions. */
ONESEED_API size_t oneseed_keras_initializer_work(const oneseed_keras_initializer *initializer, const int64_t *shape,
                                                  int n_dims);
ONESEED_API oneseed_status oneseed_keras_initializer_fill(const oneseed_keras *keras,
                                                          const oneseed_keras_initializer *initializer,
                                                          const int64_t seed[2], oneseed_keras_dtype dtype,
                                                          const int64_t *shape, int n_dims, double *work, void *out);

/* ---- Keras: layers -------------------------------------------------------------------------------------------------------
 *
 * What layers with their default initializers draw. A layer takes default seeds when it is made, some more when it is built; its
 * weights are drawn when it is built, each from one of those seeds. So in a model all layers take their seeds in the order
 * in which they are written down, before the first weight is drawn. 3.5 to 3.15 agree about all of this, 3.1 to 3.4 but for
 * GaussianNoise, GaussianDropout and AlphaDropout of rate 0, which there took a seed, too. */

typedef enum oneseed_keras_layer_kind {
    ONESEED_KERAS_DENSE,     /* input_dim, units */
    ONESEED_KERAS_EMBEDDING, /* input_dim, units (output_dim) */
    ONESEED_KERAS_CONV1D,    /* kernel_size, channels (of the input), filters, groups */
    ONESEED_KERAS_CONV2D,
    ONESEED_KERAS_CONV3D,
    ONESEED_KERAS_CONV1D_TRANSPOSE,
    ONESEED_KERAS_CONV2D_TRANSPOSE,
    ONESEED_KERAS_CONV3D_TRANSPOSE,
    ONESEED_KERAS_DEPTHWISE_CONV1D, /* kernel_size, channels, depth_multiplier */
    ONESEED_KERAS_DEPTHWISE_CONV2D,
    ONESEED_KERAS_SEPARABLE_CONV1D, /* and filters */
    ONESEED_KERAS_SEPARABLE_CONV2D,
    ONESEED_KERAS_SIMPLE_RNN,  /* input_dim, units; is_bidirectional: Bidirectional(…) around it */
    ONESEED_KERAS_GRU,         /* and reset_after */
    ONESEED_KERAS_LSTM,        /* with unit_forget_bias */
    ONESEED_KERAS_CONV_LSTM1D, /* kernel_size, channels, filters */
    ONESEED_KERAS_CONV_LSTM2D,
    ONESEED_KERAS_CONV_LSTM3D,
    ONESEED_KERAS_MULTI_HEAD_ATTENTION, /* input_dim (of the query), num_heads, key_dim, value_dim, has_dropout */
    ONESEED_KERAS_BATCH_NORMALIZATION,  /* input_dim; draws nothing, as no normalization */
    ONESEED_KERAS_LAYER_NORMALIZATION,
    ONESEED_KERAS_PRELU, /* input_dim */
    ONESEED_KERAS_DROPOUT, /* has_dropout: a rate above 0. SpatialDropout, GaussianDropout, GaussianNoise, AlphaDropout, too */
    ONESEED_KERAS_PLAIN, /* any layer without weights and seeds */
    ONESEED_KERAS_N_LAYER_KINDS
} oneseed_keras_layer_kind;

typedef struct oneseed_keras_layer {
    oneseed_keras_layer_kind kind;
    int use_bias;
    int is_bidirectional;
    int reset_after;
    int has_dropout;
    int64_t input_dim, units;
    int64_t kernel_size[3], channels, filters, groups, depth_multiplier;
    int64_t num_heads, key_dim, value_dim; /* value_dim 0: key_dim */
} oneseed_keras_layer;

typedef struct oneseed_keras_weight {
    char name[48]; /* "kernel"; of a part of the layer: "query/kernel", "forward/recurrent_kernel" */
    int n_dims;
    int64_t shape[5];
    size_t n;
    oneseed_keras_initializer initializer;
    int seed; /* which of the seeds that the layer took, from 0; -1: none */
} oneseed_keras_weight;

/* The defaults of Keras's constructors: use_bias and reset_after are 1, groups and depth_multiplier 1; all else is 0. */
ONESEED_API void oneseed_keras_layer_defaults(oneseed_keras_layer *layer, oneseed_keras_layer_kind kind);
/* How many default seeds the layer takes when it is made and when it is built, in this order, and how many weights it has, in the order of
 * layer.weights. Refused: no such layer, a size below 1. */
ONESEED_API oneseed_status oneseed_keras_layer_size(const oneseed_keras_layer *layer, size_t *n_seeds_made_out,
                                                    size_t *n_seeds_built_out, size_t *n_weights_out);
/* Weight k. What it holds at first is oneseed_keras_initializer_fill() of its initializer, shape and the pair (seed, 0). */
ONESEED_API oneseed_status oneseed_keras_layer_weight(const oneseed_keras *keras, const oneseed_keras_layer *layer,
                                                      size_t k, oneseed_keras_weight *out);

/* ---- PennyLane -----------------------------------------------------------------------------------------------------------
 *
 * Devices of PennyLane 0.45 have no generator of their own: default.qubit has a Generator of NumPy's or a key of JAX's,
 * lightning.qubit C++'s std::mt19937 that a Generator seeds. Here are their seeds, and shots from given probabilities: those of
 * all 2^wires states, wire 0 being the highest bit. */

/* The device's Generator is default_rng(seed): oneseed_numpy_seed(…, ONESEED_NUMPY_PCG64, …) for an integer, the same generator for a
 * Generator. seed="global", the default, takes such an integer from NumPy's global generator when the device is made. */
ONESEED_API int64_t oneseed_pennylane_global_seed(oneseed_numpy *global);
ONESEED_API int64_t oneseed_pennylane_lightning_global_seed(oneseed_numpy *global);
/* default.qubit with max_workers: circuit k of a batch draws from default_rng(seed k); afterwards, and after derivatives with workers, the
 * device has the generator of _renew(). Without workers all circuits draw from the device's own generator. */
ONESEED_API void oneseed_pennylane_worker_seeds(oneseed_numpy *device, int64_t *out, size_t n);
ONESEED_API void oneseed_pennylane_renew(oneseed_numpy *device);

/* The shots of one group of measurements (those that commute share one): states, of which bit n - 1 - w is wire w's. `work` has 2
 * n_states. Refused: probabilities that are further than 10^-6 from a sum of 1, negative ones. NaN among them: states 0, and
 * nothing is drawn. */
ONESEED_API oneseed_status oneseed_pennylane_sample_fill(oneseed_numpy *device, const double *p, size_t n_states,
                                                         double *work, int64_t *out, size_t n_shots);
/* With a key as the device's seed: each execution begins anew with the key; a circuit takes its key from it (out: for measurements), each
 * group of measurements from that. Probabilities are float32, with x64 float64. `work` has n_states. */
ONESEED_API void oneseed_pennylane_circuit_key(oneseed_jax_key *device, oneseed_jax_key *measured_out);
ONESEED_API oneseed_status oneseed_pennylane_sample_key_fill(oneseed_jax_key *measured, const double *p,
                                                             size_t n_states, double *work, uint32_t *out,
                                                             size_t n_shots);
/* lightning.qubit: the seed that each circuit takes, analytic ones too, and the shots of a group: each group begins anew with that seed.
 * p: of the measured wires, in their order. Its device has c_dtype complex128 or complex64. `work` has 3 n_states. The
 * uniforms are libstdc++'s, as in the wheels for Linux. */
ONESEED_API uint32_t oneseed_pennylane_lightning_seed(oneseed_numpy *device);
ONESEED_API oneseed_status oneseed_pennylane_lightning_sample_fill(uint32_t seed, int is_complex64, const double *p,
                                                                   size_t n_states, uint64_t *work, int64_t *out,
                                                                   size_t n_shots);
/* qml.sample() of states: n_wires bits for each shot. */
ONESEED_API void oneseed_pennylane_bits(const int64_t *states, size_t n_shots, size_t n_wires, int64_t *out);

/* ---- Threads -------------------------------------------------------------------------------------------------------------
 *
 * One stream's values made by several threads: the same values and the same state afterwards as those of one thread, always. How, and
 * which functions become faster: docs/threads.md. */

/* Who runs the jobs. run() calls job(argument, k) once for each k from 0 to n_jobs - 1, on any threads and in any order, and returns when
 * all are done and what they wrote can be read. It may be called with more jobs than threads. Nothing is kept behind a call. */
typedef struct oneseed_threads {
    size_t n_threads; /* how many jobs a call is cut into at most */
    void (*run)(const struct oneseed_threads *threads, size_t n_jobs, void (*job)(void *argument, size_t k),
                void *argument);
    void *context; /* the caller's */
} oneseed_threads;

/* POSIX threads that begin and end with each call; 256 at most, 0: as many as there are processors. The caller's thread is one of them;
 * when the system gives fewer, those do all the work. Their stacks are all the memory that the library ever asks for. (Where libc has no
 * threads, link with -pthread; where there are no POSIX threads, the jobs are run one after another.) */
ONESEED_API oneseed_threads oneseed_pthreads(size_t n_threads);

/* A part of a fill: values begin to begin + n - 1 by functions of the library, or what is made of them, from `state`, which is at
 * the first of them. A part of 64 m values and one of the rest must give what one of all gives, as each of the library's fills
 * does. A part may be made twice: what it reads it must not write. It refuses always or never. */
typedef oneseed_status (*oneseed_torch_part)(oneseed_torch *state, void *argument, size_t begin, size_t n);
typedef oneseed_status (*oneseed_numpy_part)(oneseed_numpy *state, void *argument, size_t begin, size_t n);
typedef oneseed_status (*oneseed_python_part)(oneseed_python *state, void *argument, size_t begin, size_t n);

/* part(state, argument, 0, n) on threads (NULL: on this one). Where values take more words than others, or n is small, it is one
 * thread after all. */
ONESEED_API oneseed_status oneseed_torch_parallel(oneseed_torch *state, oneseed_torch_part part, void *argument,
                                                  size_t n, const oneseed_threads *threads);
ONESEED_API oneseed_status oneseed_numpy_parallel(oneseed_numpy *state, oneseed_numpy_part part, void *argument,
                                                  size_t n, const oneseed_threads *threads);
ONESEED_API oneseed_status oneseed_python_parallel(oneseed_python *state, oneseed_python_part part, void *argument,
                                                   size_t n, const oneseed_threads *threads);

/* The functions without _parallel, on threads. */
ONESEED_API void oneseed_mt19937_fill_u32_parallel(oneseed_mt19937 *state, uint32_t *out, size_t n,
                                                   const oneseed_threads *threads);

ONESEED_API oneseed_status oneseed_torch_rand_fill_parallel(oneseed_torch *state, oneseed_torch_dtype dtype, void *out,
                                                            size_t n, const oneseed_threads *threads);
ONESEED_API oneseed_status oneseed_torch_uniform_fill_parallel(oneseed_torch *state, oneseed_torch_dtype dtype,
                                                               double from, double to, void *out, size_t n,
                                                               const oneseed_threads *threads);
ONESEED_API oneseed_status oneseed_torch_randn_fill_parallel(oneseed_torch *state, oneseed_torch_dtype dtype, void *out,
                                                             size_t n, const oneseed_threads *threads);
ONESEED_API oneseed_status oneseed_torch_normal_fill_parallel(oneseed_torch *state, oneseed_torch_dtype dtype,
                                                              double mean, double std, void *out, size_t n,
                                                              const oneseed_threads *threads);
ONESEED_API oneseed_status oneseed_torch_randint_fill_parallel(oneseed_torch *state, oneseed_torch_dtype dtype,
                                                               int64_t low, int64_t high, void *out, size_t n,
                                                               const oneseed_threads *threads);
ONESEED_API oneseed_status oneseed_torch_random_fill_parallel(oneseed_torch *state, oneseed_torch_dtype dtype,
                                                              void *out, size_t n, const oneseed_threads *threads);
ONESEED_API oneseed_status oneseed_torch_random_from_fill_parallel(oneseed_torch *state, oneseed_torch_dtype dtype,
                                                                   int64_t from, void *out, size_t n,
                                                                   const oneseed_threads *threads);
ONESEED_API oneseed_status oneseed_torch_bernoulli_fill_parallel(oneseed_torch *state, oneseed_torch_dtype dtype,
                                                                 double p, void *out, size_t n,
                                                                 const oneseed_threads *threads);
ONESEED_API oneseed_status oneseed_torch_exponential_fill_parallel(oneseed_torch *state, oneseed_torch_dtype dtype,
                                                                   double lambda, void *out, size_t n,
                                                                   const oneseed_threads *threads);
ONESEED_API oneseed_status oneseed_torch_geometric_fill_parallel(oneseed_torch *state, oneseed_torch_dtype dtype,
                                                                 double p, void *out, size_t n,
                                                                 const oneseed_threads *threads);
ONESEED_API oneseed_status oneseed_torch_cauchy_fill_parallel(oneseed_torch *state, oneseed_torch_dtype dtype,
                                                              double median, double sigma, void *out, size_t n,
                                                              const oneseed_threads *threads);
ONESEED_API oneseed_status oneseed_torch_log_normal_fill_parallel(oneseed_torch *state, oneseed_torch_dtype dtype,
                                                                  double mean, double std, void *out, size_t n,
                                                                  const oneseed_threads *threads);

ONESEED_API void oneseed_numpy_random_raw_fill_parallel(oneseed_numpy *state, uint64_t *out, size_t n,
                                                        const oneseed_threads *threads);
ONESEED_API void oneseed_numpy_random_fill_parallel(oneseed_numpy *state, double *out, size_t n,
                                                    const oneseed_threads *threads);
ONESEED_API void oneseed_numpy_random_f32_fill_parallel(oneseed_numpy *state, float *out, size_t n,
                                                        const oneseed_threads *threads);
ONESEED_API void oneseed_numpy_bytes_fill_parallel(oneseed_numpy *state, void *out, size_t n_bytes,
                                                   const oneseed_threads *threads);
ONESEED_API oneseed_status oneseed_numpy_uniform_fill_parallel(oneseed_numpy *state, double low, double high,
                                                               double *out, size_t n, const oneseed_threads *threads);
ONESEED_API oneseed_status oneseed_numpy_integers_fill_parallel(oneseed_numpy *state, int64_t low, int64_t high,
                                                                int64_t *out, size_t n, const oneseed_threads *threads);
ONESEED_API oneseed_status oneseed_numpy_integers_dtype_fill_parallel(oneseed_numpy *state, oneseed_numpy_dtype dtype,
                                                                      uint64_t first, uint64_t last, void *out,
                                                                      size_t n, const oneseed_threads *threads);

ONESEED_API void oneseed_numpy_legacy_random_sample_fill_parallel(oneseed_numpy *state, double *out, size_t n,
                                                                  const oneseed_threads *threads);
ONESEED_API void oneseed_numpy_legacy_standard_normal_fill_parallel(oneseed_numpy *state, double *out, size_t n,
                                                                    const oneseed_threads *threads);
ONESEED_API void oneseed_numpy_legacy_standard_exponential_fill_parallel(oneseed_numpy *state, double *out, size_t n,
                                                                         const oneseed_threads *threads);
ONESEED_API void oneseed_numpy_legacy_bytes_fill_parallel(oneseed_numpy *state, void *out, size_t n_bytes,
                                                          const oneseed_threads *threads);
ONESEED_API oneseed_status oneseed_numpy_legacy_uniform_fill_parallel(oneseed_numpy *state, double low, double high,
                                                                      double *out, size_t n,
                                                                      const oneseed_threads *threads);
ONESEED_API oneseed_status oneseed_numpy_legacy_randint_fill_parallel(oneseed_numpy *state, int64_t low, int64_t high,
                                                                      int64_t *out, size_t n,
                                                                      const oneseed_threads *threads);

ONESEED_API oneseed_status oneseed_python_random_fill_parallel(oneseed_python *state, double *out, size_t n,
                                                               const oneseed_threads *threads);

ONESEED_API oneseed_status oneseed_jax_bits_fill_parallel(const oneseed_jax_key *key, unsigned width, void *out,
                                                          size_t n, const oneseed_threads *threads);
ONESEED_API oneseed_status oneseed_jax_uniform_fill_parallel(const oneseed_jax_key *key, oneseed_jax_dtype dtype,
                                                             double minval, double maxval, void *out, size_t n,
                                                             const oneseed_threads *threads);
ONESEED_API oneseed_status oneseed_jax_normal_fill_parallel(const oneseed_jax_key *key, oneseed_jax_dtype dtype,
                                                            void *out, size_t n, const oneseed_threads *threads);

ONESEED_API oneseed_status oneseed_tensorflow_uniform_fill_parallel(const oneseed_tensorflow_philox *place,
                                                                    oneseed_tensorflow_dtype dtype, void *out, size_t n,
                                                                    const oneseed_threads *threads);
ONESEED_API oneseed_status oneseed_tensorflow_uniform_range_fill_parallel(const oneseed_tensorflow_philox *place,
                                                                          oneseed_tensorflow_dtype dtype, double minval,
                                                                          double maxval, void *out, size_t n,
                                                                          const oneseed_threads *threads);
ONESEED_API oneseed_status oneseed_tensorflow_uniform_int_fill_parallel(const oneseed_tensorflow_philox *place,
                                                                        oneseed_tensorflow_dtype dtype, int64_t minval,
                                                                        int64_t maxval, void *out, size_t n,
                                                                        const oneseed_threads *threads);
ONESEED_API oneseed_status oneseed_tensorflow_uniform_full_int_fill_parallel(const oneseed_tensorflow_philox *place,
                                                                             oneseed_tensorflow_dtype dtype, void *out,
                                                                             size_t n, const oneseed_threads *threads);
ONESEED_API oneseed_status oneseed_tensorflow_normal_fill_parallel(const oneseed_tensorflow_philox *place,
                                                                   oneseed_tensorflow_dtype dtype, double mean,
                                                                   double stddev, void *out, size_t n,
                                                                   const oneseed_threads *threads);
ONESEED_API oneseed_status oneseed_tensorflow_xla_uniform_fill_parallel(const oneseed_tensorflow_philox *place,
                                                                        oneseed_tensorflow_dtype dtype, double minval,
                                                                        double maxval, void *out, size_t n,
                                                                        const oneseed_threads *threads);
ONESEED_API oneseed_status oneseed_tensorflow_xla_normal_fill_parallel(const oneseed_tensorflow_philox *place,
                                                                       oneseed_tensorflow_dtype dtype, double mean,
                                                                       double stddev, void *out, size_t n,
                                                                       const oneseed_threads *threads);

#ifdef __cplusplus
}
#endif

#endif
