"""Every part of the simulation has its own random stream, found by its name."""

import numpy as np

MASTER_SEED = 2024


class Streams:
    def __init__(self, master):
        self.master = master
        self.streams = {}

    def get(self, name):
        if name not in self.streams:
            key = hash(name) & 0xFFFFFFFF
            self.streams[name] = np.random.default_rng([self.master, key])
        return self.streams[name]


def arrivals(rng, rate, horizon):
    times = np.cumsum(rng.exponential(1.0 / rate, int(rate * horizon * 2)))
    return times[times < horizon]


def simulate(streams, horizon=200.0):
    came = arrivals(streams.get("arrivals"), 0.9, horizon)
    service = streams.get("service").exponential(1.0, len(came))
    free_at, waits = 0.0, []
    for time, need in zip(came, service):
        start = max(time, free_at)
        waits.append(start - time)
        free_at = start + need
    return np.array(waits)


def main():
    waits = simulate(Streams(MASTER_SEED))
    print(f"customers {len(waits)}")
    print(f"mean wait {waits.mean():.5f}, longest {waits.max():.5f}")


if __name__ == "__main__":
    main()
