"""Bag-of-embeddings sentiment classifier."""

import torch
from torch import nn

REVIEWS = [
    ("a wonderful moving film", 1), ("dull plot and wooden acting", 0), ("funny warm and clever", 1),
    ("I left after an hour of boredom", 0), ("the best cast of the year", 1), ("a mess without a point", 0),
    ("clever plot and a wonderful cast", 1), ("boredom and more boredom", 0),
]


class Vocabulary:
    def __init__(self, texts):
        words = set()
        for text in texts:
            words.update(text.lower().split())
        self.words = words
        self.index = {}

    def build(self):
        for word in self.words:
            self.index[word] = len(self.index) + 1
        return self

    def encode(self, text):
        return torch.tensor([self.index.get(word, 0) for word in text.lower().split()])


class Sentiment(nn.Module):
    def __init__(self, words, width=8):
        super().__init__()
        self.embed = nn.EmbeddingBag(words + 1, width, mode="mean")
        self.head = nn.Linear(width, 2)

    def forward(self, codes):
        return self.head(self.embed(codes.unsqueeze(0)))


def main():
    torch.manual_seed(3)
    vocabulary = Vocabulary(text for text, _ in REVIEWS).build()
    model = Sentiment(len(vocabulary.index))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.3)
    for epoch in range(20):
        total = 0.0
        for text, label in REVIEWS:
            loss = nn.functional.cross_entropy(model(vocabulary.encode(text)), torch.tensor([label]))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item()
        if epoch % 5 == 4:
            print(f"epoch {epoch + 1}: loss {total / len(REVIEWS):.6f}")


if __name__ == "__main__":
    main()
