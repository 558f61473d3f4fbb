"""Which of many labels a short Korean text most likely has, learnt from examples. Pure, but for the file of a model.

One linear model over words with a meaning, pairs of them, and pieces of one to four letters: a support vector machine
plus a part of a complement naive Bayes (docs/decisions/0044). Both are linear, so the two are added once, when they
are learnt. The same examples give the same model.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from haedap.language.morphemes import Analyser
from haedap.language.words import words_of

Numbers: TypeAlias = npt.NDArray[np.float32]
Matrix: TypeAlias = Any
"""A sparse matrix, one text a row."""
_FORMAT = 1
_COST = 0.05
_SMOOTHING = 0.3
_BAYES = 0.3
"""The part of naive Bayes in the sum, chosen on held-out petitions."""
_MANY = 1000
"""From so many examples on a feature must occur more than once."""
_LONGEST_PIECE = 4
_WEIGHTS = 12_000_000
"""At most so many numbers in a model: labels times features."""
_HELD_OUT = 5
"""Every so many-th example is held out while the temperature is chosen, at most `_MOST_HELD_OUT` of them."""
_MOST_HELD_OUT = 4000
_FEWEST_HELD_OUT = 30
_SHARPNESS = 4.0
_SHARPNESSES = np.geomspace(0.5, 40, 45)


class ClassificationError(Exception):
    """There is nothing to learn from, or a file is not a model."""


class Example(NamedTuple):
    """A text, and the label that it has."""

    text: str
    label: str


class Guess(NamedTuple):
    """A label, and how probable it is, 0 to 1."""

    label: str
    probability: float


@dataclass(frozen=True, slots=True)
class Model:
    """What was learnt. `weights`: labels x features; `accuracy`: on examples held out, none when there were too few."""

    labels: tuple[str, ...]
    words: tuple[str, ...]
    letters: tuple[str, ...]
    rarity: Numbers
    """How much each word, then each piece of letters, tells."""
    weights: Numbers
    intercept: Numbers
    sharpness: float
    examples: int
    accuracy: float | None


class Classifier:
    """A model at work. May be asked by several threads at once."""

    def __init__(self, model: Model, analyser: Analyser) -> None:
        self.model = model
        self._features = _Features.known(model)
        self._analyser = analyser
        # One feature a row: a text has few features, so only their rows are read.
        self._weights = np.ascontiguousarray(model.weights.T)

    def probabilities(self, texts: Sequence[str]) -> npt.NDArray[np.float64]:
        """Texts x labels; each row sums to 1. A text of which no word is known tells nothing: a row of equals."""
        found = self._features.of(texts, _words(texts, self._analyser))
        scores = found @ self._weights + self.model.intercept
        scores[np.diff(found.indptr) == 0] = 0
        return _softmax(scores, self.model.sharpness)

    def guess(self, text: str, most: int = 3) -> list[Guess]:
        """The most probable labels, the best first; none for a text of which no word is known."""
        row = self.probabilities([text])[0]
        if len(row) > 1 and np.ptp(row) == 0:
            return []
        best = np.argsort(-row, kind="stable")[:most]
        return [Guess(self.model.labels[place], float(row[place])) for place in best]


def learn(examples: Iterable[Example], analyser: Analyser) -> Model:
    """A model of all labels that occur. Raises ClassificationError without an example that has a word."""
    usable = [(example, words) for example, words in _analysed(examples, analyser) if words or words_of(example.text)]
    if not usable:
        raise ClassificationError("there is no example to learn from")
    labels = tuple(sorted({example.label for example, _ in usable}))
    places = {label: place for place, label in enumerate(labels)}
    wanted = np.array([places[example.label] for example, _ in usable])
    features = _Features.new(len(usable), len(labels))
    found = features.learn([example.text for example, _ in usable], [words for _, words in usable])
    sharpness, accuracy = _calibrate(found, wanted, len(labels))
    weights, intercept = _fit(found, wanted, len(labels))
    return Model(
        labels, *features.vocabularies(), features.rarity(), weights, intercept, sharpness, len(usable), accuracy
    )


def save(model: Model, path: Path) -> None:
    """Write it whole or not at all."""
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        np.savez(
            file,
            format=_FORMAT,
            labels=_packed(model.labels),
            words=_packed(model.words),
            letters=_packed(model.letters),
            rarity=model.rarity,
            weights=model.weights,
            intercept=model.intercept,
            sharpness=model.sharpness,
            examples=model.examples,
            accuracy=np.nan if model.accuracy is None else model.accuracy,
        )
    part.replace(path)


def load(path: Path) -> Model:
    """What `save` has written: numbers and words, nothing that could run. Raises OSError, ClassificationError."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            if int(kept["format"]) != _FORMAT:
                raise ClassificationError("the model is of another format")
            accuracy = float(kept["accuracy"])
            model = Model(
                labels=_unpacked(kept["labels"]),
                words=_unpacked(kept["words"]),
                letters=_unpacked(kept["letters"]),
                rarity=kept["rarity"],
                weights=kept["weights"],
                intercept=kept["intercept"],
                sharpness=float(kept["sharpness"]),
                examples=int(kept["examples"]),
                accuracy=None if np.isnan(accuracy) else accuracy,
            )
    except (ValueError, KeyError, EOFError, TypeError, BadZipFile) as error:
        raise ClassificationError("the file is not a model") from error
    if model.weights.shape != (len(model.labels), len(model.words) + len(model.letters)):
        raise ClassificationError("the file is not a whole model")
    return model


