/* torch_loader.c - torch.utils.data.DataLoader: what an epoch draws, and the seeds of its workers.
 * SPDX-License-Identifier: MIT
 *
 * After torch/utils/data/dataloader.py and _utils/worker.py of 2.13. */
#include "oneseed.h" /* oneseed_torch, oneseed_seed_sequence_u32 */

int64_t oneseed_torch_loader_base_seed(oneseed_torch *state)
{
    /* torch.empty((), dtype=torch.int64).random_(): 64 bits, modulo 2^63 */
    return (int64_t)(oneseed_torch_random_u64(state) & INT64_MAX);
}

oneseed_status oneseed_torch_loader_epoch_fill(oneseed_torch *global, oneseed_torch *generator,
                                               const oneseed_torch_sampler *sampler, int64_t *base_seed_out,
                                               int64_t *work, int64_t *out)
{
    oneseed_torch *loader = generator ? generator : global, before = *loader;
    int64_t base_seed = oneseed_torch_loader_base_seed(loader);
    oneseed_status status = oneseed_torch_sampler_fill(global, generator, sampler, work, out);
    if (status)
        *loader = before;
    else
        *base_seed_out = base_seed;
    return status;
}

oneseed_status oneseed_torch_batch_count(int64_t n, int64_t batch_size, int drop_last, int64_t *n_batches_out)
{
    if (batch_size <= 0)
        return ONESEED_TORCH_BATCH_SIZE;
    *n_batches_out = n / batch_size + (!drop_last && n % batch_size != 0);
    return ONESEED_OK;
}

void oneseed_torch_worker_seeds(int64_t base_seed, uint32_t worker_id, uint64_t *seed_out, uint32_t numpy_seed_out[4])
{
    const uint32_t entropy[4] = {worker_id, (uint32_t)((uint64_t)base_seed & UINT32_MAX),
                                 (uint32_t)((uint64_t)base_seed >> 32), 0};
    *seed_out = (uint64_t)base_seed + worker_id;
    oneseed_seed_sequence_u32(entropy, 4, NULL, 0, numpy_seed_out, 4); /* torch has its own copy of NumPy's */
}
