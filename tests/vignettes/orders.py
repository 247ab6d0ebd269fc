"""What is worse than what: options of closed questions from the best to the worst, for one meaning.

How it was made: each ladder was written by asking of every two neighbouring options which of
them a careful rater would sooner wish for the person, with the anchors at hand and without the
rules. Where there is no answer to that (places, reasons, kinds, sources, "it is different at
home"; "early" against "as expected"; "hardly cried" against "cried much"; "turned to anyone"
against "to nobody"), the option or the whole question is left out and never made worse. So is
"there are none", which says that a thing does not apply, but for the one who looks after the
person. Questions that share their options share a ladder; where the same words mean the
opposite, the question stands by itself in `BY_QUESTION`.
"""

from __future__ import annotations

from typing import Final

from nmt_intake.bank.model import Question

LADDERS: Final = """
fine some much; none some much; little some a_lot; well some hardly; steady partly hardly
now_and_then weekly daily; seldom weekly daily; never seldom weekly most_days; weekends weekly daily
alone some_help much_help; never once more; never few often; none once more
none one more; none one several; none days weeks; none some many; none hours days for_good
none short long; none for_a_time for_good; none some deep; none one hardest; none unsure yes
yes perhaps nobody; yes perhaps no_place; yes unsure no; yes late hardly; yes partly hardly
yes late too_little; yes a_few nothing; yes at_times not_yet; yes to_ask not_yet; yes somewhat alone
seen late not_seen; there thin missing; fine bumpy hard; good mixed hard; friendly mixed hard
well mixed hard; glad mixed hard; glad mixed against; easy some hard
well slow hard; well up_down low; well low_at_times low; well weak danger; fine some bad
mostly half seldom; mostly at_times hardly; mostly at_times seldom; mostly half little
mostly guessed hardly; mostly some never_knew; mostly partly hardly; mostly careful never
mostly late nobody; most some none; most few hardly; most half hardly; few half most; few some many
lasting short nobody; lasting short none; lasting changing none; year_long for_a_while nobody
weekly seldom never; weekly seldom none; weekly seldom hardly; weekly some never; weekly some hardly
weekly tried none; weekly holidays nobody; years tried none; always mostly seldom; daily some hardly
daily some seldom; daily seldom never; night_day days seldom; often seldom none; often seldom hardly
often seldom nobody; often feasts nobody; several one_two nobody; several one nobody
one two more; one_two three_four five_up; one_two three_four changing; one changing nobody
soon weeks long; soon partly no_idea; soon later nobody
soon late nobody; hardly some_days most_days; hardly weekends most_days; hardly heated most_weeks
shared small none; gladly if_must no_one
never days long; never short long; never gaps left; never close swallowed; never caught more
never at_times often; never once often; never slight strong; never for_a_time lost
never pictures person; never perhaps happened; now_and_then spells weekly; weeks months still
weeks months never; weeks months years; days weeks not_back; days months still
away next_room close; away hearing in_it; away heard between; heard saw between; calm loud rough
held left rough; held mixed alone; stayed left hit; kept_going far_away sharp; kindly cool sharp
kindly coldly down; talk shouting force; talk silence out; heard no_time not_told
regular few none; regular irregular too_little; enough short often_short; enough short without
good poor none; sure unsure none; steady changing none; light heavy crushing; seldom at_times mostly
seldom at_times often; seldom at_times daily; seldom spells mostly; seldom sometimes a_lot
no_need unsure needed; over unsure yes; over not_sure still; all part none; all close hardly
doctor both street; got_help some_help no_help; took_turns seldom nothing; soft mixed stiff
alike partly no_order; much feeds little; taken_over late lost; near slipped_off on_own
lots little hardly; still_saw at_times lost; little some all; little some much; little often daily
nothing some many; there partly alone; nobody at_times much; did asked none
stopped tried nobody; helped tried nobody; like_others more grown_up; usual more most
usual more all; someone hours till_late; grown_up self_done missed; before same_day not_told
at_ease depends wary; at_home other no_one; same shifted none; together apart against
stood_by some away; none home heavy; adult shared alone; known seldom nobody; known sofas outside
came half alone; came late none; asked told none; as_before some_places hardly
certain trouble never; safe depends hidden; steady at_times nobody; own partly other
close partly nobody; listened advice brushed; made_up cold fear; sure perhaps not_them
decade years months; once few often all_along; like_others shorter moments; minutes half_hour hours
a_word a_while nothing_works; nobody knocks badly; gentle mixed rough; own helped hardly
planned short_notice sudden; effort upset rest
"""
BY_QUESTION: Final = {
    "first_weeks.nurse_came": "often once never",
    "before_birth.promises": "mostly at_times seldom",
    "adult_years.work_held": "years months weeks",
    "people_today.main_carers": "steady partly hardly none_there",
    "people_today.siblings": "steady partly hardly",
    "people_today.kin": "steady partly hardly",
    "people_today.school_work": "steady partly hardly",
    "people_today.closest": "steady partly hardly",
    "people_today.mentors": "steady partly hardly",
    "people_today.helpers": "steady partly hardly",
    "milestones.came": "as_expected some_late many_late",
    "milestones.words_now": "sentences pairs several few none",
    "milestones.comfort_seeking": "one seldom never",
    "attachment.turns_to": "close back_and_forth nobody",
    "attachment.apart": "settles long_upset",
    "adult_years.shared_home": "shared one_sided",
    "early_years.let_go": "explored clung",
    # Alone is episodic in the anchors, a second grown-up who runs the first one down is poor.
    "early_years.second_pair": "shared now_then",
    "school_years.other_parent": "shared now_then",
    "infancy_days.hurt_or_scared": "one anyone nobody",
    "caregivers.how_it_was": "steady up_and_down hard",
    "family_before.expecting": "glad mixed unwelcome",
}
_BY_OPTIONS: Final[dict[frozenset[str], tuple[str, ...]]] = {
    frozenset(ladder.split()): tuple(ladder.split())
    for ladder in LADDERS.replace("\n", ";").split(";")
    if ladder.strip()
}


def order_of(question: Question) -> tuple[str, ...]:
    """Return the codes of a closed question best first; empty if it has no order."""
    if question.kind != "choice":
        return ()
    own = BY_QUESTION.get(question.id)
    if own is not None:
        return tuple(code for code in own.split() if code in question.options)
    return _BY_OPTIONS.get(frozenset(question.options), ())
