"""Which activities go into which column: suggested, balanced, then decided on by the clinician."""
