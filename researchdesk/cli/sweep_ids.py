"""A sweep on the command line: by its id, or by the beginning of one that no other sweep has."""

from researchdesk.cli.kinds import Begun
from researchdesk.services.sweep_store import full_sweep_id

SWEEP = Begun(full_sweep_id)
