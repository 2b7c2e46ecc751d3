"""The codes in plain words, as pages say them: in short, the rule, and how it is mended."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Plain:
    """A code in plain words: in short, the rule that it holds to, and how it is mended."""

    short: str | Promise
    rule: str | Promise
    mend: str | Promise


PLAIN = {
    "W01": Plain(
        _("Late pay"),
        _("Approved work is paid by its due date; three days are left for the bank."),
        _("Send the money, or bring in the remittance that shows that it was sent."),
    ),
    "W02": Plain(
        _("Never decided"),
        _("Work that was handed in is decided within the time agreed."),
        _("Decide it, and bring in the export with the decision."),
    ),
    "W03": Plain(
        _("Refused and used"),
        _("Work that is used is paid."),
        _("Overturn the refusal of what was delivered."),
    ),
    "W04": Plain(
        _("Refused at once"),
        _("Work is refused piece by piece, for what is wrong with it."),
        _(
            "Look at the refusals again. Overturn those that were wrong, and show why of the "
            "others."
        ),
    ),
    "W05": Plain(
        _("Missing in an export"),
        _("Work that was once on record stays there."),
        _("Bring in an export that has this work, or pay what it is owed."),
    ),
    "W06": Plain(
        _("Shared id"),
        _("Each piece of work is paid by itself, whatever ids they share."),
        _("Pay both. Match payments by worker and id, not by the id alone."),
    ),
    "W07": Plain(
        _("Payment came back"),
        _("A payment that comes back is sent again within three banking days."),
        _("Ask for the right details and send it again. The days count while the worker is asked."),
    ),
    "W08": Plain(
        _("Below a threshold"),
        _("A small balance is paid out too, thirty days after the work at the latest."),
        _("Pay it out, or show that the worker chose to save up."),
    ),
    "W09": Plain(
        _("Closed and not settled"),
        _("Whoever deactivates an account settles what it has earned within fourteen days."),
        _("Pay what is open. Of what you refuse, say why, piece by piece."),
    ),
    "W10": Plain(
        _("Cancelled project"),
        _("What was done for a project before it was closed is paid within fourteen days."),
        _(
            "Decide and pay it, and award the time of what was under way. Of a milestone that was "
            "cut off, award the part that was done, under the name of the promise."
        ),
    ),
    "W11": Plain(
        _("Promised bonus"),
        _("A promise is kept when what it asked for was done."),
        _("Award what is missing, under the name of the promise."),
    ),
    "W12": Plain(
        _("Below the agreed rate"),
        _("Work earns the rate that was in force when it was claimed."),
        _("Award the difference, or bring in an export with the right price."),
    ),
    "W13": Plain(
        _("Rate cut after claim"),
        _("A new rate holds for work that is claimed after it, and is told before it holds."),
        _("Award the difference to the rate at claim, or show when the cut was told."),
    ),
    "W14": Plain(
        _("Time cut"),
        _("Time that a tool measured as active is paid."),
        _("Pay the missing time, or show that it was not work."),
    ),
    "W15": Plain(
        _("Ran out of time"),
        _("Time worked on a task that is taken away is paid."),
        _("Award the time, and give such tasks more of it."),
    ),
    "W16": Plain(
        _("Hours taken back"),
        _("Approved hours are only taken back for a reason that the worker is told before."),
        _("Release the money, or bring in the reason and its date."),
    ),
    "W17": Plain(
        _("Held back without a reason"),
        _("Whoever holds pay back says why, since when and until when."),
        _("Release the money, or bring in the reason and its date."),
    ),
    "W18": Plain(
        _("Unpaid rework"),
        _("A price is for one pass; a second one is paid, but for a tenth of the time."),
        _("Award the time of the rework."),
    ),
    "W19": Plain(
        _("Fees taken from pay"),
        _("Getting paid costs the worker nothing: whoever chooses the way bears its fees."),
        _("Pay what the fees took, and send the full amount at your own cost from now on."),
    ),
    "W20": Plain(
        _("Costly exchange"),
        _("An exchange takes at most 0.5 % against the reference rate of the day."),
        _("Pay the difference, or pay in the currency that was agreed."),
    ),
    "W21": Plain(
        _("Late and worth less"),
        _("Pay that comes late takes the better of two days' rates: the due day's or its own."),
        _("Pay the difference to what the due day's rate would have given."),
    ),
    "W22": Plain(
        _("Unpaid training or test"),
        _("Training, tests and reading that the work asks for are work."),
        _("Award the time."),
    ),
    "W23": Plain(
        _("Changed instructions"),
        _("Reading instructions that changed is work, each time that they change."),
        _(
            "Export the reading as a row of its own, with its pay. Say which words are new: else "
            "it is estimated from all of them."
        ),
    ),
    "W24": Plain(
        _("Unpaid waiting"),
        _("Whoever must be there for work to come is at work."),
        _("Award the time, or record it as a break if it was one."),
    ),
    "W25": Plain(
        _("Unpaid trial"),
        _("A trial of more than ten minutes is work."),
        _("Award the time."),
    ),
    "W26": Plain(
        _("Unpaid meetings"),
        _("Meetings, and other time that was asked for, are work."),
        _("Award the time."),
    ),
    "W27": Plain(
        _("Stopped by a fault"),
        _("Work that is ended by the platform or a fault is paid up to there."),
        _("Award the time that was worked."),
    ),
    "W28": Plain(
        _("Below the floor"),
        _("Every hour that was asked for earns the floor, in each week by itself."),
        _("Pay a top-up for this week, or bring in the time or pay that is missing in the record."),
    ),
    "W29": Plain(
        _("Errors one way"),
        _("Errors happen, and they happen both ways."),
        _("Look for the rule or the program behind them. The figures say nothing about intent."),
    ),
    "W30": Plain(
        _("Long hours"),
        _("Nobody should work more than twelve hours without a rest, or sixty in a week."),
        _("No error of yours: take the rest that you need. Nobody at your payer sees this."),
    ),
    "W31": Plain(
        _("Other price elsewhere"),
        _("The same work has the same price, wherever it is done."),
        _("Look at what sets the price. No verdict depends on where somebody lives."),
    ),
    "W32": Plain(
        _("Not on record"),
        _("What was paid must be on record before anybody can tell whether pay is late."),
        _("Bring in the remittances up to today, and say up to which day they are complete."),
    ),
}
UNKNOWN = Plain("", _("See the documentation of this check."), _("Look at the evidence."))
