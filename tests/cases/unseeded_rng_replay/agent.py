"""Tabular Q-learning on a corridor, with a replay buffer."""

import argparse
import random
from collections import deque


class Corridor:
    """Walk right to the goal; each step costs, wind pushes back sometimes."""

    def __init__(self, length, seed):
        self.length = length
        self.wind = random.Random(seed)

    def reset(self):
        self.position = 0
        return self.position

    def step(self, action):
        move = 1 if action == 1 else -1
        if self.wind.random() < 0.15:
            move = -move
        self.position = min(max(self.position + move, 0), self.length - 1)
        done = self.position == self.length - 1
        return self.position, (1.0 if done else -0.01), done


class ReplayBuffer:
    def __init__(self, capacity):
        self.items = deque(maxlen=capacity)
        self._random = random.Random()

    def add(self, *transition):
        self.items.append(transition)

    def sample(self, n):
        return self._random.sample(list(self.items), min(n, len(self.items)))


def run(episodes, seed):
    random.seed(seed)
    env, buffer = Corridor(12, seed), ReplayBuffer(500)
    q = [[0.0, 0.0] for _ in range(env.length)]
    for episode in range(episodes):
        state, done, steps = env.reset(), False, 0
        while not done and steps < 200:
            action = random.randrange(2) if random.random() < 0.2 else int(q[state][1] >= q[state][0])
            following, reward, done = env.step(action)
            buffer.add(state, action, reward, following, done)
            for s, a, r, s2, end in buffer.sample(8):
                target = r + (0.0 if end else 0.95 * max(q[s2]))
                q[s][a] += 0.1 * (target - q[s][a])
            state, steps = following, steps + 1
        if episode % 5 == 4:
            print(f"episode {episode + 1}: {steps} steps, value of the start {max(q[0]):.5f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--episodes", type=int, default=25)
    parser.add_argument("--seed", type=int, default=3)
    arguments = parser.parse_args()
    run(arguments.episodes, arguments.seed)
