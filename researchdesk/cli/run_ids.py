"""A run on the command line: by its id, or by the beginning of one that no other run has."""

from researchdesk.cli.kinds import Begun
from researchdesk.services.runs import full_id

RUN = Begun(full_id)
