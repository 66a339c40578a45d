"""Reading the address a sign-in ends at."""

from __future__ import annotations

import re

import pytest

from desktop.domain.errors import SignInAddressUnreadable
from desktop.services.accounts.callback import new_state, new_verifier, read_callback

BOUNCE = "https://example.org/bounce"


@pytest.mark.parametrize(
    "address",
    [
        f"{BOUNCE}?code=AQab-c_d&state=123.xyz",
        f"{BOUNCE}?code=AQab-c_d&state=123.xyz#_",
        f"{BOUNCE}?code=AQab-c_d&state=123.xyz#_=_",
        f"{BOUNCE}?state=123.xyz&code=AQab-c_d#_",
        f"{BOUNCE}?state=123.xyz&code=AQab-c_d%23_",
        f"{BOUNCE}?code=AQab-c_d&state=123.xyz#forwarded",
        f"  {BOUNCE}?code=AQab-c_d&\n state=123.xyz#_ \n",
        "?code=AQab-c_d&state=123.xyz#_",
        "code=AQab-c_d&state=123.xyz",
        "http://localhost:4711/callback?code=AQab-c_d&state=123.xyz",
    ],
)
def test_trap_03_what_is_appended_to_a_code_is_no_part_of_it(address: str) -> None:
    found = read_callback(address)
    assert (found.code, found.state, found.error) == ("AQab-c_d", "123.xyz", "")


@pytest.mark.parametrize("spelling", ["access_denied", "acceess_denied"])
def test_a_refusal_is_known_by_its_presence(spelling: str) -> None:
    found = read_callback(f"{BOUNCE}?error={spelling}&error_reason=user_denied&error_description=No+way&state=1.a")
    assert (found.error, found.message, found.code, found.state) == (spelling, "No way", "", "1.a")


def test_an_error_by_number_alone() -> None:
    found = read_callback(f"{BOUNCE}?error_code=4476002&error_message=Wrong+app&state=1.a&code=x")
    assert (found.error, found.error_code, found.code) == ("4476002", "4476002", "")


@pytest.mark.parametrize("text", ["", "hello", BOUNCE, f"{BOUNCE}?state=1.a", "http://[bad?code=1&state=2", "code"])
def test_what_is_no_such_address(text: str) -> None:
    with pytest.raises(SignInAddressUnreadable):
        read_callback(text)


def test_codes_and_states_show_in_no_repr() -> None:
    assert "SECRETCODE" not in repr(read_callback("?code=SECRETCODE&state=SECRETSTATE"))
    assert "SECRETSTATE" not in repr(read_callback("?code=SECRETCODE&state=SECRETSTATE"))


def test_states_begin_with_the_port_and_never_repeat() -> None:
    states = {new_state(4711) for _ in range(100)}
    assert len(states) == 100
    assert all(re.fullmatch(r"4711\.[A-Za-z0-9_-]{43}", state) for state in states)


def test_verifiers_are_as_long_as_the_standard_wants() -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]{43,128}", new_verifier())
