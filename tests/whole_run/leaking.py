"""Run by ``test_leaks`` only: tests that pass and leave a number behind, one on purpose and with its mark."""

import logging

import pytest

CERTNO = "990001196001012234"


def test_leaves_a_number_in_the_log() -> None:
    logging.getLogger("tuodi").warning("读到 %s", CERTNO)


@pytest.mark.plants_numbers("日志")
def test_plants_a_number() -> None:
    logging.getLogger("tuodi").warning("读到 %s", CERTNO)


@pytest.mark.plants_numbers("网址")
def test_plants_elsewhere_than_it_says() -> None:
    logging.getLogger("tuodi").warning("读到 %s", CERTNO)


@pytest.mark.plants_numbers("日志")
def test_says_it_plants_and_does_not() -> None:
    pass
