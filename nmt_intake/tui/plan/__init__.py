"""The plan of a case at the desk: what is suggested, why, and the clinician's decisions.

Open it with `push_screen(screen.PlanScreen(desk, case, closes=...))`, like the rating desk:
`closes` says that leaving it closes the case. Each decision is an event (`ActivityChosen`,
`ActivityDropped`) that goes the way of every answer, and can be undone.
"""
