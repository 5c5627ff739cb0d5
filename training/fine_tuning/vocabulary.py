"""The tokenizer of a text encoder that is trained here: the most frequent words and marks of the texts that it learns from."""

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer, normalizers, pre_tokenizers
from tokenizers.models import WordLevel

from hitl.inference.text_encoder import readable, tokenizer_from
from training.fine_tuning.plan import PADDING

FEWEST_TEXTS = 3
"""A word of fewer texts is not known: one text teaches nothing of it, and a person's name that one text holds stays out of the
model's file."""
SPECIAL = ("[PAD]", "[UNK]")


def tokenizer_of(texts: Iterable[str], most: int) -> bytes:
    """Return a ``tokenizer.json`` that knows at most ``most`` words. The same texts always give the same bytes."""
    tokenizer = _splitting({})
    counts = Counter(word for text in texts for word in set(_words(tokenizer, text)))
    often = sorted((word for word, count in counts.items() if count >= FEWEST_TEXTS), key=lambda word: (-counts[word], word))
    return bytes(_splitting({word: at for at, word in enumerate(often[:most], start=len(SPECIAL))}).to_str().encode())


def known_tokens(tokenizer: bytes) -> int:
    return int(Tokenizer.from_str(tokenizer.decode("utf-8")).get_vocab_size())


def tokens_of(tokenizer: bytes, texts: Sequence[str], max_tokens: int) -> NDArray[np.int32]:
    """Return the tokens of the texts as compact rows (training.fine_tuning.plan), shape ``(n, max_tokens)``, the same ones that
    the encoder reads later."""
    reader, rows = tokenizer_from(tokenizer, max_tokens), np.full((len(texts), max_tokens), PADDING, dtype=np.int32)
    for at, each in enumerate(reader.encode_batch([readable(text) for text in texts])):
        ids = [number for number, is_word in zip(each.ids, each.attention_mask, strict=True) if is_word]
        rows[at, : len(ids)] = ids
    return rows


def _splitting(words: dict[str, int]) -> Tokenizer:
    known = {name: at for at, name in enumerate(SPECIAL)} | words
    tokenizer = Tokenizer(WordLevel(known, unk_token=SPECIAL[1]))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    return tokenizer


def _words(tokenizer: Tokenizer, text: str) -> list[str]:
    normal = tokenizer.normalizer.normalize_str(readable(text))
    return [word for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(normal)]
