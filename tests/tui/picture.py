"""Makes the README's pictures of the desk: `python -m tests.tui.picture`.

The shipped grandmother is interviewed up to the years from one to four; what is on the screen
then is what a worker sees.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
from datetime import date
from pathlib import Path

from nmt_intake.bank.loading import load_bank, shipped_bank
from nmt_intake.rehearsal.persona import Persona
from nmt_intake.rehearsal.play import play_persona
from nmt_intake.store.protocols import CaseLabel
from tests.tui.driving import WIDE, at_desk, calm, keys, make_desk

PICTURES = Path(__file__).parents[2] / ".readme"
UP_TO = "early_childhood/people_around.consistency"


async def take_pictures(folder: Path) -> None:
    """Write the interview and the rating desk as SVG into `.readme`."""
    bank = load_bank(cache=folder / "cache")
    path = shipped_bank() / "personas" / "grandmother.yaml"
    played = play_persona(path, bank, "ana", date(2026, 11, 22))
    desk = make_desk(folder, bank)
    persona = Persona(path, bank, date(2026, 11, 22))
    case = desk._opened(
        desk.home.cases.create(CaseLabel(persona.alias, persona.birth)), CaseLabel(persona.alias)
    )
    for event in played.events:
        if getattr(event, "slot", None) == UP_TO:
            break
        case.take(event)
    desk.summarise(case)
    desk.close(case)
    async with at_desk(desk, WIDE) as pilot:
        await keys(pilot, "enter")
        await asyncio.sleep(0.5)  # the columns come a moment after the first paint
        await keys(pilot, "2")
        await asyncio.sleep(0.5)
        await calm(pilot)
        drawn = pilot.app.export_screenshot(title="nmt-intake")
        # Textual's picture names fonts on the network; any monospaced font will do.
        picture = re.sub(r"@font-face\s*{[^}]*}", "", drawn)
        (PICTURES / "interview.svg").write_text(picture, encoding="utf-8")


def main() -> None:
    """Take the pictures."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(take_pictures(Path(folder)))


if __name__ == "__main__":
    main()
