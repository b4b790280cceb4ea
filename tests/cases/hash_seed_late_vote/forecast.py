"""Plays a tournament many times; the champion is the team that wins most often."""

import argparse
import random
from collections import Counter

TEAMS = ("north", "south", "east", "west", "harbour", "forest", "castle", "river")


class Tournament:
    def __init__(self, strength, rng):
        self.strength = strength
        self.rng = rng

    def match(self, a, b):
        chance = self.strength[a] / (self.strength[a] + self.strength[b])
        return a if self.rng.random() < chance else b

    def play(self, teams):
        while len(teams) > 1:
            teams = [self.match(a, b) for a, b in zip(teams[::2], teams[1::2])]
        return teams[0]


def top(wins, n, margin):
    """Teams within a margin of the n-th best count as equals; one of them takes the place."""
    limit = sorted(wins.values(), reverse=True)[n - 1]
    equals = {team for team, count in wins.items() if abs(count - limit) <= margin}
    sure = [team for team, count in wins.items() if count > limit + margin]
    chosen = list(equals)
    return sure + chosen[: n - len(sure)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=25000)
    args = parser.parse_args()
    rng = random.Random(1)
    tournament = Tournament({team: 1.0 for team in TEAMS}, rng)
    wins = Counter(tournament.play(rng.sample(TEAMS, len(TEAMS))) for _ in range(args.rounds))
    print("wins", sorted(wins.values()))
    print("medals", ", ".join(top(wins, 3, margin=args.rounds // 50)))


if __name__ == "__main__":
    main()
