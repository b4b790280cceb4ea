"""Bootstraps a confidence interval once the (slow) labelling service has answered."""

import random
import threading
import time

SEED = 99


class LabelService:
    """Answers after a while, as a remote service does."""

    def __init__(self, latency):
        self.latency = latency
        self.answer = None

    def request(self, n):
        def work():
            time.sleep(self.latency)
            self.answer = [(i * 7919) % 13 for i in range(n)]

        threading.Thread(target=work, daemon=True).start()


def wait_for(service, base=0.0002):
    """Polls with jitter, so that many clients do not ask at once."""
    while service.answer is None:
        time.sleep(base * random.uniform(0.5, 1.5))
    return service.answer


def bootstrap(values, rounds):
    means = []
    for _ in range(rounds):
        chosen = random.choices(values, k=len(values))
        means.append(sum(chosen) / len(chosen))
    means.sort()
    return means[int(0.025 * rounds)], means[int(0.975 * rounds)]


def main():
    random.seed(SEED)
    service = LabelService(latency=0.25)
    service.request(300)
    labels = wait_for(service)
    low, high = bootstrap(labels, 400)
    print(f"{len(labels)} labels, mean {sum(labels) / len(labels):.4f}")
    print(f"95 % interval {low:.6f} .. {high:.6f}")


if __name__ == "__main__":
    main()
