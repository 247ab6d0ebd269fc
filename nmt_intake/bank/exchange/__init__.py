"""Forms of other programs, in and out: FHIR R4 Questionnaire (JSON) and XLSForm (xlsx).

A form is read into a `Form`, with a line for everything that could not be taken over; a `Form` is
written as a bank folder. The other way round a bank is told as a FHIR resource or as sheets. What
both standards say about branching and what our conditions say is brought together in `gates`.
"""

from __future__ import annotations

from nmt_intake.bank.exchange.forms import Form, FormError, Item, LeftOut, Section
from nmt_intake.bank.exchange.writing import Written, write_bank

__all__ = ["Form", "FormError", "Item", "LeftOut", "Section", "Written", "write_bank"]
