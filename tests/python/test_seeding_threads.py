# test_seeding_threads.py - the control `thread-order`: threads and results in the order in which they were asked for.
# SPDX-License-Identifier: MIT
import time

from seeding_support import controlled, script

RACES = """
import multiprocessing, random, threading, time
from concurrent.futures import ThreadPoolExecutor, as_completed
import concurrent.futures

def pause():
    time.sleep(random.SystemRandom().random() / 100)

def task(i):
    pause()
    return i

if __name__ == "__main__":
    seen = []
    def work(i):
        for _ in range(3):
            seen.append(i)
            pause()
            sum(range(20000))
    threads = [threading.Thread(target=work, args=(i,)) for i in range(5)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    print(seen == sorted(seen))
    with ThreadPoolExecutor(4) as pool:
        print([f.result() for f in as_completed([pool.submit(task, i) for i in range(8)])])
        print([f.result() for f in concurrent.futures.as_completed({pool.submit(task, i): i for i in range(8)})])
        order = []
        def steps(i):
            order.append(i); pause(); order.append(i)
        list(pool.map(steps, range(6)))
        print(order)
    with multiprocessing.Pool(3) as pool:
        print(list(pool.imap_unordered(task, range(8))))
        print(list(pool.imap_unordered(task, range(8), chunksize=3)))
"""


def test_races_are_decided(tmp_path):
    eight = str(list(range(8)))
    expected = ["True", eight, eight, str([i for i in range(6) for _ in range(2)]), eight, eight]
    assert controlled(script(tmp_path, RACES), "thread-order").stdout.splitlines() == expected


NEEDS_ANOTHER_ORDER = """
import multiprocessing, queue, threading, time
from concurrent.futures import ThreadPoolExecutor, as_completed

event = threading.Event()
waits = threading.Thread(target=event.wait)
waits.start()  # waits for its starter
event.set()
waits.join()

flag = []
threading.Thread(target=flag.append, args=(1,)).start()
while not flag:  # never gives the interpreter away by itself
    pass

items, taken = queue.Queue(), []
consumer = threading.Thread(target=lambda: [taken.append(x) for x in iter(items.get, None)])
consumer.start()
for item in (1, 2, 3, None):
    items.put(item)
consumer.join()
print(taken)

stop = threading.Event()
with ThreadPoolExecutor(2) as pool:
    first, second = pool.submit(stop.wait), pool.submit(int, "7")
    for done in as_completed([first, second]):  # the first ends only because of the second
        stop.set()
    print(first.result(), second.result())
    print(pool.submit(lambda: pool.submit(int, "8").result()).result())
    barrier = threading.Barrier(2)
    print(sorted(pool.map(lambda i: barrier.wait(), range(2))))

def fail(i):
    if i == 1:
        raise ValueError("one")
    return i

if __name__ == "__main__":
    with multiprocessing.Pool(2) as pool:
        results = pool.imap_unordered(fail, range(3))
        print(next(results))
        try:
            next(results)
        except ValueError as error:
            print(error)
        print(next(results), list(results))
"""


def test_a_program_that_needs_another_order_gets_on(tmp_path):
    start = time.monotonic()
    done = controlled(script(tmp_path, NEEDS_ANOTHER_ORDER), "thread-order")
    assert done.stdout.splitlines() == ["[1, 2, 3]", "True 7", "8", "[0, 1]", "0", "one", "2 []"]
    assert time.monotonic() - start < 60
