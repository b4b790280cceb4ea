# record_overhead.py - what running under oneseed costs a small training: the ratio of its time to the bare command's.
# SPDX-License-Identifier: MIT
#
#   python bench/record_overhead.py [--build BUILD] [--rounds N] [--steps N] [--side PIXELS] [--json]
#
# One series of processes, each mode once per round and in a new order each round; a ratio compares two processes of one
# round, and the median over the rounds counts. Time is that of the training steps after a warm-up, one thread.
import argparse
import json
import os
import pathlib
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time

MODES = {
    "bare": "the command alone",
    "run": "oneseed run --level seeds",
    "draws": "recording draws, files, entropy, clock",
    "ops": "recording operations with digests too",
    "debug": "torch's DebugMode with tensor hashes",
}
BUDGET = {"run": 1.02, "draws": 1.05, "ops": 1.5}


def train(steps, side, debug):
    import numpy as np
    import torch
    from torch import nn

    torch.set_num_threads(1)
    torch.manual_seed(0)
    rng = np.random.default_rng(0)
    images = torch.from_numpy(rng.standard_normal((512, 1, side, side)).astype(np.float32))
    labels = torch.from_numpy(rng.integers(0, 10, 512))
    net = nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Dropout(0.5), nn.Linear(32 * (side // 4) ** 2, 10),
    )  # fmt: skip
    optimiser = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
    criterion = nn.CrossEntropyLoss()

    def steps_of(n):
        for _ in range(n):
            batch = torch.from_numpy(rng.integers(0, 512, 32))
            noise = torch.from_numpy(rng.normal(0, 0.1, (32, 1, side, side)).astype(np.float32))
            optimiser.zero_grad()
            loss = criterion(net(images[batch] + noise), labels[batch])
            loss.backward()
            optimiser.step()
        return loss.item()

    steps_of(10)
    wall, cpu = time.perf_counter(), time.process_time()
    if debug:
        from torch.utils._debug_mode import DebugMode

        with DebugMode(), DebugMode.log_tensor_hashes(hash_inputs=True):
            loss = steps_of(steps)
    else:
        loss = steps_of(steps)
    print(json.dumps({"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu, "loss": loss}))


def measure(mode, options):
    build = pathlib.Path(options.build).resolve()
    command = [sys.executable, os.path.abspath(__file__), "--worker", mode]
    command += ["--steps", str(options.steps), "--side", str(options.side)]
    environment = dict(os.environ)
    with tempfile.TemporaryDirectory() as folder:
        if mode == "run":
            command = [str(build / "oneseed"), "run", "--level", "seeds", "--"] + command
        elif mode in ("draws", "ops"):
            # What `oneseed check` sets for its first two runs: recording, and no control.
            support = build / "lib/oneseed"
            record = "draws,ops" if mode == "ops" else "draws"
            environment["ONESEED_CONFIG"] = "trace=%s record=%s" % (folder, record)
            environment["LD_PRELOAD"] = str(support / "liboneseed_preload.so")
            environment["PYTHONPATH"] = str(support / "recorder")
            # The lane is announced with the process id: the shell's, which exec keeps.
            command = ["sh", "-c", 'ONESEED_LANE="0  $$" exec "$0" "$@"', *command]
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
        result = json.loads(done.stdout)
        traces = [f.stat().st_size for f in pathlib.Path(folder).rglob("*") if f.is_file()]
        if mode in ("draws", "ops") and not any(traces):
            raise SystemExit("record_overhead: %s: nothing was recorded" % mode)
        result["trace_nbytes"] = sum(traces)
        return result


def has_debug_mode():
    code = "from torch.utils._debug_mode import DebugMode; DebugMode.log_tensor_hashes"
    return subprocess.run([sys.executable, "-c", code], stderr=subprocess.DEVNULL).returncode == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default=str(pathlib.Path(__file__).resolve().parents[1] / "build"))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--steps", type=int, default=150)
    parser.add_argument("--side", type=int, default=28)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        return train(options.steps, options.side, options.worker == "debug")

    modes = [m for m in MODES if m != "debug" or has_debug_mode()]
    seconds = {m: [] for m in modes}
    ratios = {m: {"wall": [], "cpu": []} for m in modes}
    losses = {}
    order = random.Random(0)
    for _ in range(options.rounds):
        of_round = {m: measure(m, options) for m in order.sample(modes, len(modes))}
        for mode, result in of_round.items():
            seconds[mode].append(result["wall"])
            losses.setdefault(mode, set()).add(result["loss"])
            for clock in ("wall", "cpu"):
                ratios[mode][clock].append(result[clock] / of_round["bare"][clock])
    result = {
        "format": "oneseed-bench/1",
        "bench": "record_overhead",
        "machine": platform.machine(),
        "python": platform.python_version(),
        "rounds": options.rounds,
        "steps": options.steps,
        "batch": [32, 1, options.side, options.side],
        "same_loss": len({loss for m in modes if m != "run" for loss in losses[m]}) == 1,
        "modes": {
            m: {
                "what": MODES[m],
                "seconds": statistics.median(seconds[m]),
                "ratio": statistics.median(ratios[m]["wall"]),
                "ratio_cpu": statistics.median(ratios[m]["cpu"]),
                "budget": BUDGET.get(m),
            }
            for m in modes
        },
    }
    if "debug" in modes:
        added = {m: result["modes"][m]["ratio_cpu"] - 1 for m in ("ops", "debug")}
        result["ops_added_of_debug_added"] = added["ops"] / added["debug"]
    if options.json:
        json.dump(result, sys.stdout, indent=1)
        print()
        return
    print("%-8s %9s %8s %8s %8s  %s" % ("mode", "seconds", "ratio", "cpu", "budget", "what"))
    for name, mode in result["modes"].items():
        budget = "%.2f" % mode["budget"] if mode["budget"] else ""
        row = (name, mode["seconds"], mode["ratio"], mode["ratio_cpu"], budget, mode["what"])
        print("%-8s %9.3f %8.3f %8.3f %8s  %s" % row)
    if "ops_added_of_debug_added" in result:
        print("operations add %.3f of what DebugMode adds (budget 0.333)" % result["ops_added_of_debug_added"])
    print("losses are the same bits: %s" % result["same_loss"])


if __name__ == "__main__":
    main()
