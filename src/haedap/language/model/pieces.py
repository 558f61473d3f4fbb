"""Text as the numbers of the pieces that the model was taught with, by SentencePiece."""

from __future__ import annotations

import re

from sentencepiece import SentencePieceProcessor, sentencepiece_model_pb2

from haedap.language.model.packed import Vocabulary

_SPACES = re.compile(" {2,}")
_NOTHING = "\0"


def cutter_of(vocabulary: Vocabulary) -> bytes:
    """What SentencePiece loads."""
    model = sentencepiece_model_pb2.ModelProto()  # type: ignore[attr-defined]  # its classes are made at run time
    model.trainer_spec.model_type = model.trainer_spec.UNIGRAM
    special = {vocabulary.begin: "bos", vocabulary.end: "eos", vocabulary.padding: "pad", vocabulary.unknown: "unk"}
    for number, name in special.items():
        setattr(model.trainer_spec, f"{name}_id", number)
        setattr(model.trainer_spec, f"{name}_piece", vocabulary.pieces[number])
    model.normalizer_spec.name = "identity"
    model.normalizer_spec.add_dummy_prefix = True
    model.normalizer_spec.remove_extra_whitespaces = False
    kinds = dict.fromkeys(special, model.SentencePiece.CONTROL) | {vocabulary.unknown: model.SentencePiece.UNKNOWN}
    for number, (piece, score) in enumerate(zip(vocabulary.pieces, vocabulary.scores, strict=True)):
        model.pieces.add(piece=piece, score=score, type=kinds.get(number, model.SentencePiece.NORMAL))
    return bytes(model.SerializeToString())


class Pieces:
    """Cuts text. `letters` as in `Vocabulary`."""

    def __init__(self, cutter: bytes, letters: dict[int, str]) -> None:
        self._cutter = SentencePieceProcessor()
        self._cutter.LoadFromSerializedProto(cutter)
        self._letters = {**letters, ord(_NOTHING): ""}
        self.begin, self.end = self._cutter.bos_id(), self._cutter.eos_id()

    def of(self, text: str) -> list[int]:
        """The numbers, without the marks of beginning and end. Half a surrogate pair is left out."""
        whole = text.encode(errors="ignore").decode()
        return list(self._cutter.EncodeAsIds(_SPACES.sub(" ", whole.translate(self._letters))))
