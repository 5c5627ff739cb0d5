"""Recordings that any client may send: hostile ones are refused in words, and people hear sound made anew."""

import io
from collections.abc import AsyncIterator

import numpy as np
import pytest
import pytest_asyncio
import soundfile
from PIL import Image

from hitl.adapters.checkers import decoder as decoder_module
from hitl.adapters.checkers import decoding_sound
from hitl.adapters.checkers.decoder import DecodingLimits, FileDecoder
from hitl.adapters.checkers.decoding_wire import Asked
from hitl.adapters.checkers.limited import program_of
from hitl.blobs.file_types import FileTerms, check_file, type_of
from hitl.errors import InvalidInput
from tests.fixtures.pictures import picture
from tests.fixtures.sounds import noise, of_samples, recording, silence, with_delay, with_frames, with_length, without_head

KINDS = ("wav", "flac", "ogg", "mp3")
TERMS = FileTerms(KINDS, 10**8, max_seconds=5, max_channels=1)
LONGER = FileTerms(KINDS, 10**8, max_seconds=60, max_channels=2)
PAGE = b"<!DOCTYPE html><script>alert(1)</script>"
WAV, FLAC, OGG, MP3 = (recording(kind) for kind in KINDS)
FRAME = MP3.index(MP3[:2], len(MP3) // 2)
"""Where a frame in the middle begins."""

CUT = "expected one whole {} recording: this one is cut off, or holds another one or other bytes"
BROKEN = "expected a whole {} file: this one cannot be decoded"
NO_NUMBER = "a recording whose samples are numbers: this one holds infinity or no number (NaN)"
REFUSED = [
    ("nothing", b"", "a file of type wav or flac or ogg or mp3"),
    ("a page", PAGE, "a file of type"),
    ("a picture", picture("png"), "a file of type"),
    ("a picture in the frame of a recording", picture("webp"), "a file of type"),
    ("a page behind a recording", WAV + PAGE, "a recording without markup in it"),
    ("a page as a title", recording(title=PAGE.decode()), "a recording without markup in it"),
    ("half a wav", WAV[: len(WAV) // 2], CUT.format("wav")),
    ("a wav without its last byte", WAV[:-1], CUT.format("wav")),
    ("a wav that says it is huge", with_length(WAV, 2**32 - 1), CUT.format("wav")),
    ("the head of a wav", WAV[:20], CUT.format("wav")),
    ("a wav of no length", with_length(WAV, 0), "a recording with sound in it: this one has no sample"),
    ("half a flac", FLAC[: len(FLAC) // 2], BROKEN.format("flac")),
    ("a flac without its last bytes", FLAC[:-3], BROKEN.format("flac")),
    ("a flac that says it is huge", with_frames(FLAC, 2**36 - 1), "at most 5 seconds, came 4294967.3"),
    ("a flac of unknown length", with_frames(FLAC, 0), "a recording whose head says how long it lasts"),
    ("half an ogg", OGG[: len(OGG) // 2], CUT.format("ogg")),
    ("an ogg without its last bytes", OGG[:-3], CUT.format("ogg")),
    ("an ogg without its last page", OGG[: OGG.rindex(b"OggS")], CUT.format("ogg")),
    ("an ogg behind an ogg", OGG + recording("ogg"), CUT.format("ogg")),
    ("a wav behind a wav", WAV + WAV, CUT.format("wav")),
    ("a flac behind a flac", FLAC + FLAC, CUT.format("flac")),
    ("a flac behind a flac and other bytes", FLAC + b"secret" + FLAC, CUT.format("flac")),
    ("half an mp3", MP3[: FRAME + 6], CUT.format("mp3")),
    ("the first frames of an mp3", MP3[:FRAME], "a player takes it for 16000"),
    ("an mp3 without its last frame", MP3[: MP3.rindex(MP3[:2])], BROKEN.format("mp3")),
    ("an mp3 without its last byte", MP3[:-1], CUT.format("mp3")),
    ("an mp3 behind an mp3", MP3 + MP3, CUT.format("mp3")),
    ("other bytes behind an mp3", MP3 + b"secret words", CUT.format("mp3")),
    ("an mp3 with frames that its head does not count", MP3 + without_head(MP3), "a player takes it for 16000. Encode it anew"),
    ("one type under the bytes of another", b"fLaC" + WAV, BROKEN.format("flac")),
    ("a wav behind the head of an mp3", b"ID3\x04\0\0\0\0\0\0" + WAV, CUT.format("mp3")),
    ("no number", of_samples(np.array([[0.5], [np.nan]]), "FLOAT"), NO_NUMBER),
    ("no number of 64 bits", of_samples(np.array([[0.5], [np.nan]]), "DOUBLE"), NO_NUMBER),
    ("infinity", of_samples(np.array([[0.5], [-np.inf]]), "FLOAT"), NO_NUMBER),
    ("a coding that nobody sends", recording(coding="IMA_ADPCM"), "a recording in PCM, FLAC, Vorbis, Opus, MP3"),
    ("too long", silence(6), "at most 5 seconds, came 6.0"),
    ("too many channels", recording(channels=2), "at most 1 channels, came 2"),
    ("too slow", recording(rate=2000), "4000 to 192000 samples a second, came 2000"),
]

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def decoder() -> AsyncIterator[FileDecoder]:
    """One for all: what a hostile recording does to it, the next test would see."""
    made = FileDecoder()
    yield made
    await made.close()


@pytest.mark.parametrize("data", [WAV, FLAC, OGG, MP3, b"ID3\x04\0\0\0\0\0\x0a" + bytes(10) + MP3], ids=[*KINDS, "mp3 with tags"])
async def test_each_type_is_known_by_its_first_bytes_and_told_how_long_it_lasts(decoder: FileDecoder, data: bytes) -> None:
    kind = check_file(data, TERMS)
    found = await decoder.check(data, kind, TERMS)
    assert (type_of(data), found.duration_ms, found.data) == (kind, 1000, b"")


@pytest.mark.parametrize("coding", ["PCM_U8", "PCM_24", "FLOAT", "ULAW", "ALAW"])
async def test_what_telephones_and_studios_write_is_heard(decoder: FileDecoder, coding: str) -> None:
    found = await decoder.render_sound(recording(coding=coding, rate=8000), "wav", TERMS)
    assert (found.kind, found.duration_ms) == ("flac", 1000)


@pytest.mark.parametrize(("name", "data", "expected"), REFUSED, ids=[name for name, *_ in REFUSED])
async def test_what_is_no_whole_recording_is_refused_in_words(
    decoder: FileDecoder, name: str, data: bytes, expected: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await decoder.check(data, check_file(data, TERMS), TERMS)
    assert expected in str(refused.value), name
    assert (await decoder.check(WAV, "wav", TERMS)).duration_ms == 1000, "the next one is heard"


@pytest.mark.parametrize(
    ("rate", "mode", "samples"),
    [(44_100, "VARIABLE", 309_888), (44_100, "CONSTANT", 309_888), (16_000, "VARIABLE", 113_472), (22_050, "AVERAGE", 155_520)],
)
async def test_an_mp3_that_people_would_not_hear_whole_is_refused(
    decoder: FileDecoder, rate: int, mode: str, samples: int
) -> None:
    """libsndfile estimates the length of one without a head: 2 seconds of 7, as of the first."""
    whole = noise(rate, mode)
    assert (await decoder.check(whole, "mp3", LONGER)).duration_ms == 7000
    with pytest.raises(
        InvalidInput, match=rf"\(Xing, Info\) says how long it lasts: its frames hold {samples} .* Encode it anew"
    ):
        await decoder.check(without_head(whole), "mp3", LONGER)


@pytest.mark.parametrize(("delay", "padding", "samples"), [(0, 0, 16_751), (576, 100, 16_175), (1105, 700, 15_475)])
async def test_an_mp3_is_heard_whatever_its_encoder_added(decoder: FileDecoder, delay: int, padding: int, samples: int) -> None:
    """Of 17,280 samples in its frames."""
    heard = await decoder.render_sound(with_delay(MP3, delay, padding), "mp3", TERMS)
    with soundfile.SoundFile(io.BytesIO(heard.data)) as sound:
        assert sound.frames == samples


async def test_an_mp3_without_a_head_is_heard_where_its_length_is_sure(decoder: FileDecoder) -> None:
    """All of its 197 frames have the same length."""
    found = await decoder.check(without_head(noise(16_000, "CONSTANT")), "mp3", LONGER)
    assert found.duration_ms == 7092


@pytest.mark.parametrize("kind", ["wav", "flac", "ogg", "mp3"])
async def test_samples_that_look_like_markup_are_no_page(kind: str) -> None:
    data = recording(kind)[:200] + bytes(100_000) + b"<svg " + bytes(100_000)
    assert check_file(data, TERMS) == kind


@pytest.mark.parametrize("at", [100, 60_000, 200_000])
async def test_markup_in_the_head_of_a_recording_or_at_its_end_is_refused(at: int) -> None:
    data = WAV[:100].ljust(at, b"\0") + b"<svg "
    with pytest.raises(InvalidInput, match="a recording without markup in it"):
        check_file(data.ljust(at + 3000, b"\0"), TERMS)


async def test_a_wav_with_samples_that_look_like_markup_is_heard(decoder: FileDecoder) -> None:
    data = recording(seconds=5)
    data = data[:80_000] + b"<svg " + data[80_005:]
    assert (await decoder.check(data, check_file(data, TERMS), TERMS)).duration_ms == 5000


async def test_a_recording_of_more_samples_than_people_could_be_sent_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten minutes of silence at 96 kHz are some hundred kilobytes; nothing of them is decoded."""
    bomb = silence(600, channels=2, rate=96_000)
    assert len(bomb) < 700_000
    read = list[int]()
    monkeypatch.setattr(decoding_sound, "_blocks", lambda *_: read.append(1))
    said, made = decoding_sound.decode_sound(Asked("flac", "sound", 10.0, 8, max_seconds=600, max_channels=2), bomb)
    assert said.expected == "at most 30000000 samples in all channels, came 115200000: send fewer a second"
    assert (made, read) == (b"", [])


async def test_what_takes_too_long_is_killed_and_the_next_recording_is_heard() -> None:
    terms = FileTerms(KINDS, 10**8, max_seconds=600, max_channels=2)
    decoder = FileDecoder(DecodingLimits(wall_s=0.02))
    with pytest.raises(InvalidInput, match="within the limits of memory and time"):
        await decoder.render_sound(silence(300, channels=2, rate=48_000), "flac", terms)
    decoder._limits = DecodingLimits()
    assert (await decoder.check(WAV, "wav", TERMS)).duration_ms == 1000
    await decoder.close()


async def test_what_breaks_the_limit_of_memory_is_refused_and_the_next_recording_is_heard(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The real process with less room than the samples of the file need."""
    monkeypatch.setattr(decoder_module, "program_of", lambda module: program_of("tests.security.narrow_decoding"))
    decoder = FileDecoder()
    with pytest.raises(InvalidInput, match="within the limits of memory and time"):
        await decoder.check(large_wav(), "wav", TERMS)
    assert (await decoder.check(WAV, "wav", TERMS)).duration_ms == 1000
    await decoder.close()


def large_wav() -> bytes:
    """A WAV of one second with a part of 120 MB behind it, which nobody hears."""
    return WAV + b"JUNK" + (120 * 2**20).to_bytes(4, "little") + bytes(120 * 2**20)


@pytest.mark.parametrize("kind", KINDS)
async def test_people_get_sound_alone(decoder: FileDecoder, kind: str) -> None:
    """No title, no name, nothing behind the end, no byte of the sender's file; and it lasts as long."""
    sent = recording(kind, title="call of Mrs Miller", comment="secret words")
    if kind != "mp3":
        sent += b"secret words"
    heard = await decoder.render_sound(sent, kind, TERMS)
    assert b"Miller" in sent
    assert (heard.kind, heard.duration_ms, heard.data[:4]) == ("flac", 1000, b"fLaC")
    assert b"Miller" not in heard.data
    assert b"secret words" not in heard.data
    with soundfile.SoundFile(io.BytesIO(heard.data)) as sound:
        assert (sound.frames, sound.samplerate, sound.channels, sound.subtype) == (16_000, 16_000, 1, "PCM_16")


async def test_the_same_recording_is_made_anew_in_the_same_bytes(decoder: FileDecoder) -> None:
    """A player asks for its parts one by one."""
    first, second = [await decoder.render_sound(OGG, "ogg", TERMS) for _ in range(2)]
    assert first.data == second.data


async def test_a_recording_is_as_loud_as_it_was(decoder: FileDecoder) -> None:
    heard = await decoder.render_sound(recording(coding="FLOAT"), "wav", TERMS)
    assert loudest(heard.data) == pytest.approx(loudest(WAV), rel=0.001)


def loudest(data: bytes) -> float:
    return float(np.abs(soundfile.read(io.BytesIO(data))[0]).max())


@pytest.mark.parametrize("data", [WAV, recording(seconds=0.01), recording(seconds=5)], ids=["a second", "a click", "longer"])
async def test_its_picture_shows_how_loud_it_is_from_its_start_to_its_end(decoder: FileDecoder, data: bytes) -> None:
    drawn = await decoder.render(data, "wav", TERMS)
    seen = Image.open(io.BytesIO(drawn.data)).getchannel("A")
    heights = [sum(1 for y in range(seen.height) if seen.getpixel((x, y))) for x in (150, 600, 1150)]
    assert (drawn.kind, seen.size) == ("png", (1200, 160))
    assert 0 < heights[0] < heights[1] < heights[2] < 160, "the tone swells"


@pytest.mark.parametrize("heard", [0, 1], ids=["left", "right"])
async def test_its_picture_shows_each_channel(decoder: FileDecoder, heard: int) -> None:
    """So long that each column is of a thousand samples in each channel."""
    samples = np.zeros((1_200_000, 2), np.float32)
    samples[:, heard] = 0.5
    drawn = await decoder.render(of_samples(samples, rate=48_000), "wav", LONGER)
    seen = Image.open(io.BytesIO(drawn.data)).getchannel("A")
    assert seen.getbbox() == (0, 40, 1200, 121)
