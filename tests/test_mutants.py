import pytest

from tests.import_graph import ROOT
from tests.mutation import MUTANTS, Mutant, broken


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_still_finds_what_it_breaks(mutant: Mutant) -> None:
    assert broken(mutant).code
    assert all((ROOT / test).is_file() for test in mutant.tests)
