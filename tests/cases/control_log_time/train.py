"""k-means with a log."""

import logging
import time

import numpy as np

log = logging.getLogger("k-means")


class KMeans:
    def __init__(self, k, seed):
        self.k = k
        self.rng = np.random.default_rng(seed)

    def fit(self, x, rounds=20):
        self.centres = x[self.rng.choice(len(x), self.k, replace=False)]
        for i in range(rounds):
            nearest = np.argmin(((x[:, None] - self.centres) ** 2).sum(-1), 1)
            new = np.array([x[nearest == c].mean(0) if (nearest == c).any() else x[0] for c in range(self.k)])
            log.info("round %d: moved %.6f at %s", i, np.abs(new - self.centres).max(), time.ctime())
            if np.allclose(new, self.centres):
                break
            self.centres = new
        return nearest


def main():
    logging.basicConfig(level=logging.INFO, format="%(asctime)s.%(msecs)03d %(process)d %(name)s %(message)s")
    rng = np.random.default_rng(10)
    x = np.concatenate([rng.normal(centre, 0.5, (80, 2)) for centre in (0.0, 2.0, 5.0)])
    model = KMeans(3, seed=1)
    nearest = model.fit(x)
    log.info("finished at %.3f", time.time())
    print("sizes", sorted(np.bincount(nearest).tolist()))
    print("centres", np.round(model.centres[np.argsort(model.centres[:, 0])], 6).tolist())


if __name__ == "__main__":
    main()
