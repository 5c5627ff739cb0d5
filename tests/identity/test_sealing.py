"""Sealed inputs: nobody without exactly this key, case and these bytes reads them; a rotation changes nothing else."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitl.adapters.files.master_keys import FileKeyring
from hitl.canonical import canonical
from hitl.errors import InvalidConfig, SealBroken
from hitl.sealing import Keyring, parse_masters, seal_fields, seal_payload
from hitl.sealing.opening import open_fields, open_payload
from hitl.tasks import TaskSpec
from tests.gateway.service import loans

OLD, NEW = os.urandom(32), os.urandom(32)
FIELDS = {
    "kind": "fields",
    "fields": [{"name": "age", "min": 0, "max": 120, "sensitive": True}, {"name": "sum", "min": 0, "max": 9}],
}
SPEC = TaskSpec.model_validate({**loans().model_dump(), "input": FIELDS, "sensitive_metadata": ["name"]})
PAYLOAD = canonical({"features": {"age": 41, "sum": 3}, "metadata": {"name": "Ada", "ward": "7"}})


@pytest.mark.covers("000-76")
@given(st.binary(max_size=300), st.text(max_size=30))
def test_what_was_sealed_opens_and_shows_nothing_of_itself(content: bytes, case_id: str) -> None:
    payload = b"in clear: " + content
    keys = Keyring([OLD])
    sealed = seal_payload(keys, case_id, payload, os.urandom)
    assert open_payload(keys, loans(), case_id, sealed.payload, sealed.wrapped_key).clear == payload
    assert b"in clear: " not in sealed.payload


@given(st.integers(min_value=0), st.sampled_from(["payload", "key"]), st.integers(1, 255))
def test_one_changed_byte_never_opens(at: int, part: str, change: int) -> None:
    keys = Keyring([OLD])
    sealed = seal_payload(keys, "a", PAYLOAD, os.urandom)
    payload, key = bytearray(sealed.payload), bytearray(sealed.wrapped_key)
    spot = payload if part == "payload" else key
    spot[at % len(spot)] ^= change
    try:
        assert open_payload(keys, SPEC, "a", bytes(payload), bytes(key)).clear == PAYLOAD  # bits that base64 does not use
    except SealBroken:
        return


@pytest.mark.parametrize("ring", [Keyring([NEW]), Keyring([os.urandom(32), NEW])])
def test_a_ring_without_the_master_opens_nothing(ring: Keyring) -> None:
    sealed = seal_payload(Keyring([OLD]), "a", PAYLOAD, os.urandom)
    with pytest.raises(SealBroken):
        open_payload(ring, SPEC, "a", sealed.payload, sealed.wrapped_key)


def test_a_key_that_is_moved_to_another_case_does_not_open() -> None:
    keys = Keyring([OLD])
    sealed = seal_payload(keys, "a", PAYLOAD, os.urandom)
    with pytest.raises(SealBroken):
        open_payload(keys, SPEC, "b", sealed.payload, sealed.wrapped_key)


def test_a_rotated_ring_opens_the_old_and_wraps_with_the_new() -> None:
    sealed, both = seal_payload(Keyring([OLD]), "a", PAYLOAD, os.urandom), Keyring([NEW, OLD])
    again = both.wrap(both.unwrap(sealed.wrapped_key, "a"), "a", os.urandom)
    assert (both.is_current(sealed.wrapped_key), both.is_current(again)) == (False, True)
    assert open_payload(Keyring([NEW]), SPEC, "a", sealed.payload, again).clear == PAYLOAD


def test_answers_mask_marked_fields_alone() -> None:
    keys = Keyring([OLD])
    sealed = seal_payload(keys, "a", PAYLOAD, os.urandom)
    shown = json.loads(open_payload(keys, SPEC, "a", sealed.payload, sealed.wrapped_key).shown)
    assert shown == {"features": {"age": "***", "sum": 3}, "metadata": {"name": "***", "ward": "7"}}


def test_without_its_key_a_case_is_erased() -> None:
    keys = Keyring([OLD])
    opened = open_payload(keys, SPEC, "a", seal_payload(keys, "a", PAYLOAD, os.urandom).payload, None)
    assert (opened.clear, json.loads(opened.shown)) == (None, {"erased": True, "features": None, "metadata": {}})


@given(st.dictionaries(st.text(max_size=5), st.none() | st.integers(-9, 9) | st.text(max_size=9), max_size=5))
def test_named_values_come_back(fields: dict[str, object]) -> None:
    sealed = seal_fields(fields, list(fields), OLD, os.urandom)
    assert open_fields(sealed, OLD) == fields


def test_a_sealed_value_under_another_name_does_not_open() -> None:
    sealed = seal_fields({"salary": 9}, ["salary"], OLD, os.urandom)
    with pytest.raises(SealBroken):
        open_fields({"bonus": sealed["salary"]}, OLD)


@pytest.mark.parametrize("text", ["", "zz", "00", "00" * 32 + ",11"])
def test_a_bad_master_key_stops_the_start(text: str) -> None:
    with pytest.raises(InvalidConfig):
        parse_masters(text, "test")


def test_a_changed_file_is_read_anew(tmp_path: Path) -> None:
    file = tmp_path / "master_key"
    file.write_text(OLD.hex())
    ring = FileKeyring(file)
    wrapped = ring.wrap(bytes(32), "a", os.urandom)
    os.utime(file, ns=(1, 1))
    file.write_text(f"{NEW.hex()},{OLD.hex()}")
    assert ring.unwrap(wrapped, "a") == bytes(32)
    assert Keyring([NEW]).is_current(ring.wrap(bytes(32), "a", os.urandom))
