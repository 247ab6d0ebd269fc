"""What a bank costs: run with `--benchmark-enable`. Budgets: 1,000 questions load in 15 ms
compiled and 250 ms from source; a search takes under 5 ms; an escape is refused under 10 ms.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from nmt_intake.bank.checking import check_folder
from nmt_intake.bank.expression import parse
from nmt_intake.bank.language import Complaint
from nmt_intake.bank.loading import load_bank, load_sources, shipped_bank
from nmt_intake.bank.searching import prepare, search
from nmt_intake.interview.coverage import cover
from tests.bank.random_conditions import resolve
from tests.bank.test_conditions import ESCAPES
from tests.benchmarks.generated_bank import write_bank


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_bank(tmp_path_factory.mktemp("generated"), 1_000)


def test_load_1_000_questions_from_source(benchmark: BenchmarkFixture, generated: Path) -> None:
    loaded = benchmark(load_sources, generated)
    assert loaded.bank is not None
    assert len(loaded.bank.questions) == 1_000


def test_load_1_000_questions_compiled(
    benchmark: BenchmarkFixture, generated: Path, tmp_path: Path
) -> None:
    load_bank(generated, tmp_path)
    assert len(benchmark(load_bank, generated, tmp_path).questions) == 1_000


def test_load_the_shipped_bank_from_source(benchmark: BenchmarkFixture) -> None:
    assert benchmark(load_sources, shipped_bank()).bank is not None


def test_load_the_shipped_bank_compiled(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    load_bank(cache=tmp_path)
    assert benchmark(load_bank, None, tmp_path).questions


def test_search_1_000_questions(benchmark: BenchmarkFixture, generated: Path) -> None:
    bank = load_bank(generated)
    prepare(bank)
    assert benchmark(search, bank, "thing17 was bad in part 3 most of the tme")


def test_search_the_shipped_bank(benchmark: BenchmarkFixture) -> None:
    bank = load_bank()
    prepare(bank)
    assert benchmark(search, bank, "she would not take the botle and cried at night")


@pytest.mark.parametrize("escape", ["brackets", "deep minus", "power", "deep attributes"])
def test_refuse_an_escape(benchmark: BenchmarkFixture, escape: str) -> None:
    assert isinstance(benchmark(parse, ESCAPES[escape], resolve), Complaint)


def test_check_the_shipped_bank(benchmark: BenchmarkFixture) -> None:
    assert benchmark.pedantic(check_folder, (shipped_bank(),), rounds=1).findings == ()


def test_cover_the_shipped_bank(benchmark: BenchmarkFixture) -> None:
    assert benchmark.pedantic(cover, (load_bank(),), rounds=1).complete