class _Features:
    """Texts to numbers: how often what occurs, the rarer the more, each kind of unit length."""

    def __init__(self, words: Any, letters: Any) -> None:
        self._words, self._letters = words, letters

    @classmethod
    def new(cls, examples: int, labels: int) -> _Features:
        """Without a vocabulary: that is learnt."""
        many = examples >= _MANY
        most = max(1000, _WEIGHTS // labels // 2)
        return cls(
            _vectorizer("words", min_df=2 if many else 1, max_features=most),
            _vectorizer("letters", min_df=3 if many else 1, max_features=most),
        )

    @classmethod
    def known(cls, model: Model) -> _Features:
        """With those of the model."""
        words, letters = (
            _vectorizer(kind, vocabulary={term: place for place, term in enumerate(terms)}) if terms else None
            for kind, terms in (("words", model.words), ("letters", model.letters))
        )
        if words is not None:
            words.idf_ = model.rarity[: len(model.words)]
        if letters is not None:
            letters.idf_ = model.rarity[len(model.words) :]
        return cls(words, letters)

    def learn(self, texts: Sequence[str], words: Sequence[Sequence[str]]) -> Matrix:
        """Take up the vocabulary of these; their features."""
        if not any(words):
            self._words = None
        parts = [self._words.fit_transform(words)] if self._words else []
        return _joined([*parts, self._letters.fit_transform(texts)])

    def of(self, texts: Sequence[str], words: Sequence[Sequence[str]]) -> Matrix:
        """The features of further texts."""
        parts = [self._words.transform(words)] if self._words else []
        return _joined([*parts, self._letters.transform(texts)])

    def vocabularies(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Words and letters in the order of their features."""
        return _terms(self._words), _terms(self._letters)

    def rarity(self) -> Numbers:
        """Of each feature."""
        parts = [vectorizer.idf_ for vectorizer in (self._words, self._letters) if vectorizer]
        return np.concatenate(parts).astype(np.float32)


def _vectorizer(kind: str, **options: Any) -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer

    analyser = _pieces if kind == "letters" else _same
    return TfidfVectorizer(analyzer=analyser, sublinear_tf=True, dtype=np.float32, **options)


def _pieces(text: str) -> list[str]:
    """One to four neighbouring letters of each word, its beginning and its end among them."""
    words = [f" {word} " for word in words_of(text)]
    return [
        word[start : start + length]
        for word in words
        for length in range(1, _LONGEST_PIECE + 1)
        for start in range(len(word) - length + 1)
        if length > 1 or word[start] != " "
    ]


def _same(words: Sequence[str]) -> Sequence[str]:
    return words


def _terms(vectorizer: Any) -> tuple[str, ...]:
    return tuple(map(str, vectorizer.get_feature_names_out())) if vectorizer else ()


def _joined(parts: list[Matrix]) -> Matrix:
    from scipy.sparse import csr_matrix, hstack  # here, because the web knows this module and learns nothing

    return csr_matrix(hstack(parts)) if len(parts) > 1 else parts[0]


def _words(texts: Sequence[str], analyser: Analyser) -> list[list[str]]:
    """Words, and pairs of neighbours."""
    return [[*words, *(f"{one} {other}" for one, other in pairwise(words))] for words in analyser.words_of_all(texts)]


def _analysed(examples: Iterable[Example], analyser: Analyser) -> list[tuple[Example, list[str]]]:
    kept = list(examples)
    return list(zip(kept, _words([example.text for example in kept], analyser), strict=True))


def _fit(found: Matrix, wanted: npt.NDArray[np.int64], labels: int) -> tuple[Numbers, Numbers]:
    """Weights and intercepts; zero for labels of which there is no example."""
    weights = np.zeros((labels, found.shape[1]), np.float32)
    intercept = np.zeros(labels, np.float32)
    there = np.unique(wanted)
    if len(there) > 1:
        from sklearn.naive_bayes import ComplementNB
        from sklearn.svm import LinearSVC

        machine = LinearSVC(C=_COST, random_state=0, max_iter=5000).fit(found, wanted)
        margins, base = machine.coef_, machine.intercept_
        if len(there) == 2:  # of two labels only the second has a row
            margins, base = np.vstack([-margins, margins]), np.concatenate([-base, base])
        bayes = ComplementNB(alpha=_SMOOTHING).fit(found, wanted).feature_log_prob_
        weights[there] = margins + _BAYES * (bayes - bayes.mean(axis=0))
        intercept[there] = base
    return weights, intercept


def _calibrate(found: Matrix, wanted: npt.NDArray[np.int64], labels: int) -> tuple[float, float | None]:
    """How sharply scores are taken, and the accuracy, by examples that were held out."""
    order = np.arange(len(wanted))
    held = (order % max(_HELD_OUT, len(wanted) // _MOST_HELD_OUT)) == 0
    # What never occurs in the rest cannot be guessed, and says nothing about how sure guesses are.
    held &= np.isin(wanted, wanted[~held])
    rest = ~held
    if held.sum() < _FEWEST_HELD_OUT or len(np.unique(wanted[rest])) == 1:
        return _SHARPNESS, None
    weights, intercept = _fit(found[rest], wanted[rest], labels)
    scores = found[held] @ weights.T + intercept
    right = wanted[held]
    losses = [-np.log(_softmax(scores, one)[np.arange(len(right)), right] + 1e-12).mean() for one in _SHARPNESSES]
    return float(_SHARPNESSES[int(np.argmin(losses))]), float((scores.argmax(axis=1) == right).mean())


def _softmax(scores: npt.NDArray[Any], sharpness: float) -> npt.NDArray[np.float64]:
    raised = sharpness * scores.astype(np.float64)
    raised = np.exp(raised - raised.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def _packed(terms: Sequence[str]) -> npt.NDArray[np.uint8]:
    return np.frombuffer(json.dumps(terms).encode(), np.uint8)


def _unpacked(kept: npt.NDArray[np.uint8]) -> tuple[str, ...]:
    return tuple(map(str, json.loads(kept.tobytes())))
