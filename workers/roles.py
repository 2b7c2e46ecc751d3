"""The access policy, as one table: who may do what. Rows are narrowed by workers/scoping.py."""

from enum import StrEnum


class Role(StrEnum):
    """How a user stands to a row: through a membership, a link to an account, or a grant."""

    VENDOR = "vendor"
    WORKER = "worker"
    AUDITOR = "auditor"


class Permission(StrEnum):
    """What can be done. Each page and endpoint names exactly one."""

    PAY_VIEW = "pay.view"  # a worker's own pay: earned, received, owed
    WORK_VIEW = "work.view"  # pieces of work, transfers and weeks
    OVERVIEW_VIEW = "overview.view"  # a vendor's figures
    IMPORT_VIEW = "import.view"
    IMPORT_ADD = "import.add"  # bring in a file, undo one
    FLAG_VIEW = "flag.view"
    FLAG_SCAN = "flag.scan"  # start a scan
    FLAG_ANSWER = "flag.answer"  # for the vendor: with a written reason
    FLAG_DECIDE = "flag.decide"  # for an auditor, once it was escalated
    STATEMENT_VIEW = "statement.view"
    STATEMENT_ISSUE = "statement.issue"
    RUN_VIEW = "run.view"  # pay runs, their files, and the gaps to the floor
    RUN_DRAFT = "run.draft"  # draft a run, change it, top up
    RUN_APPROVE = "run.approve"  # let a run go that somebody else drafted
    SETTLEMENT_VIEW = "settlement.view"  # what banks reported of a vendor's payments
    SETTLEMENT_ADD = "settlement.add"
    ACCOUNT_CLAIM = "account.claim"
    GRANT_VIEW = "grant.view"
    EVIDENCE_KEEP = "evidence.keep"  # a worker's own record, and questions not yet sent
    DISPUTE_VIEW = "dispute.view"  # questions that were sent
    DISPUTE_ASK = "dispute.ask"
    DISPUTE_ANSWER = "dispute.answer"  # for the vendor: with words, with money
    DISPUTE_DECIDE = "dispute.decide"  # for an auditor, once it was escalated


GRANTS: dict[Role, frozenset[Permission]] = {
    Role.VENDOR: frozenset(
        {
            Permission.OVERVIEW_VIEW,
            Permission.WORK_VIEW,
            Permission.IMPORT_VIEW,
            Permission.IMPORT_ADD,
            Permission.FLAG_VIEW,
            Permission.FLAG_SCAN,
            Permission.FLAG_ANSWER,
            Permission.STATEMENT_VIEW,
            Permission.STATEMENT_ISSUE,
            Permission.RUN_VIEW,
            Permission.RUN_DRAFT,
            Permission.RUN_APPROVE,
            Permission.SETTLEMENT_VIEW,
            Permission.SETTLEMENT_ADD,
            Permission.DISPUTE_VIEW,
            Permission.DISPUTE_ANSWER,
        }
    ),
    Role.WORKER: frozenset(
        {
            Permission.PAY_VIEW,
            Permission.WORK_VIEW,
            Permission.FLAG_VIEW,
            Permission.STATEMENT_VIEW,
            Permission.ACCOUNT_CLAIM,
            Permission.EVIDENCE_KEEP,
            Permission.DISPUTE_VIEW,
            Permission.DISPUTE_ASK,
        }
    ),
    Role.AUDITOR: frozenset(
        {
            Permission.WORK_VIEW,
            Permission.FLAG_VIEW,
            Permission.FLAG_DECIDE,
            Permission.STATEMENT_VIEW,
            Permission.SETTLEMENT_VIEW,
            Permission.GRANT_VIEW,
            Permission.DISPUTE_VIEW,
            Permission.DISPUTE_DECIDE,
        }
    ),
}


EVERYBODY = frozenset({Permission.ACCOUNT_CLAIM})  # whoever signs in: a worker begins with a claim


def roles_with(permission: Permission) -> set[Role]:
    """Return the roles that hold `permission`."""
    return {role for role, held in GRANTS.items() if permission in held}
