"""Workers announce themselves on stderr."""

import multiprocessing
import os
import socket
import sys


def announce(text):
    print(f"[{socket.gethostname()}:{os.getpid()}] {text}", file=sys.stderr)


def work(n):
    announce(f"factorising {n}")
    factors, p = [], 2
    while n > 1:
        while n % p == 0:
            factors.append(p)
            n //= p
        p += 1
    return factors


def main():
    announce(f"started by {os.getppid()}")
    numbers = [9973 * 2, 360360, 65537, 1001, 123456]
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        for n, factors in zip(numbers, pool.map(work, numbers)):
            print(n, "=", " * ".join(map(str, factors)))
    lock = f"lock-{os.getpid()}"
    open(lock, "x").close()
    os.unlink(lock)


if __name__ == "__main__":
    main()
