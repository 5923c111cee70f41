"""What is asked about cases, on the wire."""

from madang.proposals.v1 import case_messages_pb2 as pb
from services.proposals.domain.proposal import Proposal
from services.proposals.wire.parts import FLAGS, STATUSES


def flag_to_wire(proposal: Proposal) -> pb.AbuseFlag:
    """A flag with what was said of it: for officers only."""
    assert proposal.flag is not None, "only flagged ones are listed"
    flag = proposal.flag
    return pb.AbuseFlag(
        proposal_id=str(proposal.id), title=proposal.title, status=FLAGS.to_wire(flag.status), reason=flag.reason, appeal=flag.appeal,
        decision_reason=flag.decision_reason,
    )  # fmt: skip


def similar_to_wire(proposal: Proposal, score: float) -> pb.SimilarProposal:
    """An open proposal and how alike it is."""
    return pb.SimilarProposal(
        proposal_id=str(proposal.id), title=proposal.title, status=STATUSES.to_wire(proposal.status), score=round(score, 4),
        supports=proposal.supports,
    )  # fmt: skip
