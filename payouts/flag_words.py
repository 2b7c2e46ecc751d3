"""The codes in plain words, as pages say them: in short, the rule, and how it is mended."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plain:
    """A code in plain words: in short, the rule that it holds to, and how it is mended."""

    short: str
    rule: str
    mend: str


PLAIN = {
    "W01": Plain(
        "Late pay",
        "Approved work is paid by its due date; three days are left for the bank.",
        "Send the money, or bring in the remittance that shows that it was sent.",
    ),
    "W02": Plain(
        "Never decided",
        "Work that was handed in is decided within the time agreed.",
        "Decide it, and bring in the export with the decision.",
    ),
    "W03": Plain(
        "Refused and used",
        "Work that is used is paid.",
        "Overturn the refusal of what was delivered.",
    ),
    "W04": Plain(
        "Refused at once",
        "Work is refused piece by piece, for what is wrong with it.",
        "Look at the refusals again. Overturn those that were wrong, and show why of the others.",
    ),
    "W05": Plain(
        "Missing in an export",
        "Work that was once on record stays there.",
        "Bring in an export that has this work, or pay what it is owed.",
    ),
    "W06": Plain(
        "Shared id",
        "Each piece of work is paid by itself, whatever ids they share.",
        "Pay both. Match payments by worker and id, not by the id alone.",
    ),
    "W07": Plain(
        "Payment came back",
        "A payment that comes back is sent again within three banking days.",
        "Ask for the right details and send it again. The days count while the worker is asked.",
    ),
    "W08": Plain(
        "Below a threshold",
        "A small balance is paid out too, thirty days after the work at the latest.",
        "Pay it out, or show that the worker chose to save up.",
    ),
    "W12": Plain(
        "Below the agreed rate",
        "Work earns the rate that was in force when it was claimed.",
        "Award the difference, or bring in an export with the right price.",
    ),
    "W13": Plain(
        "Rate cut after claim",
        "A new rate holds for work that is claimed after it, and is told before it holds.",
        "Award the difference to the rate at claim, or show when the cut was told.",
    ),
    "W14": Plain(
        "Time cut",
        "Time that a tool measured as active is paid.",
        "Pay the missing time, or show that it was not work.",
    ),
    "W15": Plain(
        "Ran out of time",
        "Time worked on a task that is taken away is paid.",
        "Award the time, and give such tasks more of it.",
    ),
    "W16": Plain(
        "Hours taken back",
        "Approved hours are only taken back for a reason that the worker is told before.",
        "Release the money, or bring in the reason and its date.",
    ),
    "W17": Plain(
        "Held back without a reason",
        "Whoever holds pay back says why, since when and until when.",
        "Release the money, or bring in the reason and its date.",
    ),
    "W18": Plain(
        "Unpaid rework",
        "A price is for one pass; a second one is paid, but for a tenth of the time.",
        "Award the time of the rework.",
    ),
    "W19": Plain(
        "Fees taken from pay",
        "Getting paid costs the worker nothing: whoever chooses the way bears its fees.",
        "Pay what the fees took, and send the full amount at your own cost from now on.",
    ),
    "W20": Plain(
        "Costly exchange",
        "An exchange takes at most 0.5 % against the reference rate of the day.",
        "Pay the difference, or pay in the currency that was agreed.",
    ),
    "W21": Plain(
        "Late and worth less",
        "Pay that comes late takes the better of two days' rates: the due day's or its own.",
        "Pay the difference to what the due day's rate would have given.",
    ),
    "W22": Plain(
        "Unpaid training or test",
        "Training, tests and reading that the work asks for are work.",
        "Award the time.",
    ),
    "W24": Plain(
        "Unpaid waiting",
        "Whoever must be there for work to come is at work.",
        "Award the time, or record it as a break if it was one.",
    ),
    "W25": Plain(
        "Unpaid trial",
        "A trial of more than ten minutes is work.",
        "Award the time.",
    ),
    "W26": Plain(
        "Unpaid meetings",
        "Meetings, and other time that was asked for, are work.",
        "Award the time.",
    ),
    "W27": Plain(
        "Stopped by a fault",
        "Work that is ended by the platform or a fault is paid up to there.",
        "Award the time that was worked.",
    ),
    "W28": Plain(
        "Below the floor",
        "Every hour that was asked for earns the floor, in each week by itself.",
        "Pay a top-up for this week, or bring in the time or pay that is missing in the record.",
    ),
    "W29": Plain(
        "Errors one way",
        "Errors happen, and they happen both ways.",
        "Look for the rule or the program behind them. The figures say nothing about intent.",
    ),
    "W30": Plain(
        "Long hours",
        "Nobody should work more than twelve hours without a rest, or sixty in a week.",
        "No error of yours: take the rest that you need. Nobody at your payer sees this.",
    ),
    "W31": Plain(
        "Other price elsewhere",
        "The same work has the same price, wherever it is done.",
        "Look at what sets the price. No verdict depends on where somebody lives.",
    ),
    "W32": Plain(
        "Not on record",
        "What was paid must be on record before anybody can tell whether pay is late.",
        "Bring in the remittances up to today, and say up to which day they are complete.",
    ),
}
UNKNOWN = Plain("", "See the documentation of this check.", "Look at the evidence.")
