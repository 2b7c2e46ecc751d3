"""What is refused is said in words, to whoever asked; and which of the inputs is meant."""


class Refusal(ValueError):
    """It cannot be so. The message says why, and how to mend it.

    about: the argument that is meant, so that a page can say it beside the field of that name; ""
    where it is none of them, or more than one.
    """

    def __init__(self, message: str, about: str = "") -> None:
        super().__init__(message)
        self.about = about


class RefusalInParts(Refusal):
    """It cannot be so: the value that was met, the rule that it breaks, what to do."""

    def __init__(self, value: str, rule: str, mend: str, about: str = "") -> None:
        super().__init__(f"{value}: {rule}. {mend}", about)
        self.value, self.rule, self.mend = value, rule, mend
