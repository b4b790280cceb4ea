/* tensorflow_dataset.c - tf.data: shuffling buffers, and the seeds of a dataset's iterators.
 * SPDX-License-Identifier: MIT
 *
 * core/kernels/data/shuffle_dataset_op.cc, random_seed_ops.cc and experimental/random_dataset_op.cc of TensorFlow 2.21. */
#include "dialects/tensorflow.h" /* tensorflow_word */

static struct tensorflow_words words_of(const int64_t seeds[2], uint64_t n_drawn)
{
    oneseed_tensorflow_philox place;
    oneseed_tensorflow_philox_seed(&place, seeds[0], seeds[1]);
    oneseed_tensorflow_philox_skip(&place, n_drawn / PHILOX4X32_BLOCK);
    struct tensorflow_words words = tensorflow_words_at(&place);
    for (uint64_t k = 0; k < n_drawn % PHILOX4X32_BLOCK; k++)
        (void)tensorflow_word(&words);
    return words;
}

void oneseed_tensorflow_dataset_seeds(const int64_t seeds[2], uint64_t iteration, int64_t out[2])
{
    struct tensorflow_words words = words_of(seeds, 2 * iteration);
    out[0] = tensorflow_word(&words);
    out[1] = tensorflow_word(&words);
}

void oneseed_tensorflow_dataset_random(const int64_t seeds[2], uint64_t begin, int64_t *out, size_t n)
{
    struct tensorflow_words words = words_of(seeds, begin);
    for (size_t k = 0; k < n; k++)
        out[k] = tensorflow_word(&words);
}

void oneseed_tensorflow_buffer_begin(oneseed_tensorflow_buffer *buffer, const int64_t seeds[2], uint64_t *slots,
                                     size_t n_slots)
{
    *buffer = (oneseed_tensorflow_buffer){.seeds = {seeds[0], seeds[1]}, .slots = slots, .n_slots = n_slots};
}

int oneseed_tensorflow_buffer_put(oneseed_tensorflow_buffer *buffer, uint64_t item)
{
    if (buffer->n_held == buffer->n_slots)
        return 0;
    size_t room = buffer->n_slots - buffer->first; /* before the ring begins anew */
    buffer->slots[buffer->n_held < room ? buffer->first + buffer->n_held : buffer->n_held - room] = item;
    buffer->n_held++;
    return 1;
}

static uint32_t next_word(oneseed_tensorflow_buffer *buffer)
{
    unsigned index = (unsigned)(buffer->n_drawn % PHILOX4X32_BLOCK);
    if (index == 0) {
        oneseed_tensorflow_philox place;
        oneseed_tensorflow_philox_seed(&place, buffer->seeds[0], buffer->seeds[1]);
        oneseed_tensorflow_philox_skip(&place, buffer->n_drawn / PHILOX4X32_BLOCK);
        philox4x32_block(place.counter, place.key, buffer->block);
    }
    buffer->n_drawn++;
    return buffer->block[index];
}

int oneseed_tensorflow_buffer_take(oneseed_tensorflow_buffer *buffer, uint64_t *item)
{
    if (buffer->n_held == 0)
        return 0;
    size_t offset = (size_t)(next_word(buffer) % (uint64_t)buffer->n_held), room = buffer->n_slots - buffer->first;
    uint64_t *chosen = buffer->slots + (offset < room ? buffer->first + offset : offset - room);
    *item = *chosen;
    *chosen = buffer->slots[buffer->first];
    buffer->first = buffer->first + 1 == buffer->n_slots ? 0 : buffer->first + 1;
    buffer->n_held--;
    return 1;
}

void oneseed_tensorflow_dataset_shuffle(const int64_t seeds[2], uint64_t *slots, size_t n_slots, uint64_t *out,
                                        size_t n)
{
    oneseed_tensorflow_buffer buffer;
    oneseed_tensorflow_buffer_begin(&buffer, seeds, slots, n_slots);
    uint64_t n_put = 0;
    for (size_t k = 0; k < n; k++) {
        while (n_put < n && oneseed_tensorflow_buffer_put(&buffer, n_put))
            n_put++;
        (void)oneseed_tensorflow_buffer_take(&buffer, &out[k]);
    }
}
