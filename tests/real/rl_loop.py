"""Deep Q-learning on a small pole-balancing task, in the style of the usual single-file implementations.

SPDX-License-Identifier: MIT

    python rl_loop.py [--episodes 30] [--seed 1]
"""

import argparse
import csv
import math
import os
import random
from collections import deque, namedtuple

import numpy as np
import torch
from torch import nn

Transition = namedtuple("Transition", "state action reward following done")


class Env:
    """The interface of gymnasium: reset(seed=), step(), and a private generator np_random."""

    def __init__(self):
        self._np_random = None

    @property
    def np_random(self):
        if self._np_random is None:
            self._np_random = np.random.default_rng()
        return self._np_random

    def reset(self, seed=None):
        if seed is not None:
            self._np_random = np.random.default_rng(seed)


class Pole(Env):
    """A pole on a cart; the wind blows at random."""

    limit, max_steps = 0.35, 100

    def reset(self, seed=None):
        super().reset(seed=seed)
        self.state = self.np_random.uniform(-0.05, 0.05, 4)
        self.steps = 0
        return self.state.astype(np.float32), {}

    def step(self, action):
        x, v, angle, spin = self.state
        force = (10.0 if action == 1 else -10.0) + self.np_random.normal(0.0, 1.0)
        temporary = (force + 0.05 * spin**2 * math.sin(angle)) / 1.1
        inertia = 0.5 * (4 / 3 - 0.1 * math.cos(angle) ** 2 / 1.1)
        alpha = (9.8 * math.sin(angle) - math.cos(angle) * temporary) / inertia
        a = temporary - 0.05 * alpha * math.cos(angle) / 1.1
        self.state = np.array([x + 0.02 * v, v + 0.02 * a, angle + 0.02 * spin, spin + 0.02 * alpha])
        self.steps += 1
        fallen = bool(abs(self.state[0]) > 2.4 or abs(self.state[2]) > self.limit)
        return self.state.astype(np.float32), 1.0, fallen, self.steps >= self.max_steps, {}


class ReplayBuffer:
    def __init__(self, capacity):
        self.items = deque(maxlen=capacity)

    def push(self, *values):
        self.items.append(Transition(*values))

    def sample(self, n):
        batch = Transition(*zip(*random.sample(self.items, n)))
        return (
            torch.from_numpy(np.stack(batch.state)), torch.tensor(batch.action).unsqueeze(1),
            torch.tensor(batch.reward), torch.from_numpy(np.stack(batch.following)), torch.tensor(batch.done).float(),
        )

    def __len__(self):
        return len(self.items)


class Agent:
    def __init__(self, n_state, n_actions, rate=0.002):
        self.n_actions = n_actions
        self.online, self.target = self.network(n_state), self.network(n_state)
        self.target.load_state_dict(self.online.state_dict())
        self.optimizer = torch.optim.Adam(self.online.parameters(), lr=rate)
        self.rng = np.random.RandomState()

    def network(self, n_state):
        return nn.Sequential(
            nn.Linear(n_state, 48), nn.ReLU(), nn.Linear(48, 48), nn.ReLU(), nn.Linear(48, self.n_actions)
        )

    @torch.no_grad()
    def act(self, state, epsilon):
        if self.rng.rand() < epsilon:
            return int(self.rng.randint(self.n_actions))
        return int(self.online(torch.from_numpy(state)).argmax())

    def learn(self, buffer, batch_size, discount):
        state, action, reward, following, done = buffer.sample(batch_size)
        value = self.online(state).gather(1, action).squeeze(1)
        with torch.no_grad():
            best = self.target(following).max(1).values
        loss = nn.functional.smooth_l1_loss(value, reward + discount * (1 - done) * best)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return loss.item()

    def follow(self, rate):
        with torch.no_grad():
            for slow, fast in zip(self.target.parameters(), self.online.parameters()):
                slow.lerp_(fast, rate)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--episodes", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--out", default="runs/pole")
    args = parser.parse_args()
    random.seed(args.seed)
    torch.manual_seed(args.seed)
    torch.set_num_threads(1)  # such a small network is faster so
    os.makedirs(args.out, exist_ok=True)
    env, buffer, agent = Pole(), ReplayBuffer(5000), Agent(4, 2)
    returns, losses = deque(maxlen=10), deque(maxlen=100)
    with open(os.path.join(args.out, "episodes.csv"), "w", newline="") as file:
        log = csv.writer(file)
        log.writerow(["episode", "return", "epsilon", "loss"])
        for episode in range(args.episodes):
            epsilon = max(0.05, 1.0 - episode / (0.6 * args.episodes))
            state, _ = env.reset()
            total, done = 0.0, False
            while not done:
                action = agent.act(state, epsilon)
                following, reward, fallen, cut, _ = env.step(action)
                done = fallen or cut
                buffer.push(state, action, reward, following, fallen)
                state, total = following, total + reward
                if len(buffer) >= 4 * args.batch_size and len(buffer) % 2 == 0:
                    losses.append(agent.learn(buffer, args.batch_size, 0.98))
                    agent.follow(0.02)
            returns.append(total)
            mean_loss = sum(losses) / max(1, len(losses))
            log.writerow([episode, total, round(epsilon, 4), f"{mean_loss:.8f}"])
            if episode % 10 == 9:
                print(f"episode {episode + 1}: mean return {sum(returns) / len(returns):.2f}, loss {mean_loss:.8f}")
    torch.save(agent.online.state_dict(), os.path.join(args.out, "agent.pt"))


if __name__ == "__main__":
    main()
