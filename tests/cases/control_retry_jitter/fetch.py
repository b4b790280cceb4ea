"""Fetches pages from a shaky (simulated) server, with jittered retries."""

import random
import time


class Server:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def get(self, page):
        if self.random.random() < 0.3:
            raise ConnectionError(page)
        return [self.random.randrange(100) for _ in range(5)]


class Client:
    def __init__(self, server):
        self.server = server
        self.jitter = random.Random()

    def fetch(self, page):
        delay = 0.0005
        while True:
            try:
                return self.server.get(page)
            except ConnectionError:
                time.sleep(delay * self.jitter.uniform(0.5, 1.5))
                delay = min(0.004, delay * 2)


def main():
    random.seed(1)
    client = Client(Server(seed=6))
    values = [value for page in range(40) for value in client.fetch(page)]
    sample = random.sample(values, 10)
    print(f"{len(values)} values, mean {sum(values) / len(values):.4f}")
    print("sample", sample)


if __name__ == "__main__":
    main()
